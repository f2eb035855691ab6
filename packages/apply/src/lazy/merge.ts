import { changeLines, type LineChange } from '../document.ts';
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
import { type EdgePlan, planHead, planTail, planUnanchored } from './edges.ts';
import { isPlaceholder } from './placeholder.ts';
import { readSnippet, type Segment, type Snippet } from './snippet.ts';
import type { MergeOptions, MergeState } from './state.ts';
import { blockEnd, createRareSimilarity, declaredName, pairClosers } from './structure.ts';

interface Part {
  readonly changes: readonly LineChange[];
  readonly range: LineRange;
  readonly confidence: number;
  readonly exact: boolean;
  readonly failure?: FailureReason;
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
  pairClosers(index, snippet, partners);
  if (!snippet.hasPlaceholder && !options.cutOff && coversDocument(index, snippet, partners)) {
    const changes = changesBetween(index.document.lines, snippet.lines);
    return summary(
      changeLines(index.document, changes),
      [{ status: 'exact', range: whole, confidence: 0.95 }],
      changes,
    );
  }
  if (!endsAreClear(index, snippet, partners)) return failAll(original, index, 'deletion', whole);
  const state: MergeState = { index, snippet, partners, similarity: createRareSimilarity(index), options };
  const parts = snippet.segments.map((segment, i) =>
    ambiguous.has(i) ? failedPart('ambiguous', rangeOf(state, segment)) : mergeSegment(state, segment),
  );
  if (options.cutOff) parts.push(failedPart('truncated', { start: whole.end, end: whole.end }));
  return assemble(original, state, parts);
}

/**
 * Whether a snippet without placeholders is the whole file: it begins and ends as the document does, and has most of its
 * lines. Less than that may be a part whose neighbours were left out.
 */
function coversDocument(index: LineIndex, snippet: Snippet, partners: readonly number[]): boolean {
  const telling = index.trimmed.flatMap((line, i) => (isTelling(line) ? [i] : []));
  const known = partners.filter((line, i) => line >= 0 && isTelling(snippet.trimmed[i]!));
  if (telling.length === 0 || known.length * 2 < telling.length) return false;
  const first = index.trimmed.findIndex((line) => line !== '');
  const last = index.trimmed.findLastIndex((line) => line !== '');
  const ownFirst = snippet.trimmed[0] === index.trimmed[first];
  const ownLast = snippet.trimmed.at(-1) === index.trimmed[last];
  if (ownFirst && ownLast) return true;
  // One end changed: the other end and nearly everything between still make it the file.
  const near = (edge: number) => known.some((line) => Math.abs(line - edge) <= 5);
  // … by new lines of its own: lines just missing there may be left out.
  const reached = snippet.trimmed.map((_, i) => partners[i]! >= 0);
  const replaced = ownFirst ? reached.lastIndexOf(true) < reached.length - 1 : reached.indexOf(true) > 0;
  return (ownFirst || ownLast) && replaced && near(first) && near(last) && known.length * 5 >= telling.length * 4;
}

/** An end of the document that is this close to an end of the snippet may be meant to be the same. Telling lines. */
const NEAR_END = 12;

/**
 * Where the snippet begins or ends without a placeholder, the document should begin or end there too, or go on for long:
 * a few lines more are as likely deleted as left out.
 */
function endsAreClear(index: LineIndex, snippet: Snippet, partners: readonly number[]): boolean {
  const anchors = partners.filter((line) => line >= 0);
  if (anchors.length === 0) return true;
  const first = snippet.segments[0]!;
  const last = snippet.segments.at(-1)!;
  const before = index.trimmed.slice(0, anchors[0]).filter(isTelling);
  const after = index.trimmed.slice(anchors.at(-1)! + 1).filter(isTelling);
  const telling = index.trimmed.filter(isTelling).length;
  const known = anchors.filter((line) => isTelling(index.trimmed[line]!)).length;
  const own = new Set(snippet.trimmed);
  // As many new lines in front of the first anchor as the document has: its other version, which the edge is matched by.
  const freshHead = snippet.trimmed.slice(0, partners.indexOf(anchors[0]!)).filter(isTelling).length;
  const freshTail = snippet.trimmed.slice(partners.lastIndexOf(anchors.at(-1)!) + 1).filter(isTelling).length;
  // A line of the head that the snippet has further down was moved, not left out.
  if (!first.gapBefore && before.length <= NEAR_END && before.some((line) => own.has(line))) return false;
  if (!last.gapAfter && after.length <= NEAR_END && after.some((line) => own.has(line))) return false;
  const top = indentOf(snippet.lines[0]!) === '';
  const bottom = isTelling(snippet.trimmed.at(-1)!) || indentOf(snippet.lines.at(-1)!) === '';
  // Only within a list: behind a blank line another part of the file begins, and a model just starts there.
  const within = index.trimmed[anchors[0]! - 1] !== '';
  const doubtfulStart = !first.gapBefore && before.length > freshHead && top && within;
  const doubtfulEnd = !last.gapAfter && after.length > freshTail && bottom && indentOf(snippet.lines.at(-1)!) === '';
  // One to three lines of a list beyond the snippet's end, at the end of the file: cut off the list or left out?
  const follows = (index.trimmed[anchors.at(-1)! + 1] ?? '') !== '';
  const atTop = (line: number) => indentOf(index.document.lines[line]!) === '';
  if (doubtfulStart && atTop(anchors[0]!) && before.length <= 3) return false;
  if (doubtfulEnd && atTop(anchors.at(-1)!) && follows && after.length <= 3) return false;
  if (snippet.hasPlaceholder) {
    if (doubtfulStart && last.gapAfter && before.length <= NEAR_END) return false;
    if (doubtfulEnd && first.gapBefore && after.length <= NEAR_END) return false;
    return true;
  }
  // Half of the document and more, and no placeholder at all: the whole file with an end deleted, or a part of it?
  if ((before.length === 0) === (after.length === 0)) return true;
  return known * 2 < telling && !(before.length === 0 && after.length <= REST_OF_FILE);
}

