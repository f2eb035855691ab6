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
  /** The first token of the line that the left neighbour stands on. */
  readonly begins: string | undefined;
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

/** Changes that follow each other on the same or on neighbouring lines of one document: what a diff would show as one hunk. Oldest first, as they come. */
export function joinInHunks(changes: readonly Change[]): (readonly Change[])[] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1);
    if (last && last[0]!.path === change.path && isBeside(last.at(-1)!, change)) last.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

/** No line that stayed as it was lies between the two. */
function isBeside(earlier: Change, later: Change): boolean {
  if (earlier.changes.newLength !== later.before.length) return false;
  const spans: [first: number, last: number][] = [];
  const lineOf = (at: number) => later.before.lineAt(at).number;
  // What ends with a line break does not touch the line behind it.
  const lastLine = (from: number, to: number) =>
    to > from && later.before.lineAt(to).from === to ? lineOf(to) - 1 : lineOf(to);
  earlier.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => spans.push([lineOf(fromB), lastLine(fromB, toB)]));
  let beside = false;
  later.changes.iterChangedRanges((fromA, toA) => {
    const [first, last] = [lineOf(fromA), lastLine(fromA, toA)];
    if (spans.some(([from, to]) => first <= to + 1 && last >= from - 1)) beside = true;
  });
  return beside;
}

/** All of a hunk as one region, with what stayed between its changes; `undefined` where nothing did, and where it is too big to be repeated. */
export function wholeSubEdit(changes: readonly Change[]): SubEdit | undefined {
  const [first, ...rest] = changes;
  if (!first) return undefined;
  let composed = first.changes;
  for (const change of rest) composed = composed.compose(change.changes);
  const edit: Change = { ...changes.at(-1)!, before: first.before, changes: composed };
  let range: ChangedRange | undefined;
  let ranges = 0;
  composed.iterChangedRanges((fromA, toA, fromB, toB) => {
    ranges++;
    if (range) [range.toA, range.toB] = [toA, toB];
    else range = { fromA, toA, fromB, toB };
  });
  if (!range || (ranges < 2 && changes.length < 2)) return undefined;
  return aligned(edit, composed.apply(edit.before), range, true);
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

/** @param whole the region is all of the lines that changed, with the line breaks that moved in them, and not narrowed down to the tokens that differ */
function aligned(edit: Change, after: Text, range: ChangedRange, whole = false): SubEdit | undefined {
  if (range.toA - range.fromA > 4_000 || range.toB - range.fromB > 4_000) return undefined;
  const oldWindow = windowAround(edit.before, range.fromA, range.toA);
  const newWindow = windowAround(after, range.fromB, range.toB);
  const oldAll = significant(lex(oldWindow.text));
  const newAll = significant(lex(newWindow.text));
  const differing = changedTokens(oldAll, newAll, range.fromA - oldWindow.start, newWindow.text);
  const lines = whole ? linesOf(oldWindow.text, range.fromA - oldWindow.start, range.toA - oldWindow.start) : undefined;
  const head = lines ? Math.min(differing.head, oldAll.filter(({ end }) => end <= lines.from).length) : differing.head;
  const tail = lines
    ? Math.min(differing.tail, oldAll.filter(({ start }) => start >= lines.to).length)
    : differing.tail;
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
    begins: beginningOf(oldWindow.text, oldAll, head),
    gaps: { before: before.gaps, after: now.gaps },
    indent: /^[ \t]*/.exec(oldWindow.text.slice(lineStart))![0],
  };
}

/** From the beginning of the first line that a range touches to the end of the last; what ends with a line break does not touch the line behind it. */
function linesOf(text: string, from: number, to: number): { readonly from: number; readonly to: number } {
  const end = text.indexOf('\n', to > from && text[to - 1] === '\n' ? to - 1 : to);
  return { from: text.lastIndexOf('\n', from - 1) + 1, to: end < 0 ? text.length : end };
}

/** The first token of the line that the left neighbour of a region stands on. @param from index of the region's first token */
export function beginningOf(text: string, tokens: readonly Token[], from: number): string | undefined {
  const neighbour = tokens[from - 1];
  if (!neighbour) return undefined;
  const lineStart = text.lastIndexOf('\n', neighbour.start) + 1;
  let at = from - 1;
  while (at > 0 && tokens[at - 1]!.start >= lineStart) at--;
  return tokens[at]!.text;
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
