import type { Base } from './base.ts';
import type { LiveText } from './live-text.ts';
import { type Hole, LEVELS, Matches, matchBase, matchText } from './matches.ts';
import type { PatternState } from './patterns.ts';
import type { Revision } from './revision.ts';
import { NUMBER, WORD } from './scan.ts';
import { endsLine, wordOf } from './symbols.ts';
import { TOKEN_FEATURES, tokenScore } from './token-weights.ts';
import type { Words } from './words.ts';

/** All that is known when one token is predicted. */
export interface Knowledge {
  readonly base: Base;
  readonly words: Words;
  /** Weight of each file of the base for the document at hand; 0 for those that are open or have changed. */
  readonly weights: Float32Array;
  /** Texts that stand for such files, but for the document itself, with their weights. */
  readonly others: readonly WeighedText[];
  /** The document itself, and what of it the cursor stands in. */
  readonly self: LiveText;
  readonly hole: Hole;
  /** What the document was when the base was built; nothing for one that is new. */
  readonly revision?: Revision;
}

export interface WeighedText {
  readonly live: LiveText;
  readonly weight: number;
}

/** What comes before the token to predict. */
export interface Context {
  /** Newest last. */
  readonly symbols: readonly number[];
  readonly patterns: readonly number[];
  /** After all of `symbols`. */
  readonly state: PatternState;
}

export interface Prediction {
  readonly symbol: number;
  probability: number;
  /** Columns of `TOKEN_FEATURES`. */
  readonly features: Float32Array;
  /** Longest context, in tokens, in which it was seen here or in the project, and the number of places. */
  readonly order: number;
  readonly count: number;
  /** Bit `i` is set where view `i` (of `EXPERTS`) has seen it in the longest context that it knows. */
  readonly experts: number;
}

/** The six views: exact and abstracted, of the project, of this document, and of the lines that were in it. */
export const EXPERTS = ['project', 'document', 'gone', 'projectPattern', 'documentPattern', 'gonePattern'] as const;
/** From this one on, what comes next is a pattern. */
const PATTERNS = 3;
const found = EXPERTS.map(() => new Matches());
/** How much more a line of now tells that was not there when the base was built. */
const FRESH_WEIGHT = 4;
const LEVEL_COUNT = LEVELS.length;

/**
 * P(next token), best first; the probabilities leave room for a token never seen (they sum to less than 1). `accepts`, where given, says which tokens
 * fit what is typed of this one already; the result is conditional on that.
 *
 * Each expert interpolates its orders by Witten & Bell (1991). A conditional logit over the candidates (weights learned, `token-weights.ts`) then weighs the
 * experts by how long their contexts are: a static mixture lost 4 points of line accuracy to it.
 */
