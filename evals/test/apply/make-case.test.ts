import { seededRandom } from '@tabstop/testkit';
import { describe, expect, it } from 'vitest';
import { type ApplyCase, CASE_FORMATS, type CaseFormat, makeCase } from '../../src/apply/make-case.ts';
import { answerOf, exactBaseline } from '../../src/apply/outcome.ts';
import { applyChanges, blocksOf, occurrences, type RealEdit, realEdit } from '../../src/apply/real-edits.ts';

const BEFORE =
  Array.from({ length: 60 }, (_, i) =>
    i % 6 === 0 ? `function part${i}(input) {` : i % 6 === 5 ? '}' : `  step${i}(input, ${i});`,
  ).join('\n') + '\n';
const AFTER = BEFORE.replace('step8(input, 8)', 'step8(input, 80)')
  .replace('  step20(input, 20);\n', '')
  .replace('  step33(', '  log(input);\n  step33(');

describe('real edits', () => {
  const edit = realEdit('a.js', BEFORE, AFTER)!;
  it('are the changes that lead from one version to the next', () => {
    expect(applyChanges(edit.before, edit.changes).join('\n') + '\n').toBe(AFTER);
    expect(edit.changes.map(({ from, to, lines }) => [from, to, lines.length])).toEqual([
      [8, 9, 1],
      [20, 21, 0],
      [33, 33, 1],
    ]);
  });

  it('become blocks with the lines around them, joined where these meet', () => {
    expect(blocksOf(edit.before, edit.changes, 3).map(({ from, to }) => [from, to])).toEqual([
      [5, 12],
      [17, 24],
      [30, 36],
    ]);
    expect(blocksOf(edit.before, edit.changes, 8)).toHaveLength(1);
  });

  it('know how often a block stands in a document, white space aside', () => {
    expect(occurrences(edit.before, ['}'])).toBe(10);
    expect(occurrences(edit.before, ['step8(input,  8);'])).toBe(1);
  });

  it('leave out what only changes white space at line ends', () => {
    expect(realEdit('a.js', BEFORE, BEFORE.replace('8);\n', '8); \n'))).toBeUndefined();
  });
});

describe('generated cases', () => {
  const edit = realEdit('a.js', BEFORE, AFTER)!;
  it.each(CASE_FORMATS)('in %s are the same for the same seed, and none is placed wrong', (format) => {
    const make = () => {
      const random = seededRandom(5);
      return Array.from({ length: 150 }, (_, i) => makeCase(random, edit, format, String(i))).filter(
        (test) => test !== undefined,
      );
    };
    const cases = make();
    expect(make()).toEqual(cases);
    expect(cases.length).toBeGreaterThan(60);
    const wrong = cases.filter((test) => answerOf(test, () => 0).outcome === 'wrong');
    expect(wrong.map(({ edit: text, document, deviation, notes }) => ({ text, document, deviation, notes }))).toEqual(
      [],
    );
    const unique = cases.filter((test) => test.unique && test.original !== test.intended);
    const right = unique.filter((test) => answerOf(test, () => 0).outcome === 'right');
    expect(right.length / unique.length).toBeGreaterThan(0.8);
  });
});

