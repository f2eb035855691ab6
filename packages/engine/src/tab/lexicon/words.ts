import { isKeyword, keywordLanguages } from '../../workspace/languages.ts';
import { hashOf, NUMBER, OPERATOR, type ScanKind, WORD } from './scan.ts';
import { Vocabulary, type VocabularyParts } from './vocabulary.ts';

/** A word's traits, one byte per word of a vocabulary: its kind in the low two bits, and `LITERAL`. */
export const LITERAL = 4;

/** What is known of each word of a frozen vocabulary. */
export interface WordsParts extends VocabularyParts {
  readonly traits: Uint8Array;
}

/**
 * The words of a frozen vocabulary and, numbered behind them, those that texts of now brought. `add` never changes the frozen part, so that all
 * threads can share it.
 */
export class Words {
  readonly #base: Vocabulary;
  readonly #baseTraits: Uint8Array;
  readonly #extra = new Vocabulary();
  #extraTraits = new Uint8Array(256);

  constructor(parts?: WordsParts) {
    this.#base = new Vocabulary(parts);
    this.#baseTraits = parts?.traits ?? new Uint8Array(0);
  }

  get size(): number {
    return this.#base.size + this.#extra.size;
  }

  add(text: string, start: number, end: number, hash: number, kind: ScanKind): number {
    const known = this.#base.size > 0 ? this.#base.find(text, start, end, hash) : -1;
    if (known >= 0) return known;
    const before = this.#extra.size;
    const number = this.#extra.add(text, start, end, hash);
    if (number === before) {
      if (number >= this.#extraTraits.length) {
        const grown = new Uint8Array(this.#extraTraits.length * 2);
        grown.set(this.#extraTraits);
        this.#extraTraits = grown;
      }
      this.#extraTraits[number] = kind | (isLiteral(text, start, end, kind) ? LITERAL : 0);
    }
    return this.#base.size + number;
  }

  /** -1 where the word never occurred. */
  idOf(word: string): number {
    const hash = hashOf(word, 0, word.length);
    const known = this.#base.size > 0 ? this.#base.find(word, 0, word.length, hash) : -1;
    if (known >= 0) return known;
    const extra = this.#extra.find(word, 0, word.length, hash);
    return extra < 0 ? -1 : this.#base.size + extra;
  }

  text(number: number): string {
    return number < this.#base.size ? this.#base.text(number) : this.#extra.text(number - this.#base.size);
  }

  kind(number: number): ScanKind {
    return (this.#traits(number) & 3) as ScanKind;
  }

  /** True for what patterns keep as it is: keywords, operators, 0 and 1. */
  isLiteral(number: number): boolean {
    return (this.#traits(number) & LITERAL) !== 0;
  }

  /** The word with its first letter in the other case, or -1 where there is none. */
  flipped(number: number): number {
    const flipped = flipCase(this.text(number));
    return flipped === undefined ? -1 : this.idOf(flipped);
  }

  /** The same, made now if it never occurred. */
  addFlipped(number: number): number {
    const flipped = flipCase(this.text(number));
    return flipped === undefined ? -1 : this.add(flipped, 0, flipped.length, hashOf(flipped, 0, flipped.length), WORD);
  }

  /** The frozen form; only of words that had no frozen part yet. */
  parts(): WordsParts {
    const parts = this.#extra.parts();
    const traits = new Uint8Array(new SharedArrayBuffer(this.#extra.size));
    traits.set(this.#extraTraits.subarray(0, traits.length));
    return { ...parts, traits };
  }

  #traits(number: number): number {
    return number < this.#base.size ? this.#baseTraits[number]! : this.#extraTraits[number - this.#base.size]!;
  }
}

function isLiteral(text: string, start: number, end: number, kind: ScanKind): boolean {
  if (kind === OPERATOR) return true;
  if (kind === NUMBER) return end - start === 1 && (text[start] === '0' || text[start] === '1');
  if (end - start > 12) return false;
  const word = text.slice(start, end);
  return keywordLanguages.some((language) => isKeyword(language, word));
}

/** `undefined` where the first character has no case. */
function flipCase(word: string): string | undefined {
  const first = word[0] ?? '';
  const flipped = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase();
  return flipped === first || flipped.length !== 1 ? undefined : flipped + word.slice(1);
}
