import type { WireEdit } from '@tabstop/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isJump, jumpStack } from '../../src/tab/jump-stack.ts';

const at = (path: string, offset: number) => ({ path, offset });

describe('a way back', () => {
  test('leads back place by place, over files, and then ends', () => {
    const stack = jumpStack();
    stack.push(at('a', 1));
    stack.push(at('b', 2));
    expect([stack.back(at('c', 3)), stack.back(at('b', 2)), stack.back(at('a', 1))]).toEqual([
      at('b', 2),
      at('a', 1),
      undefined,
    ]);
  });

  test('a place is kept once, and one where the cursor is already is passed over', () => {
    const stack = jumpStack();
    for (const place of [at('a', 1), at('b', 2), at('b', 2)]) stack.push(place);
    expect(stack.depth).toBe(2);
    expect(stack.back(at('b', 2))).toEqual(at('a', 1));
  });

  test('is bounded: the oldest falls off', () => {
    const stack = jumpStack();
    for (let offset = 0; offset < 80; offset++) stack.push(at('a', offset));
    expect(stack.depth).toBe(50);
    let oldest: number | undefined;
    for (let place = stack.back(undefined); place; place = stack.back(undefined)) oldest = place.offset;
    expect(oldest).toBe(30);
  });

  test('forgets what is gone', () => {
    const stack = jumpStack();
    stack.push(at('a', 1));
    stack.push(at('gone', 2));
    stack.forget('gone');
    expect(stack.back(undefined)).toEqual(at('a', 1));
  });
});

describe('places move with the text', () => {
  test.each<[what: string, edits: WireEdit[], expected: number]>([
    ['an insertion before', [[0, 0, 'ab']], 12],
    ['an insertion behind', [[11, 11, 'ab']], 10],
    ['an insertion right there', [[10, 10, 'ab']], 10],
    ['a deletion before', [[2, 5, '']], 7],
    ['a deletion around', [[8, 14, '']], 8],
    ['a replacement around', [[8, 14, 'xyz']], 11],
    [
      'two edits before',
      [
        [0, 0, 'a'],
        [4, 6, ''],
      ],
      9,
    ],
    [
      'one before, one behind',
      [
        [0, 1, ''],
        [20, 30, 'x'],
      ],
      9,
    ],
  ])('%s', (_what, edits, expected) => {
    const stack = jumpStack();
    stack.push(at('a', 10));
    stack.push(at('b', 10));
    stack.edited('a', edits);
    expect([stack.back(undefined), stack.back(undefined)]).toEqual([at('b', 10), at('a', expected)]);
  });

  test('never before the text or behind it', () => {
    const edit = fc.tuple(fc.nat(40), fc.nat(40), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(fc.nat(40), edit, (offset, [a, b, text]) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        const stack = jumpStack();
        stack.push(at('a', offset));
        stack.edited('a', [[start, end, text]]);
        const moved = stack.back(undefined)!.offset;
        expect(moved).toBeGreaterThanOrEqual(0);
        expect(moved).toBeLessThanOrEqual(40 + text.length - (end - start));
        if (end < offset) expect(moved - offset).toBe(text.length - (end - start));
      }),
      { seed: 7 },
    );
  });
});

test.each([
  ['the same line', 'a', 3, 'a', 3, false],
  ['the next line', 'a', 3, 'a', 4, false],
  ['further off', 'a', 3, 'a', 9, true],
  ['up', 'a', 9, 'a', 3, true],
  ['another file', 'a', 3, 'b', 3, true],
])('a jump: %s', (_what, path, line, other, otherLine, expected) => {
  expect(isJump({ path, line }, { path: other, line: otherLine })).toBe(expected);
});
