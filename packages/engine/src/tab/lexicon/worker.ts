/** The thread that builds the base: started with a `BuildRequest`, posts `WorkerMessage`s, ends. Bundled to `dist/lexicon-worker.mjs`. */
import * as fs from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { lowerThreadPriority } from '../../workspace/background-thread.ts';
import { type BuildRequest, buildBase } from './build-base.ts';
import type { WorkerMessage } from './open-lexicon.ts';

lowerThreadPriority();
const post = (message: WorkerMessage): void => parentPort!.postMessage(message);
try {
  const built = await buildBase(workerData as BuildRequest, fs, (progress) => post({ kind: 'progress', progress }));
  post({ kind: 'built', built });
} catch (error) {
  post({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
}
