import {
  type Attention,
  type CodeIndex,
  type FileExplanation,
  type GrepAnswer,
  type IndexStatus,
  NO_INDEX,
  type OutlineItem,
  type RelatedFile,
  type SearchAnswer,
  type SkippedFiles,
  type SyncReport,
} from './code-index.ts';
import type { Asked, FromIndex, ToIndex } from './wire.ts';

/** A thread that speaks `wire.ts`. `onEnd` is called once, with why it ended where it did so by itself. */
export interface IndexThread {
  post(message: ToIndex): void;
  terminate(): Promise<void>;
}

export type StartThread = (hear: (message: FromIndex) => void, onEnd: (why: string) => void) => IndexThread;

export interface IndexClientOptions {
  readonly start: StartThread;
  /** Calls back after so many milliseconds; the answer takes it back. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
  readonly onProblem: (message: string) => void;
}

/** The thread of the index ended, was not there, or refused. The message is for the user. */
export class IndexThreadError extends Error {
  override readonly name = 'IndexThreadError';
  /** Name of the error in the thread, where it refused. */
  readonly reason: string | undefined;

  constructor(message: string, causeName?: string) {
    super(message);
    this.reason = causeName;
  }
}

/** Milliseconds before a thread that ended is started again: doubled each time, and from the start again after a minute without an end. */
const RESTART = { first: 500, most: 60_000, calm: 60_000 } as const;

/** The index in another thread, as if it were here. When the thread ends it is started again; what was asked of it is refused with the reason. */
export function indexClient(options: IndexClientOptions): CodeIndex {
  const listeners = new Set<(status: IndexStatus) => void>();
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: unknown): void }>();
  let status: IndexStatus = { ...NO_INDEX, state: 'starting' };
  let thread: IndexThread | undefined;
  let nextId = 0;
  let wait: number = RESTART.first;
  let cancelTimer: (() => void) | undefined;
  let disposed: Promise<void> | undefined;
  /** Told to every new thread. */
  let attention: Attention | undefined;
  let paused = false;

  function become(next: IndexStatus): void {
    status = next;
    for (const listener of listeners) listener(next);
  }

  function start(): void {
    let opened = false;
    const mine = options.start(
      (message) => {
        if (mine !== thread) return;
        if (message.kind === 'opened') {
          opened = true;
          cancelTimer = options.after(RESTART.calm, () => {
            wait = RESTART.first;
          });
          become(message.status);
        } else if (message.kind === 'failed') ended(message.message, opened);
        else if (message.kind === 'status') become(message.status);
        else if (message.kind === 'problem') options.onProblem(message.message);
        else if (message.kind === 'answer') settle(message.id)?.resolve(message.value);
        else settle(message.id)?.reject(new IndexThreadError(message.message, message.name));
      },
      (why) => {
        if (mine === thread) ended(why, opened);
      },
    );
    thread = mine;
    if (attention !== undefined) mine.post({ kind: 'attend', attention });
    if (paused) mine.post({ kind: 'pause' });
  }

  function settle(id: number) {
    const waiting = pending.get(id);
    pending.delete(id);
    return waiting;
  }

  function ended(why: string, wasOpen: boolean): void {
    void thread?.terminate();
    thread = undefined;
    cancelTimer?.();
    if (disposed !== undefined) {
      // There is nobody left to finish what was asked.
      refuseAll('the index is closed');
      return;
    }
    const message = wasOpen ? `the index stopped (${why}) and is started again` : `the index cannot be opened: ${why}`;
    options.onProblem(message);
    refuseAll(message);
    become({ ...status, state: 'failed', done: 0, total: 0, problem: message });
    cancelTimer = options.after(wait, start);
    wait = Math.min(wait * 2, RESTART.most);
  }

  function refuseAll(message: string): void {
    const waiting = [...pending.values()];
    pending.clear();
    for (const { reject } of waiting) reject(new IndexThreadError(message));
  }

  function ask<T>(method: Asked, parameters: readonly unknown[], signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    const there = thread;
    if (there === undefined) return Promise.reject(new IndexThreadError(status.problem ?? 'the index is closed'));
    const id = nextId++;
    return new Promise<T>((resolve, reject) => {
      const abort = () => {
        there.post({ kind: 'cancel', id });
        settle(id)?.reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const done = () => signal?.removeEventListener('abort', abort);
      pending.set(id, {
        resolve(value) {
          done();
          resolve(value as T);
        },
        reject(error) {
          done();
          reject(error);
        },
      });
      there.post({ kind: 'ask', id, method, parameters });
    });
  }

  start();
  return {
    status: () => status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sync: (signal) => ask<SyncReport>('sync', [], signal),
    search: (query, signal) => ask<SearchAnswer>('search', [query], signal),
    grep: (query, signal) => ask<GrepAnswer>('grep', [query], signal),
    related: (query, signal) => ask<readonly RelatedFile[]>('related', [query], signal),
    explain: (path, root) => ask<FileExplanation>('explain', [path, root]),
    skipped: () => ask<readonly SkippedFiles[]>('skipped', []),
    outline: (path, root) => ask<readonly OutlineItem[]>('outline', [path, root]),
    attend(next) {
      attention = next;
      thread?.post({ kind: 'attend', attention: next });
    },
    pause() {
      paused = true;
      thread?.post({ kind: 'pause' });
    },
    resume() {
      paused = false;
      thread?.post({ kind: 'resume' });
    },
    async rebuild() {
      paused = false;
      await ask<void>('rebuild', []);
    },
    async clear() {
      paused = true;
      await ask<void>('clear', []);
    },
    dispose() {
      disposed ??= close();
      return disposed;
    },
  };

  async function close(): Promise<void> {
    cancelTimer?.();
    listeners.clear();
    const last = thread;
    if (last === undefined) return;
    await Promise.race([
      ask<void>('dispose', []).catch(() => {}),
      new Promise<void>((resolve) => options.after(CLOSE, resolve)),
    ]);
    thread = undefined;
    refuseAll('the index is closed');
    await last.terminate();
  }
}

/**
 * Milliseconds that a thread has to end its transaction and its watcher. The store is safe from a hard end, the process is not: a watcher that is being
 * started then throws where nobody is any more, and takes the process with it. So only a thread that hangs is ended so.
 */
const CLOSE = 30_000;
