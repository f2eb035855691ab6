import { type Base, fileAt } from './base.ts';
import { DEPTH, narrow, type Range } from './suffix-array.ts';

/**
 * Lengths of context that the model tells apart. A match of length `n` counts for every level up to the largest that is not longer.
 * Two orders more or less hardly differ, so 8 levels cost half of 16 and predict as well.
 */
export const LEVELS: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 12, 16];
const LEVEL_OF = Uint8Array.from({ length: DEPTH + 1 }, (_, length) =>
  LEVELS.findLastIndex((level) => level <= length),
);

/** Earlier places alike to a context: what came next there, and how alike. Reused from call to call: read it before asking again. */
export class Matches {
  next = new Int32Array(512);
  level = new Uint8Array(512);
  weight = new Float32Array(512);
  /** How many places the entry stands for, as not every one is looked at. */
  places = new Float32Array(512);
  size = 0;

  clear(): void {
    this.size = 0;
  }

  add(next: number, length: number, weight: number, places: number): void {
    if (this.size === this.next.length) this.#grow();
    this.next[this.size] = next;
    this.level[this.size] = LEVEL_OF[Math.min(length, DEPTH)]!;
    this.weight[this.size] = weight * places;
    this.places[this.size++] = places;
  }

  #grow(): void {
    const { next, level, weight, places } = this;
    this.next = new Int32Array(next.length * 2);
    this.next.set(next);
    this.level = new Uint8Array(level.length * 2);
    this.level.set(level);
    this.weight = new Float32Array(weight.length * 2);
    this.weight.set(weight);
    this.places = new Float32Array(places.length * 2);
    this.places.set(places);
  }
}

/** Places looked at per ring: those with a context of one length, but no longer. */
const RING_SAMPLE = 32;
/** Places looked at in all; the longest contexts come first. */
const SAMPLE = 140;

/**
 * Places of the frozen stream alike to `context` (newest last). Rings of more than `RING_SAMPLE` places are sampled evenly and weighted up, so that the
 * counts stay unbiased; `effort` multiplies the sample. `weightOf` weighs a file; 0 leaves it out.
 */
export function matchBase(
  base: Base,
  stream: Int32Array,
  order: Int32Array,
  context: ArrayLike<number>,
  weightOf: Float32Array,
  found: Matches,
  effort = 1,
): void {
  if (stream.length === 0) return;
  RANGE_FROM[0] = 0;
  RANGE_TO[0] = order.length;
  let depth = 0;
  let range: Range = { from: 0, to: order.length };
  while (depth < DEPTH && depth < context.length) {
    range = narrow(stream, order, range, depth + 1, context[context.length - 1 - depth]!);
    if (range.from === range.to) break;
    depth++;
    RANGE_FROM[depth] = range.from;
    RANGE_TO[depth] = range.to;
  }
  let innerFrom = 0;
  let innerTo = 0;
  let budget = SAMPLE * effort;
  for (let length = depth; length >= 1 && budget > 0; length--) {
    const from = RANGE_FROM[length]!;
    const to = RANGE_TO[length]!;
    const inner = innerTo - innerFrom;
    const ring = to - from - inner;
    if (ring > 0) {
      const take = Math.min(ring, RING_SAMPLE * effort, budget);
      const share = ring / take;
      for (let k = 0; k < take; k++) {
        let slot = from + Math.floor((k + 0.5) * share);
        if (inner > 0 && slot >= innerFrom) slot += inner;
        const at = order[slot]!;
        const weight = weightOf[fileAt(base, at)]!;
        if (weight > 0) found.add(stream[at]!, length, weight, share);
      }
      budget -= take;
    }
    innerFrom = from;
    innerTo = to;
  }
}

const RANGE_FROM = new Int32Array(DEPTH + 1);
const RANGE_TO = new Int32Array(DEPTH + 1);

/** A stretch of a stream that is not to be learned from: what the cursor stands in. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** Places that weigh differently from others; 0 leaves them out. */
export interface Marks {
  readonly at: Uint8Array;
  readonly marked: number;
  readonly others: number;
}

/** How far a place weighs more for being near the cursor, in tokens, and how much more at most. */
const NEAR = 250;
const NEAR_BONUS = 3;

/**
 * Places of an open text alike to `context`, by looking at every one: 5,000 tokens take 5 us, and nothing has to be kept in order while the user
 * types. `cursor` is the token index that near places are near to, or -1; `weight` is the text's.
 */
export function matchText(
  stream: Int32Array,
  context: ArrayLike<number>,
  hole: Hole,
  cursor: number,
  weight: number,
  found: Matches,
  marks?: Marks,
): void {
  const last = context.length - 1;
  if (last < 0) return;
  const token = context[last]!;
  for (let at = 1; at < stream.length; at++) {
    if (stream[at - 1] !== token || (at >= hole.from && at < hole.to)) continue;
    const factor = marks ? (marks.at[at] === 1 ? marks.marked : marks.others) : 1;
    if (factor === 0) continue;
    let length = 1;
    while (
      length < DEPTH &&
      length <= last &&
      at - 1 - length >= 0 &&
      stream[at - 1 - length] === context[last - length]
    )
      length++;
    const near = cursor < 0 ? 1 : 1 + NEAR_BONUS * Math.exp(-Math.abs(at - cursor) / NEAR);
    found.add(stream[at]!, length, weight * near * factor, 1);
  }
}

/** Exact number of places where the longest part of `context` that occurs in the frozen stream does, and its length in tokens. */
export function countContext(base: Base, context: ArrayLike<number>): { length: number; count: number } {
  const { length, range } = longestContext(base, context);
  return { length, count: range.to - range.from };
}

/** A place where the longest part of `context` that occurs in the frozen stream does; -1 where not even its last token occurs. */
export function latestPlace(base: Base, context: ArrayLike<number>): number {
  const { length, range } = longestContext(base, context);
  return length === 0 ? -1 : base.order[range.to - 1]!;
}

function longestContext(base: Base, context: ArrayLike<number>): { length: number; range: Range } {
  let range: Range = { from: 0, to: base.order.length };
  let length = 0;
  while (length < DEPTH && length < context.length) {
    const next = narrow(base.symbols, base.order, range, length + 1, context[context.length - 1 - length]!);
    if (next.from === next.to) break;
    range = next;
    length++;
  }
  return { length, range };
}
