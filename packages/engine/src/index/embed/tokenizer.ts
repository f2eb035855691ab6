import { eachWord } from './words.ts';

export interface Bag {
  readonly rows: Int32Array;
  readonly counts: Int32Array;
  readonly positions: Int32Array;
  readonly length: number;
}

export interface Tokenizer {
  /** The distinct rows of a text, how often each occurs in it and as the how manieth word first; valid until the next call. */
  count(text: string): Bag;
}

/** Words of a text that come after this many count no more: the rest of a huge passage does not change its direction. */
const MOST_WORDS = 4_096;
/** Words outside the vocabulary whose pieces are remembered. */
const MOST_REMEMBERED = 50_000;

/** Texts to rows of a table: a word of the vocabulary is its row, others are put together from the longest tokens, the rest is hashed. */
export function createTokenizer(tokens: ReadonlyMap<string, number>, hashedRows: number): Tokenizer {
  const rows = new Int32Array(MOST_WORDS * 4);
  const counts = new Int32Array(MOST_WORDS * 4);
  const positions = new Int32Array(MOST_WORDS * 4);
  const slots = new Int32Array(tokens.size + hashedRows).fill(-1);
  const remembered = new Map<string, readonly number[]>();
  const longest = Math.max(1, ...[...tokens.keys()].map((token) => token.length));
  let length = 0;
  let words = 0;

  function add(row: number): void {
    const slot = slots[row]!;
    if (slot >= 0) counts[slot]!++;
    else if (length < rows.length) {
      slots[row] = length;
      rows[length] = row;
      positions[length] = words - 1;
      counts[length++] = 1;
    }
  }

  function piecesOf(word: string): readonly number[] {
    const pieces: number[] = [];
    for (let at = 0; at < word.length; ) {
      let end = Math.min(word.length, at + longest);
      // A piece of one letter says nothing; a word that leaves such is better known by its hash.
      while (end > at + 1 && !tokens.has(word.slice(at, end))) end--;
      if (end <= at + 1) return [hashed(word)];
      pieces.push(tokens.get(word.slice(at, end))!);
      at = end;
    }
    return pieces;
  }

  function hashed(word: string): number {
    let value = 0x811c9dc5;
    for (let index = 0; index < word.length; index++) value = Math.imul(value ^ word.charCodeAt(index), 0x01000193);
    return tokens.size + ((value >>> 0) % hashedRows);
  }

  return {
    count(text) {
      for (let index = 0; index < length; index++) slots[rows[index]!] = -1;
      length = 0;
      words = 0;
      eachWord(text, (word) => {
        if (++words > MOST_WORDS) return;
        const row = tokens.get(word);
        if (row !== undefined) {
          add(row);
          return;
        }
        let pieces = remembered.get(word);
        if (!pieces) {
          pieces = piecesOf(word);
          if (remembered.size >= MOST_REMEMBERED) remembered.clear();
          remembered.set(word, pieces);
        }
        for (const piece of pieces) add(piece);
      });
      return { rows, counts, positions, length };
    },
  };
}
