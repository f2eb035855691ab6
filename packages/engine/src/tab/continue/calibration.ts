import type { CursorContext } from '../lexicon/cursor.ts';
import type { Knowledge } from '../lexicon/predict.ts';
import weightsFile from './calibration-weights.json' with { type: 'json' };
import type { Cut } from './cuts.ts';

/** What tells how far the model's own probability of a text can be trusted; each about -5..5. */
export const CUT_FEATURES = [
  'bias',
  'logit',
  'midWord',
  'midWord.logit',
  'tokens',
  'characters',
  'weakest',
  'firstOrder',
  'leastOrder',
  'count',
  'runnerUp',
  'runnerUp.logit',
  'small',
  'typed',
] as const;
export type CutFeature = (typeof CUT_FEATURES)[number];

export function cutFeatures(knowledge: Knowledge, at: CursorContext, cut: Cut): Record<CutFeature, number> {
  const odds = logit(cut.probability);
  let weakest = 1;
  let leastOrder = 16;
  for (const step of cut.steps) {
    weakest = Math.min(weakest, step.probability);
    leastOrder = Math.min(leastOrder, step.order);
  }
  const first = cut.steps[0];
  return {
    bias: 1,
    logit: odds,
    midWord: at.partial ? 1 : 0,
    'midWord.logit': at.partial ? odds : 0,
    tokens: Math.log2(cut.steps.length),
    characters: Math.log2(1 + cut.text.length),
    weakest: Math.log(weakest + 1e-3),
    firstOrder: (first?.order ?? 0) / 8,
    leastOrder: leastOrder / 8,
    count: Math.log2(1 + (first?.count ?? 0)) / 4,
    runnerUp: cut.rank > 0 ? 1 : 0,
    'runnerUp.logit': cut.rank > 0 ? odds : 0,
    small: knowledge.base.symbols.length < 30_000 ? 1 : 0,
    typed: at.lineStart ? 1 : 0,
  };
}

type Weights = Readonly<Record<CutFeature, number>>;
const WEIGHTS: { readonly whole: Weights; readonly part: Weights } = weightsFile;

/**
 * P(the user types exactly this next), learned on projects that the model had not seen (training/continue-calibration.ts). Whole lines and parts of lines have weights of
 * their own: a line's end is surer than its tokens' product says, a part's is not.
 */
export function calibrated(features: Readonly<Record<CutFeature, number>>, whole: boolean): number {
  const weights = whole ? WEIGHTS.whole : WEIGHTS.part;
  let odds = 0;
  for (const name of CUT_FEATURES) odds += weights[name] * features[name];
  return 1 / (1 + Math.exp(-odds));
}

function logit(probability: number): number {
  const bounded = Math.min(0.998, Math.max(0.002, probability));
  return Math.log(bounded / (1 - bounded));
}
