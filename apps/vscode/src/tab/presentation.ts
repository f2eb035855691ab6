import type { TabSuggestion, WireEdit } from '@tabstop/protocol';

/** A suggestion as one replacement, which is what the editor can draw and undo in one step. Offsets in the target document. */
export type Presentation =
  /** Grey text at the cursor. `start..end` holds what stays before and behind the cursor; `text` is all of it, completed. */
  | { readonly kind: 'ghost'; readonly start: number; readonly end: number; readonly text: string }
  /** A change to be drawn as a diff, here or elsewhere in the active document. */
  | { readonly kind: 'edit'; readonly start: number; readonly end: number; readonly text: string }
  /** A change in another document. */
  | {
      readonly kind: 'other-file';
      readonly path: string;
      readonly start: number;
      readonly end: number;
      readonly text: string;
    }
  /** A place to go, nothing to change. */
  | { readonly kind: 'go'; readonly path: string; readonly offset: number }
  /** A place to look at without going there. */
  | { readonly kind: 'peek'; readonly path: string; readonly offset: number }
  /** A line for the terminal, in the folder `cwd`. */
  | { readonly kind: 'command'; readonly text: string; readonly cwd: string; readonly reason: string };

/** What is told at the cursor in words, and not drawn as text. */
export type HintPresentation = Extract<Presentation, { readonly kind: 'peek' | 'command' }>;
export type DrawnPresentation = Exclude<Presentation, HintPresentation>;

export function isHint(presentation: Presentation): presentation is HintPresentation {
  return presentation.kind === 'peek' || presentation.kind === 'command';
}

export interface Target {
  /** The document the suggestion is for. */
  readonly path: string;
  slice(start: number, end: number): string;
  readonly length: number;
}

/**
 * Pure: how `suggestion` is drawn for a cursor at `cursor` of the document `active`; `target` is the document the edits are for (it may be
 * the same). `undefined` when there is nothing left to do or the edits do not fit the text.
 */
export function present(
  suggestion: Pick<TabSuggestion, 'kind' | 'path' | 'edits' | 'cursorAfter' | 'peek' | 'command'>,
  active: { readonly path: string; readonly cursor: number },
  target: Target,
): Presentation | undefined {
  if (suggestion.command)
    return isOneLine(suggestion.command.text) ? { kind: 'command', ...suggestion.command } : undefined;
  if (suggestion.edits.length === 0) {
    return suggestion.cursorAfter <= target.length
      ? { kind: suggestion.peek ? 'peek' : 'go', path: suggestion.path, offset: suggestion.cursorAfter }
      : undefined;
  }
  const whole = unite(suggestion.edits, target);
  if (!whole) return undefined;
  const least = trim(whole, target);
  if (least[0] === least[1] && least[2] === '') return undefined;
  if (suggestion.path === active.path) {
    const grey = ghost(least, active.cursor, target);
    if (grey) return grey;
  }
  const [start, end, text] = wholeWords(least, whole, target);
  return suggestion.path === active.path
    ? { kind: 'edit', start, end, text }
    : { kind: 'other-file', path: suggestion.path, start, end, text };
}

/** Each edit for itself without what it leaves as it is, for a view that draws and applies them one by one. In the order of the text. */
export function pieces(edits: readonly WireEdit[], target: Target): readonly WireEdit[] {
  return [...edits]
    .sort((a, b) => a[0] - b[0] || a[1] - b[1])
    .map((edit) => wholeWords(trim(edit, target), edit, target))
    .filter(([start, end, text]) => start !== end || text !== '');
}

/** A line break, or any other control character, in a terminal would run what stands before it. */
export function isOneLine(text: string): boolean {
  return text !== '' && !/[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text);
}

/** Several edits as one replacement of the span from the first to the last: accepted and undone as one. */
export function unite(edits: readonly WireEdit[], target: Target): WireEdit | undefined {
  const sorted = [...edits].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const from = sorted[0]![0];
  let text = '';
  let last = from;
  for (const [start, end, insert] of sorted) {
    if (start < last || end < start || end > target.length) return undefined;
    text += target.slice(last, start) + insert;
    last = end;
  }
  return [from, last, text];
}

/** Drops what the replacement has in common with the text it replaces, never splitting a surrogate pair or a line break. */
function trim([start, end, text]: WireEdit, target: Target): WireEdit {
  const old = target.slice(start, end);
  let prefix = 0;
  while (prefix < old.length && prefix < text.length && old[prefix] === text[prefix]) prefix++;
  while (prefix > 0 && splits(old, prefix)) prefix--;
  let suffix = 0;
  const room = Math.min(old.length, text.length) - prefix;
  while (suffix < room && old[old.length - 1 - suffix] === text[text.length - 1 - suffix]) suffix++;
  while (suffix > 0 && (splits(old, old.length - suffix) || splits(text, text.length - suffix))) suffix--;
  return [start + prefix, end - suffix, text.slice(prefix, text.length - suffix)];
}

/** Gives back what was trimmed inside a word: a diff of whole words reads better than one of letters. */
function wholeWords(least: WireEdit, whole: WireEdit, target: Target): WireEdit {
  let [start, end, text] = least;
  const old = target.slice(whole[0], whole[1]);
  const oldAt = (offset: number) => old[offset - whole[0]] ?? '';
  const atWord = (before: string, after: string) => WORD.test(before) && WORD.test(after);
  while (start > whole[0] && atWord(oldAt(start - 1), text[0] ?? oldAt(start))) {
    start--;
    text = oldAt(start) + text;
  }
  while (end < whole[1] && atWord(text.at(-1) ?? oldAt(end - 1), oldAt(end))) {
    text += oldAt(end);
    end++;
  }
  return [start, end, text];
}

const WORD = /^[\p{L}\p{N}_$]$/u;

function splits(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return (before >= 0xd800 && before < 0xdc00) || (before === 0x0d && after === 0x0a);
}

function ghost([start, end, text]: WireEdit, cursor: number, target: Target): Presentation | undefined {
  if (start === end && start === cursor) return { kind: 'ghost', start, end, text };
  // An insertion that begins with what stands before the cursor, or ends with what stands behind it, is the same insertion moved.
  if (start !== end) return undefined;
  const distance = Math.abs(cursor - start);
  if (distance > text.length) return undefined;
  const between = target.slice(Math.min(start, cursor), Math.max(start, cursor));
  if (cursor > start && text.startsWith(between)) {
    return { kind: 'ghost', start: cursor, end: cursor, text: text.slice(distance) + between };
  }
  if (cursor < start && text.endsWith(between)) {
    return { kind: 'ghost', start: cursor, end: cursor, text: between + text.slice(0, text.length - distance) };
  }
  return undefined;
}
