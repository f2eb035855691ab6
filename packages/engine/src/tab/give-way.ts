import { nextTurn } from '../workspace/next-turn.ts';

/** Milliseconds of work without a break. */
const SLICE = 3;

/**
 * To be awaited between the pieces of a longer work: after `slice` milliseconds the event loop has its turn, so that deadlines count and the next key,
 * which makes the work needless, is read. Files that are in memory are read without one.
 */
export function givingWay(now: () => number, slice = SLICE): () => Promise<void> {
  let since = now();
  return async () => {
    if (now() - since <= slice) return;
    await nextTurn();
    since = now();
  };
}
