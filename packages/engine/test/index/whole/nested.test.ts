import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHere, sandbox, until, write } from './index-sandbox.ts';

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-C', folder, ...args], { stdio: 'pipe' });

/** A repository with another one in it, and a third in that one. */
function nestedProject() {
  const box = sandbox();
  write(box.root, 'src/outer.ts', 'export function outerPelican() {\n  return 1;\n}\n');
  write(box.root, 'vendor/lib/inner.ts', 'export function innerPelican() {\n  return 2;\n}\n');
  write(box.root, 'vendor/lib/deep/er/deepest.ts', 'export function deepestPelican() {\n  return 3;\n}\n');
  for (const folder of ['', 'vendor/lib', 'vendor/lib/deep/er']) git(join(box.root, folder), 'init', '-q');
  return box;
}

describe('repositories inside a root', { timeout: 120_000 }, () => {
  test('are searched with it, by their paths below it', async () => {
    const box = nestedProject();
    const index = await openHere(box);
    await index.sync();
    for (const [name, path] of [
      ['outerPelican', 'src/outer.ts'],
      ['innerPelican', 'vendor/lib/inner.ts'],
      ['deepestPelican', 'vendor/lib/deep/er/deepest.ts'],
    ] as const) {
      const { results } = await index.search({ text: name, limit: 1 });
      expect(results.map((one) => [one.root, one.path])).toEqual([[box.root, path]]);
      const { matches } = await index.grep({ pattern: name });
      expect(matches.map((one) => [one.root, one.path])).toEqual([[box.root, path]]);
      expect(await index.explain(path)).toMatchObject({ path, indexed: true });
      expect((await index.outline(path)).map((one) => one.name)).toEqual([name]);
    }
    await index.dispose();
  });

  test('one that is cloned while the index follows is taken in', async () => {
    const box = sandbox();
    write(box.root, 'a.ts', 'export const a = 1;\n');
    git(box.root, 'init', '-q');
    const index = await openHere(box, true);
    await index.sync();
    write(box.root, 'clone/late.ts', 'export function latePelican() {\n  return 4;\n}\n');
    git(join(box.root, 'clone'), 'init', '-q');
    await until(
      'the clone',
      async () => {
        const { results } = await index.search({ text: 'latePelican', limit: 1 });
        return results[0]?.path === 'clone/late.ts';
      },
      25_000,
    );
    rmSync(join(box.root, 'clone'), { recursive: true });
    await until(
      'what went is gone',
      async () => (await index.search({ text: 'latePelican', limit: 1 })).results.length === 0,
    );
    await index.dispose();
  });
});
