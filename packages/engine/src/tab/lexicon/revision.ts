import type { LiveText } from './live-text.ts';
import { endsLine, wordOf } from './symbols.ts';

/** A text's lines as the model saw them when its base was built. */
export interface SavedText {
  readonly symbols: Int32Array;
  readonly patterns: Int32Array;
  /** Where the lines with this hash begin. */
  readonly lines: ReadonlyMap<number, readonly number[]>;
}

/**
 * What became of a text since the base was built. Lines that are gone are mostly being written anew, nearly alike; lines that are new tell what the work is about.
 * Both are rare in a text, and both say more about the next line than all the rest of it.
 */
export interface Revision {
  readonly saved: SavedText;
  /** 1 for each symbol of the saved text whose line is there no more. */
  readonly gone: Uint8Array;
  readonly goneWords: ReadonlySet<number>;
  /** Hashes (`lineHash`) of the lines that are gone, and of those that are there. */
  readonly goneLines: ReadonlySet<number>;
  readonly lines: ReadonlySet<number>;
  /** Index in the saved symbols that corresponds to the cursor. */
  readonly anchor: number;
  /** 1 for each symbol of the live text whose line was not there. */
  readonly fresh: Uint8Array;
  readonly freshWords: ReadonlySet<number>;
}

export function savedText(symbols: Int32Array, patterns: Int32Array): SavedText {
  const lines = new Map<number, number[]>();
  eachLine(symbols, (hash, from) => {
    const places = lines.get(hash);
    if (places) places.push(from);
    else lines.set(hash, [from]);
  });
  return { symbols, patterns, lines };
}

/** By lines without their indentation, which is in the line breaks. `cursor` is a symbol's index in `live`. 30 us for a text of 1,000 lines. */
export function revisionOf(saved: SavedText, live: LiveText, cursor: number): Revision {
  const fresh = new Uint8Array(live.symbols.length);
  const freshWords = new Set<number>();
  const now = new Set<number>();
  let anchor = 0;
  eachLine(live.symbols, (hash, from, to) => {
    now.add(hash);
    const places = saved.lines.get(hash);
    // The last line above the cursor that is still as it was shows where in the saved text this is. Repeated lines show it where they go on from there.
    if (places && to <= cursor) {
      const next = places.find((place) => place >= anchor);
      if (next !== undefined && (places.length === 1 || next - anchor < NEAR_REPEAT)) anchor = next + (to - from);
    }
    if (places) return;
    for (let at = from; at < to; at++) {
      fresh[at] = 1;
      const word = wordOf(live.symbols[at]!);
      if (word >= 0 && (at < cursor || at > cursor + 1)) freshWords.add(word);
    }
  });
  const gone = new Uint8Array(saved.symbols.length);
  const goneWords = new Set<number>();
  const goneLines = new Set<number>();
  eachLine(saved.symbols, (hash, from, to) => {
    if (now.has(hash)) return;
    goneLines.add(hash);
    for (let at = from; at < to; at++) {
      gone[at] = 1;
      const word = wordOf(saved.symbols[at]!);
      if (word >= 0) goneWords.add(word);
    }
  });
  return { saved, gone, goneWords, goneLines, lines: now, anchor, fresh, freshWords };
}

/** Symbols within which a line that occurs more than once is taken to be the next of its kind. */
const NEAR_REPEAT = 120;

/** A line's hash from its symbols, without line breaks. */
export function lineHash(symbols: Iterable<number>): number {
  let hash = 0;
  for (const symbol of symbols) hash = joined(hash, symbol);
  return hash;
}

function joined(hash: number, symbol: number): number {
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) + symbol + 1) | 0;
}

/** Calls with each line that has something on it: `[from, to)` holds it with the line break that ends it. */
function eachLine(symbols: Int32Array, line: (hash: number, from: number, to: number) => void): void {
  let from = 0;
  let hash = 0;
  for (let at = 0; at <= symbols.length; at++) {
    const symbol = at < symbols.length ? symbols[at]! : 0;
    if (!endsLine(symbol)) {
      hash = joined(hash, symbol);
      continue;
    }
    if (at > from) line(hash, from, Math.min(at + 1, symbols.length));
    from = at + 1;
    hash = 0;
  }
}
