import type { Hunk, LineRange, Row } from '../edit.ts';
import { looseKey } from './line-index.ts';
import type { Narrow } from './place.ts';
import type { Match, Placement } from './placement.ts';

/**
 * What the other hunks of an edit say about an ambiguous one. Twins (hunks with the same rows) take the equal places among
 * them when there are as many places as twins: the result is the same whichever goes where. Line numbers count when the
 * header agrees with its rows and other hunks were found exactly where their headers say; rising numbers bound a hunk by
 * its neighbours.
 */
export function narrowByOtherHunks(
  hunks: readonly Hunk[],
  placements: readonly Placement[],
  at: number,
  trust: 'confirmed' | 'trusted' | 'ignored',
): Narrow {
  const hunk = hunks[at]!;
  const twins = hunks.flatMap((other, i) => (sameRows(hunk.rows, other.rows) ? [i] : []));
  const believed =
    hunk.numbers !== undefined && trust !== 'ignored' && numbersHold(hunks, placements, at, trust === 'trusted');
  const bounds = risingBounds(hunks, placements, at);
  return (matches) => {
    if (twins.length > 1 && twins.length === matches.length && !hunk.anchors && apart(matches))
      return [matches[twins.indexOf(at)]!];
    let left = matches;
    if (bounds) {
      const within = left.filter((m) => m.range.start >= bounds.low && m.range.end <= bounds.high);
      if (within.length > 0) left = within;
    }
    if (left.length > 1 && believed) {
      const there = left.filter((m) => m.range.start === startOf(hunk));
      if (there.length === 1) left = there;
    }
    return left;
  };
}

/** 0-based first line of a hunk as its header says; a header without old lines names the line before. */
const startOf = (hunk: Hunk) => hunk.numbers!.oldStart - (hunk.numbers!.oldCount === 0 ? 0 : 1);

function countsHold(hunk: Hunk): boolean {
  const { numbers, rows } = hunk;
  if (!numbers) return false;
  const old = rows.filter((row) => row.op !== 'add').length;
  const fresh = rows.filter((row) => row.op !== 'remove').length;
  return (numbers.oldCount ?? 1) === old && (numbers.newCount ?? 1) === fresh;
}

/** Headers are believed when they agree with themselves (counts, running difference of new and old start) and with every
 * hunk that was found by its text alone, of which there has to be one further down. */
function numbersHold(hunks: readonly Hunk[], placements: readonly Placement[], at: number, alone: boolean): boolean {
  let shift = 0;
  let previous = -1;
  let confirmed = 0;
  for (const [i, hunk] of hunks.entries()) {
    if (
      !countsHold(hunk) ||
      hunk.numbers!.newStart - hunk.numbers!.oldStart !== shift ||
      hunk.numbers!.oldStart <= previous
    )
      return false;
    shift += (hunk.numbers!.newCount ?? 1) - (hunk.numbers!.oldCount ?? 1);
    previous = hunk.numbers!.oldStart;
    const placement = placements[i]!;
    if (i === at || !placement.placed) continue;
    if (placement.match.range.start !== startOf(hunk)) return false;
    // Only one further down: what was put in between two hunks does not move the first of them.
    if (i > at) confirmed++;
  }
  return alone || confirmed > 0;
}

/** Lines between the nearest hunks before and after that are placed, where all headers rise and all found places do. */
function risingBounds(
  hunks: readonly Hunk[],
  placements: readonly Placement[],
  at: number,
): { low: number; high: number } | undefined {
  let lastNumber = -1;
  let lastLine = -1;
  let low: number | undefined;
  let high: number | undefined;
  for (const [i, hunk] of hunks.entries()) {
    if (!hunk.numbers || hunk.numbers.oldStart <= lastNumber) return undefined;
    lastNumber = hunk.numbers.oldStart;
    const placement = placements[i]!;
    if (!placement.placed) continue;
    if (placement.match.range.start < lastLine) return undefined;
    lastLine = placement.match.range.end;
    if (i < at) low = placement.match.range.end;
    else if (high === undefined) high = placement.match.range.start;
  }
  // Both sides: the numbers alone have been wrong too often to say "somewhere behind".
  return low !== undefined && high !== undefined ? { low, high } : undefined;
}

const apart = (matches: readonly Match[]) =>
  matches.every((m, i) => i === 0 || m.range.start >= matches[i - 1]!.range.end);

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, i) => row.op === b[i]!.op && row.text === b[i]!.text);
}

/**
 * Hunks placed with tolerance whose old lines are, white space aside, those of one that has no certain place: where the two
 * are not told apart by their depth, which is where is open.
 */
export function doubtfulTwins(
  hunks: readonly Hunk[],
  placements: readonly Placement[],
): { at: number; range: LineRange }[] {
  const old = hunks.map((hunk) =>
    hunk.rows.flatMap((row) => (row.op === 'add' || row.text.trim() === '' ? [] : [looseKey(row.text)])).join('\n'),
  );
  return placements.flatMap((placement, i) => {
    if (!placement.placed || placement.match.rank === 0) return [];
    const twin = placements.some(
      (other, k) => k !== i && !other.placed && other.reason === 'ambiguous' && old[k] === old[i],
    );
    return twin ? [{ at: i, range: placement.match.range }] : [];
  });
}
