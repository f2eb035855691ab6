import { join } from 'node:path';
import { decode } from '../files/decode.ts';
import type { FolderTree, ReadFile, TreeFile } from '../parts.ts';
import { followFolder } from '../watch/follow.ts';
import { classify, contentHash } from './classify.ts';
import type { TreeEffects } from './effects.ts';
import { explainPath } from './explain.ts';
import { type FolderNode, fileHash, hex, isIn, locate, STAT_FIELDS, walkFiles } from './folder-node.ts';
import { type Mirror, openMirror } from './mirror.ts';
import { NotAFileError, readSteady } from './read-file.ts';
import { nestedRoots, skippedFiles } from './skipped.ts';

export interface OpenTreeOptions {
  /** Absolute. */
  readonly root: string;
  /** Where `tree.bin` is kept; nothing is kept without it. */
  readonly stateDir?: string | undefined;
  /** Larger files are left out; 1 MiB unless told. */
  readonly maxFileBytes?: number | undefined;
  /** Files in the tree at most; 300,000 unless told. What is beyond is left out and said to be. */
  readonly maxFiles?: number | undefined;
  /** Absolute; folders with a tree of their own, left out of this one where they lie below it. */
  readonly otherRoots?: readonly string[] | undefined;
  readonly effects: TreeEffects;
}

export const MAX_FILE_BYTES = 1024 * 1024;
export const MAX_FILES = 300_000;

/**
 * The mirror as it was kept; `reconcile` brings it in step with the disk, and throws `FolderGoneError` where the folder is not to be read. Rejects where the
 * folder does not exist.
 */
export async function openFolderTree(options: OpenTreeOptions): Promise<FolderTree> {
  const { effects } = options;
  const { disk } = effects;
  const root = disk.realpathSync(options.root);
  const maxFileBytes = options.maxFileBytes ?? MAX_FILE_BYTES;
  const otherRoots = new Set((options.otherRoots ?? []).filter((other) => other !== root && other !== options.root));
  const maxFiles = options.maxFiles ?? MAX_FILES;
  const mirror = openMirror({ root, stateDir: options.stateDir, maxFileBytes, maxFiles, otherRoots, effects });
  return {
    root,
    get rootHash() {
      return hex(mirror.node().hash);
    },
    get size() {
      return mirror.node().count;
    },
    *files() {
      for (const { folder, index, path } of walkFiles(mirror.node())) yield treeFile(folder, index, path);
    },
    file(path) {
      const found = locate(mirror.node(), path);
      return found && found.index >= 0 && isIn(found.folder, found.index)
        ? treeFile(found.folder, found.index, path)
        : undefined;
    },
    async reconcile(given = {}) {
      const { changes, note } = await mirror.look({ ...given, keep: 'now' });
      return note === undefined ? { changes } : { changes, note };
    },
    watch: (onBatch) => followFolder({ root, mirror, effects, onBatch }),
    read: async (path) => readText({ root, mirror, disk, maxFileBytes }, path),
    async explain(path) {
      return explainPath({ disk, root, rules: await mirror.rules(), path, maxFileBytes, otherRoots });
    },
    skipped: () => skippedFiles(mirror.node()),
    nestedRoots: () => nestedRoots(mirror.node()),
    clear: () => mirror.clear(),
  };
}

function readText(
  tree: { root: string; mirror: Mirror; disk: TreeEffects['disk']; maxFileBytes: number },
  path: string,
): ReadFile {
  const found = locate(tree.mirror.node(), path);
  if (!found || found.index < 0 || !isIn(found.folder, found.index)) return { skipped: 'not in the tree' };
  const absolute = join(tree.root, path);
  try {
    // A folder on the way may have become a link that leads out since it was looked at.
    if (tree.disk.realpathSync(absolute) !== absolute) return { skipped: 'behind a link' };
    const { bytes } = readSteady(tree.disk, absolute, tree.maxFileBytes);
    const content = classify(path.slice(path.lastIndexOf('/') + 1), bytes);
    if ('leftOut' in content) return { skipped: content.leftOut };
    return { text: decode(bytes, content), hash: hex(contentHash(bytes)), encoding: content.label };
  } catch (error) {
    if (error instanceof NotAFileError) return { skipped: error.message };
    return { skipped: `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})` };
  }
}

function treeFile(folder: FolderNode, index: number, path: string): TreeFile {
  return {
    path,
    size: folder.stats[index * STAT_FIELDS]!,
    modified: folder.stats[index * STAT_FIELDS + 1]!,
    hash: hex(fileHash(folder, index)),
  };
}
