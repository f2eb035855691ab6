/**
 * One segment of the n-gram index is one file that never changes. Little endian, in this order:
 *
 *   lists     the files of each n-gram, as `posting-list.ts` encodes them, by ascending n-gram
 *   entries   12 bytes for each n-gram: the n-gram, length of its list (highest bit: dense), CRC-32 of the list
 *   blocks    20 bytes for each 128 entries: the first n-gram, CRC-32 of the entries, where the first list starts (float64), 4 bytes of nothing
 *   files     40 bytes for each file: where its path starts, length of the path, size, modified (float64s), 12 bytes of hash, CRC-32 of all this and the path
 *   paths     UTF-8
 *   recent    12 bytes for each of the files that changed last, newest first: its number, when (float64); CRC-32 of this
 *   footer    where each part starts, how many there are, version, CRC-32 of blocks and of itself
 *
 * A question reads footer and blocks (some 40 KB) once, then one block of entries and one list for each n-gram: binary search over the blocks in memory.
 */
export const VERSION = 1;
export const MAGIC = 0x47534254;
export const ENTRY = 12;
export const BLOCK = 20;
export const ENTRIES_IN_BLOCK = 128;
export const FILE = 40;
export const HASH = 12;
export const RECENT = 12;
export const MOST_RECENT = 400;
export const FOOTER = 64;
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

export interface Footer {
  readonly files: number;
  readonly grams: number;
  readonly entriesAt: number;
  readonly blocksAt: number;
  readonly filesAt: number;
  readonly pathsAt: number;
  readonly recentAt: number;
  readonly blocksChecksum: number;
}

/** A file of the index is not what was written, or is of another version: build it anew. */
export class GramIndexDamaged extends Error {
  override readonly name = 'GramIndexDamaged';
}

export function keptHash(hash: string): string {
  return hash.slice(0, HASH * 2);
}
