import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../src/workspace/document.ts';
import { DesyncError, type DocumentChange, Snapshot } from '../../src/workspace/snapshot.ts';
import { applyEdits, type TextEdit } from '../../src/workspace/text-edit.ts';

const opened = (text: string, version = 1) =>
  Snapshot.empty.open({ path: 'a.ts', languageId: 'typescript', version, text });
const change = (part: Partial<DocumentChange>): DocumentChange => ({
  path: 'a.ts',
  baseVersion: 1,
  version: 2,
  edits: [],
  origin: 'typed',
  at: 0,
  ...part,
});

describe('a change', () => {
  test('leads to the next snapshot and leaves the one before', () => {
    const before = opened('let a');
    const after = before.change(change({ edits: [[5, 5, ' = 1']], length: 9 }));
    expect([before, after].map((one) => one.documents.get('a.ts')!.content)).toEqual(['let a', 'let a = 1']);
    expect(after.lastChange).toEqual({ path: 'a.ts', origin: 'typed', at: 0 });
  });

  test.each([
    ['of a document never opened', change({ path: 'b.ts' }), 'b.ts: changed, but was never opened'],
    ['based on another version', change({ baseVersion: 3 }), 'a.ts: change is based on version 3, known is 1'],
    ['outside the text', change({ edits: [[4, 9, '']] }), 'a.ts: edit [4, 9] is outside a text of 5 code units'],
    ['with another length', change({ edits: [[0, 1, '']], length: 5 }), 'a.ts: is 5 long at the client, 4 here'],
    ['without edits, with another length', change({ version: 1, length: 6 }), 'a.ts: is 6 long at the client, 5 here'],
  ])('%s is a desync', (_name, wrong, message) => {
    const run = () => opened('let a').change(wrong);
    expect(run).toThrow(DesyncError);
    expect(run).toThrow(message);
  });

  test('without edits tells nothing about who changed the document last', () => {
    const undone = opened('ab').change(change({ edits: [[1, 2, '']], origin: 'undo' }));
    const checked = undone.change(change({ baseVersion: 2, version: 2, origin: 'tool', length: 1 }));
    expect(checked).toBe(undone);
    expect(checked.change(change({ baseVersion: 2, version: 3, origin: 'tool' })).lastChange?.origin).toBe('undo');
  });

  test('carries the cursor along', () => {
    const at = (offset: number) => opened('let a = b;').moveCursor({ path: 'a.ts', offset, selecting: false });
    const edits: TextEdit[] = [[4, 5, 'total']];
    const moved = [2, 4, 5, 9].map((offset) => at(offset).change(change({ edits })).cursor?.offset);
    expect(moved).toEqual([2, 4, 9, 13]);
  });
});

describe('documents over 1,000,000 code units', () => {
  const large = 'x'.repeat(LIMITS.codeUnits + 1);
  test('are known by length alone', () => {
    const snapshot = opened(large, 7);
    expect(snapshot.documents.size).toBe(0);
    expect([...snapshot.oversized]).toEqual([['a.ts', { version: 7, length: LIMITS.codeUnits + 1 }]]);
    expect(snapshot.codeUnits).toBe(0);
  });
  test('are followed by length', () => {
    const grown = opened(large).change(change({ edits: [[0, 0, 'yy']] }));
    expect(grown.oversized.get('a.ts')).toEqual({ version: 2, length: LIMITS.codeUnits + 3 });
    const told = grown.change(change({ version: 3, length: 2_000_000 }));
    expect(told.oversized.get('a.ts')).toEqual({ version: 3, length: 2_000_000 });
  });
  test('are asked for when they have shrunk, and are documents again', () => {
    const snapshot = opened(large);
    expect(() => snapshot.change(change({ length: LIMITS.codeUnits }))).toThrow(/has shrunk to 1000000 code units/);
    const healed = snapshot.open({ path: 'a.ts', languageId: 'typescript', version: 3, text: 'small' });
    expect([healed.oversized.size, healed.documents.get('a.ts')!.content]).toEqual([0, 'small']);
  });
  test('become so by a change, and lose their history', () => {
    const typed = opened('a').change(change({ edits: [[1, 1, 'b']] }));
    const pasted = typed.change(change({ baseVersion: 2, version: 3, edits: [[2, 2, large]], origin: 'paste' }));
    expect(pasted.oversized.get('a.ts')).toEqual({ version: 3, length: LIMITS.codeUnits + 3 });
    expect([pasted.documents.size, pasted.history.edits.length]).toEqual([0, 0]);
  });
  test('are closed', () => {
    expect(opened(large).close('a.ts').oversized.size).toBe(0);
  });
});

test('closing takes the cursor along; what is not open changes nothing', () => {
  const snapshot = opened('a').moveCursor({ path: 'a.ts', offset: 1, selecting: false });
  expect(snapshot.close('a.ts')).toMatchObject({ documents: new Map(), cursor: undefined });
  expect(snapshot.close('b.ts')).toBe(snapshot);
  expect(snapshot.setReadOnly('b.ts', true)).toBe(snapshot);
  expect(snapshot.setReadOnly('a.ts', false)).toBe(snapshot);
  expect(snapshot.forgetHistory('a.ts')).toBe(snapshot);
});

test('any run of changes gives the text that plain strings give', () => {
  const step = fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('', 'a', '\n', '\r\n', '😀', 'word '));
  const origin = fc.constantFrom('typed', 'paste', 'undo', 'redo', 'accept', 'tool' as const);
  fc.assert(
    fc.property(fc.array(fc.tuple(step, origin, fc.nat(6_000)), { maxLength: 40 }), (steps) => {
      let text = 'one\r\ntwo\nthree';
      let snapshot = opened(text);
      let at = 0;
      steps.forEach(([[a, b, insert], origin, pause], index) => {
        const [x, y] = [a % (text.length + 1), b % (text.length + 1)];
        const edits: TextEdit[] = [[Math.min(x, y), Math.max(x, y), insert]];
        text = applyEdits(text, edits);
        at += pause;
        const { length } = text;
        snapshot = snapshot.change(change({ baseVersion: index + 1, version: index + 2, edits, origin, at, length }));
        expect(snapshot.documents.get('a.ts')!.content).toBe(text);
        // Every edit's result is what the next one starts from: nothing of the history hangs in the air.
        snapshot.history.edits.forEach((edit, position, all) => {
          const next = all[position + 1]?.before ?? snapshot.documents.get('a.ts')!.text;
          expect(edit.changes.apply(edit.before).eq(next)).toBe(true);
        });
      });
    }),
    { seed: 7, numRuns: 500 },
  );
});
