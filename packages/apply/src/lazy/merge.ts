import { changeLines, type LineChange, readDocument } from '../document.ts';
import type { FailureReason, HunkResult, LineRange, Row } from '../edit.ts';
import { FAILURE_MESSAGES } from '../messages.ts';
import { changesFrom } from '../place/changes.ts';
import { type Reindent, reindentFrom } from '../place/indent.ts';
import { indentOf, indexLines, type LineIndex } from '../place/line-index.ts';
import { candidateFrom, isTelling, type Match } from '../place/placement.ts';
import { changesBetween, rowsFrom } from '../place/rows.ts';
import { type ApplyResult, summary } from '../result.ts';
import { bracketBalance, isBalanced } from './balance.ts';
import { chainSnippet } from './chain.ts';
import { checkDeletion, checkRuns, couldDelete, endsAreThin, headStandsAbove, mayPrecedeFile } from './deletion.ts';
import { type EdgePlan, planHead, planTail, planUnanchored } from './edges.ts';
import { coversDocument, endsAreClear } from './ends.ts';
import { isPlaceholder } from './placeholder.ts';
import { type ShownAround, cutsRepetition, isTurned, showsTooMuch, shownAround } from './shown.ts';
import { isBelowOpener, readSnippet, type Segment, type Snippet } from './snippet.ts';
import type { MergeOptions, MergeState } from './state.ts';
import { createRareSimilarity, pairClosers } from './structure.ts';

interface Part {
  readonly changes: readonly LineChange[];
  readonly range: LineRange;
  readonly confidence: number;
  readonly exact: boolean;
  readonly failure?: FailureReason;
  readonly shown?: ShownAround;
}

/**
 * Merges a lazy snippet: lines that the document has are anchors; between two anchors of a segment the snippet's text holds;
 * under a placeholder, and outside the snippet, the document's. New lines at the edge of a segment are inserted beside its
 * anchor, unless they look like another version of the lines there, which then have to pair up. Everything that has two
 * readings is a failed hunk.
 */
export function mergeLazy(original: string, content: string, options: MergeOptions = {}): ApplyResult {
  const index = indexLines(original);
  const snippet = readSnippet(content, index, options.path);
  const whole: LineRange = { start: 0, end: index.document.lines.length };
  if (snippet.segments.length === 0) return failAll(original, index, 'no-edit', whole);
  if (!index.trimmed.some((line) => line !== '')) {
    if (snippet.hasPlaceholder) return failAll(original, index, 'missing', whole);
    const changes: LineChange[] = [{ from: 0, to: whole.end, insert: snippet.lines, leans: 'both' }];
    return summary(changeLines(index.document, changes), [{ status: 'exact', range: whole, confidence: 1 }], changes);
  }
  const { partners, ambiguous } = chainSnippet(index, snippet);
  // One line that stands in several places and changes nothing, wherever it is: it says nothing of the others' places either.
  const idle = new Set([...ambiguous].filter((i) => isSingleLine(snippet, partners, snippet.segments[i]!)));
  for (const i of idle) partners.fill(-1, snippet.segments[i]!.start, snippet.segments[i]!.end);
  pairClosers(index, snippet, partners);
  if (!snippet.hasPlaceholder && !options.cutOff && coversDocument(index, snippet, partners)) {
    // A whole file ends as it says, blank lines and all.
    const written = readDocument(content).lines;
    const end = written.slice(written.findLastIndex((line) => line.trim() !== '') + 1);
    const changes = changesBetween(index.document.lines, [...snippet.lines, ...end]);
    return summary(
      changeLines(index.document, changes),
      [{ status: 'exact', range: whole, confidence: 0.95 }],
      changes,
    );
  }
  if (snippet.lines.some((_, i) => mayBeStub(index, snippet, partners, i)))
    return failAll(original, index, 'ambiguous', whole);
  if (!endsAreClear(index, snippet, partners)) return failAll(original, index, 'deletion', whole);
  const state: MergeState = { index, snippet, partners, similarity: createRareSimilarity(index), options };
  for (const segment of snippet.segments) dropMoved(state, segment);
  const parts = snippet.segments.map((segment, i) => {
    if (idle.has(i)) return idlePart;
    return ambiguous.has(i) ? failedPart('ambiguous', rangeOf(state, segment)) : mergeSegment(state, segment);
  });
  if (options.cutOff) parts.push(failedPart('truncated', { start: whole.end, end: whole.end }));
  return assemble(original, state, parts);
}

