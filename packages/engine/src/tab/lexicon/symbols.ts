/**
 * The alphabet of the model. A symbol is a token with whether white space comes before it on its line: `(word + FIRST_WORD) * 2 + spaced`, where
 * `word` numbers the vocabulary. So spacing is predicted along with each token, and a context of 16 symbols spans 16 real tokens. Line breaks are symbols by the
 * change of indentation they make, which makes code alike at any depth of nesting.
 */

/** Between files, and before the first. */
export const BOUNDARY = 0;
/** A line break before an empty line. */
export const BLANK_LINE = 1;
/** `LINE + k`: a line break and an indentation that is `k` units deeper than the last line's. */
export const LINE = 10;
export const MAX_INDENT = 2;
export const MAX_DEDENT = 6;

/**
 * Symbols of the pattern stream, in which an identifier is what it repeats: `REPEAT + k * 2 + spaced` is the k-th latest distinct identifier once more,
 * `FLIPPED + …` the same with its first letter in the other case (`UserService` after `userService`), `FRESH + spaced` one not among them.
 */
export const REPEAT = 20;
export const FLIPPED = 50;
export const FRESH = 80;
export const NUMERAL = 82;
/** How many distinct identifiers a pattern looks back. */
export const MEMORY = 12;

/** First symbol of the vocabulary. */
export const FIRST_WORD = 64;
export const FIRST_SYMBOL = FIRST_WORD * 2;

export function symbolOf(word: number, spaced: boolean): number {
  return (word + FIRST_WORD) * 2 + (spaced ? 1 : 0);
}

/** -1 for a symbol that is no token of the vocabulary. */
export function wordOf(symbol: number): number {
  return (symbol >> 1) - FIRST_WORD;
}

export function isSpaced(symbol: number): boolean {
  return symbol >= FIRST_SYMBOL && (symbol & 1) === 1;
}

/** True for whatever ends a line. */
export function endsLine(symbol: number): boolean {
  return symbol < REPEAT;
}
