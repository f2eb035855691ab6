import type { Candidate, FailureReason, Hunk, Row } from '../edit.ts';
import { changesFrom, quietRows } from './changes.ts';
import { readFence } from '../parse/fence.ts';
import { chooseByAnchors, contradictsAnchors, isBeside, othersAreExplained } from './choose.ts';
import { hasGap, matchElided } from './elide.ts';
import { indentOf, type LineIndex, looseKey } from './line-index.ts';
import { placeLiteral } from './literal.ts';
import { candidateFrom, isTelling, type Match, type Placement } from './placement.ts';
import { hasRival, isCopy, isSplitByMatch } from './rivals.ts';
import { findRuns, matchLoose, matchSequence } from './sequence.ts';
import { matchSimilar } from './similar.ts';

/** Evidence from outside the hunk that narrows equal matches, e.g. line numbers that other hunks confirm. */
export type Narrow = (matches: readonly Match[]) => readonly Match[];

export interface PlaceOptions {
  readonly narrow?: Narrow;
  /** Only line for line, white space at line ends aside. */
  readonly strict?: boolean;
}

/**
 * Finds the one place of a hunk, from literal to tolerant; the first step that finds anything decides, and several equal
 * finds are ambiguous rather than a reason to look less closely. Where a block can be read in several ways, the readings
 * that can be placed have to agree.
 */
export function placeHunk(index: LineIndex, written: Hunk, options: PlaceOptions = {}): Placement {
  if (written.broken) return failed(written.broken);
  const hunk = withTail(index, written);
  if (hunk.literal) {
    const literal = placeLiteral(index, hunk.literal);
    if (literal && (literal.placed || literal.reason === 'ambiguous')) return literal;
  }
  if (!hunk.readings) {
    const placed = placeRows(index, hunk, hunk.rows, options);
    return placed.placed && lacksBlank(index, hunk, placed.match) && hasRival(index, hunk.rows, placed.match)
      ? failed('ambiguous', candidatesOf(index, [placed.match]))
      : placed;
  }
  const [first, ...rest] = soundReadings(index, [hunk.rows, ...hunk.readings]).map((rows) =>
    placeRows(index, hunk, rows, options),
  );
  if (!first) return failed('malformed');
  const all = [first, ...rest];
  const placed = all.filter((p) => p.placed);
  if (placed.length === 0) return first;
  // What a reading finds twice, another one with lines too many does not find once.
  const doubtful = all.find((p) => !p.placed && p.reason === 'ambiguous');
  if (doubtful && placed.every((p) => p.placed && p.match.rank >= 4)) return doubtful;
  const [one, ...others] = placed;
  const shape = JSON.stringify(one!.placed && one!.changes);
  return others.every((other) => JSON.stringify(other.placed && other.changes) === shape) ? one! : failed('ambiguous');
}

/** A hunk with those of its doubtful last lines that the document has: these are context. */
function withTail(index: LineIndex, hunk: Hunk): Hunk {
  if (!hunk.tail) return hunk;
  const prose = hunk.tail.findIndex((row) => !index.positions.has(row.text.trim()));
  return { ...hunk, rows: [...hunk.rows, ...(prose < 0 ? hunk.tail : hunk.tail.slice(0, prose))] };
}

/** Whether blank lines at an end of the written text, taken for layout, are not where it was found: one doubt. */
function lacksBlank(index: LineIndex, hunk: Hunk, match: Match): boolean {
  const { blankEnds } = hunk;
  if (!blankEnds || match.lines.length === 0) return false;
  const solid = (line: number) => (index.trimmed[line] ?? '') !== '';
  return (blankEnds.before && solid(match.range.start - 1)) || (blankEnds.after && solid(match.range.end));
}

/**
 * Readings under which a line of the answer's own layout (a fence around the text, a doubled divider) would be text. Such a
 * line that the document has nowhere is layout.
 */
function soundReadings(index: LineIndex, readings: readonly (readonly Row[])[]): readonly (readonly Row[])[] {
  const foreign = (row: Row | undefined, test: (line: string) => boolean) =>
    row !== undefined && test(row.text) && !index.positions.has(row.text.trim());
  const isFence = (line: string) => readFence(line) !== undefined;
  const isDivider = (line: string) => /^={5,}$/.test(line.trim());
  const sound = readings.filter((rows) => {
    const old = rows.filter((row) => row.op !== 'add');
    const fresh = rows.filter((row) => row.op !== 'remove');
    return (
      !(foreign(old[0], isFence) && foreign(old.at(-1), isFence)) &&
      !foreign(fresh[0], isDivider) &&
      !foreign(fresh.at(-1), isDivider)
    );
  });
  return sound;
}

