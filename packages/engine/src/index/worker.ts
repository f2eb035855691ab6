/** The thread of the index: started with an `IndexConfig`, speaks `wire.ts`. Bundled to `dist/index-worker.mjs`. */
import { parentPort, workerData } from 'node:worker_threads';
import { lowerThreadPriority } from '../workspace/background-thread.ts';
import type { IndexConfig } from './index-config.ts';
import { openNodeIndex } from './node-index.ts';
import { serveIndex } from './serve.ts';
import type { FromIndex, ToIndex } from './wire.ts';

lowerThreadPriority();
const port = parentPort!;
const post = (message: FromIndex): void => port.postMessage(message);

// What comes before the index is open waits in the port's queue.
try {
  const index = await openNodeIndex(workerData as IndexConfig, {
    env: process.env,
    onProblem: (message) => post({ kind: 'problem', message }),
  });
  const hear = serveIndex(index, post);
  port.on('message', (message: ToIndex) => hear(message));
} catch (error) {
  post({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}
