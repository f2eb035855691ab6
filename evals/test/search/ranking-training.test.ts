import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitRanking, foldsOf, type RankingExample, reciprocalRank } from '../../../training/listwise.ts';
import { type Described, translateNames } from '../../../training/name-translation.ts';

/** `2 0, *1 5, 0 3`: the rows of an example; the one with the star is right. */
function example(text: string): RankingExample {
  const parts = text.split(', ');
  return {
    rows: parts.map((part) => Float64Array.from(part.replace('*', '').split(' ').map(Number))),
    right: parts.findIndex((part) => part.startsWith('*')),
  };
}

describe('learning to rank', () => {
  test.each([
    ['the column that tells', ['*1 0, 0 1', '*2 3, 1 3', '0 2, *1 0'], [0, 1]],
    ['less of it is better', ['*0 1, 1 1', '5 1, *2 1'], [0, 1]],
    ['both together, neither alone', ['*3 0, 2 0, 0 2', '*0 3, 0 2, 2 0', '*2 2, 3 0, 0 3'], [0, 1]],
    ['columns of very different size', ['*0.001 900, 0 1000', '*0.002 500, 0.001 800'], [0, 1]],
  ])('%s', (_name, texts, columns) => {
    const examples = texts.map(example);
    expect(reciprocalRank(examples, fitRanking(examples, columns), columns)).toBe(1);
  });

  test('a column that is the same everywhere, or not asked for, has no say', () => {
    const examples = ['*1 7 5, 0 7 0', '0 7 1, *1 7 3'].map(example);
    const [told, same] = fitRanking(examples, [0, 1]);
    expect(told).toBeGreaterThan(0);
    expect(same).toBe(0);
  });

  test('weights follow the units of a column', () => {
    const texts = ['*1 4, 0 1, 2 0', '*3 2, 1 1', '0 2, *2 2, 1 5'];
    const [a, b] = fitRanking(texts.map(example), [0, 1]);
    const tenfold = texts.map(example).map(({ rows, right }) => ({
      rows: rows.map((row) => Float64Array.of(row[0]! * 10, row[1]!)),
      right,
    }));
    const [c, d] = fitRanking(tenfold, [0, 1]);
    expect(c! * 10).toBeCloseTo(a!, 6);
    expect(d).toBeCloseTo(b!, 6);
  });

  test('of what cannot be told apart, L2 keeps the weights small; nothing is learned of nothing', () => {
    const [weight] = fitRanking(['*1, 0', '1, *0'].map(example), [0]);
    expect(Math.abs(weight!)).toBeLessThan(0.05);
    expect(fitRanking([], [0, 1])).toEqual([0, 0]);
  });

  test('any examples: finite, the same each time, no worse than chance over what was learned', () => {
    const row = fc
      .array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 })
      .map((values) => Float64Array.from(values));
    const examples = fc.array(
      fc
        .tuple(fc.array(row, { minLength: 2, maxLength: 6 }), fc.nat(5))
        .map(([rows, right]): RankingExample => ({ rows, right: right % rows.length })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(examples, (given) => {
        const weights = fitRanking(given, [0, 1, 2], { rounds: 40 });
        expect(weights.every(Number.isFinite)).toBe(true);
        expect(fitRanking(given, [0, 1, 2], { rounds: 40 })).toEqual(weights);
        expect(loss(given, weights)).toBeLessThanOrEqual(loss(given, [0, 0, 0]) + 1e-3);
      }),
      { seed: 3, numRuns: 60 },
    );
  });
});

/** Mean cross entropy. */
function loss(examples: readonly RankingExample[], weights: readonly number[]): number {
  const losses = examples.map(({ rows, right }) => {
    const scores = rows.map((row) => row.reduce((sum, value, at) => sum + value * weights[at]!, 0));
    const most = Math.max(...scores);
    return most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0)) - scores[right]!;
  });
  return losses.reduce((sum, one) => sum + one, 0) / losses.length;
}

