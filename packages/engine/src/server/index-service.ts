import { ErrorCode, type IndexSettings, type IndexStatusParams } from '@tabstop/protocol';
import type { Attention, CodeIndex, IndexStatus } from '../index/code-index.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { RequestError } from './request-error.ts';

export interface IndexServiceOptions {
  /** Opens the index of these folders (at least one); may throw. */
  readonly open: (folders: readonly string[], settings: IndexSettings) => CodeIndex;
  readonly folders: readonly string[];
  readonly settings: IndexSettings;
  /** Milliseconds after the start of the session in which the index keeps still, unless it is asked something. */
  readonly quiet: number;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  readonly onStatus: (status: IndexStatusParams) => void;
  readonly onProblem: (message: string) => void;
}

/** The index of the folders that are open at the moment, under the settings of the moment. */
export interface IndexService {
  readonly status: IndexStatusParams;
  /** The open index; the first call ends the quiet time. @throws RequestError in words for the user where there is none. */
  index(): CodeIndex;
  /** Tries once more where the index could not be opened; nothing else. */
  retry(): void;
  configure(settings: IndexSettings): void;
  setFolders(folders: readonly string[]): void;
  dispose(): Promise<void>;
}

/** What there is to tell before an index is open. */
export const NO_INDEX: Omit<IndexStatusParams, 'state'> = {
  files: 0,
  chunks: 0,
  embedded: 0,
  done: 0,
  total: 0,
  skipped: 0,
  follower: false,
  model: '',
  bytes: 0,
};

/** Opens and closes the index as folders and settings change; one at a time, since two would wait for each other's lease. */
export function createIndexService(options: IndexServiceOptions): IndexService {
  let { folders, settings } = options;
  let status: IndexStatusParams = { ...NO_INDEX, state: 'waiting' };
  let open: { readonly index: CodeIndex; readonly stop: () => void } | undefined;
  /** The end of the one before. */
  let closing: Promise<void> = Promise.resolve();
  let closed = true;
  let disposed = false;
  let quiet = true;
  /** Outlives an index that is opened anew for a setting: who has paused it wants no work. */
  let paused = false;
  let generation = 0;

  function tell(next: IndexStatusParams): void {
    status = next;
    options.onStatus(next);
  }

  function reopen(): void {
    const mine = ++generation;
    close();
    if (disposed) return;
    const none = !settings.enabled ? 'off' : folders.length === 0 ? 'no-folder' : quiet ? 'waiting' : undefined;
    tell({ ...NO_INDEX, state: none ?? 'starting' });
    if (none) return;
    if (closed) start();
    else
      void closing.then(() => {
        if (mine === generation) start();
      });
  }

  function start(): void {
    if (disposed || open) return;
    try {
      const index = options.open(folders, settings);
      const stop = index.onStatus((next) => {
        paused = next.state === 'paused';
        tell(wireStatus(next));
      });
      open = { index, stop };
      if (paused) index.pause();
      tell(wireStatus(index.status()));
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      options.onProblem(`the index could not be opened: ${problem}`);
      tell({ ...NO_INDEX, state: 'failed', problem });
    }
  }

  function close(): void {
    if (!open) return;
    const { index, stop } = open;
    open = undefined;
    stop();
    closed = false;
    closing = index
      .dispose()
      .catch((error: unknown) => options.onProblem(`the index was not closed properly: ${String(error)}`))
      .then(() => {
        closed = true;
      });
  }

  const timer = options.setTimeout(endQuiet, options.quiet);
  function endQuiet(): void {
    if (!quiet) return;
    quiet = false;
    options.clearTimeout(timer);
    reopen();
  }
  reopen();

  return {
    get status() {
      return status;
    },
    index() {
      endQuiet();
      if (open) return open.index;
      throw new RequestError(ErrorCode.IndexUnavailable, reasonOf(status));
    },
    retry() {
      if (status.state === 'failed' && !open) reopen();
    },
    configure(next) {
      if (JSON.stringify(next) === JSON.stringify(settings)) return;
      settings = next;
      reopen();
    },
    setFolders(next) {
      if (next.length === folders.length && next.every((folder, at) => folder === folders[at])) return;
      folders = next;
      paused = false;
      reopen();
    },
    async dispose() {
      disposed = true;
      options.clearTimeout(timer);
      close();
      await closing;
    },
  };
}

/** What is open, and what was edited last, newest first: the search prefers what is near it. Only files; notebooks' cells and unsaved texts are in no index. */
export function attentionOf(snapshot: Snapshot): Attention {
  const isFile = (path: string) => !/^[a-z][a-z0-9+.-]+:/i.test(path);
  const edited = snapshot.history.edits.map(({ path }) => path).reverse();
  return {
    open: [...snapshot.documents.keys()].filter(isFile),
    edited: [...new Set(edited)].filter(isFile).slice(0, 20),
  };
}

function wireStatus(status: IndexStatus): IndexStatusParams {
  return { ...status };
}

function reasonOf({ state, problem }: IndexStatusParams): string {
  if (state === 'off') return 'The index is switched off (tabstop.index.enabled).';
  if (state === 'no-folder') return 'No folder is open, so there is nothing to search.';
  if (state === 'failed') return `The index could not be opened: ${problem ?? 'the log tells why'}`;
  return 'The index is being opened. Try again in a moment.';
}
