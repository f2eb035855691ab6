import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deltaChrF } from '../../src/tab/delta-chrf.ts';

const SEED = 20_260_703;

describe('delta-chrF', () => {
  test.each<[string, [original: string, wanted: string, actual: string], number]>([
    ['exactly the wanted change', ['let a = foo;', 'let a = bar;', 'let a = bar;'], 100],
    ['nothing done', ['let a = foo;', 'let a = bar;', 'let a = foo;'], 0],
    ['something done where nothing was wanted', ['let a;', 'let a;', 'let b;'], 0],
    ['the same but for spacing', ['f(a)', 'f(a, b)', 'f(a,b)'], 100],
    ['nothing in common', ['----', '----abcdefg', '----xyzuvw'], 0],
    ['one empty', ['', 'abc', ''], 0],
    ['all empty', ['', '', ''], 100],
    // Wanted: one character more (1 of each order 1..6 that fits); made: the same and one more. By hand, order 1: wanted {b}, actual {b, c}.
    ['only order 1 can be counted', ['', 'b', 'bc'], (100 * 5 * 0.25 * 0.5) / (4 * 0.25 + 0.5)],
  ])('%s', (_name, [original, wanted, actual], expected) => {
    expect(deltaChrF(original, wanted, actual)).toBeCloseTo(expected, 6);
  });
  test('a change that is nearer counts more', () => {
    const original = 'const total = sum(items);';
    const wanted = 'const total = sumOf(items, price);';
    const near = deltaChrF(original, wanted, 'const total = sumOf(items);');
    const far = deltaChrF(original, wanted, 'const total = add(items);');
    expect(near).toBeGreaterThan(far);
    expect(near).toBeLessThan(100);
  });
  test('is between 0 and 100, and does not depend on the unchanged text around', () => {
    const word = fc.stringMatching(/^[abc ]{0,8}$/);
    fc.assert(
      fc.property(word, word, word, fc.stringMatching(/^[xyz]{0,20}$/), (original, wanted, actual, around) => {
        const score = deltaChrF(original, wanted, actual);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        const far = `${around}0123456789`;
        const inside = deltaChrF(
          `0123456789${original}0123456789`,
          `0123456789${wanted}0123456789`,
          `0123456789${actual}0123456789`,
        );
        expect(
          deltaChrF(
            `${around}0123456789${original}${'0123456789'}${around}`,
            `${far}${wanted}0123456789${around}`,
            `${far}${actual}0123456789${around}`,
          ),
        ).toBeCloseTo(inside, 6);
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});
