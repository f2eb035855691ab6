/** Contexts are told apart to this many tokens; longer ones are compared at the positions found. */
export const DEPTH = 16;

/** A range of a suffix array, end exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Positions 0..n-1 of `tokens` sorted by the tokens *before* them read backwards, to at least `DEPTH` of them; before position 0 everything is
 * token 0. Positions after which the same was seen before lie side by side, and the range of a longer context lies within that of the shorter
 * one, so one narrowing search gives every order of an n-gram model at once (the idea of infini-gram, Liu et al. 2024, read backwards).
 * `rank` is room to sort in, at least as long as the tokens; the collector would free it too late where two sorts follow each other.
 * Larsson & Sadakane's doubling stopped at `DEPTH`: 4 rounds, each sorting only what is still tied. 4 million tokens take about 2 s.
 */
export function sortContexts(tokens: Int32Array, into: Int32Array, rank = new Int32Array(tokens.length)): void {
  const n = tokens.length;
  if (n === 0) return;
  const keys = new Int32Array(bucketSort(tokens, into, rank));
  for (let h = 1; h < DEPTH; h *= 2) {
    let at = 0;
    let progress = false;
    while (at < n) {
      const last = rank[into[at]!]!;
      if (last > at) {
        sortGroup(into, rank, keys, at, last + 1, h);
        progress = true;
      }
      at = last + 1;
    }
    if (!progress) break;
  }
}

/** Sorts by the one token before, and ranks every position by the last index of its bucket. Answers the size of the largest bucket: no group is larger. */
function bucketSort(tokens: Int32Array, into: Int32Array, rank: Int32Array): number {
  const n = tokens.length;
  let largest = 0;
  for (let at = 0; at < n; at++) if (tokens[at]! > largest) largest = tokens[at]!;
  const ends = new Int32Array(largest + 2);
  for (let at = 0; at < n; at++) ends[(at === 0 ? 0 : tokens[at - 1]!) + 1]!++;
  for (let token = 1; token < ends.length; token++) ends[token]! += ends[token - 1]!;
  const next = ends.slice();
  for (let at = 0; at < n; at++) {
    const token = at === 0 ? 0 : tokens[at - 1]!;
    into[next[token]!++] = at;
    rank[at] = ends[token + 1]! - 1;
  }
  let widest = 0;
  for (let token = 0; token + 1 < ends.length; token++) widest = Math.max(widest, ends[token + 1]! - ends[token]!);
  return widest;
}

/** Sorts one group by the rank of the position `h` before, then gives the parts their own ranks. `keys` has room for the group. */
function sortGroup(order: Int32Array, rank: Int32Array, keys: Int32Array, from: number, to: number, h: number): void {
  for (let at = from; at < to; at++) {
    const position = order[at]! - h;
    keys[at - from] = position < 0 ? -1 : rank[position]!;
  }
  quicksort(keys, order.subarray(from, to), 0, to - from - 1);
  // Ranks are written after all keys of the group were read, from the back: entries of one part share its last index.
  let last = to - 1;
  for (let at = to - 1; at >= from; at--) {
    if (keys[at - from] !== keys[last - from]) last = at;
    rank[order[at]!] = last;
  }
}

/** Sorts `keys[low..high]` and `values` along with it; three-way, so that the many equal keys of real code cost one pass. */
function quicksort(keys: Int32Array, values: Int32Array, low: number, high: number): void {
  let lo = low;
  let hi = high;
  while (hi - lo > 16) {
    const pivot = medianOf(keys[lo]!, keys[(lo + hi) >>> 1]!, keys[hi]!);
    let less = lo;
    let more = hi;
    let at = lo;
    while (at <= more) {
      const key = keys[at]!;
      if (key < pivot) swap(keys, values, less++, at++);
      else if (key > pivot) swap(keys, values, at, more--);
      else at++;
    }
    if (less - lo < hi - more) {
      quicksort(keys, values, lo, less - 1);
      lo = more + 1;
    } else {
      quicksort(keys, values, more + 1, hi);
      hi = less - 1;
    }
  }
  for (let at = lo + 1; at <= hi; at++) {
    const key = keys[at]!;
    const value = values[at]!;
    let to = at - 1;
    while (to >= lo && keys[to]! > key) {
      keys[to + 1] = keys[to]!;
      values[to + 1] = values[to]!;
      to--;
    }
    keys[to + 1] = key;
    values[to + 1] = value;
  }
}

function swap(keys: Int32Array, values: Int32Array, a: number, b: number): void {
  const key = keys[a]!;
  keys[a] = keys[b]!;
  keys[b] = key;
  const value = values[a]!;
  values[a] = values[b]!;
  values[b] = value;
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

/**
 * The part of `range` whose positions have `token` at `depth` tokens before them (1 is the token just before). `range` must be the result for the
 * depths below, or the whole array for depth 1.
 */
export function narrow(tokens: Int32Array, order: Int32Array, range: Range, depth: number, token: number): Range {
  let lo = range.from;
  let hi = range.to;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    const position = order[middle]! - depth;
    if ((position < 0 ? 0 : tokens[position]!) < token) lo = middle + 1;
    else hi = middle;
  }
  const from = lo;
  hi = range.to;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    const position = order[middle]! - depth;
    if ((position < 0 ? 0 : tokens[position]!) <= token) lo = middle + 1;
    else hi = middle;
  }
  return { from, to: lo };
}
