import { acceptance } from './calibration.ts';
import type { FeedbackEntry } from './feedback.ts';
import weightsFile from './rank-weights.json' with { type: 'json' };
import type { Features } from './source.ts';

/** How one source's own estimate becomes P(accept). */
export interface SourceWeights {
  readonly bias: number;
  readonly slope: number;
  readonly features: Readonly<Record<string, number>>;
}

export type RankWeights = Readonly<Record<string, SourceWeights>>;

/** The weights that ship, learned offline. */
export const shippedWeights: RankWeights = weightsFile.sources;

/** What this user's answers shift each source by, in log-odds; bounded, so that no streak silences or floods for good. */
export type Adaptation = ReadonlyMap<string, number>;

const STEP = 0.08;
const BOUND = 1.5;
/** Only the newest answers count: habits change. */
const MEMORY = 400;

/**
 * P(accept) of a candidate, 0..1.
 * @param score the source's own estimate, 0..1
 */
export function acceptProbability(
  source: string,
  score: number,
  features: Features,
  weights: RankWeights = shippedWeights,
  adaptation: Adaptation = new Map(),
): number {
  const own = weights[source] ?? weights['*'] ?? { bias: 0, slope: 1, features: {} };
  let odds = own.bias + own.slope * logit(score) + (adaptation.get(source) ?? 0);
  for (const [name, weight] of Object.entries(own.features)) odds += weight * (features[name] ?? 0);
  return sigmoid(odds);
}

/** One pass of stochastic gradient over the bias of each source: up by what was accepted against the odds, down by what was not. */
export function adaptationOf(entries: readonly FeedbackEntry[]): Adaptation {
  const shifts = new Map<string, number>();
  for (const entry of entries.slice(-MEMORY)) {
    const { source, confidence } = entry;
    // Ignoring is weak evidence: the user may just have been typing on.
    const weight = entry.outcome === 'ignored' ? 0.3 : 1;
    const shift = (shifts.get(source) ?? 0) + STEP * weight * (acceptance(entry) - confidence);
    shifts.set(source, Math.max(-BOUND, Math.min(BOUND, shift)));
  }
  return shifts;
}

function logit(probability: number): number {
  const bounded = Math.min(0.999, Math.max(0.001, probability));
  return Math.log(bounded / (1 - bounded));
}

function sigmoid(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
