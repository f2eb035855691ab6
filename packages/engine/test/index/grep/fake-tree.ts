import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FolderTree, TreeBatch, TreeChange, TreeFile } from '../../../src/index/parts.ts';

export interface FakeTree extends FolderTree {
  /** Writes to disk; the tree knows of it after `reconcile` or `tell`. */
  write(path: string, content: string | Uint8Array): void;
  remove(path: string): void;
  /** As the watcher does after a burst. */
  tell(): void;
}

/** A tree whose files a test writes through it: all of them belong to it. */
export function fakeTree(root: string): FakeTree {
  const disk = new Map<string, TreeFile>();
  let known = new Map<string, TreeFile>();
  const listeners = new Set<(batch: TreeBatch) => void>();
  const takeIn = (): TreeBatch => {
    const changes: TreeChange[] = [];
    for (const [path, { hash }] of disk)
      if (known.get(path)?.hash !== hash) changes.push({ kind: known.has(path) ? 'modified' : 'added', path, hash });
    for (const path of known.keys()) if (!disk.has(path)) changes.push({ kind: 'removed', path });
    known = new Map(disk);
    return { changes };
  };
  return {
    root,
    get rootHash() {
      return createHash('sha256')
        .update(
          [...known]
            .map(([path, { hash }]) => path + hash)
            .sort()
            .join(),
        )
        .digest('hex');
    },
    get size() {
      return known.size;
    },
    files: () => [...known.values()],
    file: (path) => known.get(path),
    reconcile: async () => takeIn(),
    async watch(onBatch) {
      listeners.add(onBatch);
      return async () => void listeners.delete(onBatch);
    },
    read: async () => ({ skipped: 'not asked for' }),
    explain: async (path) => ({
      indexed: disk.has(path) || [...disk.keys()].some((one) => one.startsWith(`${path}/`)),
      reason: '',
    }),
    skipped: () => [],
    nestedRoots: () => [],
    async clear() {
      known = new Map();
    },
    write(path, content) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
      const hash = createHash('sha256').update(content).digest('hex');
      disk.set(path, { path, size: Buffer.byteLength(content), modified: Date.now(), hash });
    },
    remove(path) {
      rmSync(join(root, path));
      disk.delete(path);
    },
    tell() {
      const batch = takeIn();
      for (const listener of listeners) listener(batch);
    },
  };
}
