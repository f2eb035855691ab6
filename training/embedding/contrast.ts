import { damped } from '../../packages/engine/src/index/embed/static-embedder.ts';
import { PLACES } from '../../packages/engine/src/index/embed/static-model.ts';
import { instantiateMatrix } from './matrix-wasm.ts';

/** What is learned: a vector per row of the table and the logarithm of its weight on each side. */
export interface Parameters {
  readonly dimensions: number;
  readonly vectors: Float32Array;
  readonly queryWeights: Float32Array;
  readonly passageWeights: Float32Array;
  /** Logarithms too, by `placeOf`. */
  readonly queryPlaces: Float32Array;
  readonly passagePlaces: Float32Array;
}

/** One side of a batch: rows, counts and places of each text. */
export interface Side {
  readonly rows: readonly Int32Array[];
  readonly counts: readonly Float32Array[];
  readonly places: readonly Uint8Array[];
}

export interface TrainerOptions {
  readonly batch: number;
  /** Factor on the cosine before the softmax: 1 / temperature. */
  readonly sharpness: number;
  readonly weightRate: number;
}

/**
 * Symmetric InfoNCE with the other members of the batch as negatives (van den Oord 2018; Radford 2021), gradients by hand, Adam on the rows a batch
 * touches alone (as "lazy Adam": an untouched row keeps its moments).
 */
