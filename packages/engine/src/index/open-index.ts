import { join } from 'node:path';
import type {
  Attention,
  CodeIndex,
  GrepAnswer,
  GrepQuery,
  IndexState,
  IndexStatus,
  OutlineItem,
  RelatedFile,
  RelatedQuery,
  SearchAnswer,
  SearchQuery,
  SkippedFiles,
  SyncReport,
} from './code-index.ts';
import { Indexer } from './indexer.ts';
import type { Chunk, FolderTree } from './parts.ts';
import { parseQuery } from './retrieve/query.ts';
import { type RootIndex, searchRoot } from './root-index.ts';
import { stateFolder } from './state-folder.ts';
import type { OpenStoreOptions } from './store/store.ts';
import { StoreSession } from './store-session.ts';
import type { VectorSource } from './vector-source.ts';

/** The effects and parts of an index; `node-index.ts` has the real ones. */
export interface IndexParts {
  /** The tree of a root, with its file in the folder given. */
  readonly openTree: (root: string, folder: string) => Promise<FolderTree>;
  readonly languageOf: (path: string) => string;
  readonly chunk: (file: {
    readonly path: string;
    readonly languageId: string;
    readonly text: string;
  }) => Promise<readonly Chunk[]>;
  readonly outline?: (file: {
    readonly path: string;
    readonly languageId: string;
    readonly text: string;
  }) => Promise<readonly OutlineItem[]>;
  readonly grep?: (roots: readonly RootIndex[], query: GrepQuery, signal?: AbortSignal) => Promise<GrepAnswer>;
  readonly related?: (
    roots: readonly RootIndex[],
    query: RelatedQuery,
    signal?: AbortSignal,
  ) => Promise<readonly RelatedFile[]>;
  /** Bytes on disk beside the store. */
  readonly bytes?: (root: RootIndex) => number;
  /** Milliseconds, monotonic; and since 1970. */
  readonly now: () => number;
  readonly wallClock: () => number;
  /** Lets others have their turn. */
  readonly turn: () => Promise<void>;
  /** Calls back after so many milliseconds; the answer takes it back. Only what is `awaited` keeps the process alive. */
  readonly after: (milliseconds: number, call: () => void, awaited?: boolean) => () => void;
  readonly store?: OpenStoreOptions;
}

export interface OpenIndexOptions {
  /** Absolute paths of folders. */
  readonly roots: readonly string[];
  /** The user's data folder. */
  readonly dataDir: string;
  readonly parts: IndexParts;
  readonly vectors?: VectorSource;
  /** Also shows what says the same as a better result; for collections of separate functions. */
  readonly keepDuplicates?: boolean;
  /** Starts at once, and follows the disk from then on; else `sync` does it when asked. */
  readonly follow?: boolean;
}

export interface OpenedIndex extends CodeIndex {
  /** Another embedding model: its vectors are made in the background, the ones that are there answer until then. */
  useVectors(vectors: VectorSource | undefined): void;
  readonly roots: readonly RootIndex[];
}

/** Milliseconds between two looks for repositories that came or went, where somebody searches. */
const NESTED_INTERVAL = 1_000;
/** Milliseconds between two calls of a listener. */
const STATUS_INTERVAL = 150;

/** Repositories and submodules below the roots that are opened at most; more of them are a store of clones, not a project. */
const MOST_NESTED = 64;

