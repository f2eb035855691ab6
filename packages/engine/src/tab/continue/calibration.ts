import type { CursorContext } from '../lexicon/cursor.ts';
import type { Knowledge } from '../lexicon/predict.ts';
import { EXPERTS } from '../lexicon/predict.ts';
import { lineHash } from '../lexicon/revision.ts';
import { endsLine, isSpaced, wordOf } from '../lexicon/symbols.ts';
import weightsFile from './calibration-weights.json' with { type: 'json' };
import type { Cut } from './cuts.ts';

/** What tells how far the model's own probability of a text can be trusted; each about -5..5. */
export const CUT_FEATURES = [
  'bias',
  'logit',
  'midWord',
  'midWord.logit',
  'typedOfWord',
  'tokens',
  'characters',
  'weakest',
  'first',
  'last',
  'firstOrder',
  'leastOrder',
  'count',
  'runnerUp',
  'margin',
  'small',
  'lineStart',
  'tokensBefore',
  'inString',
  'inComment',
  'inComment.logit',
  'behind',
  'gone',
  'document',
  'project',
  'patternOnly',
  'views',
  'words',
  'unclosed',
  'endsUnclosed',
  'endsInWord',
  'endsOpen',
  'endsLikeAbove',
  'restores',
  'repeats',
  'newWord',
  'newWord.logit',
] as const;
export type CutFeature = (typeof CUT_FEATURES)[number];

/** What is the same for all texts at one place. */
export interface CutPlace {
  readonly knowledge: Knowledge;
  readonly cursor: CursorContext;
  readonly inString: boolean;
  readonly inComment: boolean;
  /** Tokens on the line before the cursor. */
  readonly tokensBefore: number;
  /** The line up to the cursor. */
  readonly line: string;
  /** The last character of the line above. */
  readonly endAbove: string;
}

