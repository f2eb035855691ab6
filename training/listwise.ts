/** A query: the features of its candidates and which of them is right. */
export interface RankingExample {
  readonly rows: readonly Float64Array[];
  readonly right: number;
}

export interface FitOptions {
  readonly l2?: number;
  readonly rounds?: number;
  readonly rate?: number;
}

/**
 * Weights of the columns for which the right candidates stand first: softmax over the candidates of each query, cross entropy (ListNet with one right
 * answer, Cao et al. 2007), by Adam on all examples at once from zero, each column in units of its deviation, with L2. Deterministic.
 */
export function fitRanking(
  examples: readonly RankingExample[],
  columns: readonly number[],
  { l2 = 1e-3, rounds = 100, rate = 0.15 }: FitOptions = {},
): number[] {
  const width = columns.length;
  const scale = deviations(examples, columns);
  const flat = examples.map(({ rows, right }) => ({
    right,
    values: Float64Array.from({ length: rows.length * width }, (_, at) => {
      const column = at % width;
      return scale[column] === 0 ? 0 : rows[Math.floor(at / width)]![columns[column]!]! / scale[column]!;
    }),
    count: rows.length,
  }));
  const weights = new Float64Array(width);
  const first = new Float64Array(width);
  const second = new Float64Array(width);
  const gradient = new Float64Array(width);
  for (let round = 1; round <= rounds; round++) {
    gradient.fill(0);
    for (const { values, right, count } of flat) {
      const errors = new Float64Array(count);
      let most = Number.NEGATIVE_INFINITY;
      for (let row = 0; row < errors.length; row++) {
        let score = 0;
        for (let column = 0; column < width; column++) score += weights[column]! * values[row * width + column]!;
        errors[row] = score;
        most = Math.max(most, score);
      }
      let total = 0;
      for (let row = 0; row < errors.length; row++) {
        errors[row] = Math.exp(errors[row]! - most);
        total += errors[row]!;
      }
      for (let row = 0; row < errors.length; row++) {
        const error = errors[row]! / total - (row === right ? 1 : 0);
        if (Math.abs(error) > 1e-6)
          for (let column = 0; column < width; column++) gradient[column]! += error * values[row * width + column]!;
      }
    }
    // The second half of the rounds in ever smaller steps.
    const step = rate * Math.min(1, 2 * (1 - (round - 1) / rounds));
    for (let column = 0; column < width; column++) {
      const slope = gradient[column]! / Math.max(1, examples.length) + l2 * weights[column]!;
      first[column] = 0.9 * first[column]! + 0.1 * slope;
      second[column] = 0.95 * second[column]! + 0.05 * slope * slope;
      weights[column]! -=
        (step * first[column]!) / (1 - 0.9 ** round) / (Math.sqrt(second[column]! / (1 - 0.95 ** round)) + 1e-8);
    }
  }
  return Array.from(weights, (weight, column) => (scale[column] === 0 ? 0 : weight / scale[column]!));
}

/** Standard deviations of the columns over all rows; 0 for what is the same everywhere. */
function deviations(examples: readonly RankingExample[], columns: readonly number[]): number[] {
  return columns.map((column) => {
    let count = 0;
    let mean = 0;
    let squares = 0;
    for (const { rows } of examples)
      for (const row of rows) {
        const value = row[column]!;
        count++;
        const off = value - mean;
        mean += off / count;
        squares += off * (value - mean);
      }
    const deviation = Math.sqrt(squares / Math.max(1, count));
    return deviation < 1e-6 ? 0 : deviation;
  });
}

/** So many parts of the packages in turns: each with what all other packages have. */
export function foldsOf<T extends { readonly package: string }>(
  examples: readonly T[],
  folds: number,
): { readonly held: readonly T[]; readonly rest: readonly T[] }[] {
  const packages = [...new Set(examples.map((example) => example.package))];
  return Array.from({ length: folds }, (_, fold) => {
    const out = new Set(packages.filter((_name, index) => index % folds === fold));
    return {
      held: examples.filter((example) => out.has(example.package)),
      rest: examples.filter((example) => !out.has(example.package)),
    };
  });
}

/** Mean of 1 / rank of the right candidate, 0 beyond the tenth. */
export function reciprocalRank(
  examples: readonly RankingExample[],
  weights: readonly number[],
  columns: readonly number[],
): number {
  let total = 0;
  for (const { rows, right } of examples) {
    const scoreOf = (row: Float64Array) =>
      columns.reduce((sum, column, index) => sum + weights[index]! * row[column]!, 0);
    const mine = scoreOf(rows[right]!);
    const rank = rows.filter((row) => scoreOf(row) > mine).length + 1;
    total += rank <= 10 ? 1 / rank : 0;
  }
  return total / Math.max(1, examples.length);
}
