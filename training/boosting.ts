/** An example: its features as columns, and whether it came true. */
export interface Outcome {
  readonly features: ArrayLike<number>;
  readonly happened: boolean;
  /** How much it counts. */
  readonly weight: number;
}

/** `low` where the column is at most `limit`, else `high`. A leaf is what it adds to the log-odds. */
export type Tree =
  | number
  | { readonly column: number; readonly limit: number; readonly low: Tree; readonly high: Tree };

export interface Boosted {
  /** Log-odds of an example of which nothing is known. */
  readonly bias: number;
  readonly trees: readonly Tree[];
}

export interface BoostingOptions {
  readonly trees?: number;
  readonly leaves?: number;
  readonly rate?: number;
  /** Shrinks the leaves: as if each held so much more curvature that pulls to 0. */
  readonly shrinkage?: number;
  /** Examples in a leaf, at least. */
  readonly least?: number;
  /** Different limits tried in a column. */
  readonly bins?: number;
  /** Of each column: 1 where more of it never lowers the odds, -1 where it never raises them, 0 where it may do either. */
  readonly directions?: readonly (-1 | 0 | 1)[];
}

/**
 * Gradient boosted trees for log-odds: each tree a Newton step (Chen and Guestrin, "XGBoost", 2016), grown leaf by leaf where that gains most (Ke et al., "LightGBM", 2017), over binned
 * columns. All examples and all columns take part in every tree, so it is deterministic without a seed.
 */
export function fitBoosted(
  outcomes: readonly Outcome[],
  { trees = 100, leaves = 8, rate = 0.12, shrinkage = 5, least = 60, bins = 63, directions = [] }: BoostingOptions = {},
): Boosted {
  const width = outcomes[0]?.features.length ?? 0;
  const columns = Array.from({ length: width }, (_, column) => binned(outcomes, column, bins));
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0);
  const came = outcomes.reduce((sum, { weight, happened }) => sum + (happened ? weight : 0), 0);
  const bias = Math.log(Math.max(1e-6, came) / Math.max(1e-6, total - came));
  const odds = new Float64Array(outcomes.length).fill(bias);
  const slope = new Float64Array(outcomes.length);
  const curve = new Float64Array(outcomes.length);
  const grown: Tree[] = [];
  for (let round = 0; round < trees; round++) {
    for (const [row, { happened, weight }] of outcomes.entries()) {
      const share = 1 / (1 + Math.exp(-odds[row]!));
      slope[row] = weight * (share - (happened ? 1 : 0));
      curve[row] = weight * share * (1 - share);
    }
    grown.push(growTree(columns, slope, curve, odds, { leaves, rate, shrinkage, least, directions }));
  }
  return { bias, trees: grown };
}

export function oddsOf({ bias, trees }: Boosted, features: ArrayLike<number>): number {
  let odds = bias;
  for (const tree of trees) odds += leafOf(tree, features);
  return odds;
}

function leafOf(tree: Tree, features: ArrayLike<number>): number {
  let at = tree;
  while (typeof at !== 'number') at = features[at.column]! <= at.limit ? at.low : at.high;
  return at;
}

interface Column {
  /** Bin of each example. */
  readonly bin: Uint8Array;
  /** Between a bin and the next one. */
  readonly limits: readonly number[];
}

