import type { TokenCounter } from '../src/index.ts';

/** A token is a word with the blanks before it: counts that a reader can check. */
export const wordCounter: TokenCounter = {
  id: 'words',
  exact: true,
  cuts: 'none',
  count: (text) => text.match(/\s*\S+|\s+$/g)?.length ?? 0,
};
