import { best, type FieldWeights, PLAIN, scoreTerms, type TermMatches } from './bm25.ts';
import type { Catalog } from './catalog.ts';
import { type AttentionSets, featureRows } from './features.ts';
import { passesFile, passesSymbol } from './filters.ts';
import type { ParsedQuery } from './query.ts';
import { rankScore, signalsOf } from './rank.ts';

export interface Candidate {
  readonly slot: number;
  readonly score: number;
  readonly why: Readonly<Record<string, number | string | readonly string[]>>;
  /** Values of `FEATURES`; for training. */
  readonly row?: Float64Array;
}

export interface CandidateRequest {
  readonly query: ParsedQuery;
  readonly catalog: Catalog;
  readonly postings: (term: string) => readonly Uint8Array[];
  /** Of the query's text, a unit vector. */
  readonly vector?: Float32Array;
  readonly mode: 'hybrid' | 'lexical' | 'dense';
  /** `plain`: BM25 as it is in the books, without fields and reranker; the mark to compare with. */
  readonly plain?: boolean;
  readonly attention: AttentionSets;
  readonly now: number;
}

/** Weights of the fields for what becomes a candidate; the reranker judges again. */
const FIELDS: FieldWeights = { symbol: 2, path: 1, comment: 1 };
/** Candidates of each kind. More cost time and gained nothing on the training pairs. */
const POOL = 200;

/** Chunks for a query, best first, by the index alone: nothing is read from disk. */
export function findCandidates(request: CandidateRequest): Candidate[] {
  const { query, catalog, vector, mode } = request;
  const allowed = allowedSlots(request);
  const matches = scoreTerms(
    mode === 'dense' ? [] : query.terms,
    request.postings,
    catalog,
    request.plain ? PLAIN : FIELDS,
  );
  const lexical = best(only(matches.slots, allowed), matches.scores, POOL, catalog);
  if (request.plain)
    return lexical.map((slot) => ({
      slot,
      score: matches.scores[slot]!,
      why: { matched: matchedTerms(matches, slot) },
    }));
  const cosines = vector === undefined || mode === 'lexical' ? undefined : new Float32Array(catalog.slotCount);
  if (cosines !== undefined) catalog.cosines(vector!, cosines);
  const dense = cosines === undefined ? [] : best(only(embeddedSlots(catalog), allowed), cosines, POOL, catalog);
  if (mode === 'dense') return dense.map((slot) => ({ slot, score: cosines![slot]!, why: { meaning: 1 } }));
  let candidates = [...new Set([...lexical, ...dense])];
  // Filters alone (`path:src/tab`) list what they leave.
  if (candidates.length === 0 && query.filters.length > 0 && query.terms.length === 0)
    candidates = [...(allowed ?? [])].slice(0, POOL);
  const { rows, found } = featureRows(candidates, {
    query,
    catalog,
    matches,
    ...(cosines === undefined ? {} : { cosines }),
    lexicalRank: new Map(lexical.map((slot, rank) => [slot, rank])),
    meaningRank: new Map(dense.map((slot, rank) => [slot, rank])),
    attention: request.attention,
    now: request.now,
  });
  const withVectors = cosines !== undefined && dense.length > 0;
  return candidates
    .map((slot, index): Candidate & { row: Float64Array } => ({
      slot,
      score: rankScore(rows[index]!, withVectors),
      why: { ...signalsOf(rows[index]!, withVectors), matched: found[index]! },
      row: rows[index]!,
    }))
    .sort((a, b) => b.score - a.score || catalog.compare(a.slot, b.slot));
}

/** Slots that the filters let through; undefined where they let all. */
function allowedSlots({ query, catalog }: CandidateRequest): ReadonlySet<number> | undefined {
  if (query.filters.length === 0) return undefined;
  const allowed = new Set<number>();
  for (const file of catalog.files) {
    if (!passesFile(file, query.filters)) continue;
    for (const [index, slot] of file.slots.entries())
      if (passesSymbol(file.chunks[index]!.symbol, query.filters)) allowed.add(slot);
  }
  return allowed;
}

function* only(slots: Iterable<number>, allowed: ReadonlySet<number> | undefined): Generator<number> {
  for (const slot of slots) if (allowed === undefined || allowed.has(slot)) yield slot;
}

function* embeddedSlots(catalog: Catalog): Generator<number> {
  for (let slot = 0; slot < catalog.slotCount; slot++) if (catalog.hasVector(slot)) yield slot;
}

function matchedTerms(matches: TermMatches, slot: number): string[] {
  return matches.terms.filter(({ slots }) => slots.includes(slot)).map(({ term }) => term);
}
