import type { StaticModel } from '../../packages/engine/src/index/embed/static-model.ts';
import type { Parameters } from './contrast.ts';

/** Rounds each row to int8 by its greatest value; weights go into the scales. */
export function quantised(
  parameters: Parameters,
  tokens: readonly string[],
  hashedRows: number,
): Omit<StaticModel, 'id'> {
  const { dimensions, vectors } = parameters;
  const rows = tokens.length + hashedRows;
  const values = new Int8Array(rows * dimensions);
  const queryScales = new Float32Array(rows);
  const passageScales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let most = 1e-12;
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++) most = Math.max(most, Math.abs(vectors[at]!));
    for (let at = row * dimensions; at < (row + 1) * dimensions; at++)
      values[at] = Math.round((vectors[at]! / most) * 127);
    queryScales[row] = (most / 127) * Math.exp(parameters.queryWeights[row]!);
    passageScales[row] = (most / 127) * Math.exp(parameters.passageWeights[row]!);
  }
  return {
    dimensions,
    tokens: new Map(tokens.map((token, row) => [token, row])),
    hashedRows,
    vectors: values,
    queryScales,
    passageScales,
    queryPlaces: parameters.queryPlaces.map(Math.exp),
    passagePlaces: parameters.passagePlaces.map(Math.exp),
  };
}
