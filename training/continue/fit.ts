/** One choice: the features of each option, the one that came true, as an index. */
export interface Choice {
  readonly options: readonly Float32Array[];
  readonly chosen: number;
}

/** Weights of a conditional logit (softmax over the options of each choice) by Adam; deterministic for a given `random`. */
export function fitChoices(choices: readonly Choice[], width: number, random: () => number, epochs = 12): Float64Array {
  const weights = new Float64Array(width);
  const adam = adamOf(width);
  const order = [...choices];
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    const rate = 0.04 * 0.75 ** epoch;
    for (let from = 0; from < order.length; from += 64) {
      const gradient = new Float64Array(width);
      const batch = order.slice(from, from + 64);
      for (const { options, chosen } of batch) {
        const shares = softmax(options.map((features) => dot(weights, features)));
        options.forEach((features, index) => {
          const excess = (shares[index]! - (index === chosen ? 1 : 0)) / batch.length;
          if (Math.abs(excess) > 1e-7) for (let k = 0; k < width; k++) gradient[k]! += excess * features[k]!;
        });
      }
      for (let k = 0; k < width; k++) gradient[k]! += 1e-5 * weights[k]!;
      adam(weights, gradient, rate);
    }
  }
  return weights;
}

/** Mean negative log-likelihood, in nats, and how often the likeliest option was the chosen one. */
export function judgeChoices(choices: readonly Choice[], weights: Float64Array): { nats: number; first: number } {
  let nats = 0;
  let first = 0;
  for (const { options, chosen } of choices) {
    const shares = softmax(options.map((features) => dot(weights, features)));
    nats -= Math.log(shares[chosen]!);
    if (shares[chosen] === Math.max(...shares)) first++;
  }
  return { nats: nats / choices.length, first: first / choices.length };
}

export interface Outcome {
  readonly features: readonly number[];
  readonly happened: boolean;
  /** How much it counts; 1 unless told. */
  readonly weight?: number;
}

/** Weights of a logistic regression, by Newton's method with a little shrinkage. The first feature should be the constant 1. */
export function fitOutcomes(outcomes: readonly Outcome[], rounds = 25): Float64Array {
  const width = outcomes[0]?.features.length ?? 0;
  const weights = new Float64Array(width);
  for (let round = 0; round < rounds; round++) {
    const gradient = new Float64Array(width);
    const curvature = Array.from({ length: width }, (_, k) => {
      const row = new Float64Array(width);
      row[k] = 1;
      return row;
    });
    for (let k = 0; k < width; k++) gradient[k] = weights[k]!;
    for (const { features, happened, weight = 1 } of outcomes) {
      const share = 1 / (1 + Math.exp(-dot(weights, features)));
      const spread = weight * share * (1 - share);
      for (let k = 0; k < width; k++) {
        gradient[k]! += weight * (share - (happened ? 1 : 0)) * features[k]!;
        const row = curvature[k]!;
        const scaled = spread * features[k]!;
        for (let j = 0; j < width; j++) row[j]! += scaled * features[j]!;
      }
    }
    const step = solve(curvature, gradient);
    for (let k = 0; k < width; k++) weights[k]! -= step[k]!;
  }
  return weights;
}

/** Gaussian elimination with pivoting; changes its arguments. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[pivot]![column]!)) pivot = row;
    [matrix[column], matrix[pivot]] = [matrix[pivot]!, matrix[column]!];
    [right[column], right[pivot]] = [right[pivot]!, right[column]!];
    for (let row = column + 1; row < size; row++) {
      const factor = matrix[row]![column]! / matrix[column]![column]!;
      for (let at = column; at < size; at++) matrix[row]![at]! -= factor * matrix[column]![at]!;
      right[row]! -= factor * right[column]!;
    }
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let at = row + 1; at < size; at++) right[row]! -= matrix[row]![at]! * right[at]!;
    right[row]! /= matrix[row]![row]!;
  }
  return right;
}

function dot(weights: Float64Array, features: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * features[k]!;
  return sum;
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

function shuffle<T>(items: T[], random: () => number): void {
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
}

function adamOf(width: number): (weights: Float64Array, gradient: Float64Array, rate: number) => void {
  const first = new Float64Array(width);
  const second = new Float64Array(width);
  let steps = 0;
  return (weights, gradient, rate) => {
    steps++;
    for (let k = 0; k < width; k++) {
      first[k] = 0.9 * first[k]! + 0.1 * gradient[k]!;
      second[k] = 0.99 * second[k]! + 0.01 * gradient[k]! ** 2;
      const mean = first[k]! / (1 - 0.9 ** steps);
      const spread = Math.sqrt(second[k]! / (1 - 0.99 ** steps));
      weights[k]! -= (rate * mean) / (spread + 1e-8);
    }
  };
}
