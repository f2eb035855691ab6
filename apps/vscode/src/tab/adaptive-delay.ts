import type { TabFeedback } from '@tabstop/protocol';

/** How long to wait before the engine is asked, by what became of the suggestions before. */
export interface AdaptiveDelay {
  /** Milliseconds for the next request. */
  readonly milliseconds: number;
  ended(outcome: TabFeedback['outcome']): void;
}

/** Ignoring says little: the user may just have typed on. Patience is lost by so many rejections, or twice as many ignored ones, in a row. */
const PATIENCE = 2;
const FIRST = 75;
/** An acceptance makes up for so many rejections. */
const MERCY = 3;
/** Rejections that count at most, so that one acceptance is felt after any number of them. */
const MOST_WEIGHT = 7;

/**
 * A suggestion that nobody wants is in the way: after several in a row the next one waits, each time twice as long, up to `most` milliseconds; what is accepted brings
 * the delay down again. Right after an acceptance nothing waits: the user is walking.
 */
export function adaptiveDelay(most: () => number): AdaptiveDelay {
  let weight = 0;
  let walking = false;
  return {
    get milliseconds() {
      const steps = Math.ceil(weight - PATIENCE);
      return walking || steps <= 0 ? 0 : Math.min(most(), FIRST * 2 ** (steps - 1));
    },
    ended(outcome) {
      if (outcome === 'shown') return;
      walking = outcome === 'accepted' || outcome === 'accepted-part';
      const change = walking ? -MERCY : outcome === 'rejected' ? 1 : 0.5;
      weight = Math.min(MOST_WEIGHT, Math.max(0, weight + change));
    },
  };
}
