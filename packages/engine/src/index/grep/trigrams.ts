/**
 * Which three-byte windows a file holds. Windows are taken over UTF-8 bytes with ASCII letters in lower case, so that one list answers questions with
 * and without case; none spans a line break, for no match does. After Russ Cox, "Regular Expression Matching with a Trigram Index" (2012).
 */

/** Byte -> byte, `A`..`Z` in lower case. */
export const FOLDED: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 65 && byte <= 90 ? byte + 32 : byte,
);

/**
 * Stands in the lists of files that hold U+212A (Kelvin sign) or U+017F (long s): the two characters outside ASCII that Unicode's simple case folding
 * makes equal to an ASCII letter, `k` and `s`. No window can be this, for it is made of line breaks.
 */
export const ODD_CASE_GRAM = 0x0a0a0a;

const LINE_BREAK = 10;

export interface GramReader {
  /** The distinct windows of `bytes` in no particular order. Valid until the next call. */
  read(bytes: Uint8Array): Uint32Array;
}

export function createGramReader(): GramReader {
  // A bit for each of 2^24 windows: 2 MB, which stays in the cache of the processor; a counter for each would not.
  const seen = new Uint32Array(1 << 19);
  let found = new Uint32Array(1 << 16);
  return {
    read(bytes) {
      if (found.length < bytes.length + 1) found = new Uint32Array(bytes.length * 2);
      let count = 0;
      let window = 0;
      let filled = 0;
      let odd = false;
      for (let at = 0; at < bytes.length; at++) {
        const byte = FOLDED[bytes[at]!]!;
        if (byte === LINE_BREAK) {
          filled = 0;
          continue;
        }
        window = ((window << 8) | byte) & 0xffffff;
        if (byte > 127 && ((window & 0xffff) === 0xc5bf || window === 0xe284aa)) odd = true;
        if (++filled < 3) continue;
        const word = window >>> 5;
        const bit = 1 << (window & 31);
        if ((seen[word]! & bit) !== 0) continue;
        seen[word]! |= bit;
        found[count++] = window;
      }
      for (let at = 0; at < count; at++) seen[found[at]! >>> 5] = 0;
      if (odd) found[count++] = ODD_CASE_GRAM;
      return found.subarray(0, count);
    },
  };
}

/** The windows of a string of bytes (one per character code), as the index folds them. Duplicates are left in. */
export function gramsOf(bytes: string): number[] {
  const grams: number[] = [];
  for (let at = 0; at + 3 <= bytes.length; at++) grams.push(gramAt(bytes, at));
  return grams;
}

function gramAt(bytes: string, at: number): number {
  return (
    (FOLDED[bytes.charCodeAt(at) & 255]! << 16) |
    (FOLDED[bytes.charCodeAt(at + 1) & 255]! << 8) |
    FOLDED[bytes.charCodeAt(at + 2) & 255]!
  );
}

/** What ripgrep looks at: UTF-16 with a byte order mark becomes UTF-8, everything else is taken as it is. */
export function searchedBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)))
    return Buffer.from(new TextDecoder(bytes[0] === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes), 'utf8');
  return bytes;
}
