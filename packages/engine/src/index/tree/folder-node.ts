import { hash } from 'node:crypto';
import { CONTENT_REASONS } from '../files/left-out.ts';

/** Bytes of a hash: SHA-256, cut. Of a file, of its content; of a folder, of its entries' names and hashes. */
export const HASH_BYTES = 20;
/** Numbers kept of one file: size, modified and changed (milliseconds since 1970, in quarters of a microsecond), inode. */
export const STAT_FIELDS = 4;
/** Set in a mark where the file changed so shortly before it was read that a later change could carry the same times. */
export const IN_DOUBT = 0x80;
const REASON = 0x7f;

/** The reason of folders that have a tree of their own. */
export const OWN_ROOT = 'a root of its own';

/** What was left out of one folder by name and rules, by reason. */
export type LeftOut = ReadonlyMap<string, { readonly count: number; readonly examples: readonly string[] }>;

/**
 * One folder of the mirror, an immutable value: a change makes new nodes on the way to the root and shares the others. Files lie in packed arrays,
 * 53 bytes and a name each, sorted by name.
 */
export interface FolderNode {
  readonly names: readonly string[];
  readonly stats: Float64Array;
  /** 0 for a file that is in, else the position of why its content keeps it out in `CONTENT_REASONS`; plus `IN_DOUBT`. */
  readonly marks: Uint8Array;
  readonly hashes: Uint8Array;
  readonly folderNames: readonly string[];
  readonly folders: readonly FolderNode[];
  /** Hash of everything below that is in; the same for equal content wherever it lies. */
  readonly hash: Uint8Array;
  /** Files below that are in. */
  readonly count: number;
  /** Unknown for a folder that was loaded from disk and not looked at yet. */
  readonly leftOut: LeftOut | undefined;
}

export interface FileStat {
  readonly size: number;
  readonly modified: number;
  readonly changed: number;
  readonly inode: number;
}

/** One file as it goes into a node. */
export interface FileEntry extends FileStat {
  readonly name: string;
  readonly hash: Uint8Array;
  readonly mark: number;
}

const NOTHING: LeftOut = new Map();

export const EMPTY_FOLDER: FolderNode = folderNode([], [], NOTHING);

/** `files` and `folders` are sorted by name. Folders that mirror nothing may be left away by the caller. */
export function folderNode(
  files: readonly FileEntry[],
  folders: readonly (readonly [name: string, node: FolderNode])[],
  leftOut: LeftOut | undefined,
): FolderNode {
  const stats = new Float64Array(files.length * STAT_FIELDS);
  const marks = new Uint8Array(files.length);
  const hashes = new Uint8Array(files.length * HASH_BYTES);
  for (const [index, file] of files.entries()) {
    stats.set([file.size, file.modified, file.changed, file.inode], index * STAT_FIELDS);
    marks[index] = file.mark;
    hashes.set(file.hash, index * HASH_BYTES);
  }
  const node = {
    names: files.map((file) => file.name),
    stats,
    marks,
    hashes,
    folderNames: folders.map(([name]) => name),
    folders: folders.map(([, folder]) => folder),
  };
  return { ...node, ...sumOf(node), leftOut };
}

/** Hash and count of what a folder holds. Empty folders do not count, as in git. */
export function sumOf(node: Omit<FolderNode, 'hash' | 'count' | 'leftOut'>): { hash: Uint8Array; count: number } {
  const names: string[] = [];
  const hashes: Uint8Array[] = [];
  for (const [index, name] of node.names.entries()) {
    if (!isIn(node, index)) continue;
    names.push(name);
    hashes.push(fileHash(node, index));
  }
  let count = names.length;
  for (const [index, name] of node.folderNames.entries()) {
    const folder = node.folders[index]!;
    if (folder.count === 0) continue;
    names.push(`${name}/`);
    hashes.push(folder.hash);
    count += folder.count;
  }
  // No name holds a zero byte or, but for the mark of a folder, a slash: nothing else gives the same bytes.
  const bytes = hash('sha256', Buffer.concat([Buffer.from(`${names.join('\0')}\0\0`), ...hashes]), 'buffer');
  return { hash: new Uint8Array(bytes.subarray(0, HASH_BYTES)), count };
}

export function isIn(node: Pick<FolderNode, 'marks'>, index: number): boolean {
  return (node.marks[index]! & REASON) === 0;
}

export function reasonOf(node: Pick<FolderNode, 'marks'>, index: number): string {
  return CONTENT_REASONS[node.marks[index]! & REASON] ?? '';
}

export function fileHash(node: Pick<FolderNode, 'hashes'>, index: number): Uint8Array {
  return node.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/**
 * Whether nothing differs but what is known of files that were left out: after a start all that becomes known, and neither hashes nor the state on disk
 * are made anew for it. Told by identity: any other change makes a new hash.
 */
export function isUnchanged(before: FolderNode, after: FolderNode): boolean {
  return before === after || (before.hash === after.hash && before.stats === after.stats);
}

/** Position of a name in sorted names, -1 where it is not there. */
export function findName(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const at = names[middle]!;
    if (at === name) return middle;
    if (at < name) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The folder that holds a path and the position of its last part among the files, -1 where there is none. */
export function locate(root: FolderNode, path: string): { folder: FolderNode; index: number } | undefined {
  const slash = path.lastIndexOf('/');
  const folder = findFolder(root, path.slice(0, Math.max(0, slash)));
  return folder && { folder, index: findName(folder.names, path.slice(slash + 1)) };
}

/** The folder of a path, `undefined` where there is none. */
export function findFolder(root: FolderNode, path: string): FolderNode | undefined {
  let folder: FolderNode | undefined = root;
  for (const part of path === '' ? [] : path.split('/')) {
    folder = folder?.folders[findName(folder.folderNames, part)];
  }
  return folder;
}

/** All files that are in, with their folders, in a stable order. */
export function* walkFiles(
  node: FolderNode,
  prefix = '',
): Generator<{ folder: FolderNode; index: number; path: string }> {
  for (let index = 0; index < node.names.length; index++) {
    if (isIn(node, index)) yield { folder: node, index, path: prefix + node.names[index]! };
  }
  for (const [index, name] of node.folderNames.entries()) yield* walkFiles(node.folders[index]!, `${prefix}${name}/`);
}
