import { wordsOf } from '../../packages/engine/src/index/embed/words.ts';

export interface Ranking {
  readonly queries: number;
  readonly mrr: number;
  readonly hit1: number;
  readonly recall10: number;
}

/** Scores of a query against every text of the pool, in its order. */
export type Scorer = (query: string) => Float32Array | Float64Array;

/** One relevant text per query at least; ties count against us. `mrr` looks at the first 10 alone when `depth` is 10. */
export function rankingOf(
  queries: readonly { readonly text: string; readonly relevant: readonly number[] }[],
  score: Scorer,
  depth = Number.POSITIVE_INFINITY,
): Ranking {
  let mrr = 0;
  let hit1 = 0;
  let recall10 = 0;
  for (const { text, relevant } of queries) {
    const scores = score(text);
    const ranks = relevant.map((target) => {
      let rank = 1;
      for (let index = 0; index < scores.length; index++)
        if (index !== target && scores[index]! >= scores[target]!) rank++;
      return rank;
    });
    const best = Math.min(...ranks);
    if (best <= depth) mrr += 1 / best;
    if (best === 1) hit1++;
    recall10 += ranks.filter((rank) => rank <= 10).length / relevant.length;
  }
  const n = Math.max(1, queries.length);
  return { queries: queries.length, mrr: mrr / n, hit1: hit1 / n, recall10: recall10 / n };
}

/** Okapi BM25 (k1 1.2, b 0.75) over the same words as the embedding's. */
export function bm25Scorer(texts: readonly string[]): Scorer {
  const postings = new Map<string, [index: number, count: number][]>();
  const lengths = new Float64Array(texts.length);
  for (const [index, text] of texts.entries()) {
    const counts = new Map<string, number>();
    for (const word of wordsOf(text)) if (/[\p{L}\p{N}]/u.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts) {
      lengths[index]! += count;
      const list = postings.get(word);
      if (list) list.push([index, count]);
      else postings.set(word, [[index, count]]);
    }
  }
  const mean = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length);
  return (query) => {
    const scores = new Float64Array(texts.length);
    for (const word of new Set(wordsOf(query))) {
      const list = postings.get(word);
      if (!list) continue;
      const idf = Math.log(1 + (texts.length - list.length + 0.5) / (list.length + 0.5));
      for (const [index, count] of list)
        scores[index]! += (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * lengths[index]!) / mean));
    }
    return scores;
  };
}

export function denseScorer(
  texts: readonly string[],
  embed: (text: string, kind: 'query' | 'passage') => Float32Array,
): Scorer {
  const vectors = texts.map((text) => embed(text, 'passage'));
  return (query) => {
    const wanted = embed(query, 'query');
    return Float32Array.from(vectors, (vector) => {
      let sum = 0;
      for (let k = 0; k < vector.length; k++) sum += vector[k]! * wanted[k]!;
      return sum;
    });
  };
}

/** Reciprocal rank fusion (Cormack 2009), the plainest way to join two rankings: what a hybrid reaches at least. */
export function fused(first: Scorer, second: Scorer, constant = 60): Scorer {
  const ranks = (scores: Float32Array | Float64Array) => {
    const order = Array.from(scores, (_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
    const rank = new Float64Array(scores.length);
    for (const [place, index] of order.entries()) rank[index] = scores[index]! > 0 ? 1 / (constant + place + 1) : 0;
    return rank;
  };
  return (query) => {
    const sum = ranks(first(query));
    for (const [index, value] of ranks(second(query)).entries()) sum[index]! += value;
    return sum;
  };
}
