import type { CodeIndex, IndexStatus } from '../index/code-index.ts';

export interface FreshnessOptions {
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** Milliseconds a call waits for the first indexing of a folder, and for newer changes. */
  readonly first: number;
  readonly later: number;
}

/** Waits before an answer, a bounded time, until the index knows what is on disk. An agent asks right after it has edited. */
export interface Freshness {
  /** Resolves with what the agent should know: nothing where the index is in step. */
  settle(index: CodeIndex): Promise<readonly string[]>;
}

export function createFreshness(options: FreshnessOptions): Freshness {
  let running: Promise<unknown> | undefined;
  return {
    async settle(index) {
      const never = index.status().syncedAt === undefined;
      // One at a time: of a tree that takes longer than the wait, every call would start another walk.
      if (!running) {
        const mine = index.sync().finally(() => {
          if (running === mine) running = undefined;
        });
        mine.catch(() => {});
        running = mine;
      }
      const inStep = await within(running, never ? options.first : options.later, options);
      return inStep ? problems(index.status()) : progress(index.status());
    },
  };
}

async function within(work: Promise<unknown>, delay: number, options: FreshnessOptions): Promise<boolean> {
  let timer: unknown;
  const late = new Promise<boolean>((resolve) => {
    timer = options.setTimeout(() => resolve(false), delay);
  });
  try {
    // A sync that fails is told by the status.
    return await Promise.race([
      work.then(
        () => true,
        () => true,
      ),
      late,
    ]);
  } finally {
    options.clearTimeout(timer);
  }
}

function problems({ state, problem }: IndexStatus): readonly string[] {
  if (state === 'failed') return [`The index failed: ${problem ?? 'no reason is known'}. Answers may be incomplete.`];
  if (state === 'paused') return ['The index is paused: the newest changes may be missing.'];
  return [];
}

function progress(status: IndexStatus): readonly string[] {
  const { state, done, total } = status;
  const percent = total > 0 ? `, ${Math.floor((done / total) * 100)} %` : '';
  if (state === 'embedding')
    return [`Meaning is still being indexed${percent}; found by words so far where that is missing.`];
  return [
    ...problems(status),
    ...(state === 'ready'
      ? []
      : [`The index is still being built (${state}${percent}): the answer is incomplete, ask again in a moment.`]),
  ];
}
