import { crc32 } from './checksum.ts';
import type { GramDisk, OpenFile } from './gram-disk.ts';
import { decodeList, intersect, mostNumbers } from './posting-list.ts';
import {
  BLOCK,
  DENSE,
  ENTRIES_IN_BLOCK,
  ENTRY,
  FILE,
  FOOTER,
  type Footer,
  type GramFile,
  GramIndexDamaged,
  HASH,
  MAGIC,
  RECENT,
  VERSION,
} from './segment-format.ts';

/** Where the files of one n-gram are written down. */
export interface StoredList {
  readonly at: number;
  readonly length: number;
  readonly dense: boolean;
  readonly checksum: number;
}

/** One file of the index, read on demand. What is read is checked; a mismatch throws `GramIndexDamaged`. */
export interface Segment {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** `undefined` where no file holds the n-gram. */
  find(gram: number): StoredList | undefined;
  /** Numbers of files, ascending. */
  numbers(list: StoredList): Uint32Array;
  /** Those of `candidates` that the list holds. A list with a bit for each file is not unpacked for it. */
  keep(candidates: Uint32Array, list: StoredList): Uint32Array;
  file(number: number): GramFile;
  allFiles(): readonly GramFile[];
  /** The files that changed last (some hundred at most), newest first. */
  recent(): readonly { readonly number: number; readonly modified: number }[];
  /** Everything by ascending n-gram, for merging. `numbers` is valid until the next one. */
  lists(): Iterable<{ readonly gram: number; readonly numbers: Uint32Array }>;
  close(): void;
}

/** `undefined` where the file is missing. Throws `GramIndexDamaged`. */
export function openSegment(disk: GramDisk, name: string): Segment | undefined {
  const file = disk.open(name);
  if (!file) return undefined;
  try {
    return segmentOf(file, name);
  } catch (error) {
    file.close();
    throw error;
  }
}

