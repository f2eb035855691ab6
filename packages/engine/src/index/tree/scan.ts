import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import type { TreeDisk } from '../files/disk.ts';
import type { FolderRules } from '../files/folder-rules.ts';
import { gitDirOf } from '../files/git-layout.ts';
import { leftOutByName } from '../files/left-out.ts';
import { classify, contentHash, reasonMark } from './classify.ts';
import {
  type FileEntry,
  type FileStat,
  type FolderNode,
  fileHash,
  findName,
  folderNode,
  IN_DOUBT,
  isUnchanged,
  type LeftOut,
  OWN_ROOT,
  STAT_FIELDS,
} from './folder-node.ts';
import { isRacy, NotAFileError, readSteady, sameStat, statOf } from './read-file.ts';

export interface ScanOptions {
  readonly disk: TreeDisk;
  /** Absolute and real. */
  readonly root: string;
  readonly rules: FolderRules;
  readonly known: FolderNode;
  readonly maxFileBytes: number;
  /** Of the tree; a home folder opened by mistake does not take the machine. */
  readonly maxFiles: number;
  /** Absolute; folders that have a tree of their own. */
  readonly otherRoots: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called often; waits where the event loop has to turn. */
  readonly slice: () => Promise<void> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((seen: number) => void) | undefined;
  /** Folders to look at, with all above them; everything unless given. `all` says that what lies below is looked at too. */
  readonly only?: ReadonlyMap<string, 'here' | 'all'> | undefined;
  /** A file that is left as it is known for now. */
  readonly hold?: ((path: string) => boolean) | undefined;
}

export interface ScanResult {
  /** The known node itself where nothing at all changed. */
  readonly node: FolderNode;
  /** Files that kept changing while they were read. */
  readonly unsteady: number;
  readonly problems: readonly string[];
}

/** Bytes of a name that are no UTF-8 arrive as this, and the name then leads nowhere. */
const REPLACED = '\ufffd';
const NOT_UTF8 = 'name is not UTF-8';
/** Milliseconds. */
const JUST_MADE = 5_000;
/** Files named of each reason in one folder. Folders are all named: they are not watched, and roots of their own are asked for. */
const EXAMPLES = 3;
/** Errors that mean that there is nothing to read, for good; after others (too many open files, input and output) what was known stays. */
const GONE = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);
const REFUSED = new Set(['EACCES', 'EPERM']);

export class FolderGoneError extends Error {
  readonly folder: string;
  constructor(folder: string, options?: ErrorOptions) {
    super(`cannot read the folder ${folder}`, options);
    this.name = 'FolderGoneError';
    this.folder = folder;
  }
}

