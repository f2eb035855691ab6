/** One example: feature values by name and the outcome. */
export interface Example {
  readonly features: Readonly<Record<string, number>>;
  readonly accepted: boolean;
}

export interface LogisticModel {
  readonly bias: number;
  readonly features: Readonly<Record<string, number>>;
}

/**
 * Logistic regression by full-batch gradient descent with momentum and L2, from zero: deterministic, no seed needed.
 * @param l2 penalty per weight, relative to the mean loss of one example
 */
export function fitLogistic(examples: readonly Example[], l2 = 1e-3, rounds = 3_000, rate = 0.3): LogisticModel {
  const names = [...new Set(examples.flatMap((example) => Object.keys(example.features)))].sort();
  const scale = names.map((name) =>
    Math.max(1e-9, ...examples.map((example) => Math.abs(example.features[name] ?? 0))),
  );
  const rows = examples.map((example) => names.map((name, column) => (example.features[name] ?? 0) / scale[column]!));
  const weights = new Array<number>(names.length + 1).fill(0);
  const velocity = new Array<number>(names.length + 1).fill(0);
  for (let round = 0; round < rounds; round++) {
    const gradient = new Array<number>(names.length + 1).fill(0);
    rows.forEach((row, index) => {
      let odds = weights[names.length]!;
      for (let column = 0; column < row.length; column++) odds += weights[column]! * row[column]!;
      const error = 1 / (1 + Math.exp(-odds)) - (examples[index]!.accepted ? 1 : 0);
      for (let column = 0; column < row.length; column++) gradient[column]! += error * row[column]!;
      gradient[names.length]! += error;
    });
    for (let column = 0; column < weights.length; column++) {
      const penalty = column < names.length ? l2 * weights[column]! : 0;
      velocity[column] = 0.9 * velocity[column]! - rate * (gradient[column]! / rows.length + penalty);
      weights[column]! += velocity[column]!;
    }
  }
  return {
    bias: weights[names.length]!,
    features: Object.fromEntries(names.map((name, column) => [name, weights[column]! / scale[column]!])),
  };
}

export function probability(model: LogisticModel, features: Readonly<Record<string, number>>): number {
  let odds = model.bias;
  for (const [name, weight] of Object.entries(model.features)) odds += weight * (features[name] ?? 0);
  return 1 / (1 + Math.exp(-odds));
}
