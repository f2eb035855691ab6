import { crc32 } from './checksum.ts';
import type { GramDisk, OpenFile } from './gram-disk.ts';
import { decodeList, keepListed, mostNumbers } from './posting-list.ts';
import {
  BLOCK,
  BLOCKS_IN_PAGE,
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
  PAGE,
  RECENT,
  type SeenFile,
  VERSION,
} from './segment-format.ts';

const SLASH = 47;

/** Bytes that are read in the time that a call of the system takes, and at most by one call. */
const GAP = 16 * 1024;
const MOST_AT_ONCE = 1024 * 1024;

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
  /** Those of `candidates`, ascending, that the list holds. It is not unpacked for that. */
  keep(candidates: Uint32Array, list: StoredList): Uint32Array;
  /** Files by their numbers, ascending. */
  filesOf(numbers: Uint32Array): readonly GramFile[];
  allFiles(): readonly GramFile[];
  /** Paths of what lies right in one of `folders` (`''`: the root), files and folders with files, for which `isWanted`. Unpacks little more than these. */
  pathsIn(folders: ReadonlySet<string>, isWanted: (number: number) => boolean): ReadonlySet<string>;
  /** The files that changed last (some hundred at most), newest first. */
  recent(): Iterable<SeenFile & { readonly number: number }>;
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
  const pages = view(read(footer.pagesAt, footer.filesAt - footer.pagesAt));
  if (crc32(bytesIn(pages)) !== footer.pagesChecksum) throw damaged('the pages do not have their checksum');
  const blockCount = Math.ceil(footer.grams / ENTRIES_IN_BLOCK);
  const keptPages = new Map<number, DataView>();
  const keptBlocks = new Map<number, DataView>();

  function read(at: number, length: number): Buffer {
    // Before there is room made for what a damaged table says.
    if (at + length > file.size) throw damaged('it is cut off');
    const bytes = file.read(at, length);
    if (bytes.length !== length) throw damaged('it is cut off');
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Parts of the file, ascending. Those that lie near each other are read together. */
  function readSpans(spans: readonly { readonly at: number; readonly length: number }[]): readonly Buffer[] {
    const parts: Buffer[] = [];
    for (let first = 0; first < spans.length; ) {
      const from = spans[first]!.at;
      let to = from + spans[first]!.length;
      let next = first + 1;
      for (; next < spans.length; next++) {
        const { at, length } = spans[next]!;
        // A damaged table says anything.
        if (at < from || at - to > GAP || at + length - from > MOST_AT_ONCE) break;
        to = Math.max(to, at + length);
      }
      const bytes = read(from, to - from);
      for (; first < next; first++) {
        const start = spans[first]!.at - from;
        parts.push(bytes.subarray(start, start + spans[first]!.length));
      }
    }
    return parts;
  }

  /** A page of blocks. */
  function page(index: number): DataView {
    const known = keptPages.get(index);
    if (known) return known;
    const count = Math.min(blockCount - index * BLOCKS_IN_PAGE, BLOCKS_IN_PAGE);
    const bytes = read(footer.blocksAt + index * BLOCKS_IN_PAGE * BLOCK, count * BLOCK);
    if (crc32(bytes) !== pages.getUint32(index * PAGE + 4, true)) throw damaged('blocks do not have their checksum');
    const blocks = view(bytes);
    if (keptPages.size > 512) keptPages.clear();
    keptPages.set(index, blocks);
    return blocks;
  }

  /** The entries of a block: of page `at`, the `index`th. */
  function block(at: number, index: number): DataView {
    const number = at * BLOCKS_IN_PAGE + index;
    const known = keptBlocks.get(number);
    if (known) return known;
    const from = number * ENTRIES_IN_BLOCK;
    const count = Math.min(footer.grams - from, ENTRIES_IN_BLOCK);
    const bytes = read(footer.entriesAt + from * ENTRY, count * ENTRY);
    checkEntries(bytes, page(at), index);
    const entries = view(bytes);
    if (keptBlocks.size > 2048) keptBlocks.clear();
    keptBlocks.set(number, entries);
    return entries;
  }

  function checkEntries(bytes: Uint8Array, blocks: DataView, index: number): void {
    if (crc32(bytes) !== blocks.getUint32(index * BLOCK + 4, true)) throw damaged('entries do not have their checksum');
  }

  function find(gram: number): StoredList | undefined {
    const at = lastUpTo(gram, pages, PAGE);
    if (at < 0) return undefined;
    const blocks = page(at);
    const index = lastUpTo(gram, blocks, BLOCK);
    // The first n-gram of a page is that of its first block.
    if (index < 0) throw damaged('pages and blocks do not fit');
    const entries = block(at, index);
    let start = blocks.getFloat64(index * BLOCK + 8, true);
    for (let entry = 0; entry < entries.byteLength; entry += ENTRY) {
      const length = entries.getUint32(entry + 4, true);
      if (entries.getUint32(entry, true) === gram)
        return {
          at: start,
          length: (length & ~DENSE) >>> 0,
          dense: length >= DENSE,
          checksum: entries.getUint32(entry + 8, true),
        };
      start += (length & ~DENSE) >>> 0;
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

  function fileOf(table: Buffer, at: number, path: Buffer): GramFile {
    const fields = view(table);
    if (crc32(path, crc32(table.subarray(at, at + FILE - 4))) !== fields.getUint32(at + FILE - 4, true))
      throw damaged('a file does not have its checksum');
    return {
      path: path.toString('utf8'),
      size: fields.getFloat64(at + 8, true),
      modified: fields.getFloat64(at + 16, true),
      hash: table.toString('hex', at + 24, at + 24 + HASH),
    };
  }

  /** A page at a time. */
  function* lists(): Generator<{ gram: number; numbers: Uint32Array }> {
    let into = new Uint32Array(footer.files + 8);
    const perPage = BLOCKS_IN_PAGE * ENTRIES_IN_BLOCK;
    for (let at = 0; at * perPage < footer.grams; at++) {
      const blocks = page(at);
      const start = blocks.getFloat64(8, true);
      const isLast = (at + 1) * perPage >= footer.grams;
      const end = isLast ? footer.entriesAt : page(at + 1).getFloat64(8, true);
      const entries = read(
        footer.entriesAt + at * perPage * ENTRY,
        Math.min(footer.grams - at * perPage, perPage) * ENTRY,
      );
      for (let index = 0; index * BLOCK < blocks.byteLength; index++)
        checkEntries(
          entries.subarray(index * ENTRIES_IN_BLOCK * ENTRY, (index + 1) * ENTRIES_IN_BLOCK * ENTRY),
          blocks,
          index,
        );
      const fields = view(entries);
      const bytes = read(start, end - start);
      let from = 0;
      for (let entry = 0; entry < entries.length; entry += ENTRY) {
        const length = fields.getUint32(entry + 4, true);
        const list = bytes.subarray(from, from + ((length & ~DENSE) >>> 0));
        from += list.length;
        if (crc32(list) !== fields.getUint32(entry + 8, true)) throw damaged('a list does not have its checksum');
        if (into.length < mostNumbers(list, length >= DENSE))
          into = new Uint32Array(mostNumbers(list, length >= DENSE));
        const count = decodeList(list, length >= DENSE, into);
        yield { gram: fields.getUint32(entry, true), numbers: into.subarray(0, count) };
      }
      keptPages.delete(at);
    }
  }

  return {
    name,
    files: footer.files,
    bytes: file.size,
    find,
    numbers,
    keep: (candidates, list) => keepListed(candidates, bytesOf(list), list.dense),
    filesOf(numbers) {
      const rows = readSpans(Array.from(numbers, (number) => ({ at: footer.filesAt + number * FILE, length: FILE })));
      const paths = readSpans(
        rows.map((row) => {
          const fields = view(row);
          return { at: footer.pathsAt + fields.getUint32(0, true), length: fields.getUint32(4, true) };
        }),
      );
      return rows.map((row, index) => fileOf(row, 0, paths[index]!));
    },
    allFiles() {
      const table = read(footer.filesAt, footer.files * FILE);
      const paths = read(footer.pathsAt, footer.recentAt - footer.pathsAt);
      return Array.from({ length: footer.files }, (_, number) =>
        fileOf(table, number * FILE, pathIn(paths, table, number * FILE)),
      );
    },
    pathsIn(folders, isWanted) {
      const table = read(footer.filesAt, footer.files * FILE);
      const paths = read(footer.pathsAt, footer.recentAt - footer.pathsAt);
      const fields = view(table);
      const found = new Set<string>();
      /** Where the folder of the file before is written. Files of one folder lie beside each other. */
      let [folderAt, folderLength, isAsked] = [0, -1, false];
      for (let number = 0; number < footer.files; number++) {
        const at = fields.getUint32(number * FILE, true);
        const end = at + fields.getUint32(number * FILE + 4, true);
        let slash = end - 1;
        while (slash >= at && paths[slash] !== SLASH) slash--;
        const length = Math.max(0, slash - at);
        let same = length === folderLength ? length : -1;
        while (same > 0 && paths[at + same - 1] === paths[folderAt + same - 1]) same--;
        const isNewFolder = same !== 0;
        if ((!isNewFolder && !isAsked) || !isWanted(number)) continue;
        if (isNewFolder) {
          const folder = paths.toString('utf8', at, at + length);
          [folderAt, folderLength, isAsked] = [at, length, folders.has(folder)];
          addFolders(folder, folders, found);
        }
        if (isAsked) found.add(fileOf(table.subarray(number * FILE), 0, paths.subarray(at, end)).path);
      }
      return found;
    },
    *recent() {
      const bytes = read(footer.recentAt, file.size - FOOTER - footer.recentAt);
      const fields = view(bytes);
      if (crc32(bytes.subarray(0, -4)) !== fields.getUint32(bytes.length - 4, true))
        throw damaged('the files that changed last do not have their checksum');
      let pathAt = footer.recents * RECENT;
      for (let at = 0; at < footer.recents * RECENT; at += RECENT) {
        const pathEnd = pathAt + fields.getUint32(at + 4, true);
        const path = bytes.toString('utf8', pathAt, pathEnd);
        pathAt = pathEnd;
        const [size, modified] = [fields.getFloat64(at + 8, true), fields.getFloat64(at + 16, true)];
        yield { number: fields.getUint32(at, true), path, size, modified };
      }
    },
    lists,
    close: () => file.close(),
  };
}

/** The last row of a table whose first number is not greater; -1 where all are. */
function lastUpTo(gram: number, table: DataView, row: number): number {
  let low = 0;
  let high = table.byteLength / row;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.getUint32(middle * row, true) <= gram) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The folder and those above it, as far as they lie right in one of `folders`. */
function addFolders(folder: string, folders: ReadonlySet<string>, found: Set<string>): void {
  for (let path = folder; path !== ''; ) {
    const above = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folders.has(above)) found.add(path);
    path = above;
  }
}

function pathIn(paths: Buffer, table: Buffer, at: number): Buffer {
  const fields = view(table);
  const start = fields.getUint32(at, true);
  return paths.subarray(start, start + fields.getUint32(at + 4, true));
}

/** Not Buffer's own readers: they are JavaScript, slow as long as they are not compiled. */
const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
const bytesIn = (table: DataView): Uint8Array => new Uint8Array(table.buffer, table.byteOffset, table.byteLength);

function readFooter(file: OpenFile, damaged: (what: string) => Error): Footer {
  if (file.size < FOOTER) throw damaged('it is too short');
  const bytes = file.read(file.size - FOOTER, FOOTER);
  const fields = view(bytes);
  if (bytes.length !== FOOTER || fields.getUint32(0, true) !== MAGIC) throw damaged('it is no segment');
  if (fields.getUint32(4, true) !== VERSION) throw damaged(`it is of version ${fields.getUint32(4, true)}`);
  if (crc32(bytes.subarray(0, FOOTER - 4)) !== fields.getUint32(FOOTER - 4, true))
    throw damaged('the footer does not have its checksum');
  const [entriesAt, blocksAt, pagesAt, filesAt, pathsAt, recentAt] = [0, 1, 2, 3, 4, 5].map((index) =>
    fields.getFloat64(24 + index * 8, true),
  ) as [number, number, number, number, number, number];
  return {
    files: fields.getUint32(8, true),
    grams: fields.getUint32(12, true),
    recents: fields.getUint32(16, true),
    pagesChecksum: fields.getUint32(20, true),
    entriesAt,
    blocksAt,
    pagesAt,
    filesAt,
    pathsAt,
    recentAt,
  };
}
