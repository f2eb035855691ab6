import { ChangeSet } from '@codemirror/state';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyEdits,
  changeSetOf,
  editsOf,
  InvalidEditError,
  isInsidePair,
  mapOffset,
  minimizeEdit,
  normalizeEdits,
  stringOf,
  type TextEdit,
  textOf,
} from '../../src/workspace/text-edit.ts';

/** Texts of the pieces that offsets go wrong on: line breaks of every kind, surrogate pairs and halves, nulls. */
const piece = fc.constantFrom('a', 'b', ' ', '\n', '\r\n', '\r', '\t', '😀', '\ud83d', '\ude00', '\0', '\u2028', 'é');
const text = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));

/** A text and edits that fit it, in any order. */
function editsFor(length: number): fc.Arbitrary<TextEdit[]> {
  return fc
    .array(fc.tuple(fc.nat(length), text), { maxLength: 8 })
    .map((points) => [...points].sort((a, b) => a[0] - b[0]))
    .map((points) => {
      const edits: TextEdit[] = [];
      for (let index = 0; index + 1 < points.length; index += 2)
        edits.push([points[index]![0], points[index + 1]![0], points[index]![1]]);
      return edits;
    });
}
const edited = text.chain((before) => editsFor(before.length).map((edits) => ({ before, edits })));
const editedTwice = edited.chain(({ before, edits }) =>
  editsFor(applyEdits(before, edits).length).map((more) => ({ before, edits, more })),
);
const PROPERTY = { seed: 20_261, numRuns: 2_000 };

describe('documents as CodeMirror texts', () => {
  test('keep every code unit and offset of the raw text', () => {
    fc.assert(
      fc.property(text, fc.nat(60), fc.nat(60), (raw, a, b) => {
        const document = textOf(raw);
        const [from, to] = [Math.min(a, b, raw.length), Math.min(Math.max(a, b), raw.length)];
        expect(stringOf(document)).toBe(raw);
        expect(document.length).toBe(raw.length);
        expect(document.sliceString(from, to, '\n')).toBe(raw.slice(from, to));
        expect(document.lines).toBe(raw.split('\n').length);
      }),
      PROPERTY,
    );
  });
});

describe('edits', () => {
  test('as a change set do what they do as strings', () => {
    fc.assert(
      fc.property(edited, ({ before, edits }) => {
        const changes = changeSetOf(edits, before.length);
        expect(stringOf(changes.apply(textOf(before)))).toBe(applyEdits(before, edits));
        expect(applyEdits(before, editsOf(changes))).toBe(applyEdits(before, edits));
      }),
      PROPERTY,
    );
  });
  test('composed do what they do one after the other', () => {
    fc.assert(
      fc.property(editedTwice, ({ before, edits, more }) => {
        const middle = applyEdits(before, edits);
        const composed = changeSetOf(edits, before.length).compose(changeSetOf(more, middle.length));
        expect(applyEdits(before, editsOf(composed))).toBe(applyEdits(middle, more));
      }),
      PROPERTY,
    );
  });
  test('composing is associative', () => {
    const thrice = editedTwice.chain(({ before, edits, more }) =>
      editsFor(applyEdits(applyEdits(before, edits), more).length).map((last) => ({ before, edits, more, last })),
    );
    fc.assert(
      fc.property(thrice, ({ before, edits, more, last }) => {
        const second = applyEdits(before, edits);
        const third = applyEdits(second, more);
        const [a, b, c] = [
          changeSetOf(edits, before.length),
          changeSetOf(more, second.length),
          changeSetOf(last, third.length),
        ];
        const raw = textOf(before);
        expect(stringOf(a.compose(b).compose(c).apply(raw))).toBe(stringOf(a.compose(b.compose(c)).apply(raw)));
      }),
      PROPERTY,
    );
  });
  test('are undone by the inverse', () => {
    fc.assert(
      fc.property(edited, ({ before, edits }) => {
        const raw = textOf(before);
        const changes = changeSetOf(edits, before.length);
        expect(stringOf(changes.invert(raw).apply(changes.apply(raw)))).toBe(before);
      }),
      PROPERTY,
    );
  });
  test('survive the wire form of a change set', () => {
    const changes = changeSetOf([[1, 2, 'x\r\ny']], 4);
    expect(editsOf(ChangeSet.fromJSON(changes.toJSON()))).toEqual([[1, 2, 'x\r\ny']]);
  });
  test('that touch are one', () => {
    const typedOver = changeSetOf([[0, 3, 'l']], 5).compose(changeSetOf([[1, 1, 'et']], 3));
    expect(editsOf(typedOver)).toEqual([[0, 3, 'let']]);
  });
});

