import type { RunProcess } from '../../workspace/git-history.ts';
import { LOG_FORMAT, type LoggedCommit, parseCommitLog } from './commit-log.ts';
import { type CommitModel, commitModel } from './commit-model.ts';

export interface HistoryOptions {
  /** Absolute. */
  readonly root: string;
  readonly run: RunProcess;
  /** Milliseconds, monotonic; and since 1970. */
  readonly now: () => number;
  readonly wallClock: () => number;
}

/** The commits of one folder, read when they are asked for and again when there are new ones. */
export interface FolderHistory {
  /** Without git, a repository or commits: a model that knows nothing. Throws the signal's reason. */
  model(signal?: AbortSignal): Promise<CommitModel>;
}

const COMMITS = 3_000;
const TIMEOUT = 15_000;
const MAX_BYTES = 32 * 1024 * 1024;
/** Milliseconds after which it is asked whether there are new commits. */
const STALE = 10_000;

/** Git without a terminal, locks, network or programs that a repository's own configuration names. */
const ENVIRONMENT = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
const GIT = [
  '--no-pager',
  '-c',
  'core.quotePath=false',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'diff.renameLimit=400',
];

export function openHistory({ root, run, now, wallClock }: HistoryOptions): FolderHistory {
  let known: { readonly head: string; readonly model: CommitModel } | undefined;
  let reading: Promise<CommitModel> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  const never = new AbortController().signal;
  const git = (parameters: readonly string[]) =>
    run('git', [...GIT, ...parameters], {
      cwd: root,
      env: ENVIRONMENT,
      timeout: TIMEOUT,
      maxBytes: MAX_BYTES,
      signal: never,
    });

  async function read(): Promise<CommitModel> {
    const told = await git(['rev-parse', '--show-prefix', 'HEAD']);
    const [prefix = '', head = ''] = told?.split('\n') ?? [];
    if (known?.head === head) return known.model;
    const commits: readonly LoggedCommit[] = /^[0-9a-f]{40,64}$/.test(head) ? await log(prefix) : [];
    known = { head, model: commitModel(commits, wallClock() / 1_000) };
    return known.model;
  }

  async function log(prefix: string): Promise<readonly LoggedCommit[]> {
    const output = await git([
      'log',
      '--name-status',
      '-M',
      '-n',
      String(COMMITS),
      '--no-merges',
      '--no-show-signature',
      '--no-ext-diff',
      LOG_FORMAT,
      '--',
      '.',
    ]);
    return output === undefined ? [] : parseCommitLog(output, prefix);
  }

  return {
    async model(signal) {
      signal?.throwIfAborted();
      if (known && now() - askedAt < STALE) return known.model;
      reading ??= read().finally(() => {
        reading = undefined;
        askedAt = now();
      });
      const model = await reading;
      signal?.throwIfAborted();
      return model;
    },
  };
}
