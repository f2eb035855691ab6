import type { TreeChange } from '../parts.ts';
import { EMPTY_FOLDER, equalBytes, type FolderNode, fileHash, hex, isIn } from './folder-node.ts';

export interface TreeDiff {
  /** By path within each folder, files before folders. */
  readonly changes: readonly TreeChange[];
  /** Pairs of folders that were opened; at most those whose hashes differ and the root. */
  readonly visited: number;
}

/** What leads from one tree to the other. Descends only where hashes differ, so the cost is that of the change and not of the tree. */
export function diffTrees(before: FolderNode, after: FolderNode): TreeDiff {
  const changes: TreeChange[] = [];
  const visited = before === after ? 0 : diffFolder(before, after, '', changes);
  return { changes, visited };
}

function diffFolder(before: FolderNode, after: FolderNode, prefix: string, changes: TreeChange[]): number {
  let visited = 1;
  if (equalBytes(before.hash, after.hash)) return visited;
  for (const [left, right, name] of pairs(before.names, after.names)) {
    const was = left >= 0 && isIn(before, left);
    const is = right >= 0 && isIn(after, right);
    const path = prefix + name;
    if (was && !is) changes.push({ kind: 'removed', path });
    else if (is && !was) changes.push({ kind: 'added', path, hash: hex(fileHash(after, right)) });
    else if (was && is && !equalBytes(fileHash(before, left), fileHash(after, right))) {
      changes.push({ kind: 'modified', path, hash: hex(fileHash(after, right)) });
    }
  }
  for (const [left, right, name] of pairs(before.folderNames, after.folderNames)) {
    const was = before.folders[left] ?? EMPTY_FOLDER;
    const is = after.folders[right] ?? EMPTY_FOLDER;
    if (was !== is && !equalBytes(was.hash, is.hash)) visited += diffFolder(was, is, `${prefix}${name}/`, changes);
  }
  return visited;
}

/** Merges two sorted lists of names; -1 where a name is on one side only. */
function* pairs(
  before: readonly string[],
  after: readonly string[],
): Generator<[left: number, right: number, name: string]> {
  let left = 0;
  let right = 0;
  while (left < before.length || right < after.length) {
    const a = before[left];
    const b = after[right];
    if (a !== undefined && (b === undefined || a < b)) yield [left++, -1, a];
    else if (b !== undefined && (a === undefined || b < a)) yield [-1, right++, b];
    else yield [left++, right++, a!];
  }
}
