import { ChangeSet, Text } from '@codemirror/state';

/**
 * One replacement: `[start, end, text]` in UTF-16 code units of the raw text. All edits of one list are relative to the same
 * text, sorted by start and not overlapping (the form of the evaluation contracts and of VS Code's content changes).
 */
export type TextEdit = readonly [start: number, end: number, text: string];

/** An edit list that does not fit the text it is meant for. */
export class InvalidEditError extends Error {
  override readonly name = 'InvalidEditError';
}

/**
 * The immutable form of a document. Splits on `\n` alone, so that a `\r` stays part of its line and every offset equals the
 * offset in the raw string (CodeMirror's own `Text.of(string.split(/\r\n?|\n/))` would lose that).
 */
export function textOf(raw: string): Text {
  return Text.of(raw.split('\n'));
}

/** The text as a string. CodeMirror joins lines by `\n`, which is what `textOf` split on. */
export function stringOf(text: Text): string {
  return text.sliceString(0, text.length, '\n');
}

/** Sorts by start and checks bounds and overlap. Edits at the same start keep their order. @throws InvalidEditError */
export function normalizeEdits(edits: readonly TextEdit[], length: number): readonly TextEdit[] {
  const sorted = edits.length < 2 ? edits : [...edits].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let last = 0;
  for (const [start, end, text] of sorted) {
    if (!Number.isInteger(start) || !Number.isInteger(end) || typeof text !== 'string')
      throw new InvalidEditError(`edit [${start}, ${end}, ${typeof text}] is not [integer, integer, string]`);
    if (start < 0 || end < start || end > length)
      throw new InvalidEditError(`edit [${start}, ${end}] is outside a text of ${length} code units`);
    if (start < last)
      throw new InvalidEditError(`edit [${start}, ${end}] overlaps the one before it, which ends at ${last}`);
    last = end;
  }
  return sorted;
}

/** The edits as a CodeMirror change set, for composing and mapping. @throws InvalidEditError */
export function changeSetOf(edits: readonly TextEdit[], length: number): ChangeSet {
  return ChangeSet.of(
    normalizeEdits(edits, length).map(([from, to, insert]) => ({ from, to, insert: textOf(insert) })),
    length,
  );
}

/** The edits of a change set, relative to the text before it; what touches is one edit. */
export function editsOf(changes: ChangeSet): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    edits.push([from, to, stringOf(inserted)]);
  });
  return edits;
}

/** The text after the edits. @throws InvalidEditError */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let last = 0;
  for (const [start, end, insert] of normalizeEdits(edits, text.length)) {
    result += text.slice(last, start) + insert;
    last = end;
  }
  return result + text.slice(last);
}

/** Where `offset` lies after the edits; at an insertion, `assoc` -1 stays before it and 1 goes behind it. */
export function mapOffset(edits: readonly TextEdit[], length: number, offset: number, assoc: -1 | 1 = 1): number {
  return changeSetOf(edits, length).mapPos(offset, assoc);
}

/** Strips what an edit's text has in common with what it replaces, at both ends; never splits a surrogate pair or a `\r\n`. */
export function minimizeEdit(text: string, [start, end, insert]: TextEdit): TextEdit {
  let from = start;
  let to = end;
  let head = 0;
  let tail = insert.length;
  while (from < to && head < tail && text.charCodeAt(from) === insert.charCodeAt(head)) {
    from++;
    head++;
  }
  while (from < to && head < tail && text.charCodeAt(to - 1) === insert.charCodeAt(tail - 1)) {
    to--;
    tail--;
  }
  if (head > 0 && splitsPair(text, from, insert, head)) {
    from--;
    head--;
  }
  if (tail < insert.length && splitsPair(text, to, insert, tail)) {
    to++;
    tail++;
  }
  return [from, to, insert.slice(head, tail)];
}

function splitsPair(text: string, at: number, insert: string, insertAt: number): boolean {
  return isInsidePair(text, at) || isInsidePair(insert, insertAt);
}

/** True between the halves of a surrogate pair or of a `\r\n`. */
export function isInsidePair(text: string, at: number): boolean {
  if (at <= 0 || at >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  if (before === 13 && after === 10) return true;
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
