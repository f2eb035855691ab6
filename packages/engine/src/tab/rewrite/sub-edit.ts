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

/** A change of one document: a history edit, or several on the same line as one. */
export type Change = Pick<HistoryEdit, 'path' | 'id' | 'before' | 'changes'>;

/**
 * Edits of one document that follow each other on the same line become one change: a call is wrapped in two steps, a line rewritten in three. Oldest first, as they come.
 */
export function joinOnLine(edits: readonly Change[]): readonly Change[] {
  const joined: Change[] = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    if (last && last.path === edit.path && touchSameLine(last, edit))
      joined[joined.length - 1] = { ...edit, before: last.before, changes: last.changes.compose(edit.changes) };
    else joined.push(edit);
  }
  return joined;
}

function touchSameLine(earlier: Change, later: Change): boolean {
  if (earlier.changes.newLength !== later.before.length) return false;
  const lines = new Set<number>();
  earlier.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    lines.add(later.before.lineAt(fromB).number);
    lines.add(later.before.lineAt(toB).number);
  });
  let touches = false;
  later.changes.iterChangedRanges((fromA) => {
    if (lines.has(later.before.lineAt(fromA).number)) touches = true;
  });
  return touches;
}

/** The places of a change. Empty where it touches no token or is too big to be repeated. */
export function subEditsOf(edit: Change): readonly SubEdit[] {
  const ranges: ChangedRange[] = [];
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

interface ChangedRange {
  readonly fromA: number;
  toA: number;
  readonly fromB: number;
  toB: number;
}

function aligned(edit: Change, after: Text, range: ChangedRange): SubEdit | undefined {
  if (range.toA - range.fromA > 4_000 || range.toB - range.fromB > 4_000) return undefined;
  const oldWindow = windowAround(edit.before, range.fromA, range.toA);
  const newWindow = windowAround(after, range.fromB, range.toB);
  const oldAll = significant(lex(oldWindow.text));
  const newAll = significant(lex(newWindow.text));
  const { head, tail } = changedTokens(oldAll, newAll, range.fromA - oldWindow.start, newWindow.text);
  const oldTokens = oldAll.slice(head, oldAll.length - tail);
  const newTokens = newAll.slice(head, newAll.length - tail);
  if (oldTokens.length + newTokens.length === 0) return undefined;
  if (oldTokens.length > MAX_TOKENS || newTokens.length > MAX_TOKENS) return undefined;
  const before = bounds(oldWindow.text, oldAll, head, oldTokens);
  const now = bounds(newWindow.text, newAll, head, newTokens);
  const lineStart = oldWindow.text.lastIndexOf('\n', before.start - 1) + 1;
  return {
    path: edit.path,
    id: edit.id,
    oldTokens,
    newTokens,
    oldText: oldWindow.text.slice(before.start, before.end),
    newText: newWindow.text.slice(now.start, now.end),
    left: oldAll
      .slice(Math.max(0, head - CONTEXT), head)
      .map((token) => token.text)
      .reverse(),
    right: oldAll.slice(oldAll.length - tail, oldAll.length - tail + CONTEXT).map((token) => token.text),
    gaps: { before: before.gaps, after: now.gaps },
    indent: /^[ \t]*/.exec(oldWindow.text.slice(lineStart))![0],
  };
}

/**
 * How many tokens at both ends are the same. What was only inserted or only deleted could lie in several places (`a, b` into `a, a, b`): whole lines where
 * that is possible, else where the user made it.
 */
function changedTokens(
  oldAll: readonly Token[],
  newAll: readonly Token[],
  at: number,
  newText: string,
): { head: number; tail: number } {
  const shorter = Math.min(oldAll.length, newAll.length);
  let head = 0;
  while (head < shorter && oldAll[head]!.text === newAll[head]!.text) head++;
  let tail = 0;
  while (tail < shorter && oldAll[oldAll.length - 1 - tail]!.text === newAll[newAll.length - 1 - tail]!.text) tail++;
  const slack = head + tail - shorter;
  if (slack <= 0) return { head, tail };
  // Equal tokens overlap: any head from `head - slack` to `head` is right.
  const natural = oldAll.findIndex((token) => token.end > at);
  const candidates = Array.from({ length: slack + 1 }, (_, index) => head - slack + index);
  const longer = newAll.length >= oldAll.length ? newAll : oldAll;
  const text = newAll.length >= oldAll.length ? newText : undefined;
  const startsLine = (index: number) => {
    const token = longer[index];
    if (!token || text === undefined) return false;
    return text.slice(longer[index - 1]?.end ?? 0, token.start).includes('\n');
  };
  const count = Math.abs(newAll.length - oldAll.length);
  const chosen =
    candidates.find((index) => startsLine(index) && startsLine(index + count)) ??
    candidates.find((index) => index === natural) ??
    head;
  return { head: chosen, tail: shorter - chosen };
}

const PROSE = /^\s*(?:\/\/|\/?\*|#(?!include|define|if|endif|\[)|--|"""|<!--)/;

/** The line is a comment, as far as its beginning tells. */
export function isProse(line: string): boolean {
  return PROSE.test(line);
}

/** Where a region lies in its window, and the gaps at its sides. An empty region lies behind the token before it. */
function bounds(window: string, all: readonly Token[], head: number, region: readonly Token[]) {
  const leftEnd = all[head - 1]?.end ?? 0;
  const rightStart = all[head + region.length]?.start ?? window.length;
  const start = region[0]?.start ?? leftEnd;
  const end = region.at(-1)?.end ?? leftEnd;
  return { start, end, gaps: { left: window.slice(leftEnd, start), right: window.slice(end, rightStart) } };
}

function windowAround(text: Text, from: number, to: number): { readonly text: string; readonly start: number } {
  const first = Math.max(1, text.lineAt(from).number - LINES_AROUND);
  const last = Math.min(text.lines, text.lineAt(to).number + LINES_AROUND);
  const start = text.line(first).from;
  return { text: text.sliceString(start, text.line(last).to, '\n'), start };
}

export function significant(tokens: readonly Token[]): Token[] {
  return tokens.filter((token) => token.kind !== 'space' && token.kind !== 'newline');
}