/** Bins with about as many examples each. */
function binned(outcomes: readonly Outcome[], column: number, bins: number): Column {
  const values = Float64Array.from(outcomes, ({ features }) => features[column]!).sort();
  const limits: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const value = values[Math.floor((bin * values.length) / bins)]!;
    let above = Math.floor((bin * values.length) / bins);
    while (above < values.length && values[above] === value) above++;
    const limit = above < values.length ? rounded((value + values[above]!) / 2, value, values[above]!) : undefined;
    if (limit !== undefined && limit !== limits.at(-1)) limits.push(limit);
  }
  // What is rare stands at the low end too: a flag that is mostly 1.
  const first = values.findIndex((value) => value > values[0]!);
  if (first > 0) {
    const limit = rounded((values[0]! + values[first]!) / 2, values[0]!, values[first]!);
    if (limits[0] === undefined || limit < limits[0]) limits.unshift(limit);
  }
  // A flag that is mostly 0.
  const last = values.findLastIndex((value) => value < values.at(-1)!);
  if (last >= 0) {
    const limit = rounded((values[last]! + values.at(-1)!) / 2, values[last]!, values.at(-1)!);
    if (limits.at(-1) === undefined || limit > limits.at(-1)!) limits.push(limit);
  }
  const bin = Uint8Array.from(outcomes, ({ features }) => {
    let low = 0;
    let high = limits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (features[column]! <= limits[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  return { bin, limits };
}

/** As few decimals as still tell the two values apart. */
function rounded(value: number, below: number, above: number): number {
  for (let decimals = 1; decimals < 6; decimals++) {
    const short = Number(value.toFixed(decimals));
    if (short >= below && short < above) return short;
  }
  return value;
}

/** A node that may still be split. */
interface Node {
  readonly rows: Int32Array;
  readonly bounds: Bounds;
  readonly best: Split | undefined;
  split?: { readonly column: number; readonly limit: number; readonly low: Node; readonly high: Node };
}

/** What a leaf may be at least and at most, so that no leaf beyond a split of a directed column goes against it. */
type Bounds = readonly [least: number, most: number];

interface Split {
  readonly gain: number;
  /** The best leaves on both sides. */
  readonly values: readonly [low: number, high: number];
  readonly column: number;
  readonly bin: number;
}

interface Growing {
  readonly leaves: number;
  readonly rate: number;
  readonly shrinkage: number;
  readonly least: number;
  readonly directions: readonly (-1 | 0 | 1)[];
}

/** Grows one tree and adds its leaves to the odds of the examples. */
function growTree(
  columns: readonly Column[],
  slope: Float64Array,
  curve: Float64Array,
  odds: Float64Array,
  options: Growing,
): Tree {
  const node = (rows: Int32Array, bounds: Bounds): Node => ({
    rows,
    bounds,
    best: bestSplit(rows, bounds, columns, slope, curve, options),
  });
  const root = node(
    Int32Array.from(slope, (_, row) => row),
    [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  );
  const open: Node[] = [root];
  while (open.length < options.leaves) {
    let most: Node | undefined;
    for (const each of open) if (each.best && each.best.gain > (most?.best?.gain ?? 0)) most = each;
    if (!most) break;
    const { column, bin, values } = most.best!;
    const { bin: bins, limits } = columns[column]!;
    const [below, above] = boundsOfSides(most.bounds, values, options.directions[column] ?? 0);
    const low = node(
      most.rows.filter((row) => bins[row]! <= bin),
      below,
    );
    const high = node(
      most.rows.filter((row) => bins[row]! > bin),
      above,
    );
    most.split = { column, limit: limits[bin]!, low, high };
    open.splice(open.indexOf(most), 1, low, high);
  }
  const treeOf = ({ rows, split, bounds }: Node): Tree => {
    if (split) return { column: split.column, limit: split.limit, low: treeOf(split.low), high: treeOf(split.high) };
    let [first, second] = [0, 0];
    for (const row of rows) {
      first += slope[row]!;
      second += curve[row]!;
    }
    const value = options.rate * bounded(-first / (second + options.shrinkage), bounds);
    for (const row of rows) odds[row]! += value;
    return value;
  };
  return treeOf(root);
}

function bounded(value: number, [least, most]: Bounds): number {
  return Math.min(most, Math.max(least, value));
}

function boundsOfSides(
  bounds: Bounds,
  [low, high]: readonly [number, number],
  direction: -1 | 0 | 1,
): readonly [low: Bounds, high: Bounds] {
  const middle = (low + high) / 2;
  const [least, most] = bounds;
  if (direction === 0) return [bounds, bounds];
  return direction > 0
    ? [
        [least, middle],
        [middle, most],
      ]
    : [
        [middle, most],
        [least, middle],
      ];
}

function bestSplit(
  rows: Int32Array,
  bounds: Bounds,
  columns: readonly Column[],
  slope: Float64Array,
  curve: Float64Array,
  { shrinkage, least, directions }: Growing,
): Split | undefined {
  if (rows.length < 2 * least) return undefined;
  let [first, second] = [0, 0];
  for (const row of rows) {
    first += slope[row]!;
    second += curve[row]!;
  }
  const leaf = (sum: number, bend: number) => bounded(-sum / (bend + shrinkage), bounds);
  const worth = (sum: number, bend: number, value: number) => -(2 * sum + (bend + shrinkage) * value) * value;
  const whole = worth(first, second, leaf(first, second));
  let best: Split | undefined;
  for (const [column, { bin, limits }] of columns.entries()) {
    if (limits.length === 0) continue;
    const size = limits.length + 1;
    const slopes = new Float64Array(size);
    const curves = new Float64Array(size);
    const counts = new Int32Array(size);
    for (const row of rows) {
      const at = bin[row]!;
      slopes[at]! += slope[row]!;
      curves[at]! += curve[row]!;
      counts[at]!++;
    }
    let [sum, bend, count] = [0, 0, 0];
    for (let at = 0; at < limits.length; at++) {
      sum += slopes[at]!;
      bend += curves[at]!;
      count += counts[at]!;
      if (count < least) continue;
      if (rows.length - count < least) break;
      const [low, high] = [leaf(sum, bend), leaf(first - sum, second - bend)];
      if ((high - low) * (directions[column] ?? 0) < 0) continue;
      const gain = worth(sum, bend, low) + worth(first - sum, second - bend, high) - whole;
      if (gain > 1e-9 && gain > (best?.gain ?? 0)) best = { gain, values: [low, high], column, bin: at };
    }
  }
  return best;
}
