import { seededRandom } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { type Boosted, fitBoosted, oddsOf, type Outcome, type Tree } from '../../../training/boosting.ts';

const SEED = 20_261_122;

/** Examples of random columns in -1..1, and of a flag. */
function examples(count: number, odds: (features: readonly number[]) => number, weight = 1): Outcome[] {
  const random = seededRandom(SEED);
  return Array.from({ length: count }, () => {
    const features = [random() * 2 - 1, random() * 2 - 1, random() < 0.1 ? 1 : 0];
    return { features, happened: random() < 1 / (1 + Math.exp(-odds(features))), weight };
  });
}

const probability = (odds: number) => 1 / (1 + Math.exp(-odds));
const leavesOf = (tree: Tree): number => (typeof tree === 'number' ? 1 : leavesOf(tree.low) + leavesOf(tree.high));
const columnsOf = (tree: Tree): number[] =>
  typeof tree === 'number' ? [] : [tree.column, ...columnsOf(tree.low), ...columnsOf(tree.high)];

/** Mean distance between what was estimated and what is so. */
function error(model: Boosted, odds: (features: readonly number[]) => number): number {
  const asked = examples(500, odds);
  return (
    asked.reduce(
      (sum, { features }) =>
        sum + Math.abs(probability(oddsOf(model, features)) - probability(odds(features as number[]))),
      0,
    ) / asked.length
  );
}

describe('boosted trees', () => {
  test.each<[what: string, odds: (features: readonly number[]) => number, most: number]>([
    ['nothing to learn', () => -2, 0.05],
    ['a step', ([a]) => (a! > 0.25 ? 2 : -2), 0.06],
    ['a slope', ([a]) => 3 * a!, 0.06],
    ['a rare flag', ([_a, _b, flag]) => (flag === 1 ? 2 : -2), 0.06],
    ['what counts only together', ([a, b]) => (a! > 0 === b! > 0 ? 2 : -2), 0.08],
    ['a hill', ([a]) => 2 - 8 * a! * a!, 0.06],
  ])('learn %s', (_what, odds, most) => {
    expect(error(fitBoosted(examples(4_000, odds)), odds)).toBeLessThan(most);
  });

  test('have as many leaves as asked for, and no leaf with few examples', () => {
    const odds = ([a, b]: readonly number[]) => 3 * a! - 2 * b!;
    const model = fitBoosted(examples(1_000, odds), { trees: 12, leaves: 5, least: 40 });
    expect(model.trees).toHaveLength(12);
    expect(model.trees.map(leavesOf)).toEqual(Array.from({ length: 12 }, () => 5));
    const few = fitBoosted(examples(100, odds), { trees: 3, leaves: 8, least: 40 });
    expect(Math.max(...few.trees.map(leavesOf))).toBeLessThanOrEqual(2);
  });

  test('look at no column that says nothing', () => {
    const constant = examples(1_000, ([a]) => 4 * a!).map((one) => ({ ...one, features: [one.features[0]!, 7, 7] }));
    expect(new Set(fitBoosted(constant, { trees: 20 }).trees.flatMap(columnsOf))).toEqual(new Set([0]));
  });

  test('an example of weight 2 is two examples', () => {
    const flags = ({ features, ...rest }: Outcome): Outcome => ({ ...rest, features: [features[2]!] });
    const some = examples(600, ([_a, _b, flag]) => 2 * flag!).map(flags);
    const doubled = some.flatMap((one, index) => (index % 3 === 0 ? [one, one] : [one]));
    const heavy = some.map((one, index) => (index % 3 === 0 ? { ...one, weight: 2 } : one));
    const ask = some.slice(0, 20).map(({ features }) => features);
    const options = { trees: 1, leaves: 2, least: 1, bins: 9 };
    const estimates = (model: Boosted) => ask.map((features) => oddsOf(model, features));
    for (const [index, estimate] of estimates(fitBoosted(heavy, options)).entries())
      expect(estimate).toBeCloseTo(estimates(fitBoosted(doubled, options))[index]!, 9);
    expect(fitBoosted(heavy, options).bias).toBeCloseTo(fitBoosted(doubled, options).bias, 9);
  });

  test.each([[1], [-1]] as const)('go in the direction that a column has (%i)', (direction) => {
    // What is there goes up and down again, and the second column depends on the first.
    const wave = ([a, b]: readonly number[]) => 3 * Math.sin(4 * a!) + (a! > 0 ? 2 : -2) * b!;
    const model = fitBoosted(examples(3_000, wave), { leaves: 12, directions: [direction, 0, 0] });
    const random = seededRandom(SEED + 1);
    for (let asked = 0; asked < 300; asked++) {
      const [other, flag] = [random() * 2 - 1, random() < 0.5 ? 1 : 0];
      const [less, more] = [random() * 2 - 1, random() * 2 - 1].sort((a, b) => a - b) as [number, number];
      const rise = oddsOf(model, [more, other, flag]) - oddsOf(model, [less, other, flag]);
      expect(rise * direction, `${less} ${more} ${other} ${flag}`).toBeGreaterThanOrEqual(-1e-9);
    }
    const free = fitBoosted(examples(3_000, wave), { leaves: 12 });
    expect(error(free, wave)).toBeLessThan(error(model, wave));
  });

  test('are the same each time', () => {
    const some = examples(500, ([a, b]) => a! + b!);
    expect(fitBoosted(some)).toEqual(fitBoosted(some));
  });

  test('of nothing are the bias alone', () => {
    expect(fitBoosted([]).trees.every((tree) => tree === 0 || Object.is(tree, -0))).toBe(true);
  });
});
