import fc from 'fast-check';
import { expect, test } from 'vitest';
import { wordsOf } from '../../../src/index/embed/words.ts';

test.each([
  ['parseHTTPResponse2', ['parse', 'http', 'response', '2']],
  ['snake_case_name', ['snake', 'case', 'name']],
  ['SCREAMING_CASE', ['screaming', 'case']],
  ['XMLHttpRequest', ['xml', 'http', 'request']],
  ['iOSApp', ['i', 'os', 'app']],
  ['kebab-case', ['kebab', '-', 'case']],
  ['a[::-1]', ['a', '::-', '1']],
  ['x **= 2 // y', ['x', '**=', '2', '//', 'y']],
  ["it's here, isn't it?", ['it', 's', 'here', 'isn', 't', 'it', '?']],
  ['1234567 12', ['0000', '12']],
  ['größe_Ändern', ['größe', 'ändern']],
  ['Ελληνικά', ['ελληνικά']],
  ['日本語 text', ['日本語', 'text']],
  ['“quoted” — dash…', ['quoted', 'dash']],
  ['', []],
  [' \n\t', []],
])('%j is %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

test('a run of letters that is data is cut, and costs one word', () => {
  expect(wordsOf('a'.repeat(10_000))).toEqual(['a'.repeat(32)]);
});

test('any text: words hold no space and no capital of ASCII, and the words of two lines are those of each', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
      for (const word of wordsOf(a)) expect(word).toMatch(/^[^\sA-Z]+$/u);
      expect(wordsOf(`${a}\n${b}`)).toEqual([...wordsOf(a), ...wordsOf(b)]);
    }),
    { seed: 20_267, numRuns: 500 },
  );
});
