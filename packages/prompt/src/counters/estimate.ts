import { isCut, type TokenCounter } from './counter.ts';

export interface EstimateOptions {
  /** Added to every estimate, as a share: 0.1 is 10 % on top. Default 0.1. */
  readonly margin?: number;
}

/**
 * An estimate for models whose tokenizer is not at hand. Words cost by length, digits by threes, punctuation by twos, other
 * scripts by character; the margin goes on top, and every line is rounded up. It is additive over the cuts of its rule as a
 * real tokenizer is, so everything that is proven of exact counters holds for it in its own units. Over TypeScript, Python
 * and prose it stays above o200k (test/counters.test.ts).
 */
export function estimateCounter(options: EstimateOptions = {}): TokenCounter {
  const margin = options.margin ?? 0.1;
  return {
    id: `estimate+${Math.round(margin * 100)}%`,
    exact: false,
    cuts: 'line',
    count(text) {
      let total = 0;
      let start = 0;
      for (let end = text.indexOf('\n') + 1; end > 0; end = text.indexOf('\n', end) + 1) {
        if (!isCut('line', text, end)) continue;
        total += Math.ceil(lineWeight(text.slice(start, end)) * (1 + margin));
        start = end;
      }
      return total + Math.ceil(lineWeight(text.slice(start)) * (1 + margin));
    },
  };
}

const PIECE = /[A-Za-z]+|\d{1,3}|[^\S\r\n]+|[\r\n]+|[\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]+|[\s\S]/gu;

/** Tokens of a few lines, unrounded. */
function lineWeight(text: string): number {
  let weight = 0;
  for (const [piece] of text.matchAll(PIECE)) {
    const code = piece.charCodeAt(0);
    if (/[A-Za-z]/.test(piece)) weight += wordWeight(piece);
    else if (code <= 32) weight += piece === ' ' ? 0 : 1;
    else if (code < 128) weight += /\d/.test(piece) ? 1 : Math.ceil(piece.length / 2);
    else weight += piece.length > 1 ? 3 : 1;
  }
  return weight;
}

/** A camelCase name breaks where its case does; a plain word is one token up to about nine letters. */
function wordWeight(word: string): number {
  const humps = word.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]/g) ?? [word];
  let weight = 0;
  for (const hump of humps) weight += Math.max(1, hump.length / 7);
  return weight;
}
