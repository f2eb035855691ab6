import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { chunkFile } from '../../../src/index/chunk/chunk-file.ts';
import { LIMITS } from '../../../src/index/chunk/pieces.ts';
import type { Chunk } from '../../../src/index/parts.ts';
import { languageOf } from '../../../src/workspace/languages.ts';
import { noSyntax } from '../../../src/workspace/syntax.ts';
import { openSyntax } from './open-syntax.ts';

// Many runs, on machines that may be ten times as slow.
vi.setConfig({ testTimeout: 300_000 });

const FIXTURES = join(import.meta.dirname, 'fixtures');
const files = readdirSync(FIXTURES).map((file) => ({
  path: file.replace(/(\.\w+)\.txt$/, '$1'),
  text: readFileSync(join(FIXTURES, file), 'utf8'),
}));
const syntax = openSyntax();
await Promise.all(files.map(({ path }) => syntax.warm(languageOf(path))));

/** A file out of lines of a fixture, in any order and number, some of them very long, some broken: what is on disk while somebody edits. */
const anyFile = fc
  .record({
    file: fc.constantFrom(...files),
    cuts: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 12 }),
    noise: fc.array(
      fc.tuple(
        fc.nat(),
        fc.oneof(
          fc.string(),
          fc.constantFrom('', '\t', '}', '"""', '/*', '# 😀 é', '`', 'x'.repeat(5_000), '字'.repeat(3_000)),
        ),
      ),
      { maxLength: 4 },
    ),
    eol: fc.constantFrom('\n', '\r\n'),
    end: fc.boolean(),
  })
  .map(({ file, cuts, noise, eol, end }) => {
    const source = file.text.split('\n');
    const lines = cuts.flatMap(([at, length]) => source.slice(at % source.length, (at % source.length) + length));
    for (const [at, line] of noise) lines.splice(at % (lines.length + 1), 0, line);
    return { path: file.path, languageId: languageOf(file.path), text: lines.join(eol) + (end ? eol : '') };
  });

/** What chunks of a text have to be, whatever the text. */
function expectSound(text: string, chunks: readonly Chunk[]): void {
  const lineOf = (offset: number) => text.slice(0, offset).split('\n').length;
  let at = 0;
  for (const chunk of chunks) {
    expect(chunk.start, 'in order, no overlap').toBeGreaterThanOrEqual(at);
    expect(text.slice(at, chunk.start).trim(), 'nothing left out').toBe('');
    expect(text.slice(chunk.start, chunk.end).trim()).not.toBe('');
    expect([chunk.startLine, chunk.endLine]).toEqual([lineOf(chunk.start), lineOf(chunk.end)]);
    expect(chunk.endLine - chunk.startLine + 1).toBeLessThanOrEqual(LIMITS.lines + 4);
    expect(chunk.end - chunk.start).toBeLessThanOrEqual(LIMITS.characters + 200);
    expect(chunk.embedText.endsWith(text.slice(chunk.start, chunk.end).replaceAll('\r\n', '\n'))).toBe(true);
    expect(chunk.embedText.isWellFormed() || !text.isWellFormed()).toBe(true);
    at = chunk.end;
  }
  expect(text.slice(at).trim()).toBe('');
}

test('every line that is not blank lies in one chunk, in order, within the limits', () => {
  fc.assert(
    fc.property(anyFile, (file) => {
      expectSound(file.text, chunkFile(file, syntax));
      expectSound(file.text, chunkFile(file, noSyntax));
    }),
    { seed: 20_264, numRuns: 250 },
  );
});

test('the same file gives the same chunks, whatever was chunked before it', () => {
  fc.assert(
    fc.property(anyFile, anyFile, (file, other) => {
      const first = chunkFile(file, syntax);
      chunkFile({ ...other, path: file.path }, syntax);
      expect(chunkFile(file, syntax)).toEqual(first);
    }),
    { seed: 20_265, numRuns: 80 },
  );
});

test('lines put before a definition change no hash of what stands behind it', () => {
  const kept = (path: string, text: string) =>
    new Set(chunkFile({ path, languageId: languageOf(path), text }, syntax).map(({ hash }) => hash));
  const definitions = files.filter(({ path }) => /\.(ts|py|go|rs|rb|js)$/.test(path));
  fc.assert(
    fc.property(
      fc.constantFrom(...definitions),
      fc.array(fc.constantFrom('', '\n', '\n\n\n'), { maxLength: 3 }),
      ({ path, text }, blank) => {
        const before = kept(path, text);
        const after = kept(path, blank.join('') + text);
        expect([...before].filter((hash) => !after.has(hash))).toEqual([]);
      },
    ),
    { seed: 20_266, numRuns: 60 },
  );
});
