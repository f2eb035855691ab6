import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eachTerm, termsOfWord, wholeTerm, wordsOf } from '../../../src/index/lexical/terms.ts';

describe('an identifier is its parts, and itself where there are several', () => {
  test.each([
    ['readFile', ['read', 'fil', 'readfile']],
    ['read_file', ['read', 'fil', 'readfile']],
    ['READ_FILE', ['read', 'fil', 'readfile']],
    ['parseHTTPResponse', ['pars', 'http', 'respons', 'parsehttpresponse']],
    ['utf8Decoder', ['utf', '8', 'decoder', 'utf8decoder']],
    ['$store', ['stor']],
    ['__init__', ['init']],
    ['retry', ['retry']],
    ['Retry', ['retry']],
    ['x', ['x']],
    ['v2', ['v', '2', 'v2']],
    ['größeÄndern', ['größ', 'ändern', 'größeändern']],
    ['übergabe', ['übergab']],
    ['文件系统', ['文件', '件系', '系统']],
    ['_', []],
    ['a'.repeat(65), []],
  ])('%s', (word, terms) => expect(termsOfWord(word)).toEqual(terms));
});

test('the ways of writing one identifier are one whole term', () => {
  expect(new Set(['readFile', 'ReadFile', 'read_file', 'READ_FILE', '_readFile', 'readfile'].map(wholeTerm))).toEqual(
    new Set(['readfile']),
  );
});

test('words know where they are', () => {
  const text = 'if (retryUpload) throw new Error("größe")';
  expect([...wordsOf(text)].map(({ start, end }) => text.slice(start, end))).toEqual([
    'if',
    'retryUpload',
    'throw',
    'new',
    'Error',
    'größe',
  ]);
});

test('pictures part words and are none', () => {
  const terms: string[] = [];
  expect(eachTerm('save😀all 😀', (term) => terms.push(term))).toBe(2);
  expect(terms).toEqual(['sav', 'all']);
});

const code = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'abzAZ09_$ .(){}\n-'),
      fc.constantFrom('é', 'ß', '字', '😀', '\ud800', 'ñ', 'Ǆ'),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

test('the fast way finds the terms of the slow way', () => {
  fc.assert(
    fc.property(code, (text) => {
      const fast: string[] = [];
      const count = eachTerm(text, (term) => fast.push(term));
      expect(fast).toEqual([...wordsOf(text)].flatMap(({ terms }) => terms));
      expect(count).toBe(fast.length);
    }),
    { seed: 12, numRuns: 2_000 },
  );
});

test('terms are lower case and not empty, words do not overlap', () => {
  fc.assert(
    fc.property(code, (text) => {
      let end = 0;
      for (const word of wordsOf(text)) {
        expect(word.start).toBeGreaterThanOrEqual(end);
        end = word.end;
        for (const term of word.terms) {
          expect(term).not.toBe('');
          expect(term).toBe(term.toLowerCase());
        }
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
    { seed: 13, numRuns: 1_000 },
  );
});