export function predict(
  knowledge: Knowledge,
  context: Context,
  accepts?: (symbol: number) => boolean,
  unigrams?: Iterable<number>,
): Prediction[] {
  const { base, self, words } = knowledge;
  for (const matches of found) matches.clear();
  const [project, document, gone, projectPattern, documentPattern, gonePattern] = found as [
    Matches,
    Matches,
    Matches,
    Matches,
    Matches,
    Matches,
  ];
  const { revision } = knowledge;
  const fresh = revision && { at: revision.fresh, marked: FRESH_WEIGHT, others: 1 };
  const effort = accepts ? 4 : 1;
  matchBase(base, base.symbols, base.order, context.symbols, knowledge.weights, project, effort);
  for (const { live, weight } of knowledge.others)
    matchText(live.symbols, context.symbols, NO_HOLE, -1, weight, project);
  matchText(self.symbols, context.symbols, knowledge.hole, knowledge.hole.from, 1, document, fresh);
  matchBase(base, base.patterns, base.patternOrder, context.patterns, knowledge.weights, projectPattern, effort);
  for (const { live, weight } of knowledge.others)
    matchText(live.patterns, context.patterns, NO_HOLE, -1, weight, projectPattern);
  matchText(self.patterns, context.patterns, knowledge.hole, knowledge.hole.from, 1, documentPattern, fresh);
  if (revision) {
    const { saved, anchor } = revision;
    const marks = { at: revision.gone, marked: 1, others: 0 };
    matchText(saved.symbols, context.symbols, NO_HOLE, anchor, 1, gone, marks);
    matchText(saved.patterns, context.patterns, NO_HOLE, anchor, 1, gonePattern, marks);
  }

  const index = new Map<number, number>();
  const symbols: number[] = [];
  const candidate = (symbol: number): number => {
    let at = index.get(symbol);
    if (at === undefined) {
      at = symbol < 0 || (accepts && !accepts(symbol)) ? -1 : symbols.push(symbol) - 1;
      index.set(symbol, at);
    }
    return at;
  };
  const owners = found.map((matches, expert) => {
    const owner = new Int32Array(matches.size);
    for (let at = 0; at < matches.size; at++) {
      const next = matches.next[at]!;
      owner[at] = candidate(expert < PATTERNS ? next : context.state.resolve(next));
    }
    return owner;
  });
  if (unigrams) for (const symbol of unigrams) candidate(symbol);
  const size = symbols.length;
  if (size === 0) return [];
  const views = found.map((matches, expert) => interpolate(matches, owners[expert]!, size, expert >= PATTERNS));

  const width = TOKEN_FEATURES.length;
  const predictions: Prediction[] = [];
  let total = Math.exp(tokenScore(unseenFeatures(views, accepts !== undefined)));
  for (const at of foremost(views, size)) {
    const symbol = symbols[at]!;
    const features = new Float32Array(width);
    let order = 0;
    let count = 0;
    let experts = 0;
    let patterned = false;
    for (let expert = 0; expert < views.length; expert++) {
      const view = views[expert]!;
      const probability = view.probability[at]!;
      const column = expert * PER_EXPERT;
      features[column + view.band] = Math.log(probability * 1e5 + 1) / 11.5;
      if (view.top[at]! > 0) {
        features[column + 4] = 1;
        if (view.band > 0) experts |= 1 << expert;
        if (expert >= PATTERNS && view.band > 1) patterned = true;
        if (view.distinct === 1) features[column + 5] = Math.min(1, Math.log2(1 + view.total) / 4);
        if (expert < PATTERNS && view.longest > order) {
          order = view.longest;
          count = view.places[at]!;
        }
      }
    }
    wordFeatures(features, symbol, knowledge, context, words, patterned);
    const score = Math.exp(tokenScore(features));
    total += score;
    predictions.push({ symbol, probability: score, features, order, count, experts });
  }
  for (const prediction of predictions) prediction.probability /= total;
  return predictions.sort((a, b) => b.probability - a.probability);
}

/** Candidates that are weighed with care; the rest share too little to matter. */
const WEIGHED = 28;

/** The candidates with the largest sum of probabilities over the experts. */
function foremost(views: readonly View[], size: number): number[] {
  const all = Array.from({ length: size }, (_, at) => at);
  if (size <= WEIGHED) return all;
  const sums = new Float32Array(size);
  for (const view of views) for (let at = 0; at < size; at++) sums[at]! += view.probability[at]!;
  return all.sort((a, b) => sums[b]! - sums[a]!).slice(0, WEIGHED);
}

const NO_HOLE: Hole = { from: 0, to: 0 };
const PER_EXPERT = 6;
const WORD_COLUMN = EXPERTS.length * PER_EXPERT;

function wordFeatures(
  features: Float32Array,
  symbol: number,
  knowledge: Knowledge,
  context: Context,
  words: Words,
  patterned: boolean,
): void {
  const word = wordOf(symbol);
  if (word < 0) {
    features[WORD_COLUMN] = endsLine(symbol) ? 1 : 0;
    return;
  }
  const kind = words.kind(word);
  if (words.isLiteral(word)) {
    features[WORD_COLUMN + 1] = kind === WORD ? 1 : 0;
    return;
  }
  if (kind === NUMBER) features[WORD_COLUMN + 2] = 1;
  else {
    features[WORD_COLUMN + 3] = 1;
    const here = knowledge.self.counts.get(word) ?? 0;
    features[WORD_COLUMN + 4] = Math.min(1, Math.log2(1 + here) / 6);
    const recency = context.state.recency(word);
    // Where a pattern says which of the latest names comes next, that one was used just now is nothing against it.
    if (recency >= 0 && !patterned) features[WORD_COLUMN + 5] = 1 / (1 + recency);
    const everywhere = knowledge.base.counts[word] ?? 0;
    features[WORD_COLUMN + 6] = Math.min(1, Math.log2(1 + everywhere) / 16);
    if (here === 0) features[WORD_COLUMN + 7] = 1;
    if (here === 1) features[WORD_COLUMN + 8] = 1;
    if (knowledge.revision?.goneWords.has(word)) features[WORD_COLUMN + 9] = 1;
    if (knowledge.revision?.freshWords.has(word)) features[WORD_COLUMN + 10] = 1;
    if (!patterned && isOnLine(context.symbols, word)) features[WORD_COLUMN + 11] = 1;
  }
}

/** Whether the line has the word already. */
function isOnLine(symbols: readonly number[], word: number): boolean {
  for (let at = symbols.length - 1; at >= 0 && !endsLine(symbols[at]!); at--)
    if (wordOf(symbols[at]!) === word) return true;
  return false;
}