/** The index of some folders, and of the repositories and submodules in them, in this process. @throws StoreError where its state cannot be kept */
export async function openIndex(options: OpenIndexOptions): Promise<OpenedIndex> {
  const { parts } = options;
  const listeners = new Set<(status: IndexStatus) => void>();
  let announced = false;
  let disposed = false;
  const announce = (): void => {
    if (announced || disposed || (listeners.size === 0 && !options.follow)) return;
    announced = true;
    parts.after(STATUS_INTERVAL, () => {
      announced = false;
      if (disposed) return;
      if (options.follow) void openNested();
      const now = status();
      for (const listener of listeners) listener(now);
    });
  };
  const roots: RootIndex[] = [];
  try {
    for (const root of options.roots) roots.push(await openRoot(root, options, announce));
  } catch (error) {
    await Promise.all(roots.map(({ indexer }) => indexer.dispose()));
    throw error;
  }
  /** Of the roots that were found inside others: the root it is told by, where it lies in it (`vendor/lib/`), and the tree that shows it. */
  const nested = new Map<string, { readonly root: string; readonly prefix: string; readonly outer: RootIndex }>();
  const refused = new Set<string>();
  let opening = Promise.resolve();

  /** A repository, worktree or submodule inside a root is a tree of its own, opened as soon as the outer tree shows it. */
  function openNested(): Promise<void> {
    opening = opening.then(async () => {
      for (const [root, { outer }] of nested) {
        const shown = roots.includes(outer) && outer.tree.nestedRoots().some((path) => join(outer.root, path) === root);
        if (!shown) await closeNested(root);
      }
      // Those that are opened here may hold others.
      for (let at = 0; at < roots.length && !disposed; at++) {
        const outer = roots[at]!;
        const told = nested.get(outer.root) ?? { root: outer.root, prefix: '' };
        for (const path of outer.tree.nestedRoots()) {
          const root = join(outer.root, path);
          if (nested.size >= MOST_NESTED || refused.has(root) || roots.some((one) => one.root === root)) continue;
          try {
            const opened = await openRoot(root, options, announce);
            nested.set(root, { root: told.root, prefix: `${told.prefix}${path}/`, outer });
            roots.push(opened);
            if (options.follow) opened.indexer.begin();
          } catch {
            // The outer folder is searched all the same; its explanation says that this one is a tree of its own.
            refused.add(root);
          }
        }
      }
    });
    return opening;
  }

  /** It is there no more, or no tree of its own any more. */
  async function closeNested(root: string): Promise<void> {
    nested.delete(root);
    const at = roots.findIndex((one) => one.root === root);
    const [gone] = at < 0 ? [] : roots.splice(at, 1);
    await gone?.indexer.dispose();
  }

  /** A place in the words of the roots that were given. */
  function tell<Place extends { readonly root: string; readonly path: string }>(place: Place): Place {
    const known = nested.get(place.root);
    return known ? { ...place, root: known.root, path: known.prefix + place.path } : place;
  }

  /** The tree that a path of a given root lies in: the innermost. */
  function find(path: string, root: string | undefined): { readonly at: RootIndex; readonly below: string } {
    const outer = root === undefined ? roots[0] : roots.find((one) => one.root === root);
    if (outer === undefined) throw new RangeError(`no such root: ${root ?? '(none is open)'}`);
    const inner = [...nested]
      .filter(([, told]) => told.root === outer.root && path.startsWith(told.prefix))
      .sort(([, a], [, b]) => b.prefix.length - a.prefix.length)[0];
    const at = inner && roots.find((one) => one.root === inner[0]);
    return at ? { at, below: path.slice(inner[1].prefix.length) } : { at: outer, below: path };
  }

  function status(): IndexStatus {
    const sum = (of: (root: RootIndex) => number): number => roots.reduce((total, root) => total + of(root), 0);
    const latest = (of: (root: RootIndex) => number | undefined): number | undefined =>
      roots.map(of).reduce((a, b) => (b === undefined ? a : Math.max(a ?? 0, b)), undefined);
    const said = (of: (root: RootIndex) => string | undefined): string | undefined =>
      [...new Set(roots.map(of).filter((text) => text !== undefined))].join('; ') || undefined;
    const lastChange = latest(({ indexer }) => indexer.lastChange);
    const syncedAt = latest(({ indexer }) => indexer.syncedAt);
    const note = said(({ indexer }) => indexer.note);
    const problem = said(({ indexer }) => indexer.problem);
    return {
      state: leastDone(roots.map(({ indexer }) => indexer.state)),
      files: sum(({ session }) => session.catalog.fileCount),
      chunks: sum(({ session }) => session.catalog.chunkCount),
      embedded: sum(({ session }) => session.catalog.embeddedChunks),
      done: sum(({ indexer }) => indexer.progress.done),
      total: sum(({ indexer }) => indexer.progress.total),
      skipped: sum(({ tree }) => tree.skipped().reduce((total, { count }) => total + count, 0)),
      ...(lastChange === undefined ? {} : { lastChange }),
      ...(syncedAt === undefined ? {} : { syncedAt }),
      follower: roots.some(({ session }) => session.follower),
      model: roots[0]?.indexer.model?.model.name ?? 'none',
      bytes: sum((root) => root.session.bytes() + (parts.bytes?.(root) ?? 0)),
      ...(note === undefined ? {} : { note }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  let looked = Number.NEGATIVE_INFINITY;

  async function search(request: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer> {
    signal?.throwIfAborted();
    const began = parts.now();
    // A repository that goes changes no file of the tree around it, so nothing is announced.
    if (options.follow && began - looked > NESTED_INTERVAL) {
      looked = began;
      void openNested();
    }
    const query = parseQuery(request.text);
    const notes = [...query.notes];
    const mode = request.mode ?? 'hybrid';
    const limit = Math.max(0, request.limit ?? 10);
    const before = searchState();
    const answers = await Promise.all(
      roots.map(async (root) => {
        await root.session.refresh();
        const vector = mode === 'lexical' ? undefined : await queryVector(root, query.text, notes, signal);
        return searchRoot(root, {
          query,
          mode,
          limit,
          wallClock: parts.wallClock,
          chunk: parts.chunk,
          ...(options.keepDuplicates === undefined ? {} : { keepDuplicates: options.keepDuplicates }),
          ...(vector && { vector }),
          ...(signal && { signal }),
        });
      }),
    );
    const results = answers.flatMap((answer) => answer.results).sort((a, b) => b.score - a.score);
    return {
      results: results.slice(0, limit).map(tell),
      // What was taken in meanwhile may be in the answer or not.
      state: answers.some(({ changed }) => changed.length > 0) ? 'stale' : lesser(before, searchState()),
      ms: parts.now() - began,
      notes: [...new Set(notes)],
    };
  }

  function searchState(): SearchAnswer['state'] {
    if (roots.some(({ indexer, session }) => !session.follower && !indexer.inStep)) return 'stale';
    return roots.every(({ indexer }) => indexer.vectorsComplete) ? 'complete' : 'lexical';
  }

  async function queryVector(
    { indexer, session }: RootIndex,
    text: string,
    notes: string[],
    signal?: AbortSignal,
  ): Promise<Float32Array | undefined> {
    const source = indexer.answering;
    if (source === undefined || session.catalog.embeddedChunks === 0 || text.trim() === '') return undefined;
    try {
      return await source.embedQuery(text, signal);
    } catch (error) {
      signal?.throwIfAborted();
      notes.push(`only words were searched: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  const index: OpenedIndex = {
    roots,
    status,
    search,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async sync(signal) {
      const reports: SyncReport[] = [];
      // The list grows by what is found inside.
      for (const { indexer } of roots) {
        reports.push(await indexer.sync(signal));
        await openNested();
      }
      return reports.reduce(together, { added: 0, modified: 0, removed: 0, chunked: 0, embedded: 0, cached: 0, ms: 0 });
    },
    async grep(query, signal) {
      if (parts.grep === undefined) throw new Error('grep is not part of this index');
      const answer = await parts.grep(roots, query, signal);
      return { ...answer, matches: answer.matches.map(tell) };
    },
    async related(query, signal) {
      return ((await parts.related?.(roots, query, signal)) ?? []).map(tell);
    },
    async explain(path, root) {
      const { at, below } = find(path, root);
      const explained = await at.tree.explain(below);
      const file = at.session.catalog.file(below);
      return {
        path,
        ...explained,
        ...(file === undefined ? {} : { chunks: file.chunks.length, language: file.language }),
      };
    },
    async skipped() {
      return mergeSkipped(
        roots.flatMap(({ root, tree }) => {
          const prefix = nested.get(root)?.prefix ?? '';
          return tree.skipped().map((one) => ({ ...one, examples: one.examples.map((path) => prefix + path) }));
        }),
      );
    },
    async outline(path, root) {
      const { at, below } = find(path, root);
      const read = await at.tree.read(below);
      if ('skipped' in read) return [];
      const languageId = parts.languageOf(below);
      if (parts.outline !== undefined) return parts.outline({ path: below, languageId, text: read.text });
      await at.session.refresh();
      const chunks = await parts.chunk({ path: below, languageId, text: read.text });
      return chunks.flatMap(({ symbol, kind, startLine, endLine }) =>
        symbol === undefined ? [] : [{ name: symbol, kind, startLine, endLine, children: [] }],
      );
    },
    attend(attention: Attention) {
      for (const { indexer } of roots) indexer.attend(attention);
    },
    pause() {
      for (const { indexer } of roots) indexer.pause();
    },
    resume() {
      for (const { indexer } of roots) indexer.resume();
    },
    async rebuild() {
      for (const { indexer } of roots) await indexer.clear();
      await index.sync();
    },
    async clear() {
      for (const { indexer } of roots) await indexer.clear();
    },
    useVectors(vectors) {
      for (const { indexer } of roots) indexer.useVectors(vectors);
    },
    async dispose() {
      disposed = true;
      listeners.clear();
      await opening;
      await Promise.all(roots.map(({ indexer }) => indexer.dispose()));
    },
  };
  if (options.follow) for (const { indexer } of roots) indexer.begin();
  return index;
}

async function openRoot(
  root: string,
  { dataDir, parts, vectors }: OpenIndexOptions,
  onChange: () => void,
): Promise<RootIndex> {
  const folder = stateFolder(dataDir, root);
  const session = await StoreSession.open({ folder, ...(parts.store && { store: parts.store }) });
  try {
    const tree = await parts.openTree(root, folder);
    const { languageOf, chunk, now, wallClock, turn, after } = parts;
    const indexer = new Indexer({
      root,
      tree,
      session,
      languageOf,
      chunk,
      now,
      wallClock,
      turn,
      after,
      onChange,
      ...(vectors && { vectors }),
    });
    return { root, tree, session, indexer };
  } catch (error) {
    session.close();
    throw error;
  }
}

/** From what needs looking at to what is done. */
/** Pure: what can be said of an answer when this was so at its beginning and that at its end. */
function lesser(one: SearchAnswer['state'], other: SearchAnswer['state']): SearchAnswer['state'] {
  return (['stale', 'lexical'] as const).find((state) => one === state || other === state) ?? 'complete';
}

const STATES: readonly IndexState[] = ['failed', 'starting', 'reconciling', 'indexing', 'embedding', 'paused', 'ready'];

function leastDone(states: readonly IndexState[]): IndexState {
  return STATES.find((state) => states.includes(state)) ?? 'ready';
}

function together(a: SyncReport, b: SyncReport): SyncReport {
  const notes = [...new Set([a.note, b.note].filter((note) => note !== undefined))];
  return {
    added: a.added + b.added,
    modified: a.modified + b.modified,
    removed: a.removed + b.removed,
    chunked: a.chunked + b.chunked,
    embedded: a.embedded + b.embedded,
    cached: a.cached + b.cached,
    ms: a.ms + b.ms,
    ...(notes.length === 0 ? {} : { note: notes.join('; ') }),
  };
}

function mergeSkipped(all: readonly SkippedFiles[]): SkippedFiles[] {
  return [...Map.groupBy(all, ({ reason }) => reason)].map(([reason, parts]) => ({
    reason,
    count: parts.reduce((total, { count }) => total + count, 0),
    examples: parts.flatMap(({ examples }) => examples).slice(0, 10),
  }));
}