/** Telling lines behind a snippet that begins where the document does and has no placeholder: part of it, or all of it? */
const REST_OF_FILE = 60;

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
  if (crosses(rows)) return failedPart('ambiguous', span);
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
  const isStub = (i: number) => rows[i]!.text.trim() === '...' && /(?::|"""|''')$/.test(rows[i - 1]?.text.trim() ?? '');
  const placed = rows.some((row, i) => row.op === 'add' && isPlaceholder(row.text) && !isStub(i))
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
  return { changes: placed, range: match.range, confidence: match.confidence, exact };
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

/**
 * A segment that changes nothing may yet mean a deletion: its first lines could be those of a place further up, or its last
 * those of one further down, and all between would go. Only where these lines stand there too.
 */
function couldDelete(state: MergeState, segment: Segment, first: number, last: number): boolean {
  const { index, snippet, partners } = state;
  if (first === last) return false;
  const low = partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  const high = partners.slice(segment.end).find((line) => line >= 0) ?? index.trimmed.length;
  const standsAt = (at: number, start: number, length: number) => {
    for (let k = 0; k < length; k++) if (index.trimmed[at + k] !== index.trimmed[start + k]) return false;
    return true;
  };
  /** Lines of the segment up to the first telling one, from either end. */
  const run = (from: number, to: number, step: 1 | -1) => {
    let length = 0;
    for (let k = from; k !== to; k += step) {
      length++;
      if (isTelling(snippet.trimmed[k]!)) return length;
    }
    return 0;
  };
  const head = run(first, last, 1);
  const start = partners[first]!;
  for (let at = Math.max(low, start - LARGE_DELETION); head > 0 && at + head <= start; at++)
    if (standsAt(at, start, head)) return true;
  const tail = run(last, first, -1);
  const end = partners[last]! - tail + 1;
  for (let at = end + tail; tail > 0 && at + tail <= Math.min(high, end + LARGE_DELETION); at++)
    if (standsAt(at, end, tail)) return true;
  return false;
}

/** Whether the lines a segment begins with, up to its first change, stand further up as well: all between might be meant to go. */
function headStandsAbove(state: MergeState, segment: Segment, first: number, rows: readonly Row[]): boolean {
  const { index, partners } = state;
  const length = rows.findIndex((row) => row.op !== 'keep');
  const start = partners[first]!;
  const low = partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  const lines = index.trimmed.slice(start, start + length);
  if (!lines.some(isTelling)) return false;
  for (let at = Math.max(low, start - LARGEST_DELETION); at + length <= start; at++)
    if (lines.every((line, k) => index.trimmed[at + k] === line)) return true;
  return false;
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

/** Lines longer than this that vanish from a snippet without any placeholder were more likely left out than deleted. */
const SILENT_DELETION = 4;
/** The same where two lines or more on both sides of the joint are in the document. */
const WITNESSED_DELETION = 12;
/** A placeholder elsewhere shows that the model marks what it leaves out; a bracket alone is still no witness for this many. */
const WEAK_DELETION = 6;

/** So much is not deleted by leaving it out. */
const LARGE_DELETION = 30;
/** Nor is this, even where both sides of the joint are shown and placeholders stand for what stays. */
const LARGEST_DELETION = 80;

function checkDeletion(
  state: MergeState,
  segment: Segment,
  rows: readonly Row[],
  at: number,
  next: number,
): FailureReason | undefined {
  const { snippet, index } = state;
  const telling = (op: Row['op']) => rows.filter((row) => row.op === op && isTelling(row.text));
  const gone = telling('remove');
  const come = telling('add');
  if (gone.length === 0) return undefined;
  const net = gone.length - come.length;
  const witnesses = (i: number, step: 1 | -1) => {
    let count = 0;
    for (let k = i; k >= segment.start && k < segment.end && Math.abs(k - i) < 6; k += step)
      if (state.partners[k]! >= 0 && isTelling(snippet.trimmed[k]!)) count++;
    return count;
  };
  /** Whether one of the lines right beside the joint stands in the document once. */
  const single = (i: number, step: 1 | -1) => {
    for (let k = i; k >= segment.start && k < segment.end && Math.abs(k - i) < 3; k += step)
      if (state.partners[k]! >= 0 && index.positions.get(snippet.trimmed[k]!)?.length === 1) return true;
    return false;
  };
  const shown = witnesses(at, -1) >= 2 && witnesses(next, 1) >= 2;
  const certain = shown && snippet.hasPlaceholder && single(at, -1) && single(next, 1);
  if (net > (certain ? LARGEST_DELETION : LARGE_DELETION)) return 'deletion';
  if (net > SILENT_DELETION && joinsBlocks(state, gone, at, next)) return 'ambiguous';
  if (!snippet.hasPlaceholder) {
    const definitions = gone.filter((row) => {
      const name = declaredName(row.text.trim());
      return (
        name !== undefined &&
        /[{:(]$/.test(row.text.trim()) &&
        !come.some((other) => declaredName(other.text.trim()) === name)
      );
    });
    const all = index.trimmed.filter((line) => isTelling(line)).length;
    const known = snippet.trimmed.filter((line, i) => state.partners[i]! >= 0 && isTelling(line)).length;
    const covers = known * 2 >= all;
    if (!covers && (net > (shown ? WITNESSED_DELETION : SILENT_DELETION) || definitions.length > 1)) return 'deletion';
    if (covers && net > Math.max(SILENT_DELETION, all / 4)) return 'deletion';
  }
  if (net > WEAK_DELETION && (witnesses(at, -1) === 0 || witnesses(next, 1) === 0)) return 'deletion';
  return undefined;
}

/**
 * Whether lines go that are less deep than both sides of the joint: the end of one block and the start of another, so that
 * halves of two would be joined. That is how two near copies look when their lines are mistaken for each other.
 */
function joinsBlocks(state: MergeState, gone: readonly Row[], at: number, next: number): boolean {
  const depth = (line: string) => indentOf(line).length;
  const side = (from: number, step: 1 | -1) => {
    let k = from;
    while (state.snippet.trimmed[k] === '' && state.partners[k + step]! >= 0) k += step;
    return depth(state.index.document.lines[state.partners[k]!]!);
  };
  const [a, b] = [side(at, -1), side(next, 1)];
  // Where one side is inside the block of the other, a line as deep as the outer one is out of it.
  return gone.some((row) => depth(row.text) < Math.min(a, b) + (a === b ? 0 : 1));
}

/**
 * Lines are only deleted between runs that could not be elsewhere: if the lines before or behind the gap stand a second time
 * between the neighbouring segments, less or something else may be meant to go.
 */
function checkRuns(
  state: MergeState,
  segment: Segment,
  rows: readonly Row[],
  at: number,
  next: number,
): FailureReason | undefined {
  const { index, partners } = state;
  if (!rows.some((row) => row.op === 'remove' && isTelling(row.text))) return undefined;
  const run = (from: number, step: 1 | -1): number[] => {
    const lines: number[] = [];
    for (let k = from; k >= segment.start && k < segment.end && lines.length < RUN; k += step) {
      const line = partners[k]!;
      if (line < 0 || (lines.length > 0 && line !== lines.at(-1)! + step)) break;
      lines.push(line);
    }
    return step < 0 ? lines.reverse() : lines;
  };
  const before = run(at, -1);
  const after = run(next, 1);
  const low = partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  const behind = partners.slice(segment.end).find((line) => line >= 0) ?? index.trimmed.length;
  const standsElsewhere = (lines: readonly number[]) => {
    for (let start = low; start + lines.length <= behind; start++) {
      if (start !== lines[0] && lines.every((line, k) => index.trimmed[start + k] === index.trimmed[line])) return true;
    }
    return false;
  };
  // Brackets stand everywhere; one that closes a block whose first line is known is where it is.
  const closesKnown = (lines: readonly number[]) =>
    partners
      .slice(segment.start, segment.end)
      .some((line) => line >= 0 && line < lines[0]! && lines.includes(blockEnd(index, line) ?? -1));
  const doubtful = (lines: readonly number[]) =>
    standsElsewhere(lines) && !(!lines.some((line) => isTelling(index.trimmed[line]!)) && closesKnown(lines));
  return doubtful(before) || doubtful(after) ? 'ambiguous' : undefined;
}

const RUN = 12;

function partFrom(plan: EdgePlan): Part {
  return { changes: plan.changes ?? [], range: plan.range!, confidence: plan.confidence, exact: false };
}

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
  const broken = parts.some((part) => part.failure);
  for (const part of parts) {
    const inOrder = part.changes.every((change) => change.from >= reached);
    const failure = part.failure ?? (inOrder ? undefined : 'overlap');
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
