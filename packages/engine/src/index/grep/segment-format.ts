/**
 * One segment of the n-gram index is one file that never changes. Little endian, in this order:
 *
 *   lists     the files of each n-gram, as `posting-list.ts` encodes them, by ascending n-gram
 *   entries   12 bytes for each n-gram: the n-gram, length of its list (highest bit: dense), CRC-32 of the list
 *   blocks    16 bytes for each 32 entries: the first n-gram, CRC-32 of the entries, where the first list starts (float64)
 *   pages     8 bytes for each 64 blocks: the first n-gram, CRC-32 of the blocks
 *   files     40 bytes for each file: where its path starts, length of the path, size, modified (float64s), 12 bytes of hash, CRC-32 of all this and the path
 *   paths     UTF-8
 *   recent    24 bytes for each of the files that changed last, newest first: its number, length of its path, size, modified (float64s); their paths; CRC-32 of
 *             all this: what a question looks at is read with one call
 *   footer    where each part starts, how many there are, version, CRC-32 of pages and of itself
 *
 * A question reads footer and pages (1 KB) once, then a page of blocks (1 KB), a block of entries (384 bytes) and a list for each n-gram. The parts are that
 * small because a process that has just started takes 8 ns for the checksum of a byte: with all blocks read at once and larger blocks, 4 ms of 10 were that.
 */
export const VERSION = 3;
export const MAGIC = 0x47534254;
export const ENTRY = 12;
export const BLOCK = 16;
export const ENTRIES_IN_BLOCK = 32;
export const PAGE = 8;
export const BLOCKS_IN_PAGE = 64;
export const FILE = 40;
export const HASH = 12;
export const RECENT = 24;
export const MOST_RECENT = 400;
export const FOOTER = 76;
export const DENSE = 0x80000000;

export interface GramFile {
  /** Relative to the root, `/` between parts. */
  readonly path: string;
  /** Bytes, and milliseconds since 1970. */
  readonly size: number;
  readonly modified: number;
  /** Of the content, hex; kept to its first 24 digits. */
  readonly hash: string;
}

/** A file as far as one has to know it to tell whether it is still the same. */
export type SeenFile = Pick<GramFile, 'path' | 'size' | 'modified'>;

export interface Footer {
  readonly files: number;
  readonly grams: number;
  readonly entriesAt: number;
  readonly blocksAt: number;
  readonly pagesAt: number;
  readonly filesAt: number;
  readonly pathsAt: number;
  readonly recentAt: number;
  readonly recents: number;
  readonly pagesChecksum: number;
}

/** A file of the index is not what was written, or is of another version: build it anew. */
export class GramIndexDamaged extends Error {
  override readonly name = 'GramIndexDamaged';
}

export function keptHash(hash: string): string {
  return hash.slice(0, HASH * 2);
}
