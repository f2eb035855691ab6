/**
 * The words of code and prose, lower case, in order: identifiers are cut at case changes, digits and marks (`parseHTTPResponse2` gives `parse`,
 * `http`, `response`, `2`); runs of operators are words too (`::-1` tells a reversal). Calls `take` for each.
 */
export function eachWord(text: string, take: (word: string) => void): void {
  const length = text.length;
  let at = 0;
  while (at < length) {
    const first = classOf(text.charCodeAt(at));
    if (first === SPACE) {
      at++;
      continue;
    }
    const start = at++;
    if (first === LOWER) {
      while (at < length && classOf(text.charCodeAt(at)) === LOWER) at++;
      const word = text.slice(start, Math.min(at, start + LONGEST));
      take(isAscii(word) ? word : word.toLowerCase());
    } else if (first === UPPER) {
      while (at < length && classOf(text.charCodeAt(at)) === UPPER) at++;
      if (at < length && classOf(text.charCodeAt(at)) === LOWER) {
        // The last capital begins the next word: `HTTPResponse`.
        if (at - 1 > start) take(text.slice(start, Math.min(at - 1, start + LONGEST)).toLowerCase());
        const word = at - 1;
        while (at < length && classOf(text.charCodeAt(at)) === LOWER) at++;
        take(text.slice(word, Math.min(at, word + LONGEST)).toLowerCase());
      } else take(text.slice(start, Math.min(at, start + LONGEST)).toLowerCase());
    } else if (first === DIGIT) {
      while (at < length && classOf(text.charCodeAt(at)) === DIGIT) at++;
      // Long numbers say nothing one by one.
      take(at - start > 4 ? '0000' : text.slice(start, at));
    } else if (first === OTHER) {
      while (at < length && classOf(text.charCodeAt(at)) === OTHER) at++;
      take(text.slice(start, Math.min(at, start + LONGEST)).toLowerCase());
    } else {
      while (at < length && at - start < 3 && classOf(text.charCodeAt(at)) === OPERATOR) at++;
      take(text.slice(start, at));
    }
  }
}

export function wordsOf(text: string): string[] {
  const words: string[] = [];
  eachWord(text, (word) => words.push(word));
  return words;
}

/** A longer run of letters is data (base64, hashes). */
const LONGEST = 32;

const SPACE = 0;
const LOWER = 1;
const UPPER = 2;
const DIGIT = 3;
const OTHER = 4;
const OPERATOR = 5;

function isAscii(word: string): boolean {
  for (let index = 0; index < word.length; index++) if (word.charCodeAt(index) > 127) return false;
  return true;
}

const CLASSES = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[a-z]/.test(character)) CLASSES[code] = LOWER;
  else if (/[A-Z]/.test(character)) CLASSES[code] = UPPER;
  else if (/[0-9]/.test(character)) CLASSES[code] = DIGIT;
  else if ('+-*/%<>=!&|^~@?:'.includes(character)) CLASSES[code] = OPERATOR;
}

/**
 * Letters of other alphabets count as small ones (`größe` is one word), those of East Asia make words of their own; marks and spaces beyond ASCII
 * (U+2000 to U+2BFF, U+3000 to U+303F, ...) part words.
 */
function classOf(code: number): number {
  if (code < 128) return CLASSES[code]!;
  if (code >= 0xc0 && code < 0x2000 && code !== 0xd7 && code !== 0xf7) return LOWER;
  if (code < 0xc0 || (code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f) || code === 0xfeff)
    return SPACE;
  return OTHER;
}
