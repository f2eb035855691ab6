import type { ChangeSet, Text } from '@codemirror/state';
import { changeSetOf, editsOf, minimizeEdit, type TextEdit } from './text-edit.ts';

/** Who made a change. `tool`: a formatter, a refactoring, an agent, a checkout; `accept`: a suggestion of ours. */
export type ChangeOrigin = 'typed' | 'paste' | 'undo' | 'redo' | 'accept' | 'tool';

/** One edit as a person would count it: keystrokes that belong together are one. */
export interface HistoryEdit {
  /** Grows by one per edit, never reused. */
  readonly id: number;
  readonly path: string;
  readonly kind: 'insert' | 'delete' | 'replace';
  readonly origin: ChangeOrigin;
  /** Milliseconds of the caller's clock at the first and last keystroke. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Text of the document before the edit; `changes` leads from it to the text after it. */
  readonly before: Text;
  readonly changes: ChangeSet;
  /** How many keystrokes or tool steps it is made of. */
  readonly steps: number;
  /** At how many places each step changed the text: the cursors it was typed with. */
  readonly carets: number;
  /** Where the last step ended, in the text after the edit: about where the (last) cursor is. */
  readonly caret: number;
}

/** Keystrokes further apart than this are different edits even on one line (milliseconds). */
const PAUSE = 4_000;
/** Edits kept; older ones fall off. */
const CAPACITY = 64;

/**
 * What was edited lately, across files, newest last; a value whose `push` gives the next one.
 * - A keystroke joins the edit before it when both were typed, soon enough, in the same document, and it goes on where the last one
 *   ended. Who has moved within what was just written, and changes it there, makes a new edit. Typing with several cursors joins cursor by cursor. What was typed and deleted again is no edit.
 * - Pastes, edits by tools and accepted suggestions stand alone, without the head and tail they have in common with what they replace.
 * - An undo that restores the very text before an edit takes that edit back, and all later ones of that document (the editor's undo groups are not
 *   ours). One that restores a part, and a redo of it, is composed into the newest edit, of which the rest remains. A redo after a full undo is an
 *   edit of its own.
 * For each path, every edit's result is the text the next one starts from, up to the text of the document now.
 */
export class EditHistory {
  static readonly empty: EditHistory = new EditHistory([], 1);
  readonly edits: readonly HistoryEdit[];
  readonly #nextId: number;

  private constructor(edits: readonly HistoryEdit[], nextId: number) {
    this.edits = edits;
    this.#nextId = nextId;
  }

  get latest(): HistoryEdit | undefined {
    return this.edits.at(-1);
  }

  /** `changes` lead from `before` to the text after it; `at` in milliseconds of the caller's clock. */
  push(path: string, before: Text, changes: ChangeSet, origin: ChangeOrigin, at: number): EditHistory {
    const made = origin === 'typed' ? changes : minimized(before, changes);
    if (made.empty || (replaces(made) && made.apply(before).eq(before))) return this;
    if (origin === 'undo' || origin === 'redo') {
      const retold = this.#retell(path, before, made, origin, at);
      if (retold) return retold;
    }
    const last = this.edits.at(-1);
    if (last && origin === 'typed' && joins(last, path, made, at))
      return this.#compose(this.edits.length - 1, made, at);
    const edit: HistoryEdit = {
      id: this.#nextId,
      path,
      kind: kindOf(made),
      origin,
      startedAt: at,
      endedAt: at,
      before,
      changes: made,
      steps: 1,
      carets: rangesBefore(made).length,
      caret: endOf(made),
    };
    return new EditHistory([...this.edits, edit].slice(-CAPACITY), this.#nextId + 1);
  }

  /** Drops the edits of a document whose text was replaced from outside, where they no longer mean anything. */
  forget(path: string): EditHistory {
    return this.#without((edit) => edit.path === path);
  }

  /** For a document that appears (again) with this text: its edits stay if the newest one led to it. */
  reconcile(path: string, text: Text): EditHistory {
    const newest = this.edits.findLast((edit) => edit.path === path);
    return !newest || afterOf(newest).eq(text) ? this : this.forget(path);
  }

  /** What an undo or redo makes of the edits there are; `undefined` where it is an edit of its own. */
  #retell(path: string, before: Text, changes: ChangeSet, origin: ChangeOrigin, at: number): EditHistory | undefined {
    const after = changes.apply(before);
    if (origin === 'undo')
      for (let index = this.edits.length - 1; index >= 0; index--) {
        const edit = this.edits[index]!;
        if (edit.path === path && edit.before.eq(after))
          return this.#without((other) => other.path === path && other.id >= edit.id);
      }
    const newest = this.edits.findLastIndex((edit) => edit.path === path);
    const edit = this.edits[newest];
    return edit && touches(edit, changes) ? this.#compose(newest, changes, at) : undefined;
  }

