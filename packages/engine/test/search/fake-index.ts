import type {
  Attention,
  CodeIndex,
  GrepQuery,
  IndexStatus,
  RelatedQuery,
  SearchQuery,
  SearchResult,
} from '../../src/index/code-index.ts';

export interface FakeIndex extends CodeIndex {
  /** What was called, in order: `pause`, `search retry uploads`. */
  readonly calls: readonly string[];
  readonly attention: Attention | undefined;
  /** The signal of the last search. */
  readonly signal: AbortSignal | undefined;
  become(status: Partial<IndexStatus>): void;
  /** Searches wait until this is called. */
  hold(): () => void;
}

export const READY: IndexStatus = {
  state: 'ready',
  files: 2,
  chunks: 4,
  embedded: 4,
  done: 0,
  total: 0,
  skipped: 1,
  lastChange: 1_000,
  syncedAt: 2_000,
  follower: false,
  model: 'fake-1',
  bytes: 2_048,
};

/** An index over texts in memory: it finds the lines that hold a word of the query. `name` tells several apart in a shared log of calls. */
export function fakeIndex(
  files: Readonly<Record<string, string>> = {},
  options: {
    readonly root?: string;
    readonly status?: Partial<IndexStatus>;
    readonly calls?: string[];
    readonly name?: string;
  } = {},
): FakeIndex {
  const { root = '/project', calls = [], name = '' } = options;
  const said = (call: string) => void calls.push(`${name}${call}`);
  const listeners = new Set<(status: IndexStatus) => void>();
  let status: IndexStatus = { ...READY, ...options.status };
  let attention: Attention | undefined;
  let signal: AbortSignal | undefined;
  let held: Promise<void> | undefined;

  const become = (next: Partial<IndexStatus>) => {
    status = { ...status, ...next };
    for (const listener of listeners) listener(status);
  };
  const lines = () =>
    Object.entries(files).flatMap(([path, text]) =>
      text.split('\n').map((line, at) => ({ path, line, number: at + 1 })),
    );

  return {
    calls,
    become,
    get attention() {
      return attention;
    },
    get signal() {
      return signal;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async sync(abort) {
      said('sync');
      await held;
      abort?.throwIfAborted();
      become({ syncedAt: 3_000 });
      return { added: 2, modified: 0, removed: 0, chunked: 4, embedded: 3, cached: 1, ms: 12 };
    },
    async search(query: SearchQuery, abort) {
      said(`search ${query.text}${query.mode ? ` by ${query.mode}` : ''}`);
      signal = abort;
      await held;
      abort?.throwIfAborted();
      const words = query.text.toLowerCase().split(/\W+/).filter(Boolean);
      const results = lines()
        .map(({ path, line, number }) => {
          const matched = words.filter((word) => line.toLowerCase().includes(word));
          return { path, line, number, matched };
        })
        .filter(({ matched }) => matched.length > 0)
        .map(
          ({ path, line, number, matched }): SearchResult => ({
            root,
            path,
            startLine: number,
            endLine: number,
            score: matched.length / words.length,
            text: line,
            language: 'typescript',
            highlights: matched.map((word) => {
              const at = line.toLowerCase().indexOf(word);
              return [at, at + word.length];
            }),
            why: { words: matched },
          }),
        )
        .sort((a, b) => b.score - a.score)
        .slice(0, query.limit ?? 10);
      return { results, state: 'complete', ms: 1.5, notes: [] };
    },
    async grep(query: GrepQuery, abort) {
      said(`grep ${query.pattern}`);
      await held;
      abort?.throwIfAborted();
      const pattern = new RegExp(
        query.regex ? query.pattern : query.pattern.replace(/\W/g, '\\$&'),
        query.ignoreCase ? 'gi' : 'g',
      );
      const matches = lines()
        .map(({ path, line, number }) => ({
          root,
          path,
          line: number,
          ranges: [...line.matchAll(pattern)].map((match): [number, number] => [
            match.index,
            match.index + match[0].length,
          ]),
          text: line,
        }))
        .filter(({ ranges }) => ranges.length > 0);
      const limit = query.limit ?? 100;
      return {
        matches: matches.slice(0, limit),
        candidates: 1,
        files: Object.keys(files).length,
        truncated: matches.length > limit,
        ms: 0.5,
      };
    },
    async related({ paths, prompt }: RelatedQuery) {
      said(`related ${[...paths, ...(prompt ? [`"${prompt}"`] : [])].join(' ')}`);
      return Object.keys(files)
        .filter((path) => !paths.some((own) => own.endsWith(path)))
        .map((path) => ({ root, path, score: 0.5, why: 'changed together 3 times of 4' }));
    },
    async explain(path) {
      said(`explain ${path}`);
      const known = Object.keys(files).find((one) => path.endsWith(one));
      return known
        ? { path: known, indexed: true, reason: 'a source file', chunks: 1, language: 'typescript' }
        : { path, indexed: false, reason: 'ignored by .gitignore:1 (dist)' };
    },
    async skipped() {
      return [{ reason: 'binary', count: 1, examples: ['logo.png'] }];
    },
    async outline(path) {
      const text = files[path];
      if (text === undefined) return [];
      return text.split('\n').flatMap((line, at) => {
        const found = /function (\w+)/.exec(line)?.[1];
        return found ? [{ name: found, kind: 'function', startLine: at + 1, endLine: at + 1, children: [] }] : [];
      });
    },
    attend(next) {
      attention = next;
    },
    pause() {
      said('pause');
      become({ state: 'paused' });
    },
    resume() {
      said('resume');
      become({ state: 'ready' });
    },
    async rebuild() {
      said('rebuild');
    },
    async clear() {
      said('clear');
      become({ state: 'paused', files: 0, chunks: 0 });
    },
    async dispose() {
      said('dispose');
    },
  };
}
