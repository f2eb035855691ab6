import type { Chunk } from '../parts.ts';

/**
 * No chunk is longer, but for a few closing lines; a class over `wholeClass` lines is cut into its head and its members. 64 lines is what fits a screen; most embedding models see no more than 512 tokens, about 2,000 characters of code.
 */
export const LIMITS = { lines: 64, characters: 3_600, wholeClass: 24 } as const;

/** A run of whole lines that becomes a chunk. Rows count from 0; `to` is not included. */
export interface Piece {
  readonly from: number;
  readonly to: number;
  readonly kind: Chunk['kind'];
  /** `Class.method`, the heading of a section, ... */
  readonly symbol?: string;
  /** Lines that the piece is to be read under and that lie outside it: the head of its class, the headings above. */
  readonly heading?: string;
}

/** The lines of a text and where they begin; offsets are UTF-16 code units, lines end with `\n` (a `\r` belongs to its line). */
export interface Lines {
  readonly text: string;
  readonly count: number;
  /** Offset of a row's first code unit; the text's length for the row after the last. */
  start(row: number): number;
  /** Without the line break. */
  line(row: number): string;
  blank(row: number): boolean;
  /** Characters from one row to another, which is not included. */
  size(from: number, to: number): number;
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const count = starts.length;
  const start = (row: number) => starts[row] ?? text.length;
  const line = (row: number) => {
    const end = row + 1 < count ? start(row + 1) - 1 : text.length;
    return text.slice(start(row), end > start(row) && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
  };
  return {
    text,
    count,
    start,
    line,
    blank: (row) => line(row).trim() === '',
    size: (from, to) => start(to) - start(from),
  };
}

export function fits(lines: Lines, from: number, to: number, most: number = LIMITS.lines): boolean {
  return to - from <= most && lines.size(from, to) <= LIMITS.characters;
}
