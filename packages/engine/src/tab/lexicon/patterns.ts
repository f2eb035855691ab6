import { NUMBER } from './scan.ts';
import { FIRST_SYMBOL, FLIPPED, FRESH, isSpaced, MEMORY, NUMERAL, REPEAT, symbolOf, wordOf } from './symbols.ts';
import type { Words } from './words.ts';

/**
 * Turns symbols into the pattern stream: keywords and operators as they are, identifiers by which recent identifier they repeat. `this.a = a` and
 * `this.b = b` are one pattern, so a model of patterns maps the identifiers of an earlier place to the ones in scope here.
 * The state is the latest distinct identifiers, newest first; a value is copied by `fork`.
 */
export class PatternState {
  readonly #words: Words;
  readonly #recent: Int32Array;
  #size = 0;

  constructor(words: Words) {
    this.#words = words;
    this.#recent = new Int32Array(MEMORY);
  }

  fork(): PatternState {
    const copy = new PatternState(this.#words);
    copy.#recent.set(this.#recent);
    copy.#size = this.#size;
    return copy;
  }

  /** Takes the next symbol in; its pattern. */
  next(symbol: number): number {
    const word = wordOf(symbol);
    if (word < 0) return symbol;
    if (this.#words.isLiteral(word)) return symbol;
    const spaced = isSpaced(symbol) ? 1 : 0;
    if (this.#words.kind(word) === NUMBER) return NUMERAL + spaced;
    let pattern = FRESH + spaced;
    let at = 0;
    for (; at < this.#size; at++) {
      if (this.#recent[at] === word) {
        pattern = REPEAT + at * 2 + spaced;
        break;
      }
    }
    if (at === this.#size) {
      // Looked up from the later word: the earlier one has its number by now, in whatever order texts came.
      const flipped = this.#words.flipped(word);
      for (let k = 0; flipped >= 0 && k < this.#size; k++)
        if (this.#recent[k] === flipped) {
          pattern = FLIPPED + k * 2 + spaced;
          break;
        }
      if (this.#size < MEMORY) this.#size++;
      else at--;
    }
    this.#recent.copyWithin(1, 0, at);
    this.#recent[0] = word;
    return pattern;
  }

  /** The symbol a pattern stands for here, or -1 where it does not say which (`FRESH`, a number). */
  resolve(pattern: number): number {
    if (pattern >= FIRST_SYMBOL || pattern < REPEAT) return pattern;
    if (pattern >= FRESH) return -1;
    const flip = pattern >= FLIPPED;
    const index = (pattern - (flip ? FLIPPED : REPEAT)) >> 1;
    if (index >= this.#size) return -1;
    const recent = this.#recent[index]!;
    const word = flip ? this.#words.addFlipped(recent) : recent;
    return word < 0 ? -1 : symbolOf(word, (pattern & 1) === 1);
  }

  /** 0 for the latest identifier, and so on; -1 where the word is not among the recent. */
  recency(word: number): number {
    for (let at = 0; at < this.#size; at++) if (this.#recent[at] === word) return at;
    return -1;
  }
}

/** Whether patterns remember the word: an identifier, that is, neither literal nor a number. */
export function isRemembered(word: number, words: Words): boolean {
  return !words.isLiteral(word) && words.kind(word) !== NUMBER;
}

export function patternsOf(symbols: Int32Array, words: Words, into: Int32Array): void {
  const state = new PatternState(words);
  for (let at = 0; at < symbols.length; at++) into[at] = state.next(symbols[at]!);
}