export async function createTrainer(parameters: Parameters, { batch, sharpness, weightRate }: TrainerOptions) {
  const { dimensions: d, vectors, queryWeights, passageWeights } = parameters;
  const tableRows = queryWeights.length;
  const gradient = new Float32Array(vectors.length);
  const first = new Float32Array(vectors.length);
  const second = new Float32Array(vectors.length);
  const steps = new Uint16Array(tableRows);
  const touched = new Uint8Array(tableRows);
  // What the products read and write lies in the module's memory: eight matrices of batch x dimensions, three of batch x batch.
  const matrix = await instantiateMatrix(4 * (8 * batch * d + 3 * batch * batch));
  let taken = 0;
  const take = (length: number) => {
    taken += length * 4;
    return new Float32Array(matrix.memory.buffer, taken - length * 4, length);
  };
  const multiply = (
    a: Float32Array,
    b: Float32Array,
    out: Float32Array,
    rows: number,
    columns: number,
    depth: number,
  ) => matrix.timesTransposed(a.byteOffset, b.byteOffset, out.byteOffset, rows, columns, depth * 4);
  const sides = [
    { weights: queryWeights, places: parameters.queryPlaces },
    { weights: passageWeights, places: parameters.passagePlaces },
  ].map(({ weights, places }) => ({
    weights,
    places,
    placeGradient: new Float32Array(PLACES),
    placeSecond: new Float32Array(PLACES),
    gradient: new Float32Array(tableRows),
    second: new Float32Array(tableRows),
    sums: new Float32Array(batch * d),
    units: take(batch * d),
    norms: new Float32Array(batch),
    unitGradient: take(batch * d),
    across: take(batch * d),
  }));
  const scores = take(batch * batch);
  const scoresTransposed = take(batch * batch);
  const slopes = take(batch * batch);

  function forward(side: (typeof sides)[number], input: Side): void {
    side.sums.fill(0);
    for (let item = 0; item < batch; item++) {
      const rows = input.rows[item]!;
      const counts = input.counts[item]!;
      const places = input.places[item]!;
      const at = item * d;
      for (let index = 0; index < rows.length; index++) {
        const row = rows[index]!;
        const weight = Math.exp(side.weights[row]! + side.places[places[index]!]!) * damped(counts[index]!);
        const from = row * d;
        for (let k = 0; k < d; k++) side.sums[at + k]! += weight * vectors[from + k]!;
      }
      let square = 1e-12;
      for (let k = 0; k < d; k++) square += side.sums[at + k]! ** 2;
      const norm = Math.sqrt(square);
      side.norms[item] = norm;
      for (let k = 0; k < d; k++) side.units[at + k] = side.sums[at + k]! / norm;
    }
  }

  function backward(side: (typeof sides)[number], input: Side, touchedRows: number[]): void {
    for (let item = 0; item < batch; item++) {
      const at = item * d;
      let along = 0;
      for (let k = 0; k < d; k++) along += side.unitGradient[at + k]! * side.units[at + k]!;
      for (let k = 0; k < d; k++)
        side.sums[at + k] = (side.unitGradient[at + k]! - along * side.units[at + k]!) / side.norms[item]!;
      const rows = input.rows[item]!;
      const counts = input.counts[item]!;
      const places = input.places[item]!;
      for (let index = 0; index < rows.length; index++) {
        const row = rows[index]!;
        const weight = Math.exp(side.weights[row]! + side.places[places[index]!]!) * damped(counts[index]!);
        const from = row * d;
        let dot = 0;
        for (let k = 0; k < d; k++) {
          const slope = side.sums[at + k]!;
          dot += slope * vectors[from + k]!;
          gradient[from + k]! += weight * slope;
        }
        side.gradient[row]! += weight * dot;
        side.placeGradient[places[index]!]! += weight * dot;
        if (touched[row] === 0) {
          touched[row] = 1;
          touchedRows.push(row);
        }
      }
    }
  }

  /** Softmax over each row of `matrix`; adds half of (probability - truth) to `slopes` (at `i, j` or, transposed, at `j, i`). Returns the mean loss. */
  function softmax(similarities: Float32Array, keys: Int32Array, slopes: Float32Array, swap: boolean): number {
    let loss = 0;
    const probabilities = new Float32Array(batch);
    for (let i = 0; i < batch; i++) {
      let sum = 0;
      for (let j = 0; j < batch; j++) {
        const same = i !== j && keys[i] === keys[j];
        const value = same ? 0 : Math.exp(sharpness * (similarities[i * batch + j]! - 1));
        probabilities[j] = value;
        sum += value;
      }
      loss -= Math.log(probabilities[i]! / sum);
      const factor = (0.5 * sharpness) / batch;
      for (let j = 0; j < batch; j++)
        slopes[swap ? j * batch + i : i * batch + j]! += factor * (probabilities[j]! / sum - (i === j ? 1 : 0));
    }
    return loss / batch;
  }

  function update(rows: readonly number[], rate: number): void {
    for (const row of rows) {
      touched[row] = 0;
      const step = Math.min(60_000, steps[row]! + 1);
      steps[row] = step;
      const correction = (rate * Math.sqrt(1 - 0.99 ** step)) / (1 - 0.9 ** step);
      for (let at = row * d; at < (row + 1) * d; at++) {
        const slope = gradient[at]!;
        gradient[at] = 0;
        const m = 0.9 * first[at]! + 0.1 * slope;
        first[at] = m;
        const v = 0.99 * second[at]! + 0.01 * slope * slope;
        second[at] = v;
        vectors[at]! -= (correction * m) / (Math.sqrt(v) + 1e-8);
      }
      for (const side of sides) {
        const slope = side.gradient[row]!;
        if (slope === 0) continue;
        side.gradient[row] = 0;
        side.second[row]! += slope * slope;
        side.weights[row]! -= (rate * weightRate * slope) / (Math.sqrt(side.second[row]!) + 1e-8);
      }
    }
  }

  function updatePlaces(rate: number): void {
    for (const side of sides)
      for (let place = 0; place < PLACES; place++) {
        const slope = side.placeGradient[place]!;
        side.placeGradient[place] = 0;
        side.placeSecond[place] = 0.99 * side.placeSecond[place]! + 0.01 * slope * slope;
        side.places[place]! -= (rate * slope) / (Math.sqrt(side.placeSecond[place]!) + 1e-8);
      }
  }

  /** One step; returns the loss of the batch before it. */
  return function step(queries: Side, passages: Side, keys: Int32Array, rate: number): number {
    const [query, passage] = sides as [(typeof sides)[number], (typeof sides)[number]];
    forward(query, queries);
    forward(passage, passages);
    multiply(query.units, passage.units, scores, batch, batch, d);
    transposed(scores, scoresTransposed, batch, batch);
    slopes.fill(0);
    const loss = 0.5 * (softmax(scores, keys, slopes, false) + softmax(scoresTransposed, keys, slopes, true));
    // unit gradients: slopes x passages, slopes' transpose x queries
    transposed(passage.units, passage.across, batch, d);
    multiply(slopes, passage.across, query.unitGradient, batch, d, batch);
    transposed(slopes, scoresTransposed, batch, batch);
    transposed(query.units, query.across, batch, d);
    multiply(scoresTransposed, query.across, passage.unitGradient, batch, d, batch);
    const rows: number[] = [];
    backward(query, queries, rows);
    backward(passage, passages, rows);
    update(rows, rate);
    updatePlaces(rate);
    return loss;
  };
}

function transposed(a: Float32Array, out: Float32Array, rows: number, columns: number): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[j * rows + i] = a[i * columns + j]!;
}