function placeRows(index: LineIndex, hunk: Hunk, rows: readonly Row[], options: PlaceOptions): Placement {
  if (hunk.afterLine !== undefined) return placeAfterLine(index, rows, hunk.afterLine);
  const old = rows.filter((row) => row.op !== 'add');
  if (!old.some((row) => row.text.trim() !== '')) return placeWithoutContext(index, rows, old.length);
  const narrow = (matches: readonly Match[]) => {
    const anchored = chooseByAnchors(index, hunk, matches);
    return anchored.length > 1 && options.narrow ? options.narrow(anchored) : anchored;
  };
  for (const step of options.strict ? [matchSequence] : [matchSequence, matchLoose]) {
    const found = step(index, rows);
    if (found.length === 0) continue;
    if (options.strict && found[0]!.rank > 2) break;
    const left = found.length > 1 ? narrow(found) : found;
    if (left.length > 1) return failed('ambiguous', candidatesOf(index, left));
    const [match] = left;
    if (
      found.length > 1 &&
      chooseByAnchors(index, hunk, found).length === 1 &&
      (found.some((m) => isCopy(index, m, match!)) || !othersAreExplained(index, hunk, match!, found))
    )
      return failed('ambiguous', candidatesOf(index, found));
    if (contradictsAnchors(index, hunk, match!)) return failed('ambiguous', candidatesOf(index, left));
    if (match!.rank >= 3 && !isBeside(index, hunk, match!)) return failed('ambiguous', candidatesOf(index, left));
    if (match!.rank >= 3 && found.length === 1 && (hasRival(index, rows, match!) || isThin(index, rows, match!)))
      return failed('ambiguous', candidatesOf(index, left));
    if (match!.rank >= 3 && bracketsAreOthers(index, rows, match!))
      return failed('ambiguous', candidatesOf(index, left));
    if (match!.rank >= 2 && edgeRepeats(index, rows, match!)) return failed('ambiguous', candidatesOf(index, left));
    if (match!.rank === 2 && found.length === 1 && isSplitByMatch(index, rows, match!, false))
      return failed('ambiguous', candidatesOf(index, left));
    return settle(index, hunk, rows, match!);
  }
  if (options.strict) return failed('missing');
  if (appliedAlready(index, rows))
    return failed('already-applied', candidatesOf(index, matchSequence(index, asNew(rows))));
  const elided = matchElided(index, rows);
  if (elided === 'ambiguous') return failed('ambiguous');
  if (elided) return settle(index, hunk, elided.rows, elided.match);
  // With a gap in it, too much of the hunk is unknown to say what resembles it.
  if (hasGap(index, rows)) return failed('missing', matchSimilar(index, rows).candidates);
  const similar = matchSimilar(index, rows);
  if (similar.match && !contradictsAnchors(index, hunk, similar.match) && isBeside(index, hunk, similar.match)) {
    return settle(index, hunk, rows, similar.match, similar.candidates);
  }
  return failed(similar.doubt ?? 'missing', similar.candidates);
}

/** Whether new lines at an end of a hunk come between two lines that are the same: beside which of them is open. */
function edgeRepeats(index: LineIndex, rows: readonly Row[], match: Match): boolean {
  const { lines } = index.document;
  const { start, end } = match.range;
  const again = (line: number, beyond: number) => lines[beyond] !== undefined && lines[line] === lines[beyond];
  return (rows[0]?.op === 'add' && again(start, start - 1)) || (rows.at(-1)?.op === 'add' && again(end - 1, end));
}

/**
 * Whether a line of mere brackets is deeper or less deep than all lines with words are alike: then it closes something else,
 * and the hunk's own one may have been parted from it. Not asked where one is indented by tabs and the other by spaces.
 */
