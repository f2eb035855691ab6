import { historyEdits, type HistoryEdit } from '../workspace/history.ts';
import { applyEdits, minimizeEdit, type TextEdit } from '../workspace/text-edit.ts';
import { stringOf } from '../workspace/text-edit.ts';

/** How many of the newest edits of a document are looked at. */
const LOOK_BACK = 8;

/**
 * True when the edits would only undo what the user just did in this document (the text would be as it was before one of the newest edits), or take back
 * one place of it: put again what was deleted there, or delete or replace back what was written there.
 * @param history oldest first, of any documents
 */
export function onlyReverts(
  path: string,
  text: string,
  edits: readonly TextEdit[],
  history: readonly HistoryEdit[],
): boolean {
  const own = history.filter((edit) => edit.path === path).slice(-LOOK_BACK);
  if (own.length === 0 || edits.length === 0) return false;
  const result = applyEdits(text, edits);
  if (own.some((edit) => edit.before.length === result.length && stringOf(edit.before) === result)) return true;
  return edits.every((edit) =>
    own.some((past, index) => takesBack(minimizeEdit(text, edit), past, own.slice(index + 1))),
  );
}

/** True when `edit` (relative to the newest text) takes one replacement of `past` back. */
function takesBack([start, end, inserted]: TextEdit, past: HistoryEdit, since: readonly HistoryEdit[]): boolean {
  let shift = 0;
  for (const [from, to, written] of historyEdits(past)) {
    const removed = past.before.sliceString(from, to, '\n');
    let at = from + shift;
    let until = at + written.length;
    shift += written.length - (to - from);
    for (const later of since) {
      at = later.changes.mapPos(at, -1);
      until = later.changes.mapPos(until, 1);
    }
    const [pastStart, , undone] = minimizedInverse(written, removed, at);
    const inside = start >= at && end <= until;
    if (!inside) continue;
    // Nothing but what was removed comes back, and it comes back where it was.
    if (inserted.trim() === '' && removed === '') return until - at === end - start;
    if (undone !== '' && inserted === undone && start === pastStart) return true;
    if (removed !== '' && start === at && end === until && inserted === removed) return true;
  }
  return false;
}

function minimizedInverse(written: string, removed: string, at: number): TextEdit {
  const [start, end, text] = minimizeEdit(written, [0, written.length, removed]);
  return [start + at, end + at, text];
}
