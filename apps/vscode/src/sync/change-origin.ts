import type { ChangeOrigin, WireEdit } from '@tabstop/protocol';

/** What is known of a change when it arrives; VS Code tells a reason for undo and redo alone. */
export interface ChangeFacts {
  readonly reason: 'undo' | 'redo' | undefined;
  readonly edits: readonly WireEdit[];
  /** The document is shown in the active text editor. */
  readonly active: boolean;
  /** Offsets of the cursors before the change, where the document is active. */
  readonly cursors: readonly number[];
  /** Edits of the suggestion on display for this document, if any. */
  readonly suggested: readonly WireEdit[] | undefined;
  /** Length of the text before the change. */
  readonly lengthBefore: number;
}

/** One key never inserts this much at once; completions of the suggest widget seldom do. UTF-16 code units. */
const PASTE_LENGTH = 40;

/** Guesses who made a change. The engine learns habits from `typed` alone, so a doubtful change counts as `tool` or `paste`. */
export function changeOrigin(facts: ChangeFacts): ChangeOrigin {
  const { edits } = facts;
  if (facts.reason) return facts.reason;
  if (facts.suggested && accepts(edits, facts.suggested)) return 'accept';
  // Refactorings across files, reverts, formatters on save: the user is elsewhere.
  if (!facts.active) return 'tool';
  const atCursors = edits.every((edit) => facts.cursors.some((cursor) => touches(edit, cursor)));
  if (!atCursors) return edits.length === 1 && isSmall(edits[0]!) ? 'typed' : 'tool';
  const replaced = edits.reduce((sum, [start, end]) => sum + end - start, 0);
  if (facts.lengthBefore > 200 && replaced > facts.lengthBefore * 0.9 && edits.some(([, , text]) => text !== '')) {
    return 'tool';
  }
  if (edits.some(([, , text]) => isPasted(text))) return 'paste';
  return 'typed';
}

function accepts(edits: readonly WireEdit[], suggested: readonly WireEdit[]): boolean {
  if (edits.length === 1 && suggested.length === 1) {
    const [start, end, text] = edits[0]!;
    const [from, to, wanted] = suggested[0]!;
    // Accepting a word or a line inserts the beginning of the suggestion at its place; one typed character does so too.
    if (start === from && end === from && text.length > 1 && wanted.startsWith(text)) return true;
    // The part that was typed meanwhile is not in the edit any more.
    if (start >= from && end === to && text !== '' && wanted.endsWith(text) && text.length > 1) return true;
  }
  return (
    edits.length === suggested.length &&
    edits.every(([start, end, text], index) => {
      const other = suggested[index]!;
      return start === other[0] && end === other[1] && text === other[2];
    })
  );
}

function touches([start, end]: WireEdit, cursor: number): boolean {
  return start <= cursor && cursor <= end;
}

function isSmall([start, end, text]: WireEdit): boolean {
  return end - start <= 2 && text.length <= 2;
}

function isPasted(text: string): boolean {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 || (lines[0]?.length ?? 0) > PASTE_LENGTH;
}