function segmentOf(file: OpenFile, name: string): Segment {
  const damaged = (what: string) => new GramIndexDamaged(`${name}: ${what}`);
  const footer = readFooter(file, damaged);
  const blocks = read(footer.blocksAt, footer.filesAt - footer.blocksAt);
  if (crc32(blocks) !== footer.blocksChecksum) throw damaged('the blocks do not have their checksum');
  const blockCount = blocks.length / BLOCK;
  const kept = new Map<number, Buffer>();

  function read(at: number, length: number): Buffer {
    const bytes = file.read(at, length);
    if (bytes.length !== length) throw damaged('it is cut off');
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  function block(index: number): Buffer {
    const known = kept.get(index);
    if (known) return known;
    const from = index * ENTRIES_IN_BLOCK;
    const count = Math.min(footer.grams - from, ENTRIES_IN_BLOCK);
    const entries = read(footer.entriesAt + from * ENTRY, count * ENTRY);
    if (crc32(entries) !== blocks.readUInt32LE(index * BLOCK + 4)) throw damaged('entries do not have their checksum');
    if (kept.size > 512) kept.clear();
    kept.set(index, entries);
    return entries;
  }

  function find(gram: number): StoredList | undefined {
    let low = 0;
    let high = blockCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (blocks.readUInt32LE(middle * BLOCK) <= gram) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return undefined;
    const entries = block(low - 1);
    let at = blocks.readDoubleLE((low - 1) * BLOCK + 8);
    for (let entry = 0; entry < entries.length; entry += ENTRY) {
      const length = entries.readUInt32LE(entry + 4);
      if (entries.readUInt32LE(entry) === gram)
        return {
          at,
          length: (length & ~DENSE) >>> 0,
          dense: length >= DENSE,
          checksum: entries.readUInt32LE(entry + 8),
        };
      at += (length & ~DENSE) >>> 0;
    }
    return undefined;
  }

  function bytesOf(list: StoredList): Buffer {
    const bytes = read(list.at, list.length);
    if (crc32(bytes) !== list.checksum) throw damaged('a list does not have its checksum');
    return bytes;
  }

  function numbers(list: StoredList): Uint32Array {
    const bytes = bytesOf(list);
    const into = new Uint32Array(mostNumbers(bytes, list.dense));
    return into.subarray(0, decodeList(bytes, list.dense, into));
  }

  function fileOf(table: Buffer, at: number, pathOf: (start: number, length: number) => Buffer): GramFile {
    const path = pathOf(table.readUInt32LE(at), table.readUInt32LE(at + 4));
    if (crc32(path, crc32(table.subarray(at, at + FILE - 4))) !== table.readUInt32LE(at + FILE - 4))
      throw damaged('a file does not have its checksum');
    return {
      path: path.toString('utf8'),
      size: table.readDoubleLE(at + 8),
      modified: table.readDoubleLE(at + 16),
      hash: table.toString('hex', at + 24, at + 24 + HASH),
    };
  }

  function* lists(): Generator<{ gram: number; numbers: Uint32Array }> {
    let into = new Uint32Array(footer.files + 8);
    for (let index = 0; index < blockCount; index++) {
      const entries = block(index);
      const start = blocks.readDoubleLE(index * BLOCK + 8);
      const end = index + 1 < blockCount ? blocks.readDoubleLE((index + 1) * BLOCK + 8) : footer.entriesAt;
      const bytes = read(start, end - start);
      let at = 0;
      for (let entry = 0; entry < entries.length; entry += ENTRY) {
        const length = entries.readUInt32LE(entry + 4);
        const list = bytes.subarray(at, at + ((length & ~DENSE) >>> 0));
        at += list.length;
        if (crc32(list) !== entries.readUInt32LE(entry + 8)) throw damaged('a list does not have its checksum');
        if (into.length < mostNumbers(list, length >= DENSE))
          into = new Uint32Array(mostNumbers(list, length >= DENSE));
        const count = decodeList(list, length >= DENSE, into);
        yield { gram: entries.readUInt32LE(entry), numbers: into.subarray(0, count) };
      }
      kept.delete(index);
    }
  }

  return {
    name,
    files: footer.files,
    bytes: file.size,
    find,
    numbers,
    keep(candidates, list) {
      if (!list.dense) return intersect(candidates, numbers(list));
      const bits = bytesOf(list);
      return candidates.filter((number) => (bits[number >>> 3]! & (1 << (number & 7))) !== 0);
    },
    file(number) {
      const table = read(footer.filesAt + number * FILE, FILE);
      return fileOf(table, 0, (start, length) => read(footer.pathsAt + start, length));
    },
    allFiles() {
      const table = read(footer.filesAt, footer.files * FILE);
      const paths = read(footer.pathsAt, footer.recentAt - footer.pathsAt);
      return Array.from({ length: footer.files }, (_, number) =>
        fileOf(table, number * FILE, (start, length) => paths.subarray(start, start + length)),
      );
    },
    recent() {
      const bytes = read(footer.recentAt, file.size - FOOTER - footer.recentAt);
      if (crc32(bytes.subarray(0, -4)) !== bytes.readUInt32LE(bytes.length - 4))
        throw damaged('the files that changed last do not have their checksum');
      return Array.from({ length: (bytes.length - 4) / RECENT }, (_, index) => ({
        number: bytes.readUInt32LE(index * RECENT),
        modified: bytes.readDoubleLE(index * RECENT + 4),
      }));
    },
    lists,
    close: () => file.close(),
  };
}

function readFooter(file: OpenFile, damaged: (what: string) => Error): Footer {
  if (file.size < FOOTER) throw damaged('it is too short');
  const read = file.read(file.size - FOOTER, FOOTER);
  const bytes = Buffer.from(read.buffer, read.byteOffset, read.length);
  if (bytes.length !== FOOTER || bytes.readUInt32LE(0) !== MAGIC) throw damaged('it is no segment');
  if (bytes.readUInt32LE(4) !== VERSION) throw damaged(`it is of version ${bytes.readUInt32LE(4)}`);
  if (crc32(bytes.subarray(0, FOOTER - 4)) !== bytes.readUInt32LE(FOOTER - 4))
    throw damaged('the footer does not have its checksum');
  return {
    files: bytes.readUInt32LE(8),
    grams: bytes.readUInt32LE(12),
    entriesAt: bytes.readDoubleLE(16),
    blocksAt: bytes.readDoubleLE(24),
    filesAt: bytes.readDoubleLE(32),
    pathsAt: bytes.readDoubleLE(40),
    blocksChecksum: bytes.readUInt32LE(48),
    recentAt: bytes.readDoubleLE(52),
  };
}