/** Looks at the folder on disk, at files by `lstat` first and by content where that differs or is in doubt. Throws `FolderGoneError` where the root is gone. */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const { disk, root, known, maxFileBytes, only } = options;
  let seen = 0;
  let unsteady = 0;
  const problems: string[] = [];
  const moved = movedFiles(known);
  let room = options.maxFiles - (only ? known.count : 0);
  const noRoom = `beyond ${options.maxFiles} files`;

  async function folder(
    path: string,
    enter: (has: (file: string) => boolean) => FolderRules,
    before: FolderNode | undefined,
    below: 'here' | 'all' | undefined,
  ): Promise<FolderNode | 'gone' | 'refused' | 'own root'> {
    options.signal?.throwIfAborted();
    const entries = list(path, before);
    if (!Array.isArray(entries)) return entries;
    if (
      path !== '' &&
      entries.some((entry) => entry.name === '.git') &&
      gitDirOf(disk, join(root, path)) !== undefined
    ) {
      return 'own root';
    }
    const rules = enter((file) => entries.some((entry) => entry.name === file));
    const files: FileEntry[] = [];
    const folders: (readonly [string, FolderNode])[] = [];
    const out = new Map<string, { count: number; examples: string[] }>();
    const leave = (reason: string, name: string): void => {
      const told = out.get(reason) ?? { count: 0, examples: [] };
      told.count++;
      if (told.examples.length < EXAMPLES || name.endsWith('/')) told.examples.push(name);
      out.set(reason, told);
    };
    for (const entry of entries) {
      const pause = options.slice();
      if (pause) {
        options.onProgress?.(seen);
        await pause;
        options.signal?.throwIfAborted();
      }
      const { name } = entry;
      if (entry.isDirectory()) {
        const verdict = rules.judge(name, true);
        if (verdict) {
          if (name !== '.git') leave(verdict.reason, `${name}/`);
          continue;
        }
        const node = room > 0 ? await child(path, name, rules, before, below) : 'no room';
        if (node === 'no room') leave(noRoom, `${name}/`);
        else if (node === 'own root') leave(OWN_ROOT, `${name}/`);
        else if (node === 'refused') leave('cannot be read', `${name}/`);
        else if (node !== 'gone') folders.push([name, node]);
        else if (name.includes(REPLACED)) leave(NOT_UTF8, `${name}/`);
      } else {
        seen++;
        const verdict = rules.judge(name, false) ?? leftOutByName(name);
        if (verdict) leave(verdict.reason, name);
        else if (entry.isSymbolicLink()) leave('link', name);
        else if (!entry.isFile()) leave('not a regular file', name);
        else {
          const isNew = !only || !before || findName(before.names, name) < 0;
          const found = isNew && room <= 0 ? noRoom : file(path, name, before);
          if (typeof found === 'string') leave(found, name);
          else if (found) {
            files.push(found);
            if (isNew) room--;
          }
        }
      }
    }
    return settled(before, files, folders, out);
  }

  function child(
    path: string,
    name: string,
    rules: FolderRules,
    before: FolderNode | undefined,
    below: 'here' | 'all' | undefined,
  ): Promise<FolderNode | 'gone' | 'refused' | 'own root'> | FolderNode | 'own root' {
    const childPath = path === '' ? name : `${path}/${name}`;
    if (options.otherRoots.has(join(root, childPath))) return 'own root';
    const childBefore = before?.folders[findName(before.folderNames, name)];
    const childBelow = below === 'all' ? 'all' : only?.get(childPath);
    if (only && childBefore && !childBelow) return childBefore;
    // A folder that was not there before is looked at as a whole.
    return folder(childPath, (has) => rules.enter(name, has), childBefore, childBefore ? childBelow : 'all');
  }

  function list(path: string, before: FolderNode | undefined): Dirent[] | 'gone' | 'refused' | FolderNode {
    try {
      return disk.readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (path === '') throw new FolderGoneError(root, { cause: error });
      if (GONE.has(code)) return 'gone';
      if (!REFUSED.has(code)) problems.push(`${path}/: ${code}`);
      return REFUSED.has(code) || !before ? 'refused' : before;
    }
  }

  function file(path: string, name: string, before: FolderNode | undefined): FileEntry | string | undefined {
    const below = path === '' ? name : `${path}/${name}`;
    const absolute = `${root}/${below}`;
    const at = before ? findName(before.names, name) : -1;
    const old = at >= 0 ? entryAt(before!, at) : undefined;
    if (old && options.hold?.(below)) return old;
    try {
      const stat = statOf(disk.lstatSync(absolute));
      if (stat.size > maxFileBytes) return `larger than ${sizeText(maxFileBytes)}`;
      if (old && (old.mark & IN_DOUBT) === 0 && sameStat(old, stat)) return old;
      // The table that tells moved files costs as much as the tree is large; a file that was just made is none.
      const same = old || options.now() - stat.changed < JUST_MADE ? undefined : moved(name, stat);
      if (same) return same;
      const readAt = options.now();
      const steady = readSteady(disk, absolute, maxFileBytes);
      if (!steady.steady) unsteady++;
      const content = classify(name, steady.bytes);
      const doubt = !steady.steady || isRacy(steady.stat, readAt) ? IN_DOUBT : 0;
      const mark = ('leftOut' in content ? reasonMark(content.leftOut) : 0) | doubt;
      return { name, ...steady.stat, hash: contentHash(steady.bytes), mark };
    } catch (error) {
      if (error instanceof NotAFileError) return error.message;
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (GONE.has(code)) return name.includes(REPLACED) ? NOT_UTF8 : undefined;
      if (REFUSED.has(code)) return 'cannot be read';
      problems.push(`${below}: ${code}`);
      return old ? { ...old, mark: old.mark | IN_DOUBT } : 'cannot be read';
    }
  }

  const node = await folder('', () => options.rules, known, only ? only.get('') : 'all');
  if (typeof node === 'string') throw new FolderGoneError(root);
  return { node, unsteady, problems };
}