  #compose(index: number, changes: ChangeSet, at: number): EditHistory {
    const edit = this.edits[index]!;
    const composed = edit.changes.compose(changes);
    if (composed.apply(edit.before).eq(edit.before)) return this.#without((other) => other === edit);
    const joined: HistoryEdit = {
      ...edit,
      kind: kindOf(composed),
      changes: composed,
      endedAt: at,
      steps: edit.steps + 1,
      caret: endOf(changes),
    };
    return new EditHistory(this.edits.with(index, joined), this.#nextId);
  }

  #without(dropped: (edit: HistoryEdit) => boolean): EditHistory {
    const kept = this.edits.filter((edit) => !dropped(edit));
    return kept.length === this.edits.length ? this : new EditHistory(kept, this.#nextId);
  }
}

/** The text of the document after the edit. */
export function afterOf(edit: HistoryEdit): Text {
  return edit.changes.apply(edit.before);
}

/** The edit as replacements relative to `edit.before`. */
export function historyEdits(edit: HistoryEdit): readonly TextEdit[] {
  return editsOf(edit.changes);
}

function joins(last: HistoryEdit, path: string, changes: ChangeSet, at: number): boolean {
  if (last.path !== path || last.origin !== 'typed' || at - last.endedAt > PAUSE) return false;
  const now = rangesBefore(changes);
  if (now.length !== last.carets) return false;
  const after = afterOf(last);
  if (now.length === 1) return neighbours(after, [last.caret, last.caret], now[0]!);
  const produced = rangesAfter(last.changes);
  return now.length === produced.length && now.every((range, index) => neighbours(after, produced[index]!, range));
}

/** All that changes lies at, or in, what the edit produced. */
function touches(edit: HistoryEdit, changes: ChangeSet): boolean {
  const produced = rangesAfter(edit.changes);
  return rangesBefore(changes).every(([from, to]) => produced.some((range) => from <= range[1] && to >= range[0]));
}

type Range = readonly [from: number, to: number];

function rangesAfter(changes: ChangeSet): Range[] {
  const ranges: Range[] = [];
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => ranges.push([fromB, toB]));
  return ranges;
}

/** The end of the last place that changed, in the text after it. */
function endOf(changes: ChangeSet): number {
  let end = 0;
  changes.iterChangedRanges((_fromA, _toA, _fromB, toB) => {
    end = toB;
  });
  return end;
}

function rangesBefore(changes: ChangeSet): Range[] {
  const ranges: Range[] = [];
  changes.iterChangedRanges((fromA, toA) => ranges.push([fromA, toA]));
  return ranges;
}

/** Overlaps or touches, or lies one character away on the same line. */
function neighbours(text: Text, [from, to]: Range, [nextFrom, nextTo]: Range): boolean {
  if (nextFrom <= to && nextTo >= from) return true;
  if (nextFrom > text.length || to > text.length) return false;
  const gap = nextFrom > to ? text.sliceString(to, nextFrom) : text.sliceString(nextTo, from);
  return gap.length <= 1 && !gap.includes('\n');
}

function kindOf(changes: ChangeSet): HistoryEdit['kind'] {
  let inserted = false;
  let deleted = false;
  changes.iterChanges((fromA, toA, fromB, toB) => {
    if (toA > fromA) deleted = true;
    if (toB > fromB) inserted = true;
  });
  return inserted && deleted ? 'replace' : deleted ? 'delete' : 'insert';
}

function replaces(changes: ChangeSet): boolean {
  return kindOf(changes) === 'replace';
}

/** Replacements without the head and tail they share with what they replace: tools like to write a whole range, or file, anew. */
function minimized(before: Text, changes: ChangeSet): ChangeSet {
  if (!replaces(changes)) return changes;
  const edits = editsOf(changes).map(([start, end, text]): TextEdit => {
    const replaced = before.sliceString(start, end, '\n');
    const [from, to, rest] = minimizeEdit(replaced, [0, replaced.length, text]);
    return [start + from, start + to, rest];
  });
  return changeSetOf(
    edits.filter(([start, end, text]) => start !== end || text !== ''),
    before.length,
  );
}
