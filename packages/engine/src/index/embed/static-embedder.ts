import type { Embedder } from '../parts.ts';
import { placeOf, type StaticModel } from './static-model.ts';
import { createTokenizer } from './tokenizer.ts';

/** What `createStaticEmbedder` hands to others between two pieces of a batch, so that a worker can answer in between. */
export interface StaticEmbedderOptions {
  /** Resolves when the event loop is free again. */
  readonly pause?: () => Promise<void>;
}

const LIMITS = { batch: 4_096, characters: 100_000 } as const;
/** Texts between two pauses: some 10 ms, which is how late this gives way to a key. */
const SLICE = 32;

/** The embedded default: a sum of token vectors, no network, deterministic. Rejects only with the signal's reason. */
export function createStaticEmbedder(model: StaticModel, options: StaticEmbedderOptions = {}): Embedder {
  const embedOne = embedFunction(model);
  return {
    id: model.id,
    dimensions: model.dimensions,
    limits: LIMITS,
    async embed(texts, kind, signal) {
      const vectors: Float32Array[] = [];
      for (const text of texts) {
        if (vectors.length % SLICE === 0) {
          signal?.throwIfAborted();
          if (vectors.length > 0) await options.pause?.();
        }
        vectors.push(embedOne(text, kind));
      }
      signal?.throwIfAborted();
      return vectors;
    },
  };
}

/** One text to its unit vector; a text without words gives the zero vector, which is near to nothing. */
export function embedFunction(model: StaticModel): (text: string, kind: 'query' | 'passage') => Float32Array {
  const { dimensions, vectors, queryScales, passageScales } = model;
  const tokenizer = createTokenizer(model.tokens, model.hashedRows);
  return (text, kind) => {
    const sum = new Float32Array(dimensions);
    const scales = kind === 'query' ? queryScales : passageScales;
    const places = kind === 'query' ? model.queryPlaces : model.passagePlaces;
    const { rows, counts, positions, length } = tokenizer.count(text);
    for (let index = 0; index < length; index++) {
      const row = rows[index]!;
      // What occurs often says more, but not as much more as it occurs (as BM25's saturation).
      const scale = scales[row]! * places[placeOf(positions[index]!)]! * damped(counts[index]!);
      const from = row * dimensions;
      for (let column = 0; column < dimensions; column++) sum[column]! += scale * vectors[from + column]!;
    }
    let square = 0;
    for (let column = 0; column < dimensions; column++) square += sum[column]! * sum[column]!;
    if (square > 0) {
      const norm = 1 / Math.sqrt(square);
      for (let column = 0; column < dimensions; column++) sum[column]! *= norm;
    }
    return sum;
  };
}

export function damped(count: number): number {
  return count === 1 ? 1 : 1 + Math.log(count);
}

/** The same for a model that is read when the first text comes. `load` rejects as often as it is called while the file cannot be used. */
export function loadedLater(
  header: Pick<StaticModel, 'id' | 'dimensions'>,
  load: () => Promise<StaticModel>,
  options: StaticEmbedderOptions = {},
): Embedder {
  let loaded: Promise<Embedder> | undefined;
  return {
    ...header,
    limits: LIMITS,
    async embed(texts, kind, signal) {
      signal?.throwIfAborted();
      loaded ??= load().then((model) => createStaticEmbedder(model, options));
      const embedder = await loaded.catch((error: unknown) => {
        loaded = undefined;
        throw error;
      });
      return embedder.embed(texts, kind, signal);
    },
  };
}
