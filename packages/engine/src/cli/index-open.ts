import type { CodeIndex, SyncReport } from '../index/code-index.ts';
import type { IndexPlace } from './index-place.ts';
import { type ProgressOptions, syncTelling } from './index-progress.ts';
import type { CliIo } from './io.ts';

/** Opens the index of a place in this process. It does nothing by itself: who asks for it syncs it. */
export type OpenIndex = (
  place: IndexPlace,
  io: Pick<CliIo, 'env'>,
  onProblem: (message: string) => void,
) => Promise<CodeIndex>;

/** Most answers are there before this; milliseconds. */
const PATIENCE = 400;

export interface WorkOptions {
  readonly quiet: boolean;
  /** Brings the index in step with the disk first: its words, or also what they mean. */
  readonly sync: false | 'text' | 'meaning';
}

/** Opens, syncs and closes the index around `work`. */
export async function withIndex<T>(
  open: OpenIndex,
  place: IndexPlace,
  io: CliIo,
  options: WorkOptions,
  work: (index: CodeIndex) => Promise<T>,
): Promise<T> {
  const index = await open(place, io, (message) => {
    if (!options.quiet) io.stderr.write(`tabstop: ${message}\n`);
  });
  try {
    if (options.sync) await syncWith(index, io, { quiet: options.quiet, until: options.sync, patience: PATIENCE });
    return await work(index);
  } finally {
    await index.dispose();
  }
}

export function syncWith(
  index: CodeIndex,
  io: Pick<CliIo, 'stderr' | 'signal'>,
  options: Pick<ProgressOptions, 'quiet' | 'patience' | 'until'>,
): Promise<SyncReport | undefined> {
  return syncTelling(index, {
    stream: io.stderr,
    ...options,
    signal: io.signal,
    now: () => performance.now(),
    setTimeout: (callback, delay) => setTimeout(callback, delay),
    clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
  });
}
