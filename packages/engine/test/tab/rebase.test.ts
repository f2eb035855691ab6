import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebaseEdits, singleChange } from '../../src/tab/rebase.ts';
import { applyEdits, type TextEdit } from '../../src/workspace/text-edit.ts';

interface Case {
  readonly name: string;
  readonly before: string;
  readonly edits: readonly TextEdit[];
  readonly now: string;
  readonly left: readonly TextEdit[] | undefined;
}

const cases: readonly Case[] = [
  {
    name: 'typing the first letters of an insertion leaves the rest',
    before: 'const x',
    edits: [[7, 7, ' = await f()']],
    now: 'const x = a',
    left: [[11, 11, 'wait f()']],
  },
  {
    name: 'typing something else drops it',
    before: 'const x',
    edits: [[7, 7, ' = await f()']],
    now: 'const x;',
    left: undefined,
  },
  { name: 'typing all of it leaves nothing', before: 'ab', edits: [[2, 2, 'c']], now: 'abc', left: undefined },
  {
    name: 'typing before it shifts it',
    before: 'a\nfoo\n',
    edits: [[2, 5, 'bar']],
    now: 'xyza\nfoo\n',
    left: [[5, 8, 'bar']],
  },
  {
    name: 'typing behind it leaves it',
    before: 'foo\nb\n',
    edits: [[0, 3, 'bar']],
    now: 'foo\nbbb\n',
    left: [[0, 3, 'bar']],
  },
  {
    name: 'deleting what is to be replaced leaves the insertion',
    before: 'use(foo)',
    edits: [[4, 7, 'bar']],
    now: 'use()',
    left: [[4, 4, 'bar']],
  },
  {
    name: 'typing the new name over the old one leaves its end',
    before: 'use(foo)',
    edits: [[4, 7, 'bar']],
    now: 'use(ba)',
    left: [[6, 6, 'r']],
  },
  {
    name: 'one of two places done by hand leaves the other',
    before: 'foo foo',
    edits: [
      [0, 3, 'bar'],
      [4, 7, 'bar'],
    ],
    now: 'bar foo',
    left: [[4, 7, 'bar']],
  },
  {
    name: 'a repeated letter is seen where it was typed',
    before: 'a',
    edits: [[1, 1, 'aab']],
    now: 'aa',
    left: [[2, 2, 'ab']],
  },
  {
    name: 'backspace before an insertion drops it',
    before: 'cons',
    edits: [[4, 4, 't x']],
    now: 'con',
    left: undefined,
  },
  { name: 'the same text needs no rebase', before: 'x', edits: [[1, 1, 'y']], now: 'x', left: [[1, 1, 'y']] },
];

describe('rebasing an answer over newer typing', () => {
  for (const { name, before, edits, now, left } of cases)
    test(name, () => expect(rebaseEdits(before, now, edits)?.edits).toEqual(left));

  test('what is left always leads to what was meant, however much of an insertion was typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 20 }),
        fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n'), minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        (before, inserted, place, typed) => {
          const at = place % (before.length + 1);
          const count = typed % inserted.length;
          const now = before.slice(0, at) + inserted.slice(0, count) + before.slice(at);
          const wanted = applyEdits(before, [[at, at, inserted]]);
          const rebased = rebaseEdits(before, now, [[at, at, inserted]]);
          expect(rebased).toBeDefined();
          expect(applyEdits(now, rebased!.edits)).toBe(wanted);
        },
      ),
      { seed: 1, numRuns: 2_000 },
    );
  });

  test('typing on another line commutes with the edits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 }), {
          minLength: 4,
          maxLength: 8,
        }),
        fc.nat(),
        fc.nat(),
        (lines, one, other) => {
          const from = one % lines.length;
          const to = other % lines.length;
          fc.pre(Math.abs(from - to) > 1);
          const start = (index: number, all: readonly string[]) =>
            all.slice(0, index).join('\n').length + (index ? 1 : 0);
          const before = lines.join('\n');
          const edit: TextEdit = [start(from, lines), start(from, lines) + lines[from]!.length, 'NEW'];
          const typed = lines.map((line, index) => (index === to ? `${line}Z` : line));
          const both = typed.map((line, index) => (index === from ? 'NEW' : line));
          expect(applyEdits(typed.join('\n'), rebaseEdits(before, typed.join('\n'), [edit])!.edits)).toBe(
            both.join('\n'),
          );
        },
      ),
      { seed: 2, numRuns: 500 },
    );
  });

  test('the single change between two texts turns one into the other', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.string({ unit: 'binary', maxLength: 12 }),
        (before, after) => {
          const change = singleChange(before, after);
          const result = change ? applyEdits(before, [[change.start, change.end, change.inserted]]) : before;
          expect(result).toBe(after);
        },
      ),
      { seed: 3, numRuns: 1_000 },
    );
  });
});
