import { FEATURES, type Feature } from './features.ts';
import learned from './rank-weights.json' with { type: 'json' };

/**
 * Weights of the features that pairs of doc comment and function can teach (`training/search-weights.ts`, on packages that neither the embedding model nor
 * the evaluation has seen). Without vectors another set of weights is better than the same with a hole in it.
 */
export interface RankWeights {
  readonly hybrid: Partial<Record<Feature, number>>;
  readonly lexical: Partial<Record<Feature, number>>;
}

/**
 * What such pairs cannot teach, set by hand: they have no editor, no tests, no identifiers in their queries and no doc comments in
 * their functions. In units of the learned score, of which the first of two neighbours in a list usually has .2 to .6 more.
 */
export const BY_HAND: Partial<Record<Feature, number>> = {
  exactSymbol: 6,
  exactIdentifier: 2.5,
  inPath: 1,
  inFileName: 1,
  isTest: -0.8,
  isData: -0.6,
  languageHint: 0.8,
  isOpen: 0.2,
  recentlyEdited: 0.5,
  nearAttention: 0.15,
  recent: 0.1,
};

const HYBRID = vectorOf({ ...learned.hybrid, ...BY_HAND });
const LEXICAL = vectorOf({ ...learned.lexical, ...BY_HAND });

export function vectorOf(weights: Partial<Record<Feature, number>>): Float64Array {
  return Float64Array.from(FEATURES, (name) => weights[name] ?? 0);
}

export function rankScore(row: Float64Array, withVectors: boolean, weights?: Float64Array): number {
  const used = weights ?? (withVectors ? HYBRID : LEXICAL);
  let score = 0;
  for (let at = 0; at < used.length; at++) score += used[at]! * row[at]!;
  return score;
}

const SIGNALS: Readonly<Record<string, readonly Feature[]>> = {
  words: ['lexical', 'lexicalShare', 'lexicalRank', 'lexicalSquared', 'inBody', 'termsFound'],
  meaning: ['meaning', 'meaningStandout', 'meaningRank', 'meaningSquared', 'both'],
  symbol: [
    'inSymbol',
    'symbolNamed',
    'symbolAndQuery',
    'exactSymbol',
    'nameLikely',
    'nameTermLikely',
    'nameLeastLikely',
    'nameUsed',
    'nameAndMeaning',
    'nameAndLexical',
  ],
  identifier: ['exactIdentifier'],
  path: ['inPath', 'inFileName'],
  attention: ['isOpen', 'recentlyEdited', 'nearAttention', 'recent'],
};

/** The share of each signal in a score, to two decimals, for people: which of them found it. */
export function signalsOf(row: Float64Array, withVectors: boolean): Record<string, number> {
  const used = withVectors ? HYBRID : LEXICAL;
  const parts = Object.entries(SIGNALS).map(
    ([name, features]) =>
      [
        name,
        Math.max(
          0,
          features.reduce(
            (total, feature) => total + used[FEATURES.indexOf(feature)]! * row[FEATURES.indexOf(feature)]!,
            0,
          ),
        ),
      ] as const,
  );
  const total = Math.max(
    1e-9,
    parts.reduce((sum, [, value]) => sum + value, 0),
  );
  return Object.fromEntries(
    parts
      .filter(([, value]) => value / total >= 0.005)
      .map(([name, value]) => [name, Math.round((100 * value) / total) / 100]),
  );
}
