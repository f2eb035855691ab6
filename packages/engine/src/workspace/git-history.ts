import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type CoChangeModel, type Commit, coChangeModel, parseLog, type Related } from './co-change.ts';
import { nextTurn } from './next-turn.ts';

/**
 * Runs a program without a shell. Answers what it printed, or `undefined` where it is missing, failed, was stopped by the signal, took longer than
 * `timeout` milliseconds or printed more than `maxBytes`.
 */
export type RunProcess = (
  command: string,
  parameters: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string>>;
    readonly timeout: number;
    readonly maxBytes: number;
    readonly signal: AbortSignal;
  },
) => Promise<string | undefined>;

/** What is kept between starts, one file per repository. `read` answers `undefined` where there is none. */
export interface HistoryStore {
  read(file: string): Promise<string | undefined>;
  write(file: string, text: string): Promise<void>;
}

export interface CoChangeOptions {
  /** Absolute. */
  readonly folders: readonly string[];
  readonly run: RunProcess;
  /** Where histories are kept; nothing is kept without it. */
  readonly dataDir?: string | undefined;
  readonly store?: HistoryStore;
  /** Milliseconds, monotonic; and since 1970. */
  readonly now: () => number;
  readonly wallClock: () => number;
  readonly onProblem?: (message: string) => void;
}

/** Which files change together, from the history of the repositories that the folders lie in. Silent where there is none. */
export interface CoChange {
  /** From memory: empty until the history is read, which the first question starts. */
  related(path: string): readonly Related[];
  /** Line (from 1) of the last change of the file that is committed. */
  lastChangedLine(path: string, signal: AbortSignal): Promise<number | undefined>;
  /** Reads what has to be read and resolves when it is there. */
  ready(): Promise<void>;
  dispose(): void;
}

const COMMITS = 2_000;
const TIMEOUT = 10_000;
const MAX_BYTES = 24 * 1024 * 1024;
/** Milliseconds after which a question looks whether there are new commits. */
const STALE = 60_000;
/** Lines of last changes remembered. */
const LINES = 200;

/** Git without a terminal, locks, network or programs that a repository's own configuration names. */
const ENVIRONMENT = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
const GIT = ['--no-pager', '-c', 'core.quotePath=false', '-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false'];

interface Repository {
  readonly folder: string;
  readonly head: string;
  readonly model: CoChangeModel;
}

interface Kept {
  readonly version: 1;
  readonly folder: string;
  readonly head: string;
  readonly commits: readonly (readonly [id: string, time: number, paths: readonly string[]])[];
}

