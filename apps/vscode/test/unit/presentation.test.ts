import type { WireEdit } from '@tabstop/protocol';
import { seededRandom } from '@tabstop/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isHint, isOneLine, pieces, present, unite } from '../../src/tab/presentation.ts';

function target(text: string, path = '/a.ts') {
  return { path, length: text.length, slice: (start: number, end: number) => text.slice(start, end) };
}

/** `<|>` is the cursor in the text before; shows the drawing as `kind[replaced -> text]@start`. */
function drawn(marked: string, edits: readonly WireEdit[], path = '/a.ts'): string | undefined {
  const cursor = marked.indexOf('<|>');
  const text = marked.replace('<|>', '');
  const shown = present({ kind: 'edit', path, edits, cursorAfter: 0 }, { path: '/a.ts', cursor }, target(text, path));
  if (!shown) return undefined;
  if (shown.kind === 'go') return `go@${shown.offset}`;
  if (isHint(shown)) throw new Error('an edit is drawn, not told');
  return `${shown.kind}[${text.slice(shown.start, shown.end)} -> ${shown.text}]@${shown.start}`;
}

describe('what a suggestion is drawn as', () => {
  test.each<[name: string, marked: string, edits: WireEdit[], expected: string | undefined]>([
    ['text at the cursor is grey', 'let x = <|>;', [[8, 8, '1']], 'ghost[ -> 1]@8'],
    ['a word completed is grey', 'ret<|>', [[0, 3, 'return x;']], 'ghost[ -> urn x;]@3'],
    ['a bracket that stays is not replaced', 'f(<|>)', [[2, 3, 'a, b)']], 'ghost[ -> a, b]@2'],
    ['the same insertion named at another place', 'aa<|>b', [[0, 0, 'aa']], 'ghost[ -> aa]@2'],
    ['a change elsewhere is a diff', 'x<|>; old;', [[3, 6, 'new']], 'edit[old -> new]@3'],
    ['whole words of it', 'x<|>; total();', [[3, 8, 'totals']], 'edit[total -> totals]@3'],
    ['what is the same is left out', 'x<|>; f(a, b);', [[3, 10, 'f(a, c)']], 'edit[b -> c]@8'],
    ['a deletion', 'x<|>; drop me;', [[3, 8, '']], 'edit[drop  -> ]@3'],
    ['text inserted on another line', '<|>a\nb\n', [[4, 4, 'c\n']], 'edit[ -> c\n]@4'],
    [
      'several edits are one',
      'f<|>(a, b, c)',
      [
        [2, 3, 'x'],
        [8, 9, 'z'],
      ],
      'edit[a, b, c -> x, b, z]@2',
    ],
    ['nothing changes', 'same<|>', [[0, 4, 'same']], undefined],
    [
      'edits that overlap',
      'abcdef<|>',
      [
        [0, 3, 'x'],
        [2, 4, 'y'],
      ],
      undefined,
    ],
    ['edits beyond the text', 'abc<|>', [[2, 9, 'x']], undefined],
    ['a smiley is never cut in half', '<|>x = "\u{1F600}"', [[5, 7, '\u{1F601}']], 'edit[\u{1F600} -> \u{1F601}]@5'],
    ['nor is a line break', 'a<|>\r\nb', [[1, 3, '\n']], 'edit[\r\n -> \n]@1'],
  ])('%s', (_, marked, edits, expected) => {
    expect(drawn(marked, edits)).toBe(expected);
  });

  test('a change in another file, even at the offset of the cursor', () => {
    expect(drawn('ab<|>', [[2, 2, 'c']], '/b.ts')).toBe('other-file[ -> c]@2');
  });

  test('a place to go', () => {
    const go = { kind: 'jump' as const, path: '/a.ts', edits: [], cursorAfter: 4 };
    expect(present(go, { path: '/a.ts', cursor: 0 }, target('abcdef'))).toEqual({
      kind: 'go',
      path: '/a.ts',
      offset: 4,
    });
    expect(present({ ...go, cursorAfter: 40 }, { path: '/a.ts', cursor: 0 }, target('abcdef'))).toBeUndefined();
  });
});

