import type { Row } from '../edit.ts';
import { isTelling } from '../place/placement.ts';
import { bracketBalance, isBalanced } from './balance.ts';
import { LARGEST_DELETION } from './deletion.ts';
import type { Segment } from './snippet.ts';
import type { MergeState } from './state.ts';

/** What a segment shows of the document around its changes. */
export interface ShownAround {
  /** Telling lines before the first change. */
  readonly head: number;
  /** Telling lines behind the last change. */
  readonly tail: number;
  /** Whether the first of the head's lines stand further up as well, so that what is between might be meant to go. */
  readonly mayReachUp: boolean;
}

export function shownAround(state: MergeState, segment: Segment, first: number, rows: readonly Row[]): ShownAround {
  const telling = (part: readonly Row[]) => part.filter((row) => isTelling(row.text)).length;
  const head = rows.slice(
    0,
    Math.max(
      0,
      rows.findIndex((row) => row.op !== 'keep'),
    ),
  );
  const tail = rows.slice(rows.findLastIndex((row) => row.op !== 'keep') + 1);
  return { head: telling(head), tail: telling(tail), mayReachUp: mayReachUp(state, segment, first, head.length) };
}

/**
 * Whether a segment shows more lines before its first change than are shown on any other side of a change: these may then be
 * there for another change, that what stands behind the first of them goes.
 */
export function showsTooMuch(own: ShownAround, all: readonly ShownAround[]): boolean {
  if (!own.mayReachUp) return false;
  return all.every((other) => own.head > other.tail && (other === own || own.head > other.head));
}

/**
 * Whether the first lines of a segment, up to the first telling one and the brackets behind it, stand further up, as deep as here
 * and with whole blocks between the two places. `limit` is how many lines there are before the first change.
 */
function mayReachUp(state: MergeState, segment: Segment, first: number, limit: number): boolean {
  const { trimmed, document } = state.index;
  const start = state.partners[first]!;
  const behind = state.partners.slice(0, segment.start).reduce((a, b) => Math.max(a, b), -1) + 1;
  let length = trimmed.slice(start, start + limit).findIndex(isTelling) + 1;
  while (length > 0 && length < limit && !isTelling(trimmed[start + length]!)) length++;
  if (length === 0 || length >= limit) return false;
  while (trimmed[start + length - 1] === '') length--;
  for (let at = Math.max(behind, start - LARGEST_DELETION); at + length <= start; at++) {
    let k = 0;
    while (k < length && document.lines[at + k] === document.lines[start + k]) k++;
    if (k === length && isBalanced(bracketBalance(document.lines.slice(at + length, start + length)))) return true;
  }
  return false;
}

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
