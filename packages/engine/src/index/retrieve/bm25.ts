import { IN_COMMENT, IN_PATH, IN_SYMBOL } from '../lexical/fields.ts';
import { eachPosting } from '../lexical/postings.ts';
import type { Catalog } from './catalog.ts';
import type { QueryTerm } from './query.ts';

/** Okapi BM25 with the usual constants. */
const K1 = 1.2;
const B = 0.75;

/** How much an occurrence in each field adds to those in the body (BM25F, Robertson and Zaragoza 2004). The plain form takes all fields as one text. */
export interface FieldWeights {
  readonly symbol: number;
  readonly path: number;
  readonly comment: number;
}

export const PLAIN: FieldWeights = { symbol: 0, path: 1, comment: 0 };

/** Where the terms of a query are, for all chunks: what the reranker needs too. */
export interface TermMatches {
  readonly terms: readonly MatchedTerm[];
  /** Score by slot. */
  readonly scores: Float32Array;
  /** Slots with a score, in no order. */
  readonly slots: readonly number[];
}

export interface MatchedTerm {
  readonly term: string;
  readonly weight: number;
  /** How telling it is: 0 for what is in every chunk. */
  readonly idf: number;
  /** The chunks that have it, and for each of them `count << 3 | fields`. */
  readonly slots: Int32Array;
  readonly uses: Int32Array;
}

/**
 * Scores all chunks for the terms.
 * @param postings the blobs of a term, see `PostingsWriter`
 */
export function scoreTerms(
  terms: readonly QueryTerm[],
  postings: (term: string) => readonly Uint8Array[],
  catalog: Catalog,
  fields: FieldWeights,
): TermMatches {
  const scores = new Float32Array(catalog.slotCount);
  const touched: number[] = [];
  const mean = catalog.meanLength;
  const slots = new Int32Array(catalog.chunkCount);
  const found = new Int32Array(catalog.chunkCount);
  const matched = terms.map(({ term, weight }): MatchedTerm => {
    let documents = 0;
    for (const blob of postings(term))
      eachPosting(blob, (chunk, count, where) => {
        const slot = catalog.slotOf(chunk);
        if (slot < 0) return;
        slots[documents] = slot;
        found[documents++] = (count << 3) | where;
      });
    const idf = Math.log(1 + (catalog.chunkCount - documents + 0.5) / (documents + 0.5));
    for (let at = 0; at < documents; at++) {
      const slot = slots[at]!;
      const use = found[at]!;
      const often =
        (use >>> 3) +
        (use & IN_SYMBOL ? fields.symbol : 0) +
        (use & IN_PATH ? fields.path : 0) +
        (use & IN_COMMENT ? fields.comment : 0);
      if (often === 0) continue;
      if (scores[slot] === 0) touched.push(slot);
      scores[slot]! += (weight * idf * often * (K1 + 1)) / (often + K1 * (1 - B + (B * catalog.lengthAt(slot)) / mean));
    }
    return { term, weight, idf, slots: slots.slice(0, documents), uses: found.slice(0, documents) };
  });
  return { terms: matched, scores, slots: touched };
}

/** The best `limit` of `slots` by `scores`, best first; of equal ones the first by path, so that the way the index came about does not show. */
export function best(slots: Iterable<number>, scores: Float32Array, limit: number, catalog: Catalog): number[] {
  // A heap whose root is the worst that is kept.
  const heap: number[] = [];
  const worse = (a: number, b: number): boolean =>
    scores[a]! < scores[b]! || (scores[a] === scores[b] && catalog.compare(a, b) > 0);
  for (const slot of slots) {
    if (heap.length < limit) {
      heap.push(slot);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!worse(heap[at]!, heap[parent]!)) break;
        [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
        at = parent;
      }
    } else if (limit > 0 && worse(heap[0]!, slot)) {
      heap[0] = slot;
      for (let at = 0; ; ) {
        const left = 2 * at + 1;
        if (left >= heap.length) break;
        const child = left + 1 < heap.length && worse(heap[left + 1]!, heap[left]!) ? left + 1 : left;
        if (!worse(heap[child]!, heap[at]!)) break;
        [heap[at], heap[child]] = [heap[child]!, heap[at]!];
        at = child;
      }
    }
  }
  return heap.sort((a, b) => scores[b]! - scores[a]! || catalog.compare(a, b));
}