/** @param line the line of the cursor up to it; `above`, the last one before it with something on it */
export function cutPlaceOf(knowledge: Knowledge, cursor: CursorContext, line: string, above: string): CutPlace {
  const inComment = /^\s*(\/\/|\*|\/\*|#(?!\[|!|include|define|if|end)|"""|--)|(?:^|\s)(\/\/|\/\*)\s/.test(line);
  const quotes = line.replace(/\\./g, '').match(/["'`]/g) ?? [];
  const inString = !inComment && quotes.length > 0 && quotes.filter((quote) => quote === quotes[0]).length % 2 === 1;
  const tokensBefore = line.match(/[\p{L}\p{N}_$]+|[^\s\p{L}\p{N}_$]/gu)?.length ?? 0;
  return { knowledge, cursor, inString, inComment, tokensBefore, line, endAbove: above.trimEnd().slice(-1) };
}

const GONE = bitsOf('gone', 'gonePattern');
const DOCUMENT = bitsOf('document');
const PROJECT = bitsOf('project');
const EXACT = bitsOf('project', 'document', 'gone');

/** @param all the texts that it competes with */
export function cutFeatures(place: CutPlace, cut: Cut, all: readonly Cut[]): Record<CutFeature, number> {
  const { knowledge, cursor } = place;
  const odds = logit(cut.probability);
  let weakest = 1;
  let leastOrder = 16;
  let gone = 0;
  let document = 0;
  let project = 0;
  let patternOnly = 0;
  let views = 0;
  let words = 0;
  for (const { symbol, probability, order, experts } of cut.steps) {
    weakest = Math.min(weakest, probability);
    leastOrder = Math.min(leastOrder, order);
    if (experts & GONE) gone++;
    if (experts & DOCUMENT) document++;
    if (experts & PROJECT) project++;
    if (!(experts & EXACT)) patternOnly++;
    views += bitCount(experts);
    if (wordOf(symbol) >= 0 && isSpaced(symbol)) words++;
  }
  // The likeliest text of its kind that goes another way.
  let runnerUp = 0;
  for (const other of all)
    if (other.whole === cut.whole && !other.text.startsWith(cut.text) && !cut.text.startsWith(other.text))
      runnerUp = Math.max(runnerUp, other.probability);
  const unclosed = unclosedAfter(place.line + cut.text);
  // A line that was there is hardly ever written again just as it was: it is gone because it is to read otherwise.
  const { revision } = knowledge;
  const hash = cut.whole && revision ? lineHash(lineOf(cursor, cut)) : 0;
  const size = Math.max(1, cut.steps.length);
  const first = cut.steps[0];
  return {
    bias: 1,
    logit: odds,
    midWord: cursor.partial ? 1 : 0,
    'midWord.logit': cursor.partial ? odds : 0,
    typedOfWord: Math.min(4, cursor.partial.length) / 4,
    tokens: Math.log2(size),
    characters: Math.log2(1 + cut.text.length),
    weakest: Math.log(weakest + 1e-3),
    first: logit(first?.probability ?? 0.5) / 3,
    last: logit(cut.steps.at(-1)?.probability ?? 0.5) / 3,
    firstOrder: (first?.order ?? 0) / 8,
    leastOrder: leastOrder / 8,
    count: Math.log2(1 + (first?.count ?? 0)) / 4,
    runnerUp: cut.rank > 0 ? 1 : 0,
    margin: Math.log((cut.probability + 0.01) / (runnerUp + 0.01)) / 3,
    small: knowledge.base.symbols.length < 30_000 ? 1 : 0,
    lineStart: cursor.lineStart ? 1 : 0,
    tokensBefore: Math.log2(1 + place.tokensBefore) / 3,
    inString: place.inString ? 1 : 0,
    inComment: place.inComment ? 1 : 0,
    'inComment.logit': place.inComment ? odds : 0,
    behind: cursor.suffix.length > 0 ? 1 : 0,
    gone: gone / size,
    document: document / size,
    project: project / size,
    patternOnly: patternOnly / size,
    views: views / size / 3,
    words: Math.log2(1 + words),
    unclosed: Math.min(2, unclosed),
    endsUnclosed: unclosed > 0 && /[;,]$/.test(cut.text) ? 1 : 0,
    endsInWord: /[\p{L}\p{N}_]$/u.test(cut.text) ? 1 : 0,
    endsOpen: /[({[]$/.test(cut.text) ? 1 : 0,
    restores: hash !== 0 && revision?.goneLines.has(hash) ? 1 : 0,
    repeats: hash !== 0 && revision?.lines.has(hash) ? 1 : 0,
    newWord: cursor.complete ? 1 : 0,
    'newWord.logit': cursor.complete ? odds : 0,
    endsLikeAbove: place.endAbove !== '' && cut.text.endsWith(place.endAbove) ? 1 : 0,
  };
}

type Weights = Readonly<Record<CutFeature, number>>;
const WEIGHTS: { readonly whole: Weights; readonly part: Weights } = weightsFile;

/**
 * P(the user types exactly this next), learned on published changes (training/continue-calibration.ts). Whole lines and parts of lines have weights of
 * their own: a line's end is surer than its tokens' product says, a part's is not.
 */
export function calibrated(features: Readonly<Record<CutFeature, number>>, whole: boolean): number {
  const weights = whole ? WEIGHTS.whole : WEIGHTS.part;
  let odds = 0;
  for (const name of CUT_FEATURES) odds += weights[name] * features[name];
  return 1 / (1 + Math.exp(-odds));
}

/** Symbols of the line as the cut would make it, without what ends it. */
function lineOf(cursor: CursorContext, cut: Cut): number[] {
  const start = cursor.symbols.findLastIndex(endsLine) + 1;
  return [...cursor.symbols.slice(start), ...cut.steps.map(({ symbol }) => symbol)].filter(
    (symbol) => !endsLine(symbol),
  );
}

/** How many parentheses and square brackets the line leaves open, but for one that it ends with. */
function unclosedAfter(line: string): number {
  let open = 0;
  for (const char of line.replace(/[({[]$/, ''))
    if (char === '(' || char === '[') open++;
    else if ((char === ')' || char === ']') && open > 0) open--;
  return open;
}

function logit(probability: number): number {
  const bounded = Math.min(0.998, Math.max(0.002, probability));
  return Math.log(bounded / (1 - bounded));
}

function bitsOf(...names: readonly (typeof EXPERTS)[number][]): number {
  return names.reduce((bits, name) => bits | (1 << EXPERTS.indexOf(name)), 0);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left > 0; left >>= 1) count += left & 1;
  return count;
}