describe('what is a case, and which of them have one right answer', () => {
  const cases = (edit: RealEdit, format: CaseFormat, count: number): ApplyCase[] => {
    const random = seededRandom(11);
    return Array.from({ length: count }, (_, i) => makeCase(random, edit, format, String(i))).filter(
      (test) => test !== undefined,
    );
  };

  it('a place that only a copy has, whole, is not the one right answer', () => {
    const edit = realEdit('a.js', BEFORE, AFTER)!;
    const copied = cases(edit, 'search-replace', 3000).filter(
      (test) =>
        test.document === 'duplicated region' && test.deviation === 'as is' && !test.notes.includes('crlf edit'),
    );
    const told = copied.filter((test) => test.unique);
    expect(told.length).toBeGreaterThan(20);
    expect(copied.length - told.length).toBeGreaterThan(10);
    // Written letter by letter, a block of a unique case replaced at its first occurrence gives what was intended.
    const plain = told.filter((test) => exactBaseline(test) !== 'failed');
    expect(plain.length).toBeGreaterThan(10);
    expect(plain.map((test) => exactBaseline(test))).toEqual(plain.map(() => 'right'));
  });

  it('a snippet without placeholders at its ends cannot say that the first or last lines go', () => {
    const shorter = `${BEFORE.split('\n').slice(3, 50).join('\n')}\n`;
    const edit = realEdit('a.js', BEFORE, shorter)!;
    expect(edit.changes.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [50, 60],
    ]);
    const lazy = cases(edit, 'lazy', 200);
    expect(lazy.length).toBeGreaterThan(60);
    expect(lazy.filter((test) => test.notes.includes('no placeholder at the ends'))).toEqual([]);
  });

  it('nor where the line that closes them was taken for the one that stays', () => {
    const lines = BEFORE.split('\n').slice(0, 60);
    // The last function goes, and so does the end of the one before: the difference keeps the last bracket of the file.
    const after = [...lines.slice(0, 50), '  log(input);', '  last(input);', '}'];
    const edit = realEdit('a.js', BEFORE, `${after.join('\n')}\n`)!;
    const [change] = edit.changes;
    const moved = { ...edit, changes: [{ ...change!, from: 50, to: 59, lines: after.slice(50, 52) }] };
    expect(applyChanges(moved.before, moved.changes)).toEqual(after);
    const lazy = cases(moved, 'lazy', 200);
    expect(lazy.length).toBeGreaterThan(60);
    expect(lazy.filter((test) => test.notes.includes('no placeholder at the ends'))).toEqual([]);
    // So it does where the blank line between the two functions is taken for kept.
    const parted = {
      ...edit,
      changes: [
        { from: 50, to: 54, lines: ['  log(input);'] },
        { from: 55, to: 59, lines: ['  last(input);'] },
      ],
    };
    const blank = parted.before.map((line, i) => (i === 53 ? '}' : i === 54 ? '' : line));
    const both = cases({ ...parted, before: blank }, 'lazy', 200).filter(
      (test) => test.edit.includes('log(') && test.edit.includes('last('),
    );
    expect(both.length).toBeGreaterThan(20);
    expect(both.filter((test) => test.notes.includes('no placeholder at the ends'))).toEqual([]);
    // One function further up the bracket behind the change is not all that follows.
    const inner = { ...edit, changes: [{ from: 44, to: 53, lines: ['  log(input);', '  last(input);'] }] };
    expect(cases(inner, 'lazy', 200).some((test) => test.notes.includes('no placeholder at the ends'))).toBe(true);
  });

  it('a snippet that says nothing of what is beyond one of its ends has no one right answer', () => {
    const lines = BEFORE.split('\n');
    const changed = (at: number) => lines.map((line, i) => (i === at ? `${line} // changed` : line)).join('\n');
    const first = cases(realEdit('a.js', BEFORE, changed(0))!, 'lazy', 100);
    expect(first.length).toBeGreaterThan(50);
    expect(first.filter((test) => test.unique)).toEqual([]);
    // Near the start the snippet begins where the file does: only with a placeholder at its end it says that the rest stays.
    const near = cases(realEdit('a.js', BEFORE, changed(1))!, 'lazy', 200);
    const open = near.filter((test) => test.notes.includes('no placeholder at the ends'));
    expect(open.length).toBeGreaterThan(20);
    expect(open.filter((test) => test.unique && test.edit.includes(lines[0]!))).toEqual([]);
    expect(near.filter((test) => test.unique).length).toBeGreaterThan(20);
  });

  it('a block that stands whole, where a copy parts the places that its changes are meant for, is none', () => {
    // Two changes in one block: a copy that comes in between them, of what is behind, makes the block whole before it.
    const twice = BEFORE.replace('step8(input, 8)', 'step8(input, 80)').replace(
      'step10(input, 10)',
      'step10(input, 0)',
    );
    const copied = cases(realEdit('a.js', BEFORE, twice)!, 'search-replace', 6000).filter(
      (test) => test.document === 'duplicated region' && test.deviation === 'as is' && test.notes.length === 0,
    );
    expect(copied.filter((test) => test.original.split('step8(').length > 2).length).toBeGreaterThan(20);
    const placed = copied.filter((test) => exactBaseline(test) !== 'failed' && test.unique);
    expect(placed.length).toBeGreaterThan(20);
    expect(placed.map((test) => exactBaseline(test))).toEqual(placed.map(() => 'right'));
  });

  it('a snippet cannot say that the file ends with another number of blank lines', () => {
    const edit = realEdit('a.js', BEFORE, `${BEFORE}\n`)!;
    expect(edit.changes).toHaveLength(1);
    expect(cases(edit, 'lazy', 60)).toEqual([]);
    expect(cases(edit, 'whole', 60).length).toBe(60);
  });
});
