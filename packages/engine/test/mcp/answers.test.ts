import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SearchAnswer, SearchResult } from '../../src/index/code-index.ts';
import { grepText, MAX_ANSWER, outlineText, rangeText, relatedText, searchText } from '../../src/mcp/answers.ts';

const path = (_root: string, file: string) => file;
const result = (change: Partial<SearchResult>): SearchResult => ({
  root: '/p',
  path: 'a.ts',
  startLine: 9,
  endLine: 10,
  score: 1,
  text: 'one\ntwo',
  language: 'typescript',
  highlights: [],
  why: {},
  ...change,
});
const answer = (results: readonly SearchResult[], change: Partial<SearchAnswer> = {}): SearchAnswer => ({
  results,
  state: 'complete',
  ms: 1,
  notes: [],
  ...change,
});

describe('results of a search', () => {
  test('come with path, lines, name and numbered text', () => {
    expect(searchText(answer([result({ symbol: 'Queue.push' }), result({ path: 'b.ts' })]), path)).toBe(
      'a.ts:9-10  Queue.push\n    9  one\n   10  two\n\nb.ts:9-10\n    9  one\n   10  two',
    );
  });
  test('say what the answer lacks, last', () => {
    expect(searchText(answer([], { state: 'lexical', notes: ['lang:x is unknown'] }), path, ['Indexing, 4 %.'])).toBe(
      'Nothing was found. Try other words, or grep for a literal.\nIndexing, 4 %.\nlang:x is unknown\nFound by words alone so far: meaning is still being indexed.',
    );
    expect(
      searchText(answer([result({})], { state: 'stale' }), path)
        .split('\n')
        .at(-1),
    ).toBe('Some of the newest changes are not indexed yet.');
  });
  test('are cut where they are long: lines of a result, characters of a line', () => {
    const long = result({
      text: Array.from({ length: 60 }, (_, at) => (at === 0 ? 'x'.repeat(5_000) : 'y')).join('\n'),
    });
    const lines = searchText(answer([long]), path).split('\n');
    expect(lines[1]).toBe(`    9  ${'x'.repeat(400)}… (5000 characters)`);
    expect(lines.at(-1)).toBe('… 20 more lines');
  });
  test('many fill the answer and no more; what the answer lacks is still said', () => {
    const many = Array.from({ length: 50 }, (_, at) =>
      result({ path: `f${at}.ts`, text: `${'word '.repeat(70)}\n`.repeat(30) }),
    );
    const text = searchText(answer(many, { state: 'stale' }), path);
    expect(text.length).toBeLessThan(MAX_ANSWER + 200);
    expect(text).toMatch(/… \d+ more were left out: the answer would be too long\n\nSome of the newest/);
  });
});

test('lines of grep', () => {
  const match = { root: '/p', path: 'a.ts', line: 3, ranges: [], text: '  call();  \r' };
  const found = { matches: [match], candidates: 1, files: 7, truncated: false, ms: 1 };
  expect(grepText(found, path)).toBe('a.ts:3:   call();');
  expect(grepText({ ...found, truncated: true }, path)).toBe(
    'a.ts:3:   call();\n… there are more: narrow it with globs or a longer pattern',
  );
  expect(grepText({ ...found, matches: [] }, path)).toBe(
    'No line matches (7 files are searched; ignored and generated files are not).',
  );
});

test('related files, and none', () => {
  expect(relatedText([{ root: '/p', path: 'b.ts', score: 1, why: 'changed together 2 times of 3' }], path)).toBe(
    'b.ts  (changed together 2 times of 3)',
  );
  expect(relatedText([], path)).toMatch(/^No related files are known/);
});

test('an outline is nested', () => {
  const push = { name: 'push', kind: 'method', startLine: 2, endLine: 3, children: [] };
  const queue = { name: 'Queue', kind: 'class', startLine: 1, endLine: 4, children: [push] };
  expect(outlineText([queue, { ...push, name: 'main', kind: 'function' }])).toBe(
    'class Queue  1-4\n  method push  2-3\nfunction main  2-3',
  );
});

describe('a range', () => {
  test.each([
    ['a\nb\nc\n', 2, 2, '    2  b\n… 1 more lines'],
    ['a\nb\nc\n', 2, 9, '    2  b\n    3  c'],
    ['a\r\nb\rc', 1, 3, '    1  a\n    2  b\n    3  c'],
    ['a\n', 2, 3, 'The file has 1 line.'],
    ['', 1, 1, '    1  '],
  ])('of %j from %d to %d', (text, start, end, shown) => {
    expect(rangeText(text, start, end)).toBe(shown);
  });
  test('is bounded for every text, and never empty', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 600 }), { maxLength: 300 }),
        fc.integer({ min: 1, max: 310 }),
        fc.integer({ min: 0, max: 310 }),
        (lines, start, more) => {
          const text = rangeText(lines.join('\n'), start, start + more);
          expect(text.length).toBeGreaterThan(0);
          expect(text.length).toBeLessThan(MAX_ANSWER + 300);
        },
      ),
      { seed: 3, numRuns: 200 },
    );
  });
});
