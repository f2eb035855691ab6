import type { WireEdit } from '@tabstop/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chosen } from '../../src/tab/chosen.ts';

const CHANGES: WireEdit[][] = [[[0, 1, 'x']], [[2, 3, 'yy']], [[4, 4, 'z']]];

test.each<[what: string, after: string, expected: readonly boolean[] | undefined]>([
  ['all', 'xbyydzef', [true, true, true]],
  ['none', 'abcdef', [false, false, false]],
  ['one', 'abyydef', [false, true, false]],
  ['an insertion alone', 'abcdzef', [false, false, true]],
  ['something else as well', 'abcdefg', undefined],
  ['something else', 'Qbcdef', undefined],
])('%s', (_what, after, expected) => {
  expect(chosen('abcdef', after, CHANGES)).toEqual(expected);
});

test('a change of several places was made as a whole or not at all', () => {
  const both: WireEdit[][] = [
    [
      [0, 1, 'x'],
      [4, 5, 'x'],
    ],
    [[2, 3, 'y']],
  ];
  expect(chosen('a,a,a', 'x,a,x', both)).toEqual([true, false]);
  expect(chosen('a,a,a', 'x,a,a', both)).toBe(undefined);
});

test('tells any choice from the text it leads to', () => {
  const piece = fc.record({
    gap: fc.stringMatching(/^[ab]{1,4}$/),
    old: fc.stringMatching(/^[ab]{0,3}$/),
    now: fc.stringMatching(/^[cd]{1,3}$/),
    yes: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      let before = '';
      let after = '';
      const changes: WireEdit[][] = [];
      for (const { gap, old, now, yes } of pieces) {
        before += gap;
        changes.push([[before.length, before.length + old.length, now]]);
        before += old;
        after += gap + (yes ? now : old);
      }
      expect(chosen(before, after, changes)).toEqual(pieces.map(({ yes }) => yes));
    }),
    { seed: 7 },
  );
});
