import { hash } from 'node:crypto';
import { join } from 'node:path';
import { readSmall, type TreeDisk } from '../files/disk.ts';
import { type FolderNode, HASH_BYTES, STAT_FIELDS } from './folder-node.ts';

/** Raise it when the form, the reasons or what content is left out by change: older files are rebuilt, not converted. */
export const STATE_VERSION = 1;
export const STATE_FILE = 'tree.bin';

const MAGIC = 0x54534254;
/** Magic, version, byte order, zero, length (two numbers), checksum. */
const HEADER = 64;
const ORDER = 0x01020304;
const SUM_AT = 24;

export type LoadedState =
  | { readonly node: FolderNode }
  /** Nothing is kept yet, or it is not to be trusted, and why. */
  | { readonly node: undefined; readonly why: string | undefined };

/** Reads the mirror as it was kept for this root. Anything doubtful about the file means that it is rebuilt. */
export function loadState(disk: TreeDisk, folder: string, root: string): LoadedState {
  const bytes = readSmall(disk, join(folder, STATE_FILE), { follow: true, limit: Number.POSITIVE_INFINITY });
  if (!bytes) return { node: undefined, why: undefined };
  const refused = (why: string): LoadedState => ({ node: undefined, why });
  if (bytes.length < HEADER) return refused('it is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return refused('it is damaged');
  const version = view.getUint32(4, true);
  if (version !== STATE_VERSION) return refused(`it has version ${version} and not ${STATE_VERSION}`);
  if (new Uint32Array(bytes.buffer, bytes.byteOffset, 3)[2] !== ORDER) return refused('it is of another machine');
  const payload = bytes.subarray(HEADER);
  if (payload.length !== Number(view.getBigUint64(16, true))) return refused('it is cut off');
  if (!hash('sha256', payload, 'buffer').equals(bytes.subarray(SUM_AT, SUM_AT + 32))) return refused('it is damaged');
  try {
    const reader = { bytes: payload, at: 0 };
    if (readText(reader) !== root) return refused('it is of another folder');
    return { node: readNode(reader) };
  } catch (error) {
    // The checksum was right, so this was written wrongly: the same answer.
    return refused(`it cannot be read (${(error as Error).message})`);
  }
}

/**
 * Replaces what is kept at once: a process that is killed leaves the old file or the new one. Throws what the disk throws (no space, no permission);
 * the old file is whole then. Nothing is flushed: that would stop this thread for as long as the disk is busy, and what a power cut
 * leaves half written is told by its checksum and rebuilt.
 */
export function saveState(disk: TreeDisk, folder: string, root: string, node: FolderNode, unique: string): void {
  const bytes = encodeState(root, node);
  disk.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${STATE_FILE}.${unique}.tmp`);
  try {
    const descriptor = disk.openSync(temporary, 'w', 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += disk.writeSync(descriptor, bytes, at, bytes.length - at);
    } finally {
      disk.closeSync(descriptor);
    }
    disk.renameSync(temporary, join(folder, STATE_FILE));
  } catch (error) {
    try {
      disk.unlinkSync(temporary);
    } catch {
      // It was not made.
    }
    throw error;
  }
}

/** Removes what is kept; nothing where there is nothing. */
export function removeState(disk: TreeDisk, folder: string): void {
  try {
    disk.unlinkSync(join(folder, STATE_FILE));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Removes files that processes left behind when they were killed while writing. */
export function removeLeftovers(disk: TreeDisk, folder: string, now: number): void {
  try {
    for (const { name } of disk.readdirSync(folder, { withFileTypes: true })) {
      if (!name.startsWith(`${STATE_FILE}.`) || !name.endsWith('.tmp')) continue;
      if (disk.lstatSync(join(folder, name)).mtimeMs < now - LEFTOVER_AGE) disk.unlinkSync(join(folder, name));
    }
  } catch {
    // There is no folder yet, or another process was faster.
  }
}

/** Milliseconds: no write takes that long. */
const LEFTOVER_AGE = 10 * 60_000;

export function encodeState(root: string, node: FolderNode): Uint8Array {
  const names = new Map<FolderNode, Uint8Array>();
  let size = textSize(Buffer.byteLength(root));
  const measure = (folder: FolderNode): void => {
    const text = Buffer.from([...folder.names, ...folder.folderNames].join('\0'));
    names.set(folder, text);
    size += 16 + aligned(text.length) + folder.stats.byteLength + packedSize(folder.names.length);
    for (const child of folder.folders) measure(child);
  };
  measure(node);
  const buffer = new ArrayBuffer(HEADER + size);
  const bytes = new Uint8Array(buffer);
  const view = new DataView(buffer);
  let at = HEADER;
  const writeText = (text: Uint8Array): void => {
    view.setUint32(at, text.length, true);
    bytes.set(text, at + 8);
    at += textSize(text.length);
  };
  writeText(Buffer.from(root));
  const write = (folder: FolderNode): void => {
    const text = names.get(folder)!;
    view.setUint32(at, folder.names.length, true);
    view.setUint32(at + 4, folder.folders.length, true);
    view.setUint32(at + 8, text.length, true);
    view.setUint32(at + 12, folder.count, true);
    bytes.set(text, at + 16);
    at += 16 + aligned(text.length);
    bytes.set(new Uint8Array(folder.stats.buffer, folder.stats.byteOffset, folder.stats.byteLength), at);
    at += folder.stats.byteLength;
    const end = at + packedSize(folder.names.length);
    for (const part of [folder.hash, folder.marks, folder.hashes]) {
      bytes.set(part, at);
      at += part.length;
    }
    at = end;
    for (const child of folder.folders) write(child);
  };
  write(node);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, STATE_VERSION, true);
  new Uint32Array(buffer, 8, 1)[0] = ORDER;
  view.setBigUint64(16, BigInt(size), true);
  bytes.set(hash('sha256', bytes.subarray(HEADER), 'buffer'), SUM_AT);
  return bytes;
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readText(reader: Reader): string {
  const length = number(reader, 0);
  const text = Buffer.from(slice(reader, 8, length)).toString();
  reader.at += textSize(length);
  return text;
}

/** Arrays are views of the file's bytes: nothing is copied. */
function readNode(reader: Reader): FolderNode {
  const files = number(reader, 0);
  const folders = number(reader, 4);
  const length = number(reader, 8);
  const count = number(reader, 12);
  const text = slice(reader, 16, length);
  const all = files + folders === 0 ? [] : Buffer.from(text.buffer, text.byteOffset, length).toString().split('\0');
  if (all.length !== files + folders) throw new RangeError('names');
  reader.at += 16 + aligned(length);
  const stats = slice(reader, 0, files * STAT_FIELDS * 8);
  reader.at += stats.length;
  const packed = slice(reader, 0, packedSize(files));
  reader.at += packed.length;
  const hashesAt = HASH_BYTES + files;
  const node = {
    names: all.slice(0, files),
    folderNames: all.slice(files),
    stats: new Float64Array(stats.buffer, stats.byteOffset, files * STAT_FIELDS),
    hash: packed.subarray(0, HASH_BYTES),
    marks: packed.subarray(HASH_BYTES, hashesAt),
    hashes: packed.subarray(hashesAt, hashesAt + files * HASH_BYTES),
    count,
    leftOut: undefined,
  };
  const children: FolderNode[] = [];
  for (let index = 0; index < folders; index++) children.push(readNode(reader));
  return { ...node, folders: children };
}

function number(reader: Reader, offset: number): number {
  const bytes = slice(reader, offset, 4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
}

function slice({ bytes, at }: Reader, offset: number, length: number): Uint8Array {
  if (at + offset + length > bytes.length) throw new RangeError('past the end');
  return bytes.subarray(at + offset, at + offset + length);
}

/** Everything starts at a multiple of eight, so that numbers can be read in place. */
function aligned(length: number): number {
  return (length + 7) & ~7;
}

function textSize(length: number): number {
  return 8 + aligned(length);
}

/** The folder's hash, then marks and hashes of its files. */
function packedSize(files: number): number {
  return aligned(HASH_BYTES + files * (1 + HASH_BYTES));
}
