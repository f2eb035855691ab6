import { describe, expect, test } from 'vitest';
import type { Found } from '../../../src/tab/rewrite/found.ts';
import { compoundsOf, madeOf } from '../../../src/tab/rewrite/group.ts';
import type { SubEdit } from '../../../src/tab/rewrite/sub-edit.ts';
import { applyEdits, type TextEdit } from '../../../src/workspace/text-edit.ts';

const from = (id: number): SubEdit => ({
  path: 'a.ts',
  id,
  oldTokens: [],
  newTokens: [],
  oldText: '',
  newText: `${id}`,
  left: [],
  right: [],
  begins: undefined,
  gaps: { before: { left: '', right: '' }, after: { left: '', right: '' } },
  indent: '',
});

/** A stop of a rewrite of its own. @param agrees tokens around it that agree */
const stop = (text: string, id: number, agrees: number, ...edits: readonly TextEdit[]): Found => ({
  ...madeOf(text, edits),
  rewrite: {
    from: from(id),
    template: undefined,
    generality: 'exact',
    evidence: 1,
    age: id,
    hunk: { id, parts: 1, whole: false },
  },
  path: 'a.ts',
  left: agrees,
  right: 0,
  renamed: 0,
  around: { left: [], right: [] },
  knowsNew: true,
  lines: 0,
  ahead: true,
  sameFile: true,
  leaves: false,
  leavesOthers: false,
  mixed: false,
  asIs: false,
  parts: 1,
  together: 0,
});

describe('stops of different rewrites as one', () => {
  const text = 'zero();\none(\n  two,\n);\nthree();\n';
  const lines: TextEdit = [8, 22, 'one(two);'];
  const before: TextEdit = [8, 8, 'await '];

  test.each([
    ['the one that is put in agrees more', 1, 3],
    ['the one that is replaced agrees more', 3, 1],
  ])('put in at the start of lines that are replaced: %s', (_name, replaced, inserted) => {
    const [made, ...rest] = compoundsOf(text, [stop(text, 1, replaced, lines), stop(text, 2, inserted, before)]);
    expect(rest).toEqual([]);
    expect(applyEdits(text, made!.edits)).toBe('zero();\nawait one(two);\nthree();\n');
    expect(made!.outcome).toBe('8\0await one(two);');
  });

  test('of those that overlap, the one that agrees more', () => {
    const name: TextEdit = [8, 11, 'eins'];
    const argument: TextEdit = [15, 18, 'zwei'];
    const [made] = compoundsOf(text, [stop(text, 1, 1, lines), stop(text, 2, 2, name), stop(text, 3, 3, argument)]);
    expect(applyEdits(text, made!.edits)).toBe('zero();\neins(\n  zwei,\n);\nthree();\n');
  });
});