function mergeSegment(state: MergeState, segment: Segment): Part {
  const { index, snippet, partners, options } = state;
  const anchors: number[] = [];
  for (let i = segment.start; i < segment.end; i++) if (partners[i]! >= 0) anchors.push(i);
  if (!anchors.some((i) => isTelling(snippet.trimmed[i]!) || snippet.segments.length > 1)) {
    const plan = planUnanchored(state, segment);
    return plan.failure ? failedPart(plan.failure, rangeOf(state, segment)) : partFrom(plan);
  }
  const first = anchors[0]!;
  const last = anchors.at(-1)!;
  const moved = depthOf(state, anchors);
  const rows: Row[] = [];
  const lines: number[] = [];
  const push = (op: Row['op'], text: string, line: number) => {
    rows.push({ op, text });
    lines.push(line);
  };
  /** A line that both have; one that is deeper or less deep than its neighbours explain was moved by the edit. */
  const pushSame = (text: string, line: number) => {
    const actual = index.document.lines[line]!;
    const written = moved.reindent(text);
    if (written === undefined || written.trimEnd() === actual.trimEnd() || text.trim() === '')
      push('keep', actual, line);
    else {
      push('remove', actual, line);
      push('add', text, -1);
    }
  };
  const head = planHead(state, segment, first);
  if (head.failure) return failedPart(head.failure, rangeOf(state, segment));
  for (const line of head.removed) push('remove', index.document.lines[line]!, line);
  for (const text of head.added) push('add', text, -1);

  for (let k = 0; k < anchors.length; k++) {
    const at = anchors[k]!;
    pushSame(snippet.lines[at]!, partners[at]!);
    const next = anchors[k + 1];
    if (next === undefined) break;
    const failure = pushGap(state, segment, at, next, push, pushSame);
    if (failure) return failedPart(failure, { start: partners[at]!, end: partners[next]! + 1 });
  }

  const tail = planTail(state, segment, last);
  if (tail.failure) return failedPart(tail.failure, rangeOf(state, segment));
  for (const text of tail.added) push('add', text, -1);
  for (const line of tail.removed) push('remove', index.document.lines[line]!, line);

  const span: LineRange = { start: partners[first]!, end: partners[last]! + 1 };
  if (depthContradicts(state, segment, anchors)) return failedPart('ambiguous', span);
  if (cutsRepetition(state, first, last) || isTurned(state, anchors)) return failedPart('ambiguous', span);
  if (endsAreThin(state, segment, rows, anchors) || mayPrecedeFile(state, segment, rows))
    return failedPart('ambiguous', span);
  if (crosses(rows) && !endsAreUnique(state, segment, anchors)) return failedPart('ambiguous', span);
  const still = rows.every((row) => row.op === 'keep');
  if (still ? couldDelete(state, segment, first, last) : headStandsAbove(state, segment, first, rows))
    return failedPart('ambiguous', span);
  const exact =
    moved.same && anchors.every((i) => snippet.lines[i]!.trimEnd() === index.document.lines[partners[i]!]!.trimEnd());
  const match: Match = {
    lines,
    range: { start: Math.min(partners[first]!, ...head.removed), end: Math.max(partners[last]!, ...tail.removed) + 1 },
    rank: exact ? 0 : 3,
    confidence: Math.min(0.93, head.confidence, tail.confidence),
    reindent: false,
  };
  const texts = rows.map((row) => row.text);
  const placed = rows.some((row, i) => row.op === 'add' && isPlaceholder(row.text) && !isBelowOpener(texts, i))
    ? ('ambiguous' as const)
    : changesFrom(
        index,
        rows.map((row) => (row.op === 'add' ? { op: row.op, text: moved.reindent(row.text) ?? row.text } : row)),
        match,
      );
  if (rows.some((row) => row.op === 'add' && moved.reindent(row.text) === undefined))
    return failedPart('indentation', match.range);
  if (typeof placed === 'string') return failedPart(placed, match.range);
  if (!snippet.hasPlaceholder && options.cutOff) return failedPart('truncated', match.range);
  return {
    changes: placed,
    range: match.range,
    confidence: match.confidence,
    exact,
    ...(still ? {} : { shown: shownAround(state, segment, first, last, rows) }),
  };
}

