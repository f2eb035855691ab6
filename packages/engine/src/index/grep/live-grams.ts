import type { FolderTree, TreeBatch } from '../parts.ts';
import type { GramDisk } from './gram-disk.ts';
import { currentStamp, type GramLookup, openGramLookup } from './gram-lookup.ts';
import { type GramStore, openGramStore } from './gram-store.ts';
import type { FollowerAnswer, GrepFolderAnswer, GrepFolderQuery } from './grep-folder.ts';
import { type MatchEffects, matchFiles } from './match-files.ts';
import { pathGlobs } from './path-globs.ts';
import { planPattern } from './regex-plan.ts';
import { GramIndexDamaged, keptHash } from './segment-format.ts';

export interface LiveGramsOptions {
  readonly tree: FolderTree;
  readonly disk: GramDisk;
  /** Whether this process is the one that writes. Asked before each piece of work. */
  readonly mayWrite: () => boolean;
  /** The same for throwing all away, which a pause does not keep from. */
  readonly mayClear: () => boolean;
  /** The bytes are valid until the next call. */
  readonly readFile: (path: string) => Uint8Array | undefined;
  readonly effects: MatchEffects;
  /** Milliseconds, monotonic; and since 1970. */
  readonly now: () => number;
  readonly wallClock: () => number;
  /** Lets others have their turn. */
  readonly turn: () => Promise<void>;
  /** Calls back after so many milliseconds; the answer takes it back. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  readonly onProblem: (message: string) => void;
  readonly pairsInMemory?: number;
}

/** The n-gram index of a folder whose tree is open: kept in step with it, and asked. */
export interface LiveGrams {
  /** The same tree; what changes in it gets here. To be used in its place. */
  readonly tree: FolderTree;
  /** Takes in what the tree has and the index has not. Does nothing where another process writes. Throws what the disk throws. */
  sync(signal?: AbortSignal): Promise<GramSync>;
  /** Exact as far as the tree is in step with the disk: files that wait for the index are searched too. */
  grep(
    query: GrepFolderQuery,
    signal?: AbortSignal,
  ): Promise<Pick<GrepFolderAnswer, 'matches' | 'candidates' | 'files' | 'truncated'>>;
  /** For processes that ask instead of looking themselves; `undefined` while nobody follows the disk. */
  followed(): FollowerAnswer | undefined;
  /** On disk, as far as it is known what is there. */
  bytes(): number;
  clear(): void;
  dispose(): Promise<void>;
}

export interface GramSync {
  readonly added: number;
  readonly removed: number;
  readonly bytes: number;
  readonly ms: number;
  readonly note?: string;
}

/** Milliseconds of work between two turns of the event loop, and of adding between two commits: what a crash costs at most. */
const SLICE = 6;
const COMMIT_EVERY = 8_000;
/** Milliseconds after a change before it is taken in: a burst is one segment. */
const SETTLE = 250;
/** Milliseconds after a failure that may pass (a full disk). */
const RETRY = 30_000;
/** Milliseconds that the system may take to tell of a change. */
const EVENT_DELAY = 500;

export function openLiveGrams(options: LiveGramsOptions): LiveGrams {
  const { disk, now, wallClock, turn } = options;
  let store: GramStore | undefined;
  let lookup: GramLookup | undefined;
  let indexed: ReadonlyMap<string, string> | undefined;
  /** Paths whose files may not be in the index as they are; `undefined`: any. */
  let suspects: Set<string> | undefined;
  /** What changed while all files were compared. */
  let meanwhile = new Set<string>();
  /** Added to the store and not committed. */
  const uncommitted = new Set<string>();
  let running: Promise<GramSync> | undefined;
  let cancelTimer: (() => void) | undefined;
  const stop = new AbortController();
  /** Everything that was on disk at this time is in the tree; 0: it was not brought in step yet. */
  let treeAsOf = 0;
  let following = false;

  const tree = delegated(options.tree, {
    async reconcile(given) {
      const asOf = wallClock();
      const batch = await options.tree.reconcile(given);
      treeAsOf = asOf;
      noticed(batch);
      return batch;
    },
    async watch(onBatch) {
      following = true;
      const unwatch = await options.tree.watch((batch) => {
        // Events were lost, or there are none and the folder is looked at now and then: how far behind that is nobody knows.
        if (batch.note !== undefined) following = false;
        noticed(batch);
        onBatch(batch);
      });
      return async () => {
        following = false;
        await unwatch();
      };
    },
    async clear() {
      await running?.catch(() => {});
      await options.tree.clear();
      clear();
    },
  });

  function noticed({ changes }: TreeBatch): void {
    for (const { path } of changes) {
      suspects?.add(path);
      meanwhile.add(path);
    }
    later(SETTLE);
  }

  function later(milliseconds: number): void {
    if (stop.signal.aborted) return;
    cancelTimer?.();
    cancelTimer = options.after(milliseconds, () => {
      cancelTimer = undefined;
      sync().catch((error: unknown) => {
        if (stop.signal.aborted) return;
        options.onProblem(`n-gram index: ${error instanceof Error ? error.message : String(error)}`);
        later(RETRY);
      });
    });
  }

  function sync(signal?: AbortSignal): Promise<GramSync> {
    running ??= work().finally(() => {
      running = undefined;
    });
    return signal ? abortable(running, signal) : running;
  }

  async function work(): Promise<GramSync> {
    const began = now();
    const result = { added: 0, removed: 0, bytes: store?.bytes ?? 0, ms: 0 };
    if (!options.mayWrite() || stop.signal.aborted) return result;
    store ??= openOwn();
    const opened = store;
    const asOf = following && treeAsOf > 0 ? wallClock() - EVENT_DELAY : treeAsOf;
    let sliceEnd = now() + SLICE;
    let commitAt = now() + COMMIT_EVERY;
    const breathe = async () => {
      if (now() < sliceEnd) return;
      await turn();
      sliceEnd = now() + SLICE;
    };
    const commit = (syncedAt?: number, nested?: readonly string[]) => {
      opened.commit(syncedAt, nested);
      uncommitted.clear();
    };
    const isOver = () => stop.signal.aborted || !options.mayWrite();
    const waiting = await differing(opened, breathe);
    for (const path of waiting) {
      if (isOver()) break;
      const file = options.tree.file(path);
      const content = file && options.readFile(path);
      if (file && content) {
        opened.add(file, content);
        uncommitted.add(path);
        result.added++;
      } else if (opened.get(path)) {
        // Gone, or about to be told of as gone.
        opened.remove(path);
        result.removed++;
      }
      if (now() >= commitAt) {
        commit();
        commitAt = now() + COMMIT_EVERY;
      }
      await breathe();
    }
    // Where the lease was lost meanwhile, another process writes by now.
    if (options.mayWrite()) {
      commit(isOver() ? undefined : asOf || undefined, treeAsOf > 0 ? options.tree.nestedRoots() : undefined);
      for (const _ of opened.merge()) {
        if (isOver()) break;
        await breathe();
      }
    }
    return {
      ...result,
      bytes: opened.bytes,
      ms: now() - began,
      ...(opened.rebuilt === undefined ? {} : { note: `n-gram index built anew: ${opened.rebuilt}` }),
    };
  }

  function openOwn(): GramStore {
    suspects = undefined;
    return openGramStore({
      disk,
      ...(options.pairsInMemory === undefined ? {} : { pairsInMemory: options.pairsInMemory }),
    });
  }

  /** Paths of which tree and store say different things. */
  async function differing(opened: GramStore, breathe: () => Promise<void>): Promise<readonly string[]> {
    const differs = (path: string) => {
      const hash = options.tree.file(path)?.hash;
      return opened.get(path)?.hash !== (hash === undefined ? undefined : keptHash(hash));
    };
    if (suspects) return [...suspects].filter(differs);
    const found = new Set<string>();
    meanwhile = new Set();
    const there = new Set<string>();
    for (const { path, hash } of options.tree.files()) {
      there.add(path);
      if (opened.get(path)?.hash !== keptHash(hash)) found.add(path);
      await breathe();
    }
    for (const path of opened.paths()) if (!there.has(path)) found.add(path);
    for (const path of meanwhile) found.add(path);
    suspects = found;
    return [...found].filter(differs);
  }

  /** What is committed, as of now. `undefined` where nothing usable is. */
  function view(): GramLookup | undefined {
    try {
      const stamp = currentStamp(disk);
      if (lookup?.stamp === stamp) return lookup;
      lookup?.close();
      lookup = undefined;
      indexed = undefined;
      // What another process wrote may be of any files.
      if (!store) suspects = undefined;
      lookup = openGramLookup(disk);
      return lookup;
    } catch (error) {
      if (!(error instanceof GramIndexDamaged)) throw error;
      damaged(error);
      return undefined;
    }
  }

  function damaged(error: GramIndexDamaged): void {
    options.onProblem(`n-gram index: ${error.message}; it is built anew`);
    lookup?.close();
    lookup = undefined;
    suspects = undefined;
    if (!options.mayWrite() || running) return;
    store?.clear();
    store?.close();
    store = undefined;
    later(0);
  }

  function pendingOf(current: GramLookup): ReadonlySet<string> {
    if (!store) indexed ??= new Map(current.allFiles().map(({ path, hash }) => [path, hash]));
    const hashes = store ? undefined : indexed;
    const known = (path: string) =>
      hashes ? hashes.get(path) : uncommitted.has(path) ? undefined : store!.get(path)?.hash;
    const isPending = (path: string, hash: string) => known(path) !== keptHash(hash);
    if (!suspects) {
      suspects = new Set();
      for (const { path, hash } of options.tree.files()) if (isPending(path, hash)) suspects.add(path);
      return suspects;
    }
    const pending = new Set<string>();
    for (const path of suspects) {
      const file = options.tree.file(path);
      if (file && isPending(path, file.hash)) pending.add(path);
      else if (hashes || !store!.get(path) || file) suspects.delete(path);
    }
    return pending;
  }

  async function grep(query: GrepFolderQuery, signal?: AbortSignal) {
    const searched = searchedFiles(query);
    if (suspects === undefined || suspects.size > 0) later(SETTLE);
    const wanted = query.globs && query.globs.length > 0 ? pathGlobs(query.globs) : undefined;
    const files = wanted ? searched.filter(({ path }) => wanted(path)) : searched;
    const { root } = options.tree;
    const found = await matchFiles({
      root,
      files,
      pattern: query,
      limit: query.limit,
      signal,
      effects: options.effects,
    });
    return { ...found, candidates: files.length, files: options.tree.size };
  }

  function searchedFiles(query: GrepFolderQuery): readonly { readonly path: string; readonly size?: number }[] {
    const current = view();
    if (current) {
      try {
        const candidates = current.candidates(planPattern(query));
        const pending = pendingOf(current);
        return [
          ...candidates.filter(({ path }) => !pending.has(path) && options.tree.file(path) !== undefined),
          ...[...pending].map((path) => ({ path })),
        ];
      } catch (error) {
        if (!(error instanceof GramIndexDamaged)) throw error;
        damaged(error);
      }
    }
    return [...options.tree.files()];
  }

  function clear(): void {
    lookup?.close();
    lookup = undefined;
    suspects = undefined;
    uncommitted.clear();
    if (!options.mayClear()) return;
    store ??= openOwn();
    store.clear();
    store.close();
    store = undefined;
  }

  return {
    tree,
    sync,
    grep,
    followed() {
      if (!following || treeAsOf === 0) return undefined;
      const current = view();
      if (!current) return undefined;
      return { pending: [...pendingOf(current)], asOf: wallClock() - EVENT_DELAY };
    },
    bytes() {
      try {
        return (store ?? lookup ?? view())?.bytes ?? 0;
      } catch {
        // A disk that cannot be read says so where it matters.
        return 0;
      }
    },
    clear,
    async dispose() {
      stop.abort();
      cancelTimer?.();
      await running?.catch(() => {});
      lookup?.close();
      store?.close();
    },
  };
}

/** Not by spreading: that would keep what getters said at the time. */
function delegated(tree: FolderTree, over: Pick<FolderTree, 'reconcile' | 'watch' | 'clear'>): FolderTree {
  return {
    root: tree.root,
    get rootHash() {
      return tree.rootHash;
    },
    get size() {
      return tree.size;
    },
    files: () => tree.files(),
    file: (path) => tree.file(path),
    read: (path) => tree.read(path),
    explain: (path) => tree.explain(path),
    skipped: () => tree.skipped(),
    nestedRoots: () => tree.nestedRoots(),
    ...over,
  };
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
