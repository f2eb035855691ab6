import type { Text } from '@codemirror/state';
import type { HistoryEdit } from '../../workspace/history.ts';
import { lex, type Token } from '../../workspace/tokens.ts';

/** Significant tokens of context kept on each side. */
const CONTEXT = 12;
/** Lines around a change that are lexed for its context. */
const LINES_AROUND = 3;
/** Longer regions are no repeated edits (significant tokens, of the old and of the new text). */
const MAX_TOKENS = 60;
/** Ranges of one edit this close become one region (code units). */
const JOIN_DISTANCE = 80;

/**
 * One place of one edit, aligned to tokens: what stood there, what stands there now and what surrounds it. White space is no token; the gaps beside the region keep it.
 */
export interface SubEdit {
  readonly path: string;
  /** Of the history edit it is from. */
  readonly id: number;
  readonly oldTokens: readonly Token[];
  readonly newTokens: readonly Token[];
  /** From the first old token to the last, raw; empty for an insertion. */
  readonly oldText: string;
  readonly newText: string;
  /** Texts of the tokens before the region, nearest first, and behind it. */
  readonly left: readonly string[];
  readonly right: readonly string[];
  /** White space between the region (or the insertion point) and its neighbours, before and after the edit. For an insertion `before.right` is empty. */
  readonly gaps: { readonly before: Gaps; readonly after: Gaps };
  /** Indentation of the line the region starts in. */
  readonly indent: string;
}

export interface Gaps {
  readonly left: string;
  readonly right: string;
}

/** The places of an edit. Empty where it touches no token or is too big to be repeated. */
export function subEditsOf(edit: HistoryEdit): readonly SubEdit[] {
  const ranges: { fromA: number; toA: number; fromB: number; toB: number }[] = [];
  edit.changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    const last = ranges.at(-1);
    if (last && fromA - last.toA < JOIN_DISTANCE && !edit.before.sliceString(last.toA, fromA, '\n').includes('\n')) {
      last.toA = toA;
      last.toB = toB;
    } else ranges.push({ fromA, toA, fromB, toB });
  });
  if (ranges.length > 8) return [];
  const after = edit.changes.apply(edit.before);
  return ranges.flatMap((range) => {
    const subEdit = aligned(edit, after, range);
    return subEdit ? [subEdit] : [];
  });
}

function aligned(
  edit: HistoryEdit,
  after: Text,
  range: { fromA: number; toA: number; fromB: number; toB: number },
): SubEdit | undefined {
  if (range.toA - range.fromA > 4_000 || range.toB - range.fromB > 4_000) return undefined;
  const oldWindow = windowAround(edit.before, range.fromA, range.toA);
  const newWindow = windowAround(after, range.fromB, range.toB);
  const oldAll = significant(lex(oldWindow));
  const newAll = significant(lex(newWindow));
  let head = 0;
  while (head < oldAll.length && head < newAll.length && oldAll[head]!.text === newAll[head]!.text) head++;
  let tail = 0;
  while (
    tail < oldAll.length - head &&
    tail < newAll.length - head &&
    oldAll[oldAll.length - 1 - tail]!.text === newAll[newAll.length - 1 - tail]!.text
  )
    tail++;
  const oldTokens = oldAll.slice(head, oldAll.length - tail);
  const newTokens = newAll.slice(head, newAll.length - tail);
  if (oldTokens.length + newTokens.length === 0) return undefined;
  if (oldTokens.length > MAX_TOKENS || newTokens.length > MAX_TOKENS) return undefined;
  const before = bounds(oldWindow, oldAll, head, oldTokens);
  const now = bounds(newWindow, newAll, head, newTokens);
  const lineStart = oldWindow.lastIndexOf('\n', before.start - 1) + 1;
  return {
    path: edit.path,
    id: edit.id,
    oldTokens,
    newTokens,
    oldText: oldWindow.slice(before.start, before.end),
    newText: newWindow.slice(now.start, now.end),
    left: oldAll
      .slice(Math.max(0, head - CONTEXT), head)
      .map((token) => token.text)
      .reverse(),
    right: oldAll.slice(oldAll.length - tail, oldAll.length - tail + CONTEXT).map((token) => token.text),
    gaps: { before: before.gaps, after: now.gaps },
    indent: /^[ \t]*/.exec(oldWindow.slice(lineStart))![0],
  };
}

/** Where a region lies in its window, and the gaps at its sides. An empty region lies behind the token before it. */
function bounds(window: string, all: readonly Token[], head: number, region: readonly Token[]) {
  const leftEnd = all[head - 1]?.end ?? 0;
  const rightStart = all[head + region.length]?.start ?? window.length;
  const start = region[0]?.start ?? leftEnd;
  const end = region.at(-1)?.end ?? leftEnd;
  return { start, end, gaps: { left: window.slice(leftEnd, start), right: window.slice(end, rightStart) } };
}

function windowAround(text: Text, from: number, to: number): string {
  const first = Math.max(1, text.lineAt(from).number - LINES_AROUND);
  const last = Math.min(text.lines, text.lineAt(to).number + LINES_AROUND);
  return text.sliceString(text.line(first).from, text.line(last).to, '\n');
}

export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== 'space' && token.kind !== 'newline');
}