/** Whether the lines that a segment begins and ends with stand nowhere else between its neighbours. */
function endsAreUnique(state: MergeState, segment: Segment, anchors: readonly number[]): boolean {
  const { index, partners } = state;
  const low = partners.slice(0, segment.start).findLast((line) => line >= 0) ?? -1;
  const high = partners.slice(segment.end).find((line) => line >= 0) ?? index.trimmed.length;
  const run = (order: readonly number[], step: 1 | -1) => {
    const lines: number[] = [];
    for (const [k, i] of order.entries()) {
      const line = partners[i]!;
      // Together in both: new text amid them ends what says where they are.
      if (k > 0 && (line !== lines.at(-1)! + step || i !== order[k - 1]! + step)) break;
      lines.push(line);
    }
    return lines.sort((a, b) => a - b);
  };
  return [run(anchors, 1), run([...anchors].reverse(), -1)].every((lines) => {
    if (!lines.some((line) => isTelling(index.trimmed[line]!))) return false;
    for (let at = low + 1; at + lines.length <= high; at++)
      if (at !== lines[0] && lines.every((line, k) => index.trimmed[at + k] === index.trimmed[line])) return false;
    return true;
  });
}

/** Whether a line that goes is also one that comes: then it was moved, or the alignment took a copy for the original. */
function crosses(rows: readonly Row[]): boolean {
  const gone = new Set(rows.filter((row) => row.op === 'remove' && isTelling(row.text)).map((row) => row.text.trim()));
  // One line that goes is often set anew; a run that goes and partly comes back is a copy mistaken.
  if (gone.size < 2) return false;
  return rows.some((row, i) => {
    if (row.op !== 'add' || row.text.trim().length < 8 || !gone.has(row.text.trim())) return false;
    // The same line at another depth, right where it was, is no move.
    const before = rows[i - 1];
    return !(before?.op === 'remove' && before.text.trim() === row.text.trim());
  });
}

/** Telling lines that `...` as the body of a function hides at least; fewer would have been written out. */
const HIDDEN_BODY = 3;

/** Whether a placeholder `...` hides so little that it is as likely the new body, a stub. */
function mayBeStub(index: LineIndex, snippet: Snippet, partners: readonly number[], i: number): boolean {
  if (snippet.segmentOf[i]! >= 0 || !isBelowOpener(snippet.lines, i)) return false;
  const from = partners.slice(0, i).findLast((line) => line >= 0);
  const to = partners.slice(i + 1).find((line) => line >= 0);
  if (from === undefined || to === undefined) return false;
  return index.trimmed.slice(from + 1, to).filter(isTelling).length < HIDDEN_BODY;
}

/**
 * Whether a line was matched at another depth while one of the same text is as deep as it, in the snippet or in the document
 * nearby: where an edit moves blocks in or out, such twins are taken for each other.
 */
function depthContradicts(state: MergeState, segment: Segment, anchors: readonly number[]): boolean {
  const { index, snippet, partners } = state;
  const depth = (line: string) => indentOf(line).length;
  const telling = anchors.filter((i) => isTelling(snippet.trimmed[i]!));
  const moved = telling.filter((i) => depth(snippet.lines[i]!) !== depth(index.document.lines[partners[i]!]!));
  if (moved.length === 0) return false;
  const low = partners.slice(0, segment.start).findLast((line) => line >= 0) ?? -1;
  const high = partners.slice(segment.end).find((line) => line >= 0) ?? index.trimmed.length;
  const taken = new Set(
    partners.filter((line, i) => line >= 0 && depth(snippet.lines[i]!) === depth(index.document.lines[line]!)),
  );
  return moved.some((i) => {
    const text = snippet.trimmed[i]!;
    const own = depth(snippet.lines[i]!);
    const actual = depth(index.document.lines[partners[i]!]!);
    const mixed = moved.length < telling.length;
    const elsewhere =
      mixed &&
      (index.positions.get(text) ?? []).some(
        (line) => line > low && line < high && !taken.has(line) && depth(index.document.lines[line]!) === own,
      );
    if (elsewhere) return true;
    for (let k = segment.start; k < segment.end; k++)
      if (partners[k]! < 0 && snippet.trimmed[k] === text && depth(snippet.lines[k]!) === actual) return true;
    return false;
  });
}

