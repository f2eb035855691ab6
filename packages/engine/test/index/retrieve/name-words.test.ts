import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import shipped from '../../../src/index/retrieve/name-words.json' with { type: 'json' };
import { createNameWords, type NameTable, partsOf } from '../../../src/index/retrieve/name-words.ts';

const TABLE: NameTable = {
  names: { is: 20_000, get: 50_000, num: 2_000, valid: 1_000, user: 1_000 },
  words: { whether: 'is 800 has 100', number: 'num 400 count 200', valid: 'valid 900', return: 'get 800' },
};

const judge = (table: NameTable, description: string) => {
  const score = createNameWords(table)(description);
  return (name: string) => score(partsOf(name));
};

/** Best first. */
function ordered(table: NameTable, description: string, names: readonly string[]): string[] {
  const score = judge(table, description);
  return [...names].sort((a, b) => score(b).mean - score(a).mean);
}

describe('a name is the likelier the more its description says it', () => {
  test.each([
    ['whether the input is valid', 'isValid getValid'],
    ['return the number of users', 'numUsers numGroups'],
    ['number of users', 'num_users get_users'],
    ['a word that the table lacks: frobnicate', 'frobnicate other'],
  ])('%s: %s', (description, names) => {
    const expected = names.split(' ');
    expect(ordered(TABLE, description, expected.toReversed())).toEqual(expected);
  });

  test.each([
    ['is', 0.8],
    ['num', 0],
    ['frob', 0],
    ['whether', 0.3],
  ])('by the ratio of likelihoods, %s', (name, share) => {
    const background = Math.max(1e-5, (TABLE.names[name] ?? 0) / 1e6);
    const ratio = Math.log((0.3 * background + 0.7 * share) / background);
    const { sum, mean, least, used } = judge(TABLE, 'whether')(name);
    for (const value of [sum, mean, least]) expect(value).toBeCloseTo(ratio, 9);
    expect(used).toBe(share > 0 ? 1 : 0);
  });

  test('sum, mean and least are over the terms of the name; a term counts once', () => {
    const score = judge(TABLE, 'whether valid');
    const [is, valid] = [score('is').sum, score('valid').sum];
    expect(score('isValid')).toEqual({
      sum: expect.closeTo(is + valid, 9),
      mean: expect.closeTo((is + valid) / 2, 9),
      least: Math.min(is, valid),
      used: 1,
    });
    expect(score('is_valid_valid')).toEqual(score('isValid'));
  });
});

test.each([
  ['', 'isValid'],
  ['whether valid', ''],
  ['?!', '$_'],
])('nothing is said by %j of %j', (description, name) =>
  expect(judge(TABLE, description)(name)).toEqual({ sum: 0, mean: 0, least: 0, used: 0 }),
);

test.each([
  ['readFile of users', ['read', 'fil', 'of', 'user']],
  ['HTTP_server2', ['http', 'server', '2']],
  ['', []],
])('terms of %j', (text, terms) => expect(partsOf(text)).toEqual(terms));

/** Names that every object has are names like others. */
const word = fc.constantFrom(
  'constructor',
  'toString',
  '__proto__',
  'hasOwnProperty',
  'whether',
  'user',
  'x1',
  'é',
  '文',
);
const words = fc.array(word, { maxLength: 40 }).map((parts) => parts.join(' '));

test('any texts give finite numbers, and shares that are shares', () =>
  fc.assert(
    fc.property(words, words, fc.constantFrom(TABLE, shipped), (description, name, table) => {
      const { sum, mean, least, used } = judge(table, description)(name);
      for (const value of [sum, mean, least]) expect(Number.isFinite(value)).toBe(true);
      expect(least).toBeLessThanOrEqual(mean + 1e-9);
      expect(used).toBeGreaterThanOrEqual(0);
      expect(used).toBeLessThanOrEqual(1);
    }),
    { seed: 7, numRuns: 300 },
  ));

describe('the table that ships', () => {
  test('is made of shares: no word becomes more than all, no line lacks a number', () => {
    for (const [term, line] of Object.entries(shipped.words)) {
      const parts = line.split(' ');
      const shares = parts.filter((_, at) => at % 2 === 1).map(Number);
      expect(parts.length % 2, term).toBe(0);
      expect(Math.min(...shares), term).toBeGreaterThan(0);
      // Each is rounded.
      expect(
        shares.reduce((sum, share) => sum + share, 0),
        term,
      ).toBeLessThanOrEqual(1_000 + shares.length);
    }
    const names = Object.values(shipped.names).reduce((sum, share) => sum + share, 0);
    expect(names).toBeGreaterThan(900_000);
    expect(names).toBeLessThanOrEqual(1_010_000);
  });

  test.each([
    ['check whether the string is empty', 'is_empty make_empty'],
    ['return the number of rows', 'num_rows sort_rows'],
    ['convert the table to a dictionary', 'to_dict sort_table'],
    ['remove all entries', 'clear append'],
  ])('knows how things are called: %s', (description, names) => {
    const expected = names.split(' ');
    expect(ordered(shipped, description, expected.toReversed())).toEqual(expected);
  });
});
