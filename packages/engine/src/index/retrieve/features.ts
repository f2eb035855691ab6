import { IN_PATH } from '../lexical/fields.ts';
import { languagesNamed } from '../lexical/stop-words.ts';
import { wholeTerm } from '../lexical/terms.ts';
import type { TermMatches } from './bm25.ts';
import type { Catalog, CatalogFile } from './catalog.ts';
import nameTable from './name-words.json' with { type: 'json' };
import { createNameWords, partsOf } from './name-words.ts';
import type { ParsedQuery } from './query.ts';

/** What the ranking looks at, each about 0 to 1. The weights are learned, see `rank.ts`. */
export const FEATURES = [
  /** BM25 over all fields: as a share of the best of this query, and of what a chunk made of nothing but the query would have. */
  'lexical',
  'lexicalShare',
  /** Cosine of query and chunk: as it is, and how far it stands out among all chunks. */
  'meaning',
  'meaningStandout',
  /** 1 / rank by each, as reciprocal rank fusion does. */
  'lexicalRank',
  'meaningRank',
  /** What a weighted sum of the above cannot say: both together, and that the best are further apart than the rest. */
  'both',
  'lexicalSquared',
  'meaningSquared',
  /** Share of the query's terms that occur anywhere. */
  'termsFound',
  /** Share of the query's terms, weighted by how telling they are, that occur in the field. */
  'inBody',
  'inSymbol',
  'inPath',
  'inFileName',
  /** Share of the terms of the symbol (of `Class.method` the method) that the query names. */
  'symbolNamed',
  /** That, where what the query names of the symbol is also much of the query. */
  'symbolAndQuery',
  /** How much likelier the query makes the name, see `name-words.ts`: all of it / 10, a term of it / 5 (the mean, the least), and the share of the query that says so. */
  'nameLikely',
  'nameTermLikely',
  'nameLeastLikely',
  'nameUsed',
  'nameAndMeaning',
  'nameAndLexical',
  /** Terms of the name / 5. */
  'nameLength',
  /** One of several pieces of a long function. */
  'isPiece',
  /** An identifier of the query is the symbol; occurs anywhere in the chunk. */
  'exactSymbol',
  'exactIdentifier',
  'isTest',
  'isData',
  'short',
  'languageHint',
  'isOpen',
  'recentlyEdited',
  'nearAttention',
  'recent',
] as const;

export type Feature = (typeof FEATURES)[number];

/** Files by path, as the editor says. */
export interface AttentionSets {
  readonly open: ReadonlySet<string>;
  /** Newest first. */
  readonly edited: readonly string[];
}