/**
 * Inner lines of a segment that were matched at another depth, where its first and last lines are as deep as the document's,
 * are taken for new ones: the segment says the text between its ends all the same, but a line of a block that goes, matched by
 * one of a block that comes, would have the two parted there.
 */
function dropMoved(state: MergeState, segment: Segment): void {
  const { index, snippet, partners } = state;
  const isMoved = (i: number) => indentOf(snippet.lines[i]!) !== indentOf(index.document.lines[partners[i]!]!);
  const anchors: number[] = [];
  for (let i = segment.start; i < segment.end; i++) if (partners[i]! >= 0 && snippet.trimmed[i] !== '') anchors.push(i);
  const telling = anchors.filter((i) => isTelling(snippet.trimmed[i]!));
  const [first, last] = [telling[0], telling.at(-1)];
  if (first === undefined || first === last || isMoved(first) || isMoved(last!)) return;
  for (const i of anchors) if (i > first && i < last! && isMoved(i)) partners[i] = -1;
}

/** How deep a segment is written: as the document when any of its anchors is, else by what the anchors have in common. */
function depthOf(state: MergeState, anchors: readonly number[]): { same: boolean; reindent: Reindent } {
  const { index, snippet, partners } = state;
  const pairs = anchors
    .filter((i) => isTelling(snippet.trimmed[i]!))
    .map((i) => ({ written: snippet.lines[i]!, actual: index.document.lines[partners[i]!]! }));
  const equal = pairs.filter(({ written, actual }) => indentOf(written) === indentOf(actual)).length;
  // Some as deep and some not: the edit moved these. None as deep: the snippet was written at another depth.
  if (equal > 0 || pairs.length === 0) return { same: true, reindent: (line) => line };
  return { same: false, reindent: reindentFrom(pairs, snippet.lines, index.unit()) };
}

/** Between two anchors of a segment: the document's lines there go, the snippet's come, equal ones stay. */
function pushGap(
  state: MergeState,
  segment: Segment,
  at: number,
  next: number,
  push: (op: Row['op'], text: string, line: number) => void,
  pushSame: (text: string, line: number) => void,
): FailureReason | undefined {
  const { index, snippet, partners } = state;
  const from = partners[at]! + 1;
  const to = partners[next]!;
  const before = index.document.lines.slice(from, to);
  const after = snippet.lines.slice(at + 1, next);
  if (before.length === 0 && after.length === 0) return undefined;
  const rows = rowsFrom(before, after, (line) => line.trim());
  const failure = checkDeletion(state, segment, rows, at, next) ?? checkRuns(state, segment, rows, at, next);
  if (failure) return failure;
  let line = from;
  let written = at + 1;
  for (const row of rows) {
    if (row.op === 'remove') push('remove', row.text, line++);
    else if (row.op === 'add') push('add', snippet.lines[written++]!, -1);
    else pushSame(snippet.lines[written++]!, line++);
  }
  return undefined;
}

function partFrom(plan: EdgePlan): Part {
  return { changes: plan.changes ?? [], range: plan.range!, confidence: plan.confidence, exact: false };
}

/** Whether a segment between two placeholders, or between one and an end of the snippet, is one line that the document has. */
function isSingleLine(snippet: Snippet, partners: readonly number[], segment: Segment): boolean {
  const solid = snippet.trimmed.flatMap((line, i) => (i >= segment.start && i < segment.end && line !== '' ? [i] : []));
  const isApart = (segment.gapBefore || segment.gapAfter) && snippet.segments.length > 1;
  return isApart && solid.length === 1 && partners[solid[0]!]! >= 0;
}

