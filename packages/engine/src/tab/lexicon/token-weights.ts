import weightsFile from './token-weights.json' with { type: 'json' };

/** The columns that there are weights for. */
export const TOKEN_FEATURES: readonly string[] = Object.keys(weightsFile.weights);
const WEIGHTS = Float64Array.from(Object.values(weightsFile.weights));

/** The utility of a candidate in the conditional logit: its share is `exp` of this among all candidates'. */
export function tokenScore(features: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < WEIGHTS.length; at++) sum += features[at]! * WEIGHTS[at]!;
  return sum;
}
