import type { TokenCounter } from '../src/index.ts';

/**
 * A tokenizer without any cuts whose counts are neither additive nor monotone: greedy over words of a small vocabulary, so
 * that joining texts may cost less or more than both.
 */
export const greedyCounter: TokenCounter = {
  id: 'greedy',
  exact: true,
  cuts: 'none',
  count(text) {
    const words = ['a\n', 'foo', 'foob', 'ob', 'ar', '\n\n', '  ', ' c', '...', 'xa'];
    let tokens = 0;
    for (let at = 0; at < text.length; tokens++) {
      const word = words.filter((candidate) => text.startsWith(candidate, at)).sort((a, b) => b.length - a.length)[0];
      at += word?.length ?? 1;
    }
    return tokens;
  },
};