test.each([
  [['*3, 2, 1'], 1],
  [['3, *2, 1'], 1 / 2],
  [['3, *2, 1', '*9, 1'], 3 / 4],
  // A tie counts for us: what is not above is not before.
  [['2, *2'], 1],
  [['9, 9, 9, 9, 9, 9, 9, 9, 9, *1'], 1 / 10],
  [['9, 9, 9, 9, 9, 9, 9, 9, 9, 9, *1'], 0],
  [[], 0],
])('reciprocal rank of %j', (texts, expected) =>
  expect(reciprocalRank(texts.map(example), [1], [0])).toBeCloseTo(expected, 9),
);

test('folds part packages, not examples', () => {
  const examples = 'a b a c d b'.split(' ').map((name, at) => ({ package: name, at }));
  const folds = foldsOf(examples, 2);
  expect(folds.map(({ held }) => held.map((one) => one.package).join(' '))).toEqual(['a a c', 'b d b']);
  for (const { held, rest } of folds) {
    expect(held.length + rest.length).toBe(examples.length);
    expect(rest.filter((one) => held.some((other) => other.package === one.package))).toEqual([]);
  }
});

/** `check whether valid > is valid`, as often as `times` says. */
const described = (text: string, times = 1): Described[] => {
  const [said, named] = text.split(' > ').map((part) => part.split(' '));
  return Array.from({ length: times }, () => ({ said: said!, named: named! }));
};

describe('words of descriptions that become words of names', () => {
  const pairs = [
    ...described('whether empty > is empty', 9),
    ...described('whether full > is full', 9),
    ...described('make empty > clear', 9),
    ...described('make full > fill', 9),
    ...described('once > never', 1),
  ];
  const { names, words } = translateNames(pairs, { rounds: 20 });
  const likeliest = (word: string) => words[word]?.split(' ')[0];

  test.each([
    ['whether', 'is'],
    ['full', 'full'],
    ['empty', 'empty'],
  ])('%s becomes %s, which no single pair says', (word, name) => expect(likeliest(word)).toBe(name));

  test('what comes once is chance', () => expect(words).not.toHaveProperty('once'));

  test('names are counted in a million', () => {
    const total = Object.values(names).reduce((sum, share) => sum + share, 0);
    expect(names.is).toBe(Math.round((1e6 * 18) / 55));
    expect(Math.abs(total - 1e6)).toBeLessThan(names.is!);
    expect(names.never).toBe(Math.round(1e6 / 55));
  });

  test('what is too seldom or too unlikely is left out', () => {
    const less = translateNames(pairs, { rounds: 20, leastCommon: 100_000, leastLikely: 0.9 });
    expect(Object.keys(less.names)).toEqual(
      ['clear', 'empty', 'fill', 'full', 'is'].filter((name) => names[name]! >= 100_000),
    );
    for (const line of Object.values(less.words)) expect(Number(line.split(' ')[1])).toBeGreaterThanOrEqual(900);
  });

  test('any pairs: shares of a word add up to one at most, likeliest first, in an order that does not depend on the pairs', () => {
    const term = fc.constantFrom('a', 'b', 'c', 'constructor', 'd');
    const terms = fc.uniqueArray(term, { minLength: 1, maxLength: 4 });
    const any = fc.array(fc.record({ said: terms, named: terms }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(any, (given) => {
        const table = translateNames(given, { leastTogether: 1 });
        expect(Object.keys(table.words)).toEqual(Object.keys(table.words).toSorted());
        for (const line of Object.values(table.words)) {
          const shares = line.split(' ').flatMap((part, at) => (at % 2 === 1 ? [Number(part)] : []));
          expect(shares).toEqual(shares.toSorted((a, b) => b - a));
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1_000 + shares.length);
        }
        expect(translateNames(given, { leastTogether: 1 })).toEqual(table);
      }),
      { seed: 11, numRuns: 100 },
    );
  });
});
