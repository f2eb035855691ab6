import { ErrorCode, type IndexSettings, type IndexStatusParams } from '@tabstop/protocol';
import { type Attention, type CodeIndex, NO_INDEX } from '../index/code-index.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { RequestError } from './request-error.ts';

export interface IndexServiceOptions {
  /** Opens the index of these folders (at least one); may reject. */
  readonly open: (folders: readonly string[], settings: IndexSettings) => Promise<CodeIndex>;
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
  /** The index, once it is open; the first call ends the quiet time. @throws RequestError in words for the user where there is none. */
  index(): Promise<CodeIndex>;
  /** Tries once more where the index could not be opened; nothing else. */
  retry(): void;
  configure(settings: IndexSettings): void;
  setFolders(folders: readonly string[]): void;
  dispose(): Promise<void>;
}

/** Opens and closes the index as folders and settings change; one at a time, since two would wait for each other's lease. */
export function createIndexService(options: IndexServiceOptions): IndexService {
  let { folders, settings } = options;
  let status: IndexStatusParams = { ...NO_INDEX, state: 'waiting' };
  /** The index of the folders and settings of now; `undefined` in it where it could not be opened. */
  let opening: Promise<CodeIndex | undefined> | undefined;
  let stop = () => {};
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
    const before = close();
    if (disposed) return;
    const none = !settings.enabled ? 'off' : folders.length === 0 ? 'no-folder' : quiet ? 'waiting' : undefined;
    tell({ ...NO_INDEX, state: none ?? 'starting' });
    if (none) opening = before.then(() => undefined);
    else opening = before.then(() => open(mine));
  }

  async function open(mine: number): Promise<CodeIndex | undefined> {
    if (mine !== generation) return undefined;
    try {
      const index = await options.open(folders, settings);
      if (mine !== generation) {
        await ended(index);
        return undefined;
      }
      stop = index.onStatus((next) => {
        paused = next.state === 'paused';
        tell({ ...next });
      });
      if (paused) index.pause();
      tell({ ...index.status() });
      return index;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      options.onProblem(`the index could not be opened: ${problem}`);
      if (mine === generation) tell({ ...NO_INDEX, state: 'failed', problem });
      return undefined;
    }
  }

  /** Resolves when what is open, or is being opened, is closed. */
  async function close(): Promise<void> {
    stop();
    stop = () => {};
    const index = await opening;
    if (index) await ended(index);
  }

  async function ended(index: CodeIndex): Promise<void> {
    try {
      await index.dispose();
    } catch (error) {
      options.onProblem(`the index was not closed properly: ${String(error)}`);
    }
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
    async index() {
      endQuiet();
      const index = await opening;
      if (index && !disposed) return index;
      throw new RequestError(ErrorCode.IndexUnavailable, reasonOf(status));
    },
    retry() {
      if (status.state === 'failed') reopen();
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
      generation++;
      options.clearTimeout(timer);
      await close();
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

function reasonOf({ state, problem }: IndexStatusParams): string {
  if (state === 'off') return 'The index is switched off (tabstop.index.enabled).';
  if (state === 'no-folder') return 'No folder is open, so there is nothing to search.';
  if (state === 'failed') return `The index could not be opened: ${problem ?? 'the log tells why'}`;
  return 'The index is being opened. Try again in a moment.';
}
