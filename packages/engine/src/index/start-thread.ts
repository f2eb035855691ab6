import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CodeIndex } from './code-index.ts';
import { indexClient, type StartThread } from './index-client.ts';
import type { IndexConfig } from './index-config.ts';
import type { FromIndex } from './wire.ts';

/** Megabytes of heap: an odd project ends the thread, not the engine. Vectors and postings are arrays outside of it. */
const HEAP = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 16 } as const;

/** The index of these folders in a thread of this process. Opens in the background: what is asked waits until it is there. */
export function openIndexInThread(config: IndexConfig, onProblem: (message: string) => void): CodeIndex {
  return indexClient({
    start: startThread(config),
    after(milliseconds, call) {
      const timer = setTimeout(call, milliseconds);
      timer.unref();
      return () => clearTimeout(timer);
    },
    onProblem,
  });
}

/** The thread: the bundle beside ours where there is one, else its source. */
export function startThread(config: IndexConfig): StartThread {
  return (hear, onEnd) => {
    const bundled = new URL('./index-worker.mjs', import.meta.url);
    const entry = existsSync(fileURLToPath(bundled)) ? bundled : new URL('./worker.ts', import.meta.url);
    const worker = new Worker(entry, { workerData: config, resourceLimits: HEAP });
    let why: string | undefined;
    worker.on('message', (message: FromIndex) => hear(message));
    worker.on('error', (error) => {
      why = error.message;
    });
    worker.on('exit', (code) => onEnd(why ?? `it ended with code ${code}`));
    return {
      post: (message) => worker.postMessage(message),
      async terminate() {
        await worker.terminate();
      },
    };
  };
}
