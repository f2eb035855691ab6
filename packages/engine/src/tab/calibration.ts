import type { FeedbackEntry } from './feedback.ts';

/** Suggestions that were shown with an estimate in `[from, to)`, and how the estimate held. All of it 0..1 but `shown`, a count. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly shown: number;
  /** Mean of the estimates. */
  readonly expected: number;
  /** Share that was accepted; accepted in part counts as the ranking learns from it. */
  readonly accepted: number;
}

/** What an outcome says for the suggestion, 0..1: what `rank.ts` learns from, and what calibration is measured against. */
export function acceptance({ outcome }: Pick<FeedbackEntry, 'outcome'>): number {
  return outcome === 'accepted' ? 1 : outcome === 'accepted-part' ? 0.7 : 0;
}

/** A reliability diagram (Murphy and Winkler 1977) in `bins` equal steps of the estimate; bins in which nothing was shown are left out. */
export function calibrationOf(entries: readonly FeedbackEntry[], bins = 10): readonly CalibrationBin[] {
  return Array.from({ length: bins }, (_, index) => {
    const from = index / bins;
    const to = (index + 1) / bins;
    const inside = entries.filter(({ confidence }) => Math.min(bins - 1, Math.floor(confidence * bins)) === index);
    const mean = (value: (entry: FeedbackEntry) => number) =>
      inside.reduce((sum, entry) => sum + value(entry), 0) / inside.length;
    return { from, to, shown: inside.length, expected: mean((entry) => entry.confidence), accepted: mean(acceptance) };
  }).filter(({ shown }) => shown > 0);
}
