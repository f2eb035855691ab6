import type { Row } from '../edit.ts';
import { isTelling } from '../place/placement.ts';
import { bracketBalance, isBalanced } from './balance.ts';
import { areWholeBlocks, LARGEST_DELETION } from './deletion.ts';
import type { Segment } from './snippet.ts';
import type { MergeState } from './state.ts';

/** What a segment shows of the document around its changes. */
export interface ShownAround {
  /** Telling lines before the first change. */
  readonly head: number;
  /** Telling lines behind the last change. */
  readonly tail: number;
  /** Whether they are all that the document has on that side. */
  readonly reaches: { readonly start: boolean; readonly end: boolean };
  /** How many of the head's telling lines stand further up as well, so that what is between might be meant to go. */
  readonly mayReachUp: readonly number[];
}

export function shownAround(
  state: MergeState,
  segment: Segment,
  first: number,
  last: number,
  rows: readonly Row[],
): ShownAround {
  const { index, partners } = state;
  const telling = (part: readonly Row[]) => part.filter((row) => isTelling(row.text)).length;
  const head = rows.slice(
    0,
    Math.max(
      0,
      rows.findIndex((row) => row.op !== 'keep'),
    ),
  );
  const tail = rows.slice(rows.findLastIndex((row) => row.op !== 'keep') + 1);
  return {
    head: telling(head),
    tail: telling(tail),
    reaches: {
      start: !index.trimmed.slice(0, partners[first]!).some(isTelling),
      end: !index.trimmed.slice(partners[last]! + 1).some(isTelling),
    },
    mayReachUp: reachesUp(state, segment, first, head.length),
  };
}

/**
 * Whether a segment shows more lines before its first change than on another side of a change, and so many of them as there stand
 * further up as well: these may be there for another change, that what stands behind them there goes. It is the side that shows
 * least that tells how many lines the writer shows: the line that opens a block, or what a placeholder would not be worth, makes
 * others longer. Sides where the document has no more say nothing, nor do segments without a change.
 */
export function showsTooMuch(own: ShownAround, all: readonly ShownAround[]): boolean {
  const others = all.flatMap((other) => [
    ...(other === own || other.reaches.start ? [] : [other.head]),
    ...(other.reaches.end ? [] : [other.tail]),
  ]);
  const fewest = Math.min(...others.filter((count) => count > 0));
  if (own.head > fewest && own.mayReachUp.includes(fewest)) return true;
  return others.every((count) => own.head > count) && own.mayReachUp.some((count) => others.includes(count));
}

/**
 * Counts of telling lines for which the first lines of a segment, with the brackets behind them, stand further up, as deep as here
 * and with whole blocks between the two places. `limit` is how many lines there are before the first change.
 */
function reachesUp(state: MergeState, segment: Segment, first: number, limit: number): number[] {
  const { trimmed } = state.index;
  const start = state.partners[first]!;
  const behind = state.partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  const telling = Array.from({ length: limit }, (_, k) => k).filter((k) => isTelling(trimmed[start + k]!));
  const counts: number[] = [];
  for (let count = 1; count < telling.length && count <= MOST_SHOWN; count++) {
    if (standsUp(state, start, behind, telling[count - 1]! + 1, telling[count]!)) counts.push(count);
  }
  return counts;
}

/** Whether as few as `fewest` lines from `start` on, or some more up to `most`, stand above, with whole blocks in between. */
function standsUp(state: MergeState, start: number, behind: number, fewest: number, most: number): boolean {
  const { index } = state;
  const { lines } = index.document;
  for (let at = Math.max(behind, start - LARGEST_DELETION); at + fewest <= start; at++) {
    for (let length = 0; length < most && at + length < start && lines[at + length] === lines[start + length]; ) {
      length++;
      if (length < fewest || lines[at + length - 1]!.trim() === '') continue;
      const isBalancedGap = isBalanced(bracketBalance(lines.slice(at + length, start + length)));
      if (isBalancedGap && areWholeBlocks(index, at + length, start + length)) return true;
    }
  }
  return false;
}

/** Lines shown beside a change, at most, that tell how many its writer shows. */
const MOST_SHOWN = 6;

/**
 * Whether the document's lines right outside of a segment come again as new ones behind the segment's first lines, or before its
 * last ones, and make half of what is new there: then these changed places with the lines the segment was found by.
 */
export function isTurned(state: MergeState, anchors: readonly number[]): boolean {
  const { index, snippet, partners } = state;
  const turned = (order: readonly number[], step: 1 | -1) => {
    const edge = order.find((i) => isTelling(snippet.trimmed[i]!));
    const behind = edge === undefined ? -1 : order.findIndex((i, k) => k > 0 && (i - order[k - 1]!) * step > 1);
    if (edge === undefined || behind < 0) return false;
    const fresh: string[] = [];
    for (let i = order[behind]! - step; i !== order[behind - 1]!; i -= step)
      if (isTelling(snippet.trimmed[i]!)) fresh.push(snippet.trimmed[i]!);
    let outside = partners[order[0]!]! - step;
    let same = 0;
    for (; same < fresh.length && index.trimmed[outside] !== undefined; outside -= step) {
      if (!isTelling(index.trimmed[outside]!)) continue;
      if (index.trimmed[outside] !== fresh[same]) break;
      same++;
    }
    return same > 0 && same * 2 >= fresh.length;
  };
  return turned(anchors, 1) || turned([...anchors].reverse(), -1);
}

/** Whether a segment begins or ends amid lines that are the same: how many of them there are to be is then not shown. */
export function cutsRepetition(state: MergeState, first: number, last: number): boolean {
  const { trimmed } = state.index;
  const [start, end] = [state.partners[first]!, state.partners[last]!];
  const again = (line: number, next: number) => isTelling(trimmed[line]!) && trimmed[line] === trimmed[next];
  return again(start, start - 1) || again(end, end + 1);
}
