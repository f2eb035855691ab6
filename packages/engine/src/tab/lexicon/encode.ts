import { NEWLINE, type ScanKind, scan } from './scan.ts';
import { BLANK_LINE, LINE, MAX_DEDENT, MAX_INDENT, symbolOf } from './symbols.ts';
import type { Words } from './words.ts';

/** A text as symbols. */
export interface Encoded {
  readonly symbols: Int32Array;
  /** Where each token starts in the text, without the white space before it. */
  readonly starts: Int32Array;
  /** Columns of one level of indentation; a tab counts as four. */
  readonly unit: number;
}

/** Columns of indentation; a tab counts as four, which keeps mixed files monotone. */
export function indentWidth(text: string, start: number, end: number): number {
  let width = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 32) width++;
    else if (code === 9) width += 4;
    else if (code !== 13 && code !== 10) break;
  }
  return width;
}

/** The step by which this text indents: the most common increase from one line to the next, 2 where nothing is indented. */
export function indentUnit(text: string): number {
  const votes = new Uint16Array(9);
  let last = 0;
  let at = 0;
  for (let lines = 0; lines < 2_000 && at >= 0 && at < text.length; lines++) {
    const end = text.indexOf('\n', at);
    const first = text.charCodeAt(at);
    // ` *` continues a block comment: its one column is no level.
    if (first !== 10 && first !== 13) {
      let width = 0;
      let column = at;
      for (; column < text.length; column++) {
        const code = text.charCodeAt(column);
        if (code === 32) width++;
        else if (code === 9) width += 4;
        else break;
      }
      if (text.charCodeAt(column) !== 42) {
        const step = width - last;
        if (step >= 2 && step <= 8) votes[step]!++;
        last = width;
      }
    }
    if (end < 0) break;
    at = end + 1;
  }
  let best = 2;
  for (let step = 2; step <= 8; step++) if (votes[step]! > votes[best]!) best = step;
  return best;
}

/** The symbol of a line break from a line indented by `from` columns to one by `to`. */
export function lineSymbol(from: number, to: number, unit: number): number {
  const levels = Math.round((to - from) / unit);
  // A step of less than half a level (the ` *` of a block comment) still tells in which direction it goes.
  const step = levels === 0 && to !== from ? 0 : levels;
  return LINE + Math.max(-MAX_DEDENT, Math.min(MAX_INDENT, step));
}

/**
 * Symbols of `text`. New words are added to `words`. Kinds are noted there too, as they are a property of the word.
 * `sink` gets each symbol and its start.
 */
export function encodeInto(
  text: string,
  words: Words,
  unit: number,
  sink: (symbol: number, start: number) => void,
): void {
  let indent = leadingIndent(text);
  let pending = -1;
  let pendingStart = 0;
  let pendingIndent = 0;
  // White space before the first token is indentation, no gap within a line.
  let gap = false;
  scan(text, 0, text.length, (kind: ScanKind, start, end, spaced, hash) => {
    if (kind === NEWLINE) {
      if (pending >= 0) sink(BLANK_LINE, pendingStart);
      pending = start;
      pendingStart = start;
      pendingIndent = indentWidth(text, start, end);
      return;
    }
    if (pending >= 0) {
      sink(lineSymbol(indent, pendingIndent, unit), pendingStart);
      indent = pendingIndent;
      pending = -1;
    }
    sink(symbolOf(words.add(text, start, end, hash, kind), spaced && gap), start);
    gap = true;
  });
  if (pending >= 0) sink(lineSymbol(indent, pendingIndent, unit), pendingStart);
}

export function encode(text: string, words: Words): Encoded {
  const unit = indentUnit(text);
  let symbols = new Int32Array(Math.max(16, text.length >> 2));
  let starts = new Int32Array(symbols.length);
  let size = 0;
  encodeInto(text, words, unit, (symbol, start) => {
    if (size === symbols.length) {
      symbols = grow(symbols);
      starts = grow(starts);
    }
    symbols[size] = symbol;
    starts[size++] = start;
  });
  return { symbols: symbols.slice(0, size), starts: starts.slice(0, size), unit };
}

export function grow(array: Int32Array, factor = 2): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(Math.ceil(array.length * factor));
  grown.set(array);
  return grown;
}

function leadingIndent(text: string): number {
  let end = 0;
  while (end < text.length && (text.charCodeAt(end) === 32 || text.charCodeAt(end) === 9)) end++;
  return indentWidth(text, 0, end);
}
