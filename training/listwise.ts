/** A query: the features of its candidates and which of them is right. */
export interface RankingExample {
  readonly rows: readonly Float64Array[];
  readonly right: number;
}

/**
 * Weights of the columns for which the right candidates stand first: softmax over the candidates of each query, cross entropy, full-batch gradient
 * descent with momentum and L2 from zero (ListNet with one right answer, Cao et al. 2007). Deterministic.
 */
export function fitRanking(
  examples: readonly RankingExample[],
  columns: readonly number[],
  l2 = 1e-4,
  rounds = 150,
  rate = 1,
): number[] {
  const scale = columns.map((column) =>
    Math.max(
      1e-9,
      ...examples.map(({ rows }) => rows.reduce((most, row) => Math.max(most, Math.abs(row[column]!)), 0)),
    ),
  );
  const weights = new Array<number>(columns.length).fill(0);
  const velocity = new Array<number>(columns.length).fill(0);
  for (let round = 0; round < rounds; round++) {
    const gradient = new Array<number>(columns.length).fill(0);
    for (const { rows, right } of examples) {
      const scores = rows.map((row) =>
        columns.reduce((total, column, index) => total + (weights[index]! * row[column]!) / scale[index]!, 0),
      );
      const most = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - most));
      const total = shares.reduce((sum, share) => sum + share, 0);
      for (const [at, row] of rows.entries()) {
        const error = shares[at]! / total - (at === right ? 1 : 0);
        if (Math.abs(error) > 1e-6)
          for (const [index, column] of columns.entries()) gradient[index]! += (error * row[column]!) / scale[index]!;
      }
    }
    for (let index = 0; index < weights.length; index++) {
      velocity[index] = 0.9 * velocity[index]! - rate * (gradient[index]! / examples.length + l2 * weights[index]!);
      weights[index]! += velocity[index]!;
    }
  }
  return weights.map((weight, index) => weight / scale[index]!);
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