/** Texts with few different characters, so that beginnings and ends coincide often. */
const text = fc.string({ unit: fc.constantFrom('a', 'b', '(', ' ', '\n', '\r\n', '\u{1F600}'), maxLength: 12 });

test('property: accepting what is drawn gives what the edits give', () => {
  const cases = fc.record({ before: text, old: text, after: text, insert: text, cursor: fc.nat() });
  fc.assert(
    fc.property(cases, ({ before, old, after, insert, cursor }) => {
      const whole = before + old + after;
      const edit: WireEdit = [before.length, before.length + old.length, insert];
      const wanted = before + insert + after;
      const shown = present(
        { kind: 'edit', path: '/a.ts', edits: [edit], cursorAfter: 0 },
        { path: '/a.ts', cursor: cursor % (whole.length + 1) },
        target(whole),
      );
      if (shown && (shown.kind === 'go' || isHint(shown))) throw new Error('not a place');
      expect(shown ? whole.slice(0, shown.start) + shown.text + whole.slice(shown.end) : whole).toBe(wanted);
    }),
    { seed: Math.floor(seededRandom(11)() * 1e9), numRuns: 3_000 },
  );
});

test('property: one replacement does what several edits do', () => {
  const cases = fc.record({ text, cuts: fc.array(fc.nat(12), { minLength: 2, maxLength: 6 }), insert: text });
  fc.assert(
    fc.property(cases, ({ text: whole, cuts, insert }) => {
      const sorted = cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b);
      const edits: WireEdit[] = [];
      for (let index = 0; index + 1 < sorted.length; index += 2)
        edits.push([sorted[index]!, sorted[index + 1]!, insert]);
      let wanted = whole;
      for (const [start, end, text] of [...edits].reverse()) wanted = wanted.slice(0, start) + text + wanted.slice(end);
      const [start, end, replacement] = unite(edits, target(whole))!;
      expect(whole.slice(0, start) + replacement + whole.slice(end)).toBe(wanted);
    }),
    { seed: Math.floor(seededRandom(12)() * 1e9), numRuns: 1_000 },
  );
});

test('pieces are the edits in the order of the text, whole words, without what changes nothing', () => {
  const text = 'print(width); print(width + 1);';
  const edits: WireEdit[] = [
    [20, 25, 'size'],
    [0, 5, 'print'],
    [0, 12, 'print(widths'],
  ];
  expect(pieces(edits, target(text))).toEqual([
    [6, 12, 'widths'],
    [20, 25, 'size'],
  ]);
});

describe('what is told instead of drawn', () => {
  const active = { path: '/a.ts', cursor: 0 };
  const none = { path: '/a.ts', edits: [], cursorAfter: 2 };
  const command = { text: 'npm install zod', cwd: '/', reason: 'zod is imported' };

  test('a command, with its folder and reason', () => {
    expect(present({ ...none, kind: 'command', command }, active, target('abc'))).toEqual({
      kind: 'command',
      ...command,
    });
  });

  test('a look at a place, as long as there is such a place', () => {
    const look = { ...none, kind: 'jump' as const, peek: true };
    expect(present(look, active, target('abc'))).toEqual({ kind: 'peek', path: '/a.ts', offset: 2 });
    expect(present(look, active, target('a'))).toBe(undefined);
    expect(present({ ...look, peek: false }, active, target('abc'))).toEqual({ kind: 'go', path: '/a.ts', offset: 2 });
  });

  test.each(['npm i\n', 'npm i\rrm', 'a\u0003b', 'a\u001b[A', 'a\u2028b', 'a\u202eb', 'a\tb', ''])(
    'never a command that is more than one line of what can be seen: %j',
    (text) => {
      expect(isOneLine(text)).toBe(false);
      expect(present({ ...none, kind: 'command', command: { ...command, text } }, active, target('abc'))).toBe(
        undefined,
      );
    },
  );
});
