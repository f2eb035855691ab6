import { join } from 'node:path';
import { decode } from '../files/decode.ts';
import { type FolderRules, openRules } from '../files/folder-rules.ts';
import type { GitLayout } from '../files/git-layout.ts';
import { type TrackedReader, trackedReader } from '../files/tracked.ts';
import type { FolderTree, ReadFile, TreeBatch, TreeFile } from '../parts.ts';
import { classify, contentHash } from './classify.ts';
import { diffTrees } from './diff.ts';
import type { TreeEffects } from './effects.ts';
import { explainPath } from './explain.ts';
import { EMPTY_FOLDER, type FolderNode, fileHash, hex, isIn, locate, STAT_FIELDS, walkFiles } from './folder-node.ts';
import { NotAFileError, readSteady } from './read-file.ts';
import { type ScanResult, scan } from './scan.ts';
import { nestedRoots, skippedFiles } from './skipped.ts';
import { loadState, removeLeftovers, removeState, saveState } from './state-file.ts';

export interface OpenTreeOptions {
  /** Absolute. */
  readonly root: string;
  /** Where `tree.bin` is kept; nothing is kept without it. */
  readonly stateDir?: string | undefined;
  /** Larger files are left out; 1 MiB unless told. */
  readonly maxFileBytes?: number | undefined;
  /** Absolute; folders with a tree of their own, left out of this one where they lie below it. */
  readonly otherRoots?: readonly string[] | undefined;
  readonly effects: TreeEffects;
}

export const MAX_FILE_BYTES = 1024 * 1024;
/** Milliseconds of work between two turns of the event loop. */
const SLICE = 8;
/** Milliseconds between two looks where the folder cannot be watched. */
const POLL = 2_000;

/** The mirror as it was kept; `reconcile` brings it in step with the disk. Throws `FolderGoneError` from there, where the folder is not to be read. */
export async function openFolderTree(options: OpenTreeOptions): Promise<FolderTree> {
  return openTree(options);
}

async function openTree(options: OpenTreeOptions): Promise<FolderTree> {
  const { effects, stateDir } = options;
  const { disk } = effects;
  const root = disk.realpathSync(options.root);
  const maxFileBytes = options.maxFileBytes ?? MAX_FILE_BYTES;
  const otherRoots = new Set((options.otherRoots ?? []).filter((other) => other !== root && other !== options.root));
  const tracked: TrackedReader = trackedReader(disk, effects.run);
  let node: FolderNode = EMPTY_FOLDER;
  let notes: string[] = [];
  let kept: FolderNode | undefined;
  if (stateDir !== undefined) {
    removeLeftovers(disk, stateDir, effects.now());
    const loaded = loadState(disk, stateDir, root);
    if (loaded.node) node = kept = loaded.node;
    else if (loaded.why) notes.push(`the kept state was not used and is rebuilt: ${loaded.why}`);
  }

  /** One at a time: each starts from what the one before left. */
  let last: Promise<unknown> = Promise.resolve();
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  async function rulesOf(
    signal = new AbortController().signal,
  ): Promise<{ rules: FolderRules; layout: GitLayout | undefined }> {
    return openRules({
      disk,
      root,
      run: effects.run,
      env: effects.env,
      signal,
      tracked: (layout) => tracked.read(layout, signal),
    });
  }

  async function look(given: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((seen: number) => void) | undefined;
    readonly only?: ReadonlyMap<string, 'here' | 'all'>;
    readonly hold?: (path: string) => boolean;
  }): Promise<TreeBatch> {
    const { rules } = await rulesOf(given.signal);
    const before = node;
    let started = effects.monotonic();
    const result = await scan({
      ...given,
      disk,
      root,
      rules,
      known: before,
      maxFileBytes,
      otherRoots,
      now: effects.now,
      slice: () => {
        if (effects.monotonic() - started < SLICE) return undefined;
        return effects.turn().then(() => {
          started = effects.monotonic();
        });
      },
    });
    node = result.node;
    tell(result);
    keep();
    const note = notes.join('; ');
    notes = [];
    return { changes: diffTrees(before, node).changes, ...(note === '' ? {} : { note }) };
  }

  function tell({ unsteady, problems }: ScanResult): void {
    if (unsteady > 0) notes.push(`${unsteady} files kept changing while they were read and are read again next time`);
    if (problems.length > 0) {
      notes.push(`${problems.length} could not be read and stay as they were: ${problems.slice(0, 3).join(', ')}`);
    }
  }

  function keep(): void {
    if (stateDir === undefined || kept === node) return;
    try {
      saveState(disk, stateDir, root, node, effects.unique());
      kept = node;
    } catch (error) {
      const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      notes.push(`the state could not be kept (${why}): the next start looks at what changed since again`);
    }
  }

  return {
    root,
    get rootHash() {
      return hex(node.hash);
    },
    get size() {
      return node.count;
    },
    *files() {
      for (const { folder, index, path } of walkFiles(node)) yield treeFile(folder, index, path);
    },
    file(path) {
      const found = locate(node, path);
      return found && found.index >= 0 && isIn(found.folder, found.index)
        ? treeFile(found.folder, found.index, path)
        : undefined;
    },
    reconcile: (given = {}) => alone(() => look(given)),
    async watch(onBatch) {
      let stopped = false;
      let cancel = (): void => {};
      const again = (): void => {
        cancel = effects.schedule(async () => {
          const batch = await alone(() => look({})).catch((error: Error) => ({ changes: [], note: error.message }));
          if (!stopped && (batch.changes.length > 0 || batch.note)) onBatch(batch);
          if (!stopped) again();
        }, POLL);
      };
      again();
      return async () => {
        stopped = true;
        cancel();
        await last;
      };
    },
    read: async (path) => readText(path),
    async explain(path) {
      const { rules } = await rulesOf();
      return explainPath({ disk, root, rules, path, maxFileBytes, otherRoots });
    },
    skipped: () => skippedFiles(node),
    nestedRoots: () => nestedRoots(node),
    clear: () =>
      alone(async () => {
        if (stateDir !== undefined) removeState(disk, stateDir);
        kept = undefined;
        node = EMPTY_FOLDER;
      }),
  };

  function readText(path: string): ReadFile {
    const found = locate(node, path);
    if (!found || found.index < 0 || !isIn(found.folder, found.index)) return { skipped: 'not in the tree' };
    const absolute = join(root, path);
    try {
      // A folder on the way may have become a link that leads out since it was looked at.
      if (disk.realpathSync(absolute) !== absolute) return { skipped: 'behind a link' };
      const { bytes } = readSteady(disk, absolute, maxFileBytes);
      const content = classify(path.slice(path.lastIndexOf('/') + 1), bytes);
      if ('leftOut' in content) return { skipped: content.leftOut };
      return { text: decode(bytes, content), hash: hex(contentHash(bytes)), encoding: content.label };
    } catch (error) {
      if (error instanceof NotAFileError) return { skipped: error.message };
      return { skipped: `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})` };
    }
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
