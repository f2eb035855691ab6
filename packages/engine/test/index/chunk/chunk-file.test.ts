import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { chunkFile } from '../../../src/index/chunk/chunk-file.ts';
import { LIMITS } from '../../../src/index/chunk/pieces.ts';
import type { Chunk } from '../../../src/index/parts.ts';
import { languageOf } from '../../../src/workspace/languages.ts';
import { noSyntax } from '../../../src/workspace/syntax.ts';
import { openSyntax } from './open-syntax.ts';

// Many runs, on machines that may be ten times as slow.
vi.setConfig({ testTimeout: 300_000 });

const FIXTURES = join(import.meta.dirname, 'fixtures');
const GOLDEN = join(import.meta.dirname, 'golden');
/** `UPDATE_GOLDEN=1 npx vitest run --project unit packages/engine/test/index/chunk` writes the golden files anew; read the difference before it is kept. */
const UPDATE = process.env.UPDATE_GOLDEN === '1';

const syntax = openSyntax();

async function chunksOf(path: string, text: string): Promise<Chunk[]> {
  await syntax.warm(languageOf(path));
  return chunkFile({ path, languageId: languageOf(path), text }, syntax);
}

/** Each chunk as its range, kind and symbol, what it is read under, and its text. */
function shown(path: string, text: string, chunks: readonly Chunk[]): string {
  return chunks
    .map((chunk) => {
      const own = text.slice(chunk.start, chunk.end);
      const context = chunk.embedText.slice(path.length + 1, chunk.embedText.length - own.length).trim();
      const head = `=== ${chunk.startLine}-${chunk.endLine} ${chunk.kind} ${chunk.symbol ?? '-'}`;
      return `${[head, ...(context === '' ? [] : context.split('\n').map((line) => `  > ${line}`))].join('\n')}\n${own}\n`;
    })
    .join('');
}

describe('chunks of each language are those of its golden file', () => {
  test.each(readdirSync(FIXTURES))('%s', async (file) => {
    // Sources that our own compiler would check bear a second ending.
    const name = file.replace(/(\.\w+)\.txt$/, '$1');
    const text = readFileSync(join(FIXTURES, file), 'utf8');
    const chunks = shown(name, text, await chunksOf(name, text));
    const golden = join(GOLDEN, `${name}.txt`);
    if (UPDATE) writeFileSync(golden, chunks);
    expect(chunks).toBe(readFileSync(golden, 'utf8'));
  });
});

describe('long definitions', () => {
  const statements = (count: number) => Array.from({ length: count }, (_, index) => `  step${index}(value);`);

  test('a long function is cut at statements; each part is read under its first line', async () => {
    const text = ['// Runs it all.', 'function run(value) {', ...statements(150), '}', ''].join('\n');
    const chunks = await chunksOf('run.js', text);
    expect(chunks.map(({ startLine, endLine, symbol, kind }) => [startLine, endLine, symbol, kind])).toEqual([
      [1, 64, 'run', 'function'],
      [65, 128, 'run', 'function'],
      [129, 153, 'run', 'function'],
    ]);
    expect(chunks.map(({ embedText }) => embedText.split('\n').slice(0, 4))).toEqual([
      ['run.js', 'run', '// Runs it all.', 'function run(value) {'],
      ['run.js', 'run', 'function run(value) {', '  step62(value);'],
      ['run.js', 'run', 'function run(value) {', '  step126(value);'],
    ]);
  });

  test('a method of a long class is read under its class, a function in a cut function under both', async () => {
    const text = [
      'export class Jobs {',
      '  all() {',
      ...statements(70),
      '    function inner(value) {',
      ...statements(8),
      '    }',
      '  }',
      '}',
      '',
    ].join('\n');
    const inner = (await chunksOf('jobs.ts', text)).find(({ symbol }) => symbol === 'Jobs.all.inner');
    expect(inner?.startLine).toBe(73);
    expect(inner?.embedText.split('\n').slice(0, 5)).toEqual([
      'jobs.ts',
      'Jobs.all.inner',
      'export class Jobs {',
      'all() {',
      '    function inner(value) {',
    ]);
  });

  test('one line that is longer than a chunk may be is cut within, at marks', async () => {
    const text = `const table = [${Array.from({ length: 3_000 }, (_, index) => index).join(', ')}];\nconst end = 1;\n`;
    const chunks = await chunksOf('table.js', text);
    expect(chunks.length).toBeGreaterThan(3);
    expect(Math.max(...chunks.map(({ start, end }) => end - start))).toBeLessThanOrEqual(LIMITS.characters + 200);
    expect(
      chunks
        .map(({ start, end }) => text.slice(start, end))
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''));
    expect(new Set(chunks.slice(0, -1).map(({ startLine }) => startLine))).toEqual(new Set([1]));
  });

  test('an endless chain of operators, and brackets without end, are cut in bounded time', async () => {
    for (const text of [
      `x = ${Array.from({ length: 4_000 }, (_, index) => `a${index}\n  + `).join('')}1\n`,
      '['.repeat(9_000),
      `${'if (a) {\n'.repeat(3_000)}`,
    ]) {
      const chunks = await chunksOf('odd.js', text);
      expect(chunks.length).toBeGreaterThan(0);
      expect(Math.max(...chunks.map(({ startLine, endLine }) => endLine - startLine + 1))).toBeLessThanOrEqual(68);
    }
  });
});

