import type { AnsweringModel } from './store-session.ts';
import type { Chunk, Embedder } from './parts.ts';

/** Vectors by chunk hash, shared by all projects of the machine. */
export interface SharedVectors {
  /** What is known of these hashes. */
  get(model: string, hashes: readonly string[]): ReadonlyMap<string, Float32Array>;
  put(model: string, vectors: Iterable<readonly [hash: string, vector: Float32Array]>): void;
}

/** An embedding model with the cache before it. */
export interface VectorSource {
  readonly model: AnsweringModel;
  /** Chunks that one call takes best. */
  readonly batch: number;
  embedQuery(text: string, signal?: AbortSignal): Promise<Float32Array>;
  /** @throws EmbedError */
  embedChunks(chunks: readonly Pick<Chunk, 'hash' | 'embedText'>[], signal?: AbortSignal): Promise<EmbeddedChunks>;
}

export interface EmbeddedChunks {
  readonly vectors: readonly Float32Array[];
  /** So many came from the cache. */
  readonly cached: number;
}

/** Queries that are typed letter by letter come again: their vectors are remembered. */
const QUERIES = 200;

export function vectorSource(embedder: Embedder, shared?: SharedVectors): VectorSource {
  const queries = new Map<string, Float32Array>();
  const { batch, characters } = embedder.limits;
  return {
    model: { name: embedder.id, dimensions: embedder.dimensions },
    batch,
    async embedQuery(text, signal) {
      const known = queries.get(text);
      if (known !== undefined) return known;
      const [vector] = await embedder.embed([text.slice(0, characters)], 'query', signal);
      if (queries.size >= QUERIES) queries.clear();
      queries.set(text, vector!);
      return vector!;
    },
    async embedChunks(chunks, signal) {
      const known = shared?.get(
        embedder.id,
        chunks.map(({ hash }) => hash),
      );
      const vectors = chunks.map(({ hash }) => {
        const vector = known?.get(hash);
        // A model of the same name may have other dimensions behind another address.
        return vector?.length === embedder.dimensions ? vector : undefined;
      });
      const missing = chunks.flatMap((_chunk, index) => (vectors[index] === undefined ? [index] : []));
      for (let at = 0; at < missing.length; at += batch) {
        const part = missing.slice(at, at + batch);
        const texts = part.map((index) => chunks[index]!.embedText.slice(0, characters));
        const made = await embedder.embed(texts, 'passage', signal);
        for (const [offset, index] of part.entries()) vectors[index] = made[offset]!;
        shared?.put(
          embedder.id,
          part.map((index, offset) => [chunks[index]!.hash, made[offset]!] as const),
        );
      }
      return { vectors: vectors as readonly Float32Array[], cached: chunks.length - missing.length };
    },
  };
}
