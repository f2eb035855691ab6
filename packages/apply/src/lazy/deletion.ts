import type { FailureReason, Row } from '../edit.ts';
import { indentOf, type LineIndex } from '../place/line-index.ts';
import { isTelling } from '../place/placement.ts';
import { isFirm } from './firm.ts';
import type { Segment } from './snippet.ts';
import type { MergeState } from './state.ts';
import { blockEnd, declaredName } from './structure.ts';

/** Lines longer than this that vanish from a snippet without any placeholder were more likely left out than deleted. */
const SILENT_DELETION = 4;
/** The same where two lines or more on both sides of the joint are in the document. */
const WITNESSED_DELETION = 12;
/** A placeholder elsewhere shows that the model marks what it leaves out; a bracket alone is still no witness for this many. */
const WEAK_DELETION = 6;

/** So much is not deleted by leaving it out. */
const LARGE_DELETION = 30;
/** Nor is this, even where both sides of the joint are shown and placeholders stand for what stays. */
export const LARGEST_DELETION = 80;

export function checkDeletion(
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
  const firm = isFirm(state, segment, 'first') && isFirm(state, segment, 'last');
  const certain = snippet.hasPlaceholder && (firm || (shown && single(at, -1) && single(next, 1)));
  if (net > (certain ? LARGEST_DELETION : LARGE_DELETION)) return 'deletion';
  if (net > SILENT_DELETION && !firm && joinsBlocks(state, gone, at, next)) return 'ambiguous';
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
  if (firm && snippet.hasPlaceholder) return undefined;
  if (net > WEAK_DELETION && (witnesses(at, -1) === 0 || witnesses(next, 1) === 0)) return 'deletion';
  return undefined;
}

/**
 * Whether lines go that are less deep than both sides of the joint: the end of one block and the start of another, so that
 * halves of two would be joined. That is how two near copies look when their lines are mistaken for each other.
 */
function joinsBlocks(state: MergeState, gone: readonly Row[], at: number, next: number): boolean {
  const side = (from: number, step: 1 | -1) => {
    let k = from;
    while (state.snippet.trimmed[k] === '' && state.partners[k + step]! >= 0) k += step;
    return depthOf(state.index.document.lines[state.partners[k]!]!);
  };
  return areHalves(
    gone.map((row) => row.text),
    side(at, -1),
    side(next, 1),
  );
}

/** Whether lines that are not blank, between ones of these depths, end one block and begin another. */
function areHalves(gone: readonly string[], above: number, below: number): boolean {
  // Whole blocks go where the first line that goes is no deeper than what follows them.
  if (below < above && depthOf(gone[0]!) <= below) return gone.some((line) => depthOf(line) < below);
  // Where one side is inside the block of the other, a line as deep as the outer one is out of it.
  return gone.some((line) => depthOf(line) < Math.min(above, below) + (above === below ? 0 : 1));
}

/** How deep a line is; the stars of a comment are as deep as its first line. */
const depthOf = (line: string) => indentOf(line).replace(line.trimStart().startsWith('*') ? / $/ : /$^/, '').length;

/**
 * Lines are only deleted between runs that could not be elsewhere: if the lines before or behind the gap stand a second time
 * between the neighbouring segments, less or something else may be meant to go.
 */
