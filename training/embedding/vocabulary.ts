import { eachWord } from '../../packages/engine/src/index/embed/words.ts';

export interface VocabularyOptions {
  /** Words kept whole, the most frequent first. */
  readonly words: number;
  /** Pieces of two to six letters that the other words are put together from. */
  readonly pieces: number;
  /** A word has to occur in so many packages, so that no package's own names fill the table. */
  readonly packages: number;
}

/** Counts words and chooses the tokens of the table; feed it every text of the training packages, package by package. */
export function vocabularyBuilder(options: VocabularyOptions) {
  const counts = new Map<string, { texts: number; packages: number; last: number; lastPackage: string }>();
  let texts = 0;

  return {
    add(text: string, packageName: string): void {
      texts++;
      eachWord(text, (word) => {
        const entry = counts.get(word);
        if (!entry) counts.set(word, { texts: 1, packages: 1, last: texts, lastPackage: packageName });
        else if (entry.last !== texts) {
          entry.last = texts;
          entry.texts++;
          if (entry.lastPackage !== packageName) {
            entry.lastPackage = packageName;
            entry.packages++;
          }
        }
      });
    },

    /** Tokens, words first, and in how many of the texts each occurs (0 for pieces that are no words). */
    build(): { readonly tokens: readonly string[]; readonly frequencies: Float64Array; readonly texts: number } {
      const all = [...counts].sort((a, b) => b[1].texts - a[1].texts || (a[0] < b[0] ? -1 : 1));
      const words = all
        .filter(([word, entry]) => entry.packages >= options.packages && !word.includes('\n'))
        .slice(0, options.words)
        .map(([word]) => word);
      const known = new Set(words);
      const pieces = new Map<string, number>();
      for (const [word, entry] of all) {
        if (known.has(word) || !/^[a-z]+$/.test(word) || word.length > 24) continue;
        const weight = 1 + Math.log(entry.texts);
        for (let start = 0; start < word.length; start++)
          for (let length = 2; length <= 6 && start + length <= word.length; length++) {
            const piece = word.slice(start, start + length);
            pieces.set(piece, (pieces.get(piece) ?? 0) + weight * (length - 1));
          }
      }
      const chosen = [...pieces]
        .filter(([piece]) => !known.has(piece))
        .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
        .slice(0, options.pieces)
        .map(([piece]) => piece);
      const tokens = [...words, ...chosen];
      return { tokens, frequencies: Float64Array.from(tokens, (token) => counts.get(token)?.texts ?? 0), texts };
    },
  };
}
