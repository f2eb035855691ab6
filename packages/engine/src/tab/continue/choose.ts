import type { CutFeature } from './calibration.ts';
import type { Cut } from './cuts.ts';

/** A text that could be shown, with P(the user types exactly this next). */
export interface Option {
  readonly cut: Cut;
  readonly features: Readonly<Record<CutFeature, number>>;
  readonly score: number;
}

/**
 * When a text is worth its reader's look. Values are in keystrokes.
 * - `cost`: what a wrong text costs.
 * - `whole`: what it is worth, besides its length, that nothing is left to do on the line.
 * - `leastWhole`, `leastPart`: below this P it is not shown, however long it is.
 */
export interface Manner {
  readonly cost: number;
  readonly whole: number;
  readonly leastWhole: number;
  readonly leastPart: number;
  /** A part saves at least so many keys. */
  readonly leastKeys: number;
}

/**
 * At a place that was come to in one go (a paste, an accepted suggestion, a pause), no further key will tell more: what is likelier than the usual bar is shown, and a part
 * of a line only where it is all but certain, as it takes a second look.
 */
export const STILL: Manner = { cost: 0.5, whole: 12, leastWhole: 0.25, leastPart: 0.93, leastKeys: 3 };

/**
 * While keys come one by one, waiting costs one key and the next key tells more; and each wrong text takes the eyes off what is being written. Figures from replayed
 * sessions of the training split (training/continue-sessions.ts).
 */
export const TYPING: Manner = { cost: 7, whole: 2, leastWhole: 0.55, leastPart: 0.72, leastKeys: 2 };

export interface Chosen extends Option {
  /** Keystrokes saved on average, less what it costs when it is wrong. */
  readonly gain: number;
  /** The P at which it is shown. */
  readonly least: number;
}

/** The options in order of what they are worth; those that are not worth a look come last, as they may still be asked for. */
export function ordered(options: readonly Option[], manner: Manner): Chosen[] {
  return options
    .map((option) => valued(option, manner))
    .sort((a, b) => Number(isShown(b)) - Number(isShown(a)) || b.gain - a.gain);
}

export function isShown({ score, least }: Chosen): boolean {
  return score >= least;
}

function valued(option: Option, manner: Manner): Chosen {
  const { cut, score } = option;
  // Accepting costs a key itself.
  const saved = cut.text.length - 1 + (cut.whole ? manner.whole : 0);
  const gain = score * saved - (1 - score) * manner.cost;
  // The P at which the gain is 0, but for what is never shown below its bar.
  const even = manner.cost / Math.max(1e-9, saved + manner.cost);
  const bar = cut.whole ? manner.leastWhole : manner.leastPart;
  const tooShort = !cut.whole && cut.text.length <= manner.leastKeys;
  return { ...option, gain, least: tooShort || saved <= 0 ? 1.01 : Math.max(bar, even) };
}