export function checkRuns(
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
  // What is between the outer runs of a segment is as the snippet says, wherever its lines stand as well.
  const anchors = partners.flatMap((line, i) => (line >= 0 && i >= segment.start && i < segment.end ? [line] : []));
  const outermost = (lines: readonly number[], end: number | undefined) => (lines.includes(end!) ? lines : []);
  const before = outermost(run(at, -1), anchors[0]);
  const after = outermost(run(next, 1), anchors.at(-1));
  // A copy of the shown lines among those that go: new lines between the copies is the other reading.
  const gone = index.trimmed.slice(partners[at]! + 1, partners[next]!);
  if (hasCopy(gone, outer(index.trimmed, before, 1)) || hasCopy(gone, outer(index.trimmed, after, -1)))
    return 'ambiguous';
  if (endsBlockTwice(index.trimmed, before, partners[next]!)) return 'ambiguous';
  const low = partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  const behind = partners.slice(segment.end).find((line) => line >= 0) ?? index.trimmed.length;
  const standsElsewhere = (lines: readonly number[]) => {
    if (lines.length === 0) return false;
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

/**
 * Whether the one telling line that a run begins with, and the closing brackets behind it, come again up to `end`: the end of
 * one block is then as well that of a later one, and what follows it is new there.
 */
function endsBlockTwice(trimmed: readonly string[], run: readonly number[], end: number): boolean {
  const lines = run.map((line) => trimmed[line]!);
  const second = lines.findIndex((line, i) => i > 0 && isTelling(line));
  const head = lines.slice(0, second < 0 ? lines.length : second);
  while (head.at(-1) === '') head.pop();
  if (head.length < 2 || !isTelling(head[0]!)) return false;
  for (let at = run.at(-1)! + 1; at < end; at++) if (head.every((line, k) => trimmed[at + k] === line)) return true;
  return false;
}

/**
 * Whether much goes in a segment whose first or last two telling lines stand a second time between its neighbours: these have
 * to be found by themselves then, and not only by the lines that follow them.
 */
export function endsAreThin(
  state: MergeState,
  segment: Segment,
  rows: readonly Row[],
  anchors: readonly number[],
): boolean {
  const { index, partners } = state;
  const telling = (op: Row['op']) => rows.filter((row) => row.op === op && isTelling(row.text)).length;
  if (telling('remove') - telling('add') <= SILENT_DELETION) return false;
  const low = partners.slice(0, segment.start).findLast((line) => line >= 0) ?? -1;
  const high = partners.slice(segment.end).find((line) => line >= 0) ?? index.trimmed.length;
  const lines = anchors.map((i) => partners[i]!);
  const window = index.trimmed.slice(low + 1, high);
  const again = [outer(index.trimmed, lines, 1), outer(index.trimmed, lines, -1)].some(
    (part) => part.length > 0 && window.filter((_, at) => part.every((line, k) => window[at + k] === line)).length > 1,
  );
  if (again) return true;
  // One such line is enough where it is among those that go: up to there less would.
  const gone = rows.flatMap((row) => (row.op === 'remove' ? [row.text.trim()] : []));
  return [
    lines.find((line) => isTelling(index.trimmed[line]!)),
    lines.findLast((line) => isTelling(index.trimmed[line]!)),
  ].some((line) => line !== undefined && gone.includes(index.trimmed[line]!));
}

/**
 * Whether a snippet that begins without a placeholder, and has lines go, ends with the lines that the file begins with: all
 * before these may be new, above them.
 */
export function mayPrecedeFile(state: MergeState, segment: Segment, rows: readonly Row[]): boolean {
  const { index, snippet } = state;
  if (segment.start > 0 || segment.gapBefore || !rows.some((row) => row.op === 'remove' && isTelling(row.text)))
    return false;
  const top = index.trimmed.findIndex((line) => line !== '');
  let end = segment.end;
  while (snippet.trimmed[end - 1] === '') end--;
  for (let at = end - 1; at > segment.start && end - at <= RUN; at--) {
    const part = snippet.trimmed.slice(at, end);
    if (part.some(isTelling) && part.every((line, k) => index.trimmed[top + k] === line)) return true;
  }
  return false;
}

/** The lines of a run from its outer end on, up to the second telling one; none where it has fewer. */
function outer(trimmed: readonly string[], run: readonly number[], step: 1 | -1): readonly string[] {
  const lines = (step > 0 ? run : [...run].reverse()).map((line) => trimmed[line]!);
  const second = lines.findIndex((_, i) => lines.slice(0, i + 1).filter(isTelling).length === 2);
  const head = lines.slice(0, second + 1);
  return step > 0 ? head : head.reverse();
}

const hasCopy = (lines: readonly string[], part: readonly string[]) =>
  part.length > 0 && lines.some((_, i) => part.every((line, k) => lines[i + k] === line));

/**
 * A segment that changes nothing may yet mean a deletion: its first lines could be those of a place further up, or its last
 * those of one further down, and all between would go. Only where these lines stand there too.
 */
export function couldDelete(state: MergeState, segment: Segment, first: number, last: number): boolean {
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
  for (let at = low; head > 0 && at + head <= start; at++) if (standsAt(at, start, head)) return true;
  const tail = run(last, first, -1);
  const end = partners[last]! - tail + 1;
  for (let at = end + tail; tail > 0 && at + tail <= high; at++) if (standsAt(at, end, tail)) return true;
  return false;
}

/**
 * Whether the lines a segment begins with, all up to its first change or the first few of them, stand further up as well: all
 * between might be meant to go.
 */
export function headStandsAbove(state: MergeState, segment: Segment, first: number, rows: readonly Row[]): boolean {
  const { index, partners } = state;
  const firstChange = rows.findIndex((row) => row.op !== 'keep');
  const start = partners[first]!;
  const low = partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  let length = 0;
  for (let telling = 0; length < firstChange && telling < HEAD; length++)
    if (isTelling(index.trimmed[start + length]!)) telling++;
  const lines = index.trimmed.slice(start, start + length);
  if (!lines.some(isTelling)) return false;
  for (let at = Math.max(low, start - LARGEST_DELETION); at + length <= start; at++)
    if (lines.every((line, k) => index.trimmed[at + k] === line) && couldJoin(index, at, start, length)) return true;
  return false;
}

/** Whether the lines from behind some of the first `length` ones at `above` up to the same at `start` could go as whole blocks. */
const couldJoin = (index: LineIndex, above: number, start: number, length: number) =>
  Array.from({ length }, (_, k) => k + 1).some(
    (k) => index.trimmed[start + k - 1] !== '' && areWholeBlocks(index, above + k, start + k),
  );

/** Whether the lines from `from` up to `to`, where what is right above `from` stands above `to` as well, are no halves of blocks. */
export function areWholeBlocks(index: LineIndex, from: number, to: number): boolean {
  const { lines } = index.document;
  let next = to;
  while (index.trimmed[next] === '') next++;
  if (next >= lines.length) return false;
  const gone = lines.slice(from, next).filter((line) => line.trim() !== '');
  return !areHalves(gone, depthOf(lines[from - 1]!), depthOf(lines[next]!));
}

/** Telling lines that make a head. */
const HEAD = 3;
