import { createHash } from 'node:crypto';
import type { FolderTree, TreeBatch, TreeChange, TreeFile } from '../../src/index/parts.ts';

/** A folder in memory: what a test writes is on "disk"; the tree knows it when it has looked. */
export interface FakeFolder extends FolderTree {
  /** As a user would; `undefined` deletes. */
  write(path: string, text: string | undefined): void;
  /** Tells the one who watches what has changed since the tree last looked. */
  tell(): void;
  readonly reads: string[];
  /** Called before each read. */
  beforeRead: ((path: string) => void) | undefined;
}

export function fakeFolder(files: Readonly<Record<string, string>> = {}, root = '/project'): FakeFolder {
  const disk = new Map(Object.entries(files).map(([path, text], index) => [path, { text, modified: 1_000 + index }]));
  let known = new Map<string, TreeFile>();
  let listener: ((batch: TreeBatch) => void) | undefined;
  let clock = 10_000;

  function look(): TreeBatch {
    const now = new Map(
      [...disk].map(([path, { text, modified }]): [string, TreeFile] => [
        path,
        { path, size: text.length, modified, hash: hashOf(text) },
      ]),
    );
    const changes: TreeChange[] = [];
    for (const [path, { hash }] of now) {
      const before = known.get(path);
      if (before === undefined) changes.push({ kind: 'added', path, hash });
      else if (before.hash !== hash) changes.push({ kind: 'modified', path, hash });
    }
    for (const path of known.keys()) if (!now.has(path)) changes.push({ kind: 'removed', path });
    known = now;
    return { changes };
  }

  const folder: FakeFolder = {
    root,
    get rootHash() {
      return hashOf([...known.values()].map(({ path, hash }) => `${path} ${hash}`).join('\n'));
    },
    get size() {
      return known.size;
    },
    reads: [],
    beforeRead: undefined,
    files: () => known.values(),
    file: (path) => known.get(path),
    nestedRoots: () => [],
    reconcile: async () => look(),
    async watch(onBatch) {
      listener = onBatch;
      return async () => {
        listener = undefined;
      };
    },
    async read(path) {
      folder.beforeRead?.(path);
      folder.reads.push(path);
      const there = disk.get(path);
      return there === undefined
        ? { skipped: 'cannot be read (ENOENT)' }
        : { text: there.text, hash: hashOf(there.text), encoding: 'utf8' };
    },
    explain: async (path) => ({ indexed: known.has(path), reason: known.has(path) ? 'text' : 'not there' }),
    skipped: () => [],
    async clear() {
      known = new Map();
    },
    write(path, text) {
      if (text === undefined) disk.delete(path);
      else disk.set(path, { text, modified: clock++ });
    },
    tell() {
      const batch = look();
      if (batch.changes.length > 0) listener?.(batch);
    },
  };
  return folder;
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
