import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOnTheWay, isPartOf } from '../../../training/on-the-way.ts';

const SEED = 20_261_122;

describe('on the way from one text to another', () => {
  test.each<[what: string, before: string, between: string, after: string, is: boolean]>([
    ['all of it', 'a(b);', 'c(d);', 'c(d);', true],
    ['the first of two tokens', 'a(b);', 'c(b);', 'c(d);', true],
    ['the second of two tokens', 'a(b);', 'a(d);', 'c(d);', true],
    ['nothing', 'a(b);', 'a(b);', 'c(d);', false],
    ['a part, and something else', 'a(b);', 'c(x);', 'c(d);', false],
    ['more than all of it', 'a(b);', 'c(d, e);', 'c(d);', false],
    ['one of two lines put in', 'a\n', 'a\nb\n', 'a\nb\nc\n', true],
    ['a line that has to go again', 'a\n', 'a\nx\n', 'a\nb\nc\n', false],
    ['a word that only begins alike', 'a', 'load', 'loaded', false],
    ['one of two lines deleted', 'a\nb\nc\n', 'a\nc\n', 'c\n', true],
    ['a deletion of what has to come back', 'f(a, b)', 'f(a)', 'f(a, c)', false],
    ['to where it came from', 'a(b);', 'c(d);', 'a(b);', false],
  ])('%s', (_what, before, between, after, is) => {
    expect(isOnTheWay(before, between, after)).toBe(is);
  });

  test('any choice of lines that are put in is, and with another line it is not', () => {
    const lines = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.boolean()), (all, keep) => {
        const written = (some: readonly number[]) =>
          ['head', ...some.map((line) => `line${line}`), 'tail', ''].join('\n');
        const some = all.filter(() => keep.next().value === true);
        expect(isOnTheWay(written([]), written(some), written(all))).toBe(some.length > 0);
        expect(isOnTheWay(written([]), written([...some, 100]), written(all))).toBe(false);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
});

describe('a part of a change', () => {
  const text = 'one();\ntwo(a, b);\nthree();\n';
  const change = [[7, 18, 'zwei(a, c);\n']] as const;
  test.each<[what: string, edits: readonly (readonly [number, number, string])[], is: boolean]>([
    ['the same place, as a whole', [[7, 18, 'zwei(a, c);\n']], true],
    ['its name alone', [[7, 10, 'zwei']], true],
    [
      'its name and its argument',
      [
        [7, 10, 'zwei'],
        [14, 15, 'c'],
      ],
      true,
    ],
    ['another name', [[7, 10, 'deux']], false],
    ['another line', [[0, 3, 'eins']], false],
    [
      'its name and another line',
      [
        [7, 10, 'zwei'],
        [18, 23, 'drei'],
      ],
      false,
    ],
    ['none', [], false],
  ])('%s', (_what, edits, is) => {
    expect(isPartOf(edits, change, text)).toBe(is);
  });
});