const UNSEEN_COLUMN = WORD_COLUMN + 12;

/** Features of "none of the candidates". */
function unseenFeatures(views: readonly View[], constrained: boolean): Float32Array {
  const features = new Float32Array(TOKEN_FEATURES.length);
  features[UNSEEN_COLUMN] = 1;
  if (constrained) features[UNSEEN_COLUMN + 1] = 1;
  views.forEach((view, expert) => {
    const column = UNSEEN_COLUMN + 2 + expert * 5;
    features[column + view.band] = 1;
    features[column + 4] = view.novelty;
  });
  lastUnseen = features;
  return features;
}

/** What `predict` last gave the unseen token; only training reads it. */
export let lastUnseen: Float32Array = new Float32Array(0);

export const FEATURE_NAMES: readonly string[] = [
  ...EXPERTS.flatMap((expert) =>
    [0, 1, 2, 3].map((band) => `${expert}.p${band}`).concat(`${expert}.top`, `${expert}.sole`),
  ),
  'lineEnd',
  'keyword',
  'number',
  'identifier',
  'countHere',
  'recency',
  'count',
  'notHere',
  'onceHere',
  'gone',
  'fresh',
  'onLine',
  'unseen',
  'unseen.constrained',
  ...EXPERTS.flatMap((expert) =>
    [0, 1, 2, 3].map((band) => `unseen.${expert}${band}`).concat(`unseen.${expert}.novelty`),
  ),
];

interface View {
  /** Interpolated over the orders, per candidate. */
  readonly probability: Float32Array;
  /** Weight of each candidate at the longest context. */
  readonly top: Float32Array;
  /** Its places there, without weights. */
  readonly places: Float32Array;
  /** Longest context and which of four bands of length it is in. */
  readonly longest: number;
  readonly band: number;
  /** At the longest context: weight and number of different tokens, and Witten-Bell's share for new ones. */
  readonly total: number;
  readonly distinct: number;
  readonly novelty: number;
}

function interpolate(matches: Matches, owner: Int32Array, size: number, pattern: boolean): View {
  const counts = new Float32Array(size * LEVEL_COUNT);
  let topLevel = 0;
  for (let at = 0; at < matches.size; at++) {
    const candidate = owner[at]!;
    if (candidate < 0) continue;
    const level = matches.level[at]!;
    if (level > topLevel) topLevel = level;
    counts[candidate * LEVEL_COUNT + level]! += matches.weight[at]!;
  }
  // What a pattern does not resolve (a fresh name) is mass that no candidate gets.
  const lost = new Float32Array(LEVEL_COUNT);
  if (pattern)
    for (let at = 0; at < matches.size; at++) if (owner[at]! < 0) lost[matches.level[at]!]! += matches.weight[at]!;
  for (let level = topLevel - 1; level >= 0; level--) lost[level]! += lost[level + 1]!;
  const probability = new Float32Array(size);
  let total = 0;
  let distinct = 0;
  for (let candidate = 0; candidate < size; candidate++) {
    const row = candidate * LEVEL_COUNT;
    for (let level = topLevel - 1; level >= 0; level--) counts[row + level]! += counts[row + level + 1]!;
  }
  for (let level = 0; level <= topLevel; level++) {
    total = lost[level]!;
    distinct = lost[level]! > 0 ? 1 : 0;
    for (let candidate = 0; candidate < size; candidate++) {
      const count = counts[candidate * LEVEL_COUNT + level]!;
      if (count > 0) {
        total += count;
        distinct++;
      }
    }
    if (total === 0) continue;
    const scale = 1 / (total + distinct);
    for (let candidate = 0; candidate < size; candidate++)
      probability[candidate] = (counts[candidate * LEVEL_COUNT + level]! + distinct * probability[candidate]!) * scale;
  }
  const top = new Float32Array(size);
  for (let candidate = 0; candidate < size; candidate++) top[candidate] = counts[candidate * LEVEL_COUNT + topLevel]!;
  const places = new Float32Array(size);
  for (let at = 0; at < matches.size; at++)
    if (owner[at]! >= 0 && matches.level[at] === topLevel) places[owner[at]!]! += matches.places[at]!;
  const band = topLevel === 0 ? 0 : topLevel <= 3 ? 1 : topLevel <= 5 ? 2 : 3;
  const longest = LEVELS[topLevel]!;
  return {
    probability,
    top,
    places,
    longest,
    band,
    total,
    distinct,
    novelty: total > 0 ? distinct / (total + distinct) : 1,
  };
}
