import { crc32 } from './checksum.ts';
import type { NewFile } from './gram-disk.ts';
import type { EncodedList } from './posting-list.ts';
import {
  BLOCK,
  BLOCKS_IN_PAGE,
  DENSE,
  ENTRIES_IN_BLOCK,
  ENTRY,
  FILE,
  FOOTER,
  type GramFile,
  HASH,
  MAGIC,
  MOST_RECENT,
  PAGE,
  RECENT,
  VERSION,
} from './segment-format.ts';

export interface SegmentWriter {
  /** By ascending n-gram. The bytes are taken at once. */
  add(gram: number, list: EncodedList): void;
  /** Answers the size in bytes of what was written. The file itself is the caller's to finish. */
  end(files: readonly GramFile[]): number;
}

const CHUNK = 1 << 20;

/** Throws what writing throws. */
export function createSegmentWriter(file: NewFile): SegmentWriter {
  const pending = Buffer.allocUnsafe(CHUNK);
  let filled = 0;
  let position = 0;
  let entries = Buffer.allocUnsafe(1 << 16);
  let grams = 0;
  const blockStarts: number[] = [];

  const flush = () => {
    if (filled > 0) file.write(pending.subarray(0, filled));
    filled = 0;
  };
  const write = (bytes: Uint8Array) => {
    position += bytes.length;
    if (filled + bytes.length > CHUNK) flush();
    if (bytes.length > CHUNK) return file.write(bytes);
    pending.set(bytes, filled);
    filled += bytes.length;
  };

  return {
    add(gram, list) {
      if (grams % ENTRIES_IN_BLOCK === 0) blockStarts.push(position);
      if (entries.length < (grams + 1) * ENTRY) entries = Buffer.concat([entries], entries.length * 2);
      entries.writeUInt32LE(gram, grams * ENTRY);
      entries.writeUInt32LE((list.bytes.length | (list.dense ? DENSE : 0)) >>> 0, grams * ENTRY + 4);
      entries.writeUInt32LE(crc32(list.bytes), grams * ENTRY + 8);
      grams++;
      write(list.bytes);
    },
    end(files) {
      const entriesAt = position;
      write(entries.subarray(0, grams * ENTRY));
      const blocksAt = position;
      const blocks = encodeBlocks(entries, grams, blockStarts);
      write(blocks);
      const pagesAt = position;
      const pages = encodePages(blocks);
      write(pages);
      const filesAt = position;
      const paths = files.map(({ path }) => Buffer.from(path));
      write(encodeFiles(files, paths));
      const pathsAt = position;
      write(Buffer.concat(paths));
      const recentAt = position;
      const newest = newestOf(files);
      write(encodeRecent(files, newest));
      const footer = Buffer.alloc(FOOTER);
      for (const [index, number] of [MAGIC, VERSION, files.length, grams, newest.length, crc32(pages)].entries())
        footer.writeUInt32LE(number, index * 4);
      for (const [index, at] of [entriesAt, blocksAt, pagesAt, filesAt, pathsAt, recentAt].entries())
        footer.writeDoubleLE(at, 24 + index * 8);
      footer.writeUInt32LE(crc32(footer.subarray(0, FOOTER - 4)), FOOTER - 4);
      write(footer);
      flush();
      return position;
    },
  };
}

function encodeBlocks(entries: Buffer, grams: number, starts: readonly number[]): Buffer {
  const blocks = Buffer.alloc(starts.length * BLOCK);
  for (const [index, start] of starts.entries()) {
    const from = index * ENTRIES_IN_BLOCK;
    const to = Math.min(grams, from + ENTRIES_IN_BLOCK);
    blocks.writeUInt32LE(entries.readUInt32LE(from * ENTRY), index * BLOCK);
    blocks.writeUInt32LE(crc32(entries.subarray(from * ENTRY, to * ENTRY)), index * BLOCK + 4);
    blocks.writeDoubleLE(start, index * BLOCK + 8);
  }
  return blocks;
}

function encodePages(blocks: Buffer): Buffer {
  const size = BLOCKS_IN_PAGE * BLOCK;
  const pages = Buffer.alloc(Math.ceil(blocks.length / size) * PAGE);
  for (let page = 0; page * size < blocks.length; page++) {
    const own = blocks.subarray(page * size, (page + 1) * size);
    pages.writeUInt32LE(own.readUInt32LE(0), page * PAGE);
    pages.writeUInt32LE(crc32(own), page * PAGE + 4);
  }
  return pages;
}

function encodeFiles(files: readonly GramFile[], paths: readonly Buffer[]): Buffer {
  const table = Buffer.alloc(files.length * FILE);
  let pathAt = 0;
  for (const [index, file] of files.entries()) {
    const at = index * FILE;
    const path = paths[index]!;
    table.writeUInt32LE(pathAt, at);
    table.writeUInt32LE(path.length, at + 4);
    table.writeDoubleLE(file.size, at + 8);
    table.writeDoubleLE(file.modified, at + 16);
    table.write(file.hash, at + 24, HASH, 'hex');
    table.writeUInt32LE(crc32(path, crc32(table.subarray(at, at + FILE - 4))), at + FILE - 4);
    pathAt += path.length;
  }
  return table;
}

function encodeRecent(files: readonly GramFile[], newest: readonly number[]): Buffer {
  const table = Buffer.alloc(newest.length * RECENT);
  const paths = newest.map((number) => Buffer.from(files[number]!.path));
  for (const [index, number] of newest.entries()) {
    const at = index * RECENT;
    table.writeUInt32LE(number, at);
    table.writeUInt32LE(paths[index]!.length, at + 4);
    table.writeDoubleLE(files[number]!.size, at + 8);
    table.writeDoubleLE(files[number]!.modified, at + 16);
  }
  const recent = Buffer.concat([table, ...paths, Buffer.alloc(4)]);
  recent.writeUInt32LE(crc32(recent.subarray(0, -4)), recent.length - 4);
  return recent;
}

/** Numbers of the files that changed last, newest first. */
function newestOf(files: readonly GramFile[]): readonly number[] {
  return [...files.keys()].sort((a, b) => files[b]!.modified - files[a]!.modified).slice(0, MOST_RECENT);
}
