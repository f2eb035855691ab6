import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layOutExtension, shippedManifest, stableManifest } from '../build/extension-folder.ts';
import { fingerprint } from '../setup/fingerprint.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tabstop-build-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = ''): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const manifest = {
  name: 'tabstop-vscode',
  version: '1.2.3',
  private: true,
  type: 'module',
  engines: { vscode: '^1.105.0' },
  enabledApiProposals: ['inlineCompletionsAdditions'],
  scripts: { a: 'b' },
  dependencies: { c: '1' },
  devDependencies: { d: '1' },
  contributes: { commands: [] },
};

describe('the extension folder', () => {
  test('has a manifest without development, under the id that ships', () => {
    expect(shippedManifest(manifest)).toEqual({
      name: 'tabstop',
      publisher: 'tabstop',
      version: '1.2.3',
      main: './extension.cjs',
      engines: { vscode: '^1.105.0' },
      enabledApiProposals: ['inlineCompletionsAdditions'],
      contributes: { commands: [] },
    });
  });

  test('names no proposed API in a stock VS Code', () => {
    expect(stableManifest(shippedManifest(manifest))).not.toHaveProperty('enabledApiProposals');
  });

  test('is complete, keeps the bundle that is there, and drops what is gone', async () => {
    write('ext/package.json', JSON.stringify(manifest));
    write('ext/README.md', 'read me');
    write('ext/media/icon.png', 'png');
    write('engine/engine.mjs', 'engine');
    write('engine/wasm/tree-sitter-go.wasm', 'go');
    write('LICENSE', 'license');
    write('bundle/extension.cjs', 'bundled');
    write('bundle/media/old.png', 'old');
    write('bundle/engine/old.mjs', 'old');
    const places = {
      source: join(folder, 'ext'),
      engine: join(folder, 'engine'),
      license: join(folder, 'LICENSE'),
      target: join(folder, 'bundle'),
    };
    await layOutExtension(places);
    await layOutExtension(places);
    const read = (path: string): string => readFileSync(join(folder, 'bundle', path), 'utf8');
    expect(
      [
        'extension.cjs',
        'README.md',
        'LICENSE',
        'media/icon.png',
        'engine/engine.mjs',
        'engine/wasm/tree-sitter-go.wasm',
      ].map(read),
    ).toEqual(['bundled', 'read me', 'license', 'png', 'engine', 'go']);
    expect(['media/old.png', 'engine/old.mjs'].filter((path) => existsSync(join(folder, 'bundle', path)))).toEqual([]);
  });
});

describe('the fingerprint of what a step is made from', () => {
  const of = (...places: string[]): Promise<string> => fingerprint(folder, places);
  beforeEach(() => {
    write('src/a.ts', 'a');
    write('src/deep/b.ts', 'b');
    write('LICENSE', 'l');
  });

  test.each<[string, () => void]>([
    ['a changed file', () => write('src/deep/b.ts', 'B')],
    ['a new file', () => write('src/c.ts', '')],
    ['a removed file', () => rmSync(join(folder, 'src/a.ts'))],
    ['a renamed file', () => renameSync(join(folder, 'src/a.ts'), join(folder, 'src/a2.ts'))],
    ['a removed place', () => rmSync(join(folder, 'LICENSE'))],
  ])('%s changes it', async (_what, change) => {
    const before = await of('src', 'LICENSE');
    change();
    expect(await of('src', 'LICENSE')).not.toBe(before);
  });

  test.each(['src/dist/x.js', 'src/node_modules/y.js', 'src/test/z.ts'])('%s does not', async (path) => {
    const before = await of('src', 'LICENSE');
    write(path, 'x');
    expect(await of('src', 'LICENSE')).toBe(before);
  });
});
