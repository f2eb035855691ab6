/** Placeholder until trained. */
export const TOKEN_FEATURES: readonly string[] = Array.from({ length: 4 * 6 + 8 + 2 + 4 * 5 }, (_, k) => String(k));
const WEIGHTS = new Float32Array(TOKEN_FEATURES.length);
for (let e = 0; e < 4; e++) for (let b = 0; b < 4; b++) WEIGHTS[e * 6 + b] = [1, 2, 3, 5][b]!;
export function setWeights(w: Float32Array) {
  WEIGHTS.set(w);
}
export function tokenScore(features: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < features.length; at++) sum += features[at]! * WEIGHTS[at]!;
  return sum;
}
