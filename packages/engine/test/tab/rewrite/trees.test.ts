import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { oddsByTrees, type TreeFile } from '../../../src/tab/rewrite/trees.ts';

const SEED = 20_261_122;

describe('log-odds by weights and trees', () => {
  test.each<[what: string, tree: TreeFile, features: Record<string, number>, odds: number]>([
    ['a leaf counts whatever is known', 0.5, {}, 0.5],
    ['at the limit, the low branch', ['near', 0.3, -1, 2], { near: 0.3 }, -1],
    ['above the limit, the high branch', ['near', 0.3, -1, 2], { near: 0.31 }, 2],
    ['what is not given is 0', ['near', 0.3, -1, 2], { far: 9 }, -1],
    ['negative limits', ['liker', -1, 4, 5], {}, 5],
    ['a branch in a low branch', ['a', 0.5, ['b', 0.5, 1, 2], 3], { b: 1 }, 2],
    ['a branch in a high branch', ['a', 0.5, 1, ['a', 1.5, 2, 3]], { a: 2 }, 3],
    ['branches on both sides', ['a', 0.5, ['b', 0.5, 1, 2], ['b', 0.5, 3, 4]], { a: 1, b: 1 }, 4],
  ])('%s', (_what, tree, features, odds) => {
    expect(oddsByTrees({ bias: 0, features: {}, trees: [tree] })(features)).toBe(odds);
  });

  test('all trees and the bias are added up', () => {
    const odds = oddsByTrees({ bias: -3, features: {}, trees: [1, ['a', 0.5, 0, 10], ['b', 0.5, 0, 100]] });
    expect(odds({})).toBe(-2);
    expect(odds({ a: 1 })).toBe(8);
    expect(odds({ a: 1, b: 1 })).toBe(108);
  });

  test('features count by their weights, in trees or not', () => {
    const odds = oddsByTrees({ bias: 1, features: { a: 2, b: -0.5 }, trees: [['a', 0.5, 0, 10]] });
    expect(odds({})).toBe(1);
    expect(odds({ b: 4 })).toBe(-1);
    expect(odds({ a: 1 })).toBe(13);
  });

  test('what was asked before leaves no trace', () => {
    const odds = oddsByTrees({ bias: 0, features: {}, trees: [['a', 0.5, 0, 1]] });
    odds({ a: 1 });
    expect(odds({})).toBe(0);
  });

  test('the same as walking the tree as it is written', () => {
    const value = fc.integer({ min: -4, max: 4 });
    const { tree: trees } = fc.letrec<{ tree: TreeFile }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        value,
        fc.tuple(fc.constantFrom('a', 'b', 'c'), value, tie('tree'), tie('tree')),
      ),
    }));
    const written = (tree: TreeFile, features: Readonly<Record<string, number>>): number => {
      if (typeof tree === 'number') return tree;
      const [name, limit, low, high] = tree;
      return written((features[name] ?? 0) <= limit ? low : high, features);
    };
    fc.assert(
      fc.property(
        fc.array(trees, { maxLength: 4 }),
        value,
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value),
        fc.dictionary(fc.constantFrom('a', 'b', 'e'), value),
        (some, bias, features, weights) => {
          const linear = Object.entries(weights).reduce(
            (sum, [name, weight]) => sum + weight * (features[name] ?? 0),
            bias,
          );
          expect(oddsByTrees({ bias, features: weights, trees: some })(features)).toBe(
            some.reduce<number>((sum, tree) => sum + written(tree, features), linear),
          );
        },
      ),
      { seed: SEED, numRuns: 500 },
    );
  });
});
