import { createHash } from 'node:crypto';
import type { CorpusText, SearchCase } from './case.ts';

/** As `training/embedding-pairs.ts` writes them. */
export interface Pair {
  /** Of the function; empty for a step inside of one: the lines below a comment between statements. */
  readonly name: string;
  /** What the author says of it; empty where there is nothing. */
  readonly doc: string;
  /** Without its doc comment. */
  readonly code: string;
  readonly path: string;
  readonly language: string;
}

/** Functions of one package at most, so that no package is the measure of all. */
const PER_PACKAGE = 1_200;
/** Shorter ones name nothing that could be sought. */
const MIN_WORDS = 4;

export interface PairCaseOptions {
  readonly perPackage?: number;
  /** Also the steps inside of functions, with the comments above them as queries. Their function has the comment too, word for word, and counts as wrong. */
  readonly steps?: boolean;
}

/** A corpus of the functions of all packages, and some of their doc comments as queries: as many of each package, as far as it has them. */
export function pairCases(
  packages: ReadonlyMap<string, readonly Pair[]>,
  queries: number,
  orderOf: (text: string) => string,
  { perPackage = PER_PACKAGE, steps = false }: PairCaseOptions = {},
): { readonly corpus: CorpusText[]; readonly queries: SearchCase[] } {
  const corpus: CorpusText[] = [];
  const asked: SearchCase[][] = [];
  for (const [name, pairs] of packages) {
    const wanted = steps ? pairs : pairs.filter((pair) => pair.name !== '');
    const chosen = sortBy(wanted, ({ code, path }) => orderOf(path + code)).slice(0, perPackage);
    const ofPackage: SearchCase[] = [];
    for (const [index, { doc, code, language }] of chosen.entries()) {
      const id = `${name}#${index}`;
      corpus.push({ id, text: code, language });
      const query = firstSentence(doc);
      if (query.split(/\s+/).length >= MIN_WORDS) ofPackage.push({ id: `doc:${id}`, query, relevant: [id] });
    }
    // One doc comment of several functions would have several right answers.
    const counts = new Map<string, number>();
    for (const { query } of ofPackage) counts.set(query, (counts.get(query) ?? 0) + 1);
    asked.push(ofPackage.filter(({ query }) => counts.get(query) === 1));
  }
  return { corpus, queries: inTurns(asked, queries) };
}

export function firstSentence(doc: string): string {
  const flat = doc.replaceAll(/\s+/g, ' ').trim();
  return /^.*?[.!?](?=\s|$)/.exec(flat)?.[0].replace(/\.$/, '') ?? flat;
}

/** A key for an order that is the same on every day, and not that of the files. */
export function orderOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sortBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return items
    .map((item) => [key(item), item] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, item]) => item);
}

/** One of each in turn until there are so many. */
function inTurns<T>(groups: readonly (readonly T[])[], count: number): T[] {
  const taken: T[] = [];
  for (let round = 0; taken.length < count; round++) {
    const there = groups.flatMap((group) => (round < group.length ? [group[round]!] : []));
    if (there.length === 0) break;
    taken.push(...there.slice(0, count - taken.length));
  }
  return taken;
}