describe('without a tree', () => {
  test('a file whose grammar is not loaded is cut by lines, at blank lines', () => {
    const block = (name: string) => [...Array.from({ length: 38 }, (_, row) => `${name}${row}`), ''];
    const text = [...block('a'), ...block('b'), ...block('c')].join('\n');
    const chunks = chunkFile({ path: 'a.ts', languageId: 'typescript', text }, noSyntax);
    expect(chunks.map(({ startLine, endLine, kind }) => [startLine, endLine, kind])).toEqual([
      [1, 38, 'lines'],
      [40, 77, 'lines'],
      [79, 116, 'lines'],
    ]);
  });

  test('a grammar that traps leaves the lines', () => {
    const trap = {
      tree: () => {
        throw new Error('unreachable');
      },
      warm: async () => {},
    };
    expect(chunkFile({ path: 'a.py', languageId: 'python', text: 'a = 1\n' }, trap)).toHaveLength(1);
  });

  test.each(['', '\n\n', '   \t\r\n'])('a file of nothing (%j) has no chunks', (text) => {
    expect(chunkFile({ path: 'a.md', languageId: 'markdown', text }, noSyntax)).toEqual([]);
    expect(chunkFile({ path: 'a.txt', languageId: 'plaintext', text }, noSyntax)).toEqual([]);
  });
});

describe('the hash', () => {
  const text = readFileSync(join(FIXTURES, 'upload.ts.txt'), 'utf8');
  const hashes = (chunks: readonly Chunk[]) =>
    new Map(chunks.map((chunk) => [chunk.symbol ?? chunk.startLine, chunk.hash]));

  test('stays under an edit elsewhere in the file', async () => {
    const before = hashes(await chunksOf('upload.ts', text));
    const after = hashes(
      await chunksOf('upload.ts', text.replace('const FIRST_WAIT = 100;', 'const FIRST_WAIT = 200;\nconst MORE = 1;')),
    );
    const changed = [...before].filter(([symbol, hash]) => after.get(symbol) !== hash).map(([symbol]) => symbol);
    expect(changed).toEqual([11]);
  });

  test('is the same in a clone with other line breaks, and another under another path', async () => {
    const unix = await chunksOf('src/upload.ts', text);
    const windows = await chunksOf('src/upload.ts', text.replaceAll('\n', '\r\n'));
    const moved = await chunksOf('lib/upload.ts', text);
    expect(windows.map(({ hash }) => hash)).toEqual(unix.map(({ hash }) => hash));
    expect(moved.map(({ hash }) => hash)).not.toContain(unix[0]!.hash);
    expect(unix[0]!.hash).toMatch(/^[0-9a-f]{32}$/);
  });
});