export function openCoChange(options: CoChangeOptions): CoChange {
  const controller = new AbortController();
  const { signal } = controller;
  let repositories: readonly Repository[] = [];
  let reading: Promise<void> | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  const lines = new Map<string, Promise<number | undefined>>();

  const git = (folder: string, parameters: readonly string[], stop = signal) =>
    options.run('git', [...GIT, ...parameters], {
      cwd: folder,
      env: ENVIRONMENT,
      timeout: TIMEOUT,
      maxBytes: MAX_BYTES,
      signal: stop,
    });

  async function read(): Promise<void> {
    const found: Repository[] = [];
    for (const folder of options.folders) {
      const repository = await readFolder(folder);
      if (signal.aborted) return;
      if (repository) found.push(repository);
    }
    if (found.some((repository, index) => repository !== repositories[index])) lines.clear();
    repositories = found;
  }

  async function readFolder(folder: string): Promise<Repository | undefined> {
    const told = await git(folder, ['rev-parse', '--show-prefix', 'HEAD']);
    const [prefix, head] = told?.split('\n') ?? [];
    if (prefix === undefined || !/^[0-9a-f]{40,64}$/.test(head ?? '')) return undefined;
    const known = repositories.find((repository) => repository.folder === folder && repository.head === head);
    if (known) return known;
    const kept = await restore(folder, head!);
    const commits = kept ?? (await log(folder, prefix));
    if (!commits) return undefined;
    if (!kept) void keep(folder, head!, commits);
    return { folder, head: head!, model: coChangeModel(commits, options.wallClock() / 1_000) };
  }

  async function log(folder: string, prefix: string): Promise<readonly Commit[] | undefined> {
    const output = await git(folder, [
      'log',
      '--name-only',
      '-n',
      String(COMMITS),
      '--no-merges',
      '--no-show-signature',
      '--no-ext-diff',
      '--format=%x00%H %ct',
      '--',
      '.',
    ]);
    if (output === undefined) return undefined;
    const commits: Commit[] = [];
    // In slices: 24 MB of names would hold everything else up for a moment.
    const entries = output.split('\0');
    for (let at = 0; at < entries.length; at += 200) {
      for (const commit of parseLog(entries.slice(at, at + 200).join('\0')))
        commits.push({ ...commit, paths: commit.paths.map((path) => join(folder, path.slice(prefix.length))) });
      await nextTurn();
    }
    return commits;
  }

  function fileOf(folder: string): string | undefined {
    if (options.dataDir === undefined) return undefined;
    return join(options.dataDir, 'co-change', `${createHash('sha256').update(folder).digest('hex').slice(0, 24)}.json`);
  }

  async function restore(folder: string, head: string): Promise<readonly Commit[] | undefined> {
    const file = fileOf(folder);
    if (file === undefined || !options.store) return undefined;
    try {
      const text = await options.store.read(file);
      const kept = text === undefined ? undefined : (JSON.parse(text) as Kept);
      if (kept?.version !== 1 || kept.head !== head || kept.folder !== folder) return undefined;
      return kept.commits.map(([id, time, paths]) => ({ id, time, paths: paths.map((path) => join(folder, path)) }));
    } catch (error) {
      options.onProblem?.(`kept history of ${folder}: ${String(error)}`);
      return undefined;
    }
  }

  async function keep(folder: string, head: string, commits: readonly Commit[]): Promise<void> {
    const file = fileOf(folder);
    if (file === undefined || !options.store) return;
    const from = folder.endsWith('/') ? folder.length : folder.length + 1;
    const kept: Kept = {
      version: 1,
      folder,
      head,
      commits: commits.map(({ id, time, paths }) => [id, time, paths.map((path) => path.slice(from))]),
    };
    await options.store
      .write(file, JSON.stringify(kept))
      .catch((error: unknown) => options.onProblem?.(`keeping the history of ${folder}: ${String(error)}`));
  }

  function refresh(): Promise<void> {
    if (reading) return reading;
    if (signal.aborted || options.now() - readAt < STALE) return Promise.resolve();
    readAt = options.now();
    reading = read()
      .catch((error: unknown) => options.onProblem?.(`history: ${String(error)}`))
      .finally(() => {
        reading = undefined;
      });
    return reading;
  }

  const holding = (path: string) =>
    repositories.find(({ folder }) => path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));

  return {
    related(path) {
      void refresh();
      return holding(path)?.model.related(path) ?? [];
    },
    async lastChangedLine(path, stop) {
      const repository = holding(path);
      if (!repository || stop.aborted) return undefined;
      const known = lines.get(path);
      if (known) return known;
      const asked = git(repository.folder, [
        'log',
        '-n',
        '1',
        '-p',
        '--unified=0',
        '--no-color',
        '--no-show-signature',
        '--no-ext-diff',
        '--no-textconv',
        '--format=',
        '--',
        path,
      ]).then((output) => {
        const hunk = output === undefined ? undefined : /^@@ -\S+ \+(\d+)/m.exec(output)?.[1];
        return hunk === undefined ? undefined : Math.max(1, Number(hunk));
      });
      lines.set(path, asked);
      if (lines.size > LINES) lines.delete(lines.keys().next().value!);
      return asked;
    },
    ready: refresh,
    dispose: () => controller.abort(),
  };
}