export interface FeatureContext {
  readonly query: ParsedQuery;
  readonly catalog: Catalog;
  readonly matches: TermMatches;
  /** Cosines by slot, and the ranks that candidates have by them; undefined without vectors. */
  readonly cosines?: Float32Array;
  readonly lexicalRank: ReadonlyMap<number, number>;
  readonly meaningRank: ReadonlyMap<number, number>;
  readonly attention: AttentionSets;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The values of all candidates, a row each in the order of `FEATURES`, and which terms were found in each. */
export function featureRows(
  candidates: readonly number[],
  context: FeatureContext,
): { readonly rows: Float64Array[]; readonly found: string[][] } {
  const { query, catalog, matches } = context;
  const position = new Map(candidates.map((slot, index) => [slot, index]));
  // Fields of each term by candidate: bit 3 says that it is there at all, in the body where the count is not 0 (bit 4).
  const fields = matches.terms.map(({ slots, uses }) => {
    const row = new Uint8Array(candidates.length);
    for (let at = 0; at < slots.length; at++) {
      const index = position.get(slots[at]!);
      if (index !== undefined) row[index] = (uses[at]! & 7) | 8 | (uses[at]! >>> 3 > 0 ? 16 : 0);
    }
    return row;
  });
  const weights = matches.terms.map(({ weight, idf }) => weight * idf);
  const total = Math.max(1e-9, sum(weights));
  const bestScore = Math.max(1e-9, ...candidates.map((slot) => matches.scores[slot]!));
  const standout = standoutOf(context);
  const queried = new Set(matches.terms.map(({ term }) => term));
  const identifiers = new Set(query.identifiers);
  const nearby = foldersOf(context.attention);
  const found: string[][] = [];
  const nameScore = NAME_WORDS(withoutLanguages(query.text));
  const rows = candidates.map((slot, index) => {
    const file = catalog.fileAt(slot)!;
    const place = file.slots.indexOf(slot);
    const chunk = file.chunks[place]!;
    const share = (bit: number): number => {
      let value = 0;
      for (let at = 0; at < fields.length; at++) if (fields[at]![index]! & bit) value += weights[at]!;
      return value / total;
    };
    found.push(matches.terms.flatMap(({ term }, at) => (fields[at]![index]! & (8 | 16) ? [term] : [])));
    const name = chunk.symbol === undefined ? '' : lastOf(chunk.symbol);
    const terms = partsOf(name);
    // Not the posting's bit for the symbol: the class of a method is no part of its name.
    const inName = new Set(name === '' ? [] : [...terms, wholeTerm(name)]);
    const symbolNamed = terms.length === 0 ? 0 : terms.filter((term) => queried.has(term)).length / terms.length;
    const inSymbol = sum(matches.terms.map(({ term }, at) => (inName.has(term) ? weights[at]! : 0))) / total;
    const lexical = matches.scores[slot]! / bestScore;
    const meaning = context.cosines?.[slot] ?? 0;
    // A heading is no name.
    const named = nameScore(isProse(file) ? [] : terms);
    const fileTerms = new Set(partsOf(fileName(file.path)));
    const values: Record<Feature, number> = {
      lexical,
      lexicalShare: matches.scores[slot]! / (2.2 * total),
      meaning,
      meaningStandout: standout(slot),
      lexicalRank: reciprocal(context.lexicalRank.get(slot)),
      meaningRank: reciprocal(context.meaningRank.get(slot)),
      both: lexical * meaning,
      lexicalSquared: lexical * lexical,
      meaningSquared: meaning * meaning,
      termsFound: found[index]!.length / Math.max(1, fields.length),
      inBody: share(16),
      inSymbol,
      inPath: share(IN_PATH),
      inFileName: sum(matches.terms.map(({ term }, at) => (fileTerms.has(term) ? weights[at]! : 0))) / total,
      symbolNamed,
      symbolAndQuery: symbolNamed * inSymbol,
      nameLikely: named.sum / 10,
      nameTermLikely: named.mean / 5,
      nameLeastLikely: named.least / 5,
      nameUsed: named.used,
      nameAndMeaning: (named.mean / 5) * meaning,
      nameAndLexical: (named.mean / 5) * lexical,
      nameLength: isProse(file) ? 0 : terms.length / 5,
      isPiece:
        chunk.symbol !== undefined &&
        (file.chunks[place - 1]?.symbol === chunk.symbol || file.chunks[place + 1]?.symbol === chunk.symbol)
          ? 1
          : 0,
      exactSymbol: exactSymbol(chunk.symbol, identifiers, query) ? 1 : 0,
      exactIdentifier: share8(matches, fields, identifiers, index),
      isTest: !query.asksForTests && isTestPath(file.path) ? 1 : 0,
      isData: DATA.has(file.language) ? 1 : 0,
      short: 1 / (1 + chunk.length / 20),
      languageHint: query.languages.includes(file.language) ? 1 : 0,
      isOpen: context.attention.open.has(file.path) ? 1 : 0,
      recentlyEdited: editedShare(file, context.attention),
      nearAttention: nearby.has(folderOf(file.path)) ? 1 : 0,
      recent: Math.exp(-Math.max(0, context.now - file.modified) / (14 * 86_400_000)),
    };
    return Float64Array.from(FEATURES, (name) => values[name]);
  });
  return { rows, found };
}

const NAME_WORDS = createNameWords(nameTable);

/** `python` says what the answer is written in, not how it is called. */
function withoutLanguages(text: string): string {
  return text.replaceAll(/[\p{L}\p{N}_$]+/gu, (word) => (languagesNamed(word.toLowerCase()).length > 0 ? '' : word));
}

function isProse({ language }: CatalogFile): boolean {
  return language === 'markdown' || language === 'plaintext';
}

/** Of `Class.method` the method. */
function lastOf(symbol: string): string {
  return symbol.slice(Math.max(symbol.lastIndexOf('.'), symbol.lastIndexOf(':'), symbol.lastIndexOf('#')) + 1);
}

const DATA = new Set(['json', 'jsonc', 'yaml', 'toml', 'xml', 'csv']);

function share8(
  matches: TermMatches,
  fields: readonly Uint8Array[],
  identifiers: ReadonlySet<string>,
  index: number,
): number {
  if (identifiers.size === 0) return 0;
  let there = 0;
  for (const [at, { term }] of matches.terms.entries()) if (identifiers.has(term) && fields[at]![index]! & 24) there++;
  return there / identifiers.size;
}

/** The last part of `Class.method`, or all of it. A query of one word may be a symbol's name too. */
function exactSymbol(symbol: string | undefined, identifiers: ReadonlySet<string>, query: ParsedQuery): boolean {
  if (symbol === undefined) return false;
  const last = lastOf(symbol);
  const whole = wholeTerm(last);
  return (
    identifiers.has(whole) ||
    wholeTerm(query.text.trim()) === whole ||
    query.text.trim().toLowerCase() === symbol.toLowerCase()
  );
}

function reciprocal(rank: number | undefined): number {
  // 60 is the constant of Cormack, Clarke and Büttcher (2009); times 60, so that the first has about 1.
  return rank === undefined ? 0 : 60 / (60 + rank);
}

/** How many standard deviations a cosine lies above the mean of all, over 8. */
function standoutOf({ cosines, catalog }: FeatureContext): (slot: number) => number {
  if (cosines === undefined) return () => 0;
  let count = 0;
  let total = 0;
  let squares = 0;
  for (let slot = 0; slot < catalog.slotCount; slot++) {
    if (!catalog.hasVector(slot)) continue;
    const cosine = cosines[slot]!;
    count++;
    total += cosine;
    squares += cosine * cosine;
  }
  if (count === 0) return () => 0;
  const mean = total / count;
  const deviation = Math.sqrt(Math.max(1e-6, squares / count - mean * mean));
  return (slot) => (catalog.hasVector(slot) ? (cosines[slot]! - mean) / deviation / 8 : 0);
}

export function isTestPath(path: string): boolean {
  return (
    /(^|\/)(tests?|specs?|__tests__|__mocks__|fixtures?|testdata|e2e)\//i.test(path) ||
    /([._-](test|spec)|^test_)[^/]*$|_test\.\w+$/i.test(fileName(path))
  );
}

function editedShare(file: CatalogFile, { edited }: AttentionSets): number {
  const at = edited.indexOf(file.path);
  return at < 0 ? 0 : 1 / (1 + at);
}

function foldersOf({ open, edited }: AttentionSets): ReadonlySet<string> {
  return new Set([...open, ...edited.slice(0, 10)].map(folderOf));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
