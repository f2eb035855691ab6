import { minimizeEdit, type TextEdit } from '../workspace/text-edit.ts';

/** The one range in which two texts differ: `before.slice(start, end)` became `inserted`. */
export interface SingleChange {
  readonly start: number;
  readonly end: number;
  readonly inserted: string;
}

/** Common prefix and suffix stripped; `undefined` when the texts are equal. Linear, and about 1 ms for a text of 1 MB. */
export function singleChange(before: string, after: string): SingleChange | undefined {
  if (before === after) return undefined;
  const [start, end, inserted] = minimizeEdit(before, [0, before.length, after]);
  return { start, end, inserted };
}

export interface Rebased {
  /** Relative to the newer text; never empty. */
  readonly edits: readonly TextEdit[];
  /** The typing since then went into the edits and agrees with them. */
  readonly typedInto: boolean;
}

/**
 * Edits that were computed for `before`, for the text `after` that the user has by now. Typing elsewhere shifts them; typing that agrees with an edit (what is there now
 * is a beginning of the new text, then an end of the old) shortens it to what is left. `undefined` where the typing disagrees or nothing is left to do.
 * The idea is Zed's `interpolate`, with replacements as well as insertions.
 */
export function rebaseEdits(before: string, after: string, edits: readonly TextEdit[]): Rebased | undefined {
  const change = singleChange(before, after);
  if (!change) return edits.length > 0 ? { edits, typedInto: false } : undefined;
  const shift = change.inserted.length - (change.end - change.start);
  const leftmost = slideLeft(before, change);
  const rebased: TextEdit[] = [];
  let typedInto = false;
  for (const edit of edits) {
    const [start, end, text] = edit;
    const touches = end >= change.start && start <= change.end;
    // The change may have been made anywhere between `leftmost` and `start`; where it agrees with the edit, that is where it was made.
    const mayTouch = touches || (end >= leftmost && start <= change.end);
    const left = mayTouch
      ? remaining(before, after, edit, { ...change, start: Math.min(change.start, Math.max(leftmost, start)) }, shift)
      : undefined;
    if (left) {
      typedInto = true;
      if (left !== 'done') rebased.push(left);
    } else if (touches) return undefined;
    else rebased.push(end < change.start ? edit : [start + shift, end + shift, text]);
  }
  return rebased.length > 0 ? { edits: rebased, typedInto } : undefined;
}

/** How far left the same insertion or deletion could have been made: prefix stripping sees an "a" typed before an "a" behind it. */
function slideLeft(before: string, { start, end, inserted }: SingleChange): number {
  if (start !== end && inserted !== '') return start;
  const moved = inserted === '' ? before.slice(start, end) : inserted;
  let at = start;
  while (at > 0 && start - at < SLIDE_LIMIT) {
    const behind = moved.length - 1 - ((start - at) % moved.length);
    if (before[at - 1] !== moved[behind]) break;
    at--;
  }
  return at;
}

const SLIDE_LIMIT = 1_000;

/** What is left of an edit that the user's change touches. */
function remaining(
  before: string,
  after: string,
  [start, end, text]: TextEdit,
  change: SingleChange,
  shift: number,
): TextEdit | 'done' | undefined {
  const from = Math.min(start, change.start);
  const to = Math.max(end, change.end);
  const head = before.slice(from, start);
  const tail = before.slice(end, to);
  const now = after.slice(from, to + shift);
  // What lies outside the edit has to be as it was.
  if (now.length < head.length + tail.length || !now.startsWith(head) || !now.endsWith(tail)) return undefined;
  const old = before.slice(start, end);
  const typed = now.slice(head.length, now.length - tail.length);
  if (typed === text) return 'done';
  let agreed = 0;
  while (agreed < typed.length && agreed < text.length && typed[agreed] === text[agreed]) agreed++;
  // A beginning of the new text, then an end of the old: the longest beginning leaves the least to do.
  for (let split = agreed; split >= 0; split--) {
    if (!old.endsWith(typed.slice(split))) continue;
    if (split === 0 && typed.length >= old.length) return undefined;
    const at = from + head.length;
    return minimizeEdit(after, [at + split, at + typed.length, text.slice(split)]);
  }
  return undefined;
}
