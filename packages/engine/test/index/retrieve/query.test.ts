import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { passesFile, passesSymbol } from '../../../src/index/retrieve/filters.ts';
import { parseQuery } from '../../../src/index/retrieve/query.ts';

const terms = (text: string) =>
  parseQuery(text).terms.map(({ term, weight }) => (weight === 1 ? term : `${term}*${weight}`));

describe('terms of a query', () => {
  test.each([
    ['where do we retry uploads?', ['retry', 'upload']],
    ['retryUpload', ['retry*0.5', 'upload*0.5', 'retryupload']],
    ['retry retryUpload', ['retry', 'upload*0.5', 'retryupload']],
    ['python read file', ['python*0.2', 'read', 'fil']],
    ['python', ['python']],
    ['what is it', ['what', 'is', 'it']],
    ['"exact words" more', ['exact', 'word', 'mor']],
    ['path:src cache', ['cach']],
    ['', []],
  ])('%j', (text, expected) => expect(terms(text)).toEqual(expected));
});

describe('filters', () => {
  test.each([
    ['path:src/tab x', [{ field: 'path', value: 'src/tab', exclude: false }]],
    ['-path:test x', [{ field: 'path', value: 'test', exclude: true }]],
    [
      'lang:ts language:python',
      [
        { field: 'lang', value: 'ts', exclude: false },
        { field: 'lang', value: 'python', exclude: false },
      ],
    ],
    ['SYMBOL:readFile', [{ field: 'symbol', value: 'readFile', exclude: false }]],
    ['path:"my folder/a"', [{ field: 'path', value: 'my folder/a', exclude: false }]],
    ['file:*.md', [{ field: 'path', value: '*.md', exclude: false }]],
    ['http://x path', []],
  ])('%j', (text, filters) => expect(parseQuery(text).filters).toEqual(filters));

  test('a filter without a value is left out, and said', () => {
    const { filters, notes } = parseQuery('path: retry');
    expect(filters).toEqual([]);
    expect(notes).toEqual(['path: is followed by nothing and was left out']);
  });
});

describe('files that pass', () => {
  const passes = (query: string, path: string, language = 'typescript') =>
    passesFile({ path, language }, parseQuery(query).filters);
  test.each([
    ['path:src/tab', 'packages/src/tab/a.ts', true],
    ['path:SRC', 'src/a.ts', true],
    ['path:./src', 'src/a.ts', true],
    ['path:lib', 'src/a.ts', false],
    ['path:*.test.ts', 'src/deep/a.test.ts', true],
    ['path:*.test.ts', 'src/a.ts', false],
    ['path:src/*.ts', 'src/a.ts', true],
    ['path:src/*.ts', 'src/deep/a.ts', false],
    ['path:src/**/*.ts', 'src/deep/er/a.ts', true],
    ['path:src/**/*.ts', 'src/a.ts', true],
    ['-path:test', 'src/test/a.ts', false],
    ['-path:test', 'src/a.ts', true],
    ['path:src path:lib', 'lib/a.ts', true],
    ['path:src -path:deep', 'src/deep/a.ts', false],
    ['path:**/a.ts', 'a.ts', true],
    ['path:**/a.ts', 'ba.ts', false],
    ['path:src/**', 'src/deep/a.ts', true],
    ['path:a+b', 'src/a+b.ts', true],
    ['path:????.ts', 'src/abcd.ts', true],
  ])('%s: %s %s', (query, path, expected) => expect(passes(query, path)).toBe(expected));

  test.each([
    ['lang:ts', 'a.tsx', 'typescriptreact', true],
    ['lang:typescript', 'a.ts', 'typescript', true],
    ['lang:py', 'a.py', 'python', true],
    ['lang:md', 'a.md', 'markdown', true],
    ['lang:py', 'a.ts', 'typescript', false],
    ['-lang:json', 'a.json', 'json', false],
    ['lang:proto', 'a.proto', 'plaintext', true],
  ])('%s: %s %s %s', (query, path, language, expected) => expect(passes(query, path, language)).toBe(expected));

  test.each([
    ['symbol:upload', 'retryUpload', true],
    ['symbol:Upload.retry', 'Upload.retry', true],
    ['symbol:x', undefined, false],
    ['-symbol:x', undefined, true],
    ['-symbol:retry', 'retryUpload', false],
  ])('%s: %s %s', (query, symbol, expected) => expect(passesSymbol(symbol, parseQuery(query).filters)).toBe(expected));

  test('a glob of any stars is matched in time', () => {
    const began = performance.now();
    passes(`path:${'*a'.repeat(40)}b`, `${'a'.repeat(60)}/c`);
    passes(`path:${'**/'.repeat(30)}b`, `${'a/'.repeat(60)}c`);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test.each([
  ['how do tests start', true],
  ['fixture of users', true],
  ['latest version', false],
])('%j asks for tests: %s', (text, asks) => expect(parseQuery(text).asksForTests).toBe(asks));

test('any text is a query, and the parts of it are of it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const query = parseQuery(text);
      expect(query.terms.length).toBeLessThanOrEqual(64);
      for (const { weight } of query.terms) expect(weight).toBeGreaterThan(0);
      for (const phrase of query.phrases) expect(text).toContain(phrase);
      for (const { value } of query.filters) expect(text).toContain(value);
    }),
    { seed: 61, numRuns: 2_000 },
  );
});