describe('normalizeEdits', () => {
  const cases: { name: string; edits: unknown[]; sorted?: unknown[]; problem?: RegExp }[] = [
    {
      name: 'sorts',
      edits: [
        [4, 5, 'b'],
        [0, 1, 'a'],
      ],
      sorted: [
        [0, 1, 'a'],
        [4, 5, 'b'],
      ],
    },
    {
      name: 'keeps the order of insertions at one place',
      edits: [
        [2, 2, 'b'],
        [2, 2, 'a'],
      ],
      sorted: [
        [2, 2, 'b'],
        [2, 2, 'a'],
      ],
    },
    {
      name: 'puts an insertion before a replacement at its start',
      edits: [
        [2, 4, 'x'],
        [2, 2, 'a'],
      ],
      sorted: [
        [2, 2, 'a'],
        [2, 4, 'x'],
      ],
    },
    {
      name: 'lets neighbours touch',
      edits: [
        [0, 2, ''],
        [2, 4, ''],
      ],
      sorted: [
        [0, 2, ''],
        [2, 4, ''],
      ],
    },
    {
      name: 'refuses overlap',
      edits: [
        [0, 3, ''],
        [2, 4, ''],
      ],
      problem: /\[2, 4\] overlaps the one before it, which ends at 3/,
    },
    {
      name: 'refuses an insertion inside a replacement',
      edits: [
        [0, 3, ''],
        [1, 1, 'x'],
      ],
      problem: /overlaps/,
    },
    { name: 'refuses what is outside', edits: [[5, 7, '']], problem: /outside a text of 6 code units/ },
    { name: 'refuses what is backwards', edits: [[3, 2, '']], problem: /outside/ },
    { name: 'refuses negative offsets', edits: [[-1, 2, '']], problem: /outside/ },
    { name: 'refuses fractions', edits: [[0.5, 2, '']], problem: /is not \[integer, integer, string\]/ },
    { name: 'refuses NaN', edits: [[0, Number.NaN, '']], problem: /is not/ },
    { name: 'refuses a text that is none', edits: [[0, 1, null]], problem: /is not/ },
  ];
  test.each(cases)('$name', ({ edits, sorted, problem }) => {
    const run = () => normalizeEdits(edits as TextEdit[], 6);
    if (!problem) return expect(run()).toEqual(sorted);
    expect(run).toThrow(InvalidEditError);
    expect(run).toThrow(problem);
  });
});

describe('minimizeEdit', () => {
  const cases: { name: string; text: string; edit: TextEdit; least: TextEdit }[] = [
    { name: 'strips head and tail', text: 'let total = 1', edit: [4, 9, 'tooal'], least: [6, 7, 'o'] },
    { name: 'leaves an insertion', text: 'abc', edit: [0, 3, 'abXc'], least: [2, 2, 'X'] },
    { name: 'leaves a deletion', text: 'abc', edit: [0, 3, 'ac'], least: [1, 2, ''] },
    { name: 'makes nothing of nothing', text: 'abc', edit: [0, 3, 'abc'], least: [3, 3, ''] },
    { name: 'keeps a pair whole where its first half is shared', text: '😀', edit: [0, 2, '😁'], least: [0, 2, '😁'] },
    {
      name: 'keeps a pair whole where its second half is shared',
      text: '\ud83d\ude00',
      edit: [0, 2, '\ud83e\ude00'],
      least: [0, 2, '\ud83e\ude00'],
    },
    { name: 'keeps \\r\\n whole', text: 'a\r\nb', edit: [1, 3, '\r'], least: [1, 3, '\r'] },
    { name: 'keeps \\r\\n whole at the tail', text: 'a\nb', edit: [0, 2, 'c\r\n'], least: [0, 2, 'c\r\n'] },
  ];
  test.each(cases)('$name', ({ text: before, edit, least }) => {
    expect(minimizeEdit(before, edit)).toEqual(least);
  });
  test('gives the same text, touches no more, and splits no pair the edit did not', () => {
    fc.assert(
      fc.property(text, fc.nat(30), fc.nat(30), text, (before, a, b, insert) => {
        const start = Math.min(a, b, before.length);
        const end = Math.min(Math.max(a, b), before.length);
        const [from, to, rest] = minimizeEdit(before, [start, end, insert]);
        expect(applyEdits(before, [[from, to, rest]])).toBe(applyEdits(before, [[start, end, insert]]));
        expect([from >= start, to <= end, from <= to]).toEqual([true, true, true]);
        if (from > start) expect(isInsidePair(before, from)).toBe(false);
        if (to < end) expect(isInsidePair(before, to)).toBe(false);
      }),
      PROPERTY,
    );
  });
});

test('mapOffset stays before or goes behind an insertion', () => {
  const edits: TextEdit[] = [
    [2, 2, 'xy'],
    [5, 8, ''],
  ];
  const mapped = (offset: number) => [mapOffset(edits, 10, offset, -1), mapOffset(edits, 10, offset, 1)];
  expect([0, 2, 3, 5, 6, 8, 10].map(mapped)).toEqual([
    [0, 0],
    [2, 4],
    [5, 5],
    [7, 7],
    [7, 7],
    [7, 7],
    [9, 9],
  ]);
});