const idlePart: Part = { changes: [], range: { start: 0, end: 0 }, confidence: 1, exact: true };

function failedPart(failure: FailureReason, range: LineRange): Part {
  return { changes: [], range, confidence: 0, exact: false, failure };
}

function rangeOf(state: MergeState, segment: Segment): LineRange {
  const placed = state.partners.slice(segment.start, segment.end).filter((line) => line >= 0);
  if (placed.length > 0) return { start: placed[0]!, end: placed.at(-1)! + 1 };
  const before = state.partners.slice(0, segment.start).findLast((line) => line >= 0) ?? -1;
  return { start: before + 1, end: before + 1 };
}

function assemble(original: string, state: MergeState, parts: readonly Part[]): ApplyResult {
  const { index, options } = state;
  const changes: LineChange[] = [];
  const hunks: HunkResult[] = [];
  let reached = -1;
  // Segments find their places between each other: where one has none, that of the others is in doubt as well.
  const all = parts.flatMap((part) => part.shown ?? []);
  const doubtful = parts.filter((part) => part.shown && showsTooMuch(part.shown, all));
  const broken = doubtful.length > 0 || parts.some((part) => part.failure);
  for (const part of parts) {
    const inOrder = part.changes.every((change) => change.from >= reached);
    const failure = part.failure ?? (doubtful.includes(part) ? 'ambiguous' : inOrder ? undefined : 'overlap');
    if (failure) {
      hunks.push(failedHunk(index, failure, part.range));
      continue;
    }
    if (part.changes.length === 0) continue; // only anchors: nothing was said about this part
    reached = Math.max(...part.changes.map((change) => change.to));
    if (broken) hunks.push(failedHunk(index, 'ambiguous', part.range));
    else {
      changes.push(...part.changes);
      hunks.push({ status: part.exact ? 'exact' : 'fuzzy', range: part.range, confidence: part.confidence });
    }
  }
  if (hunks.length === 0) {
    // Every line is there already, in order: the edit asks for nothing, or for a deletion that it does not show.
    return summary(original, [failedHunk(index, 'already-applied', { start: 0, end: 0 })], []);
  }
  const text = changeLines(index.document, changes);
  const rejected = () =>
    summary(
      original,
      hunks.map((hunk) => (hunk.status === 'failed' ? hunk : failedHunk(index, 'syntax', hunk.range))),
      [],
    );
  const faults = (of: string) => (options.path === undefined ? undefined : options.syntax?.errors(of, options.path));
  const before = faults(original);
  const after = before === undefined ? undefined : faults(text);
  // A grammar knows brackets from those in strings; without one the sums of the lines have to do.
  const worse = before !== undefined && after !== undefined ? after > before : unbalances(index, changes);
  if (!broken && worse) return rejected();
  return summary(text, hunks, changes);
}

/** Whether all changes together leave brackets open, or close some, in a document where they were even. */
function unbalances(index: LineIndex, changes: readonly LineChange[]): boolean {
  const gone = bracketBalance(changes.flatMap((change) => index.document.lines.slice(change.from, change.to)));
  const come = bracketBalance(changes.flatMap((change) => change.insert));
  const shift = come.map((sum, kind) => sum - gone[kind]!);
  return !isBalanced(shift) && isBalanced(bracketBalance(index.document.lines));
}

function failedHunk(index: LineIndex, reason: FailureReason, range: LineRange): HunkResult {
  const candidates = range.end > range.start ? [candidateFrom(index, range, 0.5)] : [];
  return {
    status: 'failed',
    reason,
    message: FAILURE_MESSAGES[reason],
    range,
    ...(candidates.length > 0 ? { candidates } : {}),
    confidence: 0,
  };
}

function failAll(original: string, index: LineIndex, reason: FailureReason, range: LineRange): ApplyResult {
  return summary(
    original,
    [failedHunk(index, reason, { start: range.start, end: Math.min(range.end, range.start) })],
    [],
  );
}