function bracketsAreOthers(index: LineIndex, rows: readonly Row[], match: Match): boolean {
  const shifts = (row: Row, line: string) =>
    [row.text, ...(row.alternative === undefined ? [] : [row.alternative])].flatMap((text) => {
      const [written, actual] = [indentOf(text), indentOf(line)];
      return new Set(written + actual).size > 1 ? [] : [written.length - actual.length];
    });
  let common: number[] | undefined;
  const brackets: number[][] = [];
  for (const [i, row] of rows.entries()) {
    const at = match.lines[i]!;
    if (row.op === 'add' || at < 0 || row.text.trim() === '') continue;
    const own = shifts(row, index.document.lines[at]!);
    if (own.length === 0) return false;
    if (!isTelling(row.text)) brackets.push(own);
    else common = common ? common.filter((shift) => own.includes(shift)) : own;
  }
  const known = common ?? [];
  return known.length > 0 && brackets.some((own) => !own.some((shift) => known.includes(shift)));
}

/** Hunks of few lines, matched past blank lines, whose removed lines stand elsewhere too: the context says too little. */
function isThin(index: LineIndex, rows: readonly Row[], match: Match): boolean {
  if (match.rank < 4 || rows.filter((row) => row.op !== 'add' && isTelling(row.text)).length > 3) return false;
  const removed = rows.filter((row) => row.op === 'remove' && row.text.trim() !== '').map((row) => looseKey(row.text));
  const loose = index.loose();
  return removed.length > 0 && findRuns(removed, loose.keys, loose.positions, 2).length > 1;
}

function settle(
  index: LineIndex,
  hunk: Hunk,
  rows: readonly Row[],
  match: Match,
  candidates: readonly Candidate[] = [],
): Placement {
  let finalRows = rows;
  let finalMatch = match;
  if (match.rank >= 2) {
    finalRows = quietRows(index, rows, match);
    if (finalRows !== rows) {
      const lines = match.lines.filter((_, i) => rows[i]!.op !== 'add');
      let at = 0;
      finalMatch = { ...match, lines: finalRows.map((row) => (row.op === 'add' ? -1 : lines[at++]!)) };
    }
  }
  const changes = changesFrom(index, finalRows, finalMatch);
  if (typeof changes === 'string')
    return failed(changes, candidates.length > 0 ? candidates : candidatesOf(index, [match]));
  let finalBreak: boolean | undefined;
  if (hunk.noNewline && match.range.end >= index.document.lines.length) {
    finalBreak = hunk.noNewline.new ? false : hunk.noNewline.old ? true : undefined;
  }
  return { placed: true, changes, match, ...(finalBreak === undefined ? {} : { finalBreak }) };
}

/** Only new lines: certain in an empty document, nowhere else. */
function placeWithoutContext(index: LineIndex, rows: readonly Row[], blankRows: number): Placement {
  const insert = rows.filter((row) => row.op === 'add').map((row) => row.text);
  const { lines } = index.document;
  if (index.trimmed.some((line) => line !== '')) return failed('empty');
  if (insert.length === 0 && blankRows === 0) return failed('malformed');
  const range = { start: 0, end: lines.length };
  return {
    placed: true,
    changes: [{ from: 0, to: lines.length, insert, leans: 'both' }],
    match: { lines: [], range, rank: 0, confidence: 1, reindent: false },
  };
}

function placeAfterLine(index: LineIndex, rows: readonly Row[], line: number): Placement {
  const count = index.document.lines.length;
  if (line > count) return failed('missing');
  return {
    placed: true,
    changes: [{ from: line, to: line, insert: rows.map((row) => row.text), leans: 'before' }],
    match: { lines: [], range: { start: line, end: line }, rank: 0, confidence: 1, reindent: false },
  };
}

const asNew = (rows: readonly Row[]): Row[] =>
  rows.filter((row) => row.op !== 'remove').map((row) => ({ op: 'keep', text: row.text }));

function appliedAlready(index: LineIndex, rows: readonly Row[]): boolean {
  const added = rows.filter((row) => row.op === 'add' && isTelling(row.text));
  const keys = asNew(rows).map((row) => row.text.trim());
  return added.length > 0 && keys.length > 1 && findRuns(keys, index.trimmed, index.positions, 2).length === 1;
}

function candidatesOf(index: LineIndex, matches: readonly Match[]): Candidate[] {
  return matches.slice(0, 5).map((match) => candidateFrom(index, match.range, match.rank === 0 ? 1 : match.confidence));
}

export function failed(reason: FailureReason, candidates: readonly Candidate[] = []): Placement {
  return { placed: false, reason, candidates };
}
