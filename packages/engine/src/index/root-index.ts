import type { SearchQuery, SearchResult } from './code-index.ts';
import type { Indexer } from './indexer.ts';
import type { Chunk, FolderTree } from './parts.ts';
import { findCandidates } from './retrieve/candidates.ts';
import { present } from './retrieve/present.ts';
import type { ParsedQuery } from './retrieve/query.ts';
import { StoreError } from './store/sqlite.ts';
import type { StoreSession } from './store-session.ts';

export interface RootIndex {
  readonly root: string;
  readonly tree: FolderTree;
  readonly session: StoreSession;
  readonly indexer: Indexer;
}

export interface RootSearch {
  readonly query: ParsedQuery;
  readonly mode: NonNullable<SearchQuery['mode']>;
  readonly limit: number;
  /** Of the query, by model name. */
  readonly vector?: Float32Array;
  readonly wallClock: () => number;
  readonly chunk: (file: {
    readonly path: string;
    readonly languageId: string;
    readonly text: string;
  }) => Promise<readonly Chunk[]>;
  readonly keepDuplicates?: boolean;
  readonly plain?: boolean;
  readonly signal?: AbortSignal;
}

/** Results of one root, best first, checked against the disk. What turns out to have changed becomes work for the indexer. */
export async function searchRoot(
  { root, tree, session, indexer }: RootIndex,
  search: RootSearch,
): Promise<{ readonly results: readonly SearchResult[]; readonly changed: readonly string[] }> {
  const candidates = candidatesOf(session, indexer, search);
  const presented = await present(candidates, {
    root,
    query: search.query,
    catalog: session.catalog,
    limit: search.limit,
    read: (path) => tree.read(path).catch(() => undefined),
    chunk: search.chunk,
    ...(search.keepDuplicates === undefined ? {} : { keepDuplicates: search.keepDuplicates }),
    ...(search.signal === undefined ? {} : { signal: search.signal }),
  });
  for (const path of presented.changed) indexer.suspect(path);
  return presented;
}

export function candidatesOf(session: StoreSession, indexer: Indexer, search: Omit<RootSearch, 'limit' | 'chunk'>) {
  try {
    if (search.vector !== undefined) session.loadVectors();
    return findCandidates({
      query: search.query,
      catalog: session.catalog,
      postings: session.postings,
      ...(search.vector === undefined ? {} : { vector: search.vector }),
      mode: search.mode,
      ...(search.plain === undefined ? {} : { plain: search.plain }),
      attention: indexer.attention,
      now: search.wallClock(),
    });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    // A query never throws: the indexer finds the same damage and builds the store anew.
    indexer.reportFault(error);
    return [];
  }
}