export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${+(bytes / 1024).toFixed(1)} KiB`;
  return `${+(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

function entryAt(node: FolderNode, index: number): FileEntry {
  const at = index * STAT_FIELDS;
  return {
    name: node.names[index]!,
    size: node.stats[at]!,
    modified: node.stats[at + 1]!,
    changed: node.stats[at + 2]!,
    inode: node.stats[at + 3]!,
    mark: node.marks[index]!,
    hash: fileHash(node, index),
  };
}

/** The node before where nothing changed, so that whole subtrees are shared between states. */
function settled(
  before: FolderNode | undefined,
  files: readonly FileEntry[],
  folders: readonly (readonly [string, FolderNode])[],
  leftOut: LeftOut,
): FolderNode {
  if (!before) return folderNode(files, folders, leftOut);
  const same =
    files.length === before.names.length &&
    folders.length === before.folders.length &&
    folders.every(
      ([name, node], index) => isUnchanged(before.folders[index]!, node) && before.folderNames[index] === name,
    ) &&
    files.every((file, index) => isEntry(before, index, file));
  if (!same) return folderNode(files, folders, leftOut);
  const told = before.leftOut && sameLeftOut(before.leftOut, leftOut) ? before.leftOut : leftOut;
  if (folders.some(([, node], index) => before.folders[index] !== node))
    return { ...before, folders: folders.map(([, node]) => node), leftOut: told };
  return told === before.leftOut ? before : { ...before, leftOut: told };
}

function isEntry(node: FolderNode, index: number, file: FileEntry): boolean {
  const at = index * STAT_FIELDS;
  return (
    node.names[index] === file.name &&
    node.marks[index] === file.mark &&
    node.stats[at] === file.size &&
    node.stats[at + 1] === file.modified &&
    node.stats[at + 2] === file.changed &&
    node.stats[at + 3] === file.inode &&
    Buffer.compare(fileHash(node, index), file.hash) === 0
  );
}

function sameLeftOut(a: LeftOut, b: LeftOut): boolean {
  if (a.size !== b.size) return false;
  for (const [reason, told] of a) {
    const other = b.get(reason);
    if (other?.count !== told.count || other.examples.some((name, index) => told.examples[index] !== name))
      return false;
  }
  return true;
}

/**
 * Files of a folder that was renamed or moved keep inode and times: their hashes are taken over without reading them. The table is made at the first
 * file that is new.
 */
function movedFiles(known: FolderNode): (name: string, stat: FileStat) => FileEntry | undefined {
  let byInode: Map<number, { node: FolderNode; index: number }> | undefined;
  return (name, stat) => {
    if (known.names.length + known.folders.length === 0) return undefined;
    if (!byInode) {
      byInode = new Map();
      const pending = [known];
      for (let node = pending.pop(); node; node = pending.pop()) {
        for (let index = 0; index < node.names.length; index++) {
          byInode.set(node.stats[index * STAT_FIELDS + 3]!, { node, index });
        }
        pending.push(...node.folders);
      }
    }
    const found = byInode.get(stat.inode);
    if (!found || found.node.names[found.index] !== name) return undefined;
    const entry = entryAt(found.node, found.index);
    return (entry.mark & IN_DOUBT) === 0 && sameStat(entry, stat) ? entry : undefined;
  };
}
