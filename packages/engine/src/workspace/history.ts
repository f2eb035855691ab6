import { ChangeSet, type Text } from '@codemirror/state';
import { editsOf, type TextEdit } from './text-edit.ts';

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
}

/** Keystrokes further apart than this are different edits even on one line (milliseconds). */
const PAUSE = 4_000;
/** Edits kept; older ones fall off. */
const CAPACITY = 64;

/**
 * What was edited lately, across files, newest last; a value whose `push` gives the next one.
 * A keystroke joins the edit before it when it is in the same document, of the same origin, soon enough, and touches or neighbours the
 * range that edit produced, on the same line. Pastes and edits by tools stand alone. An undo takes the newest edit of that document back
 * when it restores the very text before it, and is kept as an edit of its own otherwise.
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

  push(path: string, before: Text, changes: ChangeSet, origin: ChangeOrigin, at: number): EditHistory {
    if (changes.empty) return this;
    const last = this.edits.at(-1);
    if (last && (origin === 'undo' || origin === 'redo') && last.path === path) {
      const after = changes.apply(before);
      if (after.eq(last.before)) return new EditHistory(this.edits.slice(0, -1), this.#nextId);
    }
    if (last && joins(last, path, changes, origin, at)) {
      const composed = last.changes.compose(changes);
      const rest = this.edits.slice(0, -1);
      if (composed.apply(last.before).eq(last.before)) return new EditHistory(rest, this.#nextId);
      const joined: HistoryEdit = {
        ...last,
        kind: kindOf(composed),
        changes: composed,
        endedAt: at,
        steps: last.steps + 1,
      };
      return new EditHistory([...rest, joined], this.#nextId);
    }
    const edit: HistoryEdit = {
      id: this.#nextId,
      path,
      kind: kindOf(changes),
      origin,
      startedAt: at,
      endedAt: at,
      before,
      changes,
      steps: 1,
    };
    return new EditHistory([...this.edits, edit].slice(-CAPACITY), this.#nextId + 1);
  }

  /** Drops the edits of a document whose text was replaced from outside, where they no longer mean anything. */
  forget(path: string): EditHistory {
    const kept = this.edits.filter((edit) => edit.path !== path);
    return kept.length === this.edits.length ? this : new EditHistory(kept, this.#nextId);
  }
}

/** The edit as replacements relative to `edit.before`. */
export function historyEdits(edit: HistoryEdit): readonly TextEdit[] {
  return editsOf(edit.changes);
}

function joins(last: HistoryEdit, path: string, changes: ChangeSet, origin: ChangeOrigin, at: number): boolean {
  if (last.path !== path || last.origin !== 'typed' || origin !== 'typed' || at - last.endedAt > PAUSE) return false;
  const after = last.changes.apply(last.before);
  const produced = touchedAfter(last.changes);
  const now = touchedBefore(changes);
  // Multi-cursor typing touches as many places each time: the same number of ranges, each beside its own.
  if (produced.length !== now.length)
    return now.length === 1 && produced.some((range) => neighbours(after, range, now[0]!));
  return now.every((range, index) => neighbours(after, produced[index]!, range));
}

type Range = readonly [from: number, to: number];

function touchedAfter(changes: ChangeSet): Range[] {
  const ranges: Range[] = [];
  changes.iterChangedRanges((_fromA, _toA, fromB, toB) => ranges.push([fromB, toB]));
  return ranges;
}

function touchedBefore(changes: ChangeSet): Range[] {
  const ranges: Range[] = [];
  changes.iterChangedRanges((fromA, toA) => ranges.push([fromA, toA]));
  return ranges;
}

/** Overlaps or touches, or lies at most one word away on the same line. */
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
