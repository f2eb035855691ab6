import type { Document } from '../../workspace/document.ts';
import { encode } from './encode.ts';
import { patternsOf } from './patterns.ts';
import { wordOf } from './symbols.ts';
import type { Words } from './words.ts';

/** A text that is not frozen into the base: an open document, or a file that changed since. */
export interface LiveText {
  readonly path: string;
  readonly symbols: Int32Array;
  readonly patterns: Int32Array;
  /** Where each token starts. */
  readonly starts: Int32Array;
  readonly unit: number;
  /** How often each word occurs. */
  readonly counts: ReadonlyMap<number, number>;
}

export function liveText(path: string, text: string, words: Words): LiveText {
  const { symbols, starts, unit } = encode(text, words);
  const patterns = new Int32Array(symbols.length);
  patternsOf(symbols, words, patterns);
  const counts = new Map<number, number>();
  for (const symbol of symbols) {
    const word = wordOf(symbol);
    if (word >= 0) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return { path, symbols, patterns, starts, unit, counts };
}

/** First index in `starts` that is at or behind `offset`. */
export function tokenIndexAt(starts: Int32Array, offset: number): number {
  let lo = 0;
  let hi = starts.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (starts[middle]! < offset) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** Texts of open documents, encoded once per version. */
export class LiveTexts {
  readonly #words: Words;
  readonly #byDocument = new WeakMap<Document, LiveText>();

  constructor(words: Words) {
    this.#words = words;
  }

  of(document: Document): LiveText {
    let live = this.#byDocument.get(document);
    if (!live) {
      live = liveText(document.path, document.content, this.#words);
      this.#byDocument.set(document, live);
    }
    return live;
  }
}
