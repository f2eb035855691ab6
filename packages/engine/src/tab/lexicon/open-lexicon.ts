import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkspaceFiles } from '../../workspace/files.ts';
import type { BuildProgress, BuildRequest, Built } from './build-base.ts';
import { ProjectLexicon } from './project-lexicon.ts';
import { nextTurn } from '../../workspace/next-turn.ts';

export type WorkerMessage =
  | { readonly kind: 'progress'; readonly progress: BuildProgress }
  | { readonly kind: 'built'; readonly built: Built }
  | { readonly kind: 'failed'; readonly reason: string };

export type LexiconStatus =
  | { readonly state: 'building'; readonly progress: BuildProgress }
  | { readonly state: 'ready'; readonly files: number; readonly symbols: number; readonly from: Built['from'] }
  /** Predictions go on from what there is: open documents, and the base before, if any. */
  | { readonly state: 'failed'; readonly reason: string };

/** Starts the thread that builds; `stop` ends it wherever it is. */
export type StartBuild = (request: BuildRequest, hear: (message: WorkerMessage) => void) => { stop(): void };

export interface OpenLexiconOptions {
  /** Absolute paths. */
  readonly folders: readonly string[];
  /** Where bases are kept between starts; nothing is kept without it. */
  readonly dataDir?: string;
  /** How paths are named, see `ListOptions`. */
  readonly keys?: 'absolute' | 'relative';
  /** Reads changed files. */
  readonly files: WorkspaceFiles;
  readonly startBuild?: StartBuild;
  readonly symbolLimit?: number;
  /** Lets others have their turn, between slices of work. */
  readonly pause?: () => Promise<void>;
  /** For the output channel. */
  readonly log?: (message: string) => void;
}

export interface OpenLexicon {
  readonly lexicon: ProjectLexicon;
  readonly status: LexiconStatus;
  /** Called at each change of `status`; the answer stops that. */
  onStatus(listener: (status: LexiconStatus) => void): () => void;
  /** Resolves when the first base is there or has failed. */
  readonly ready: Promise<LexiconStatus>;
  /** Files that were written, made or removed on disk, by key. */
  filesChanged(paths: Iterable<string>): Promise<void>;
  dispose(): void;
}

/** Code units of changed files from which the base is built again in the background. */
const REBUILD_UNITS = 1_500_000;
/** Changed files from which it is. */
const REBUILD_FILES = 300;

/**
 * The project's lexicon: answers at once from open documents, and from the whole project as soon as a worker has read it. The worker ends when it is done;
 * what it made lies in shared memory.
 */
export function openLexicon(options: OpenLexiconOptions): OpenLexicon {
  const lexicon = new ProjectLexicon();
  const listeners = new Set<(status: LexiconStatus) => void>();
  const start = options.startBuild ?? startWorker;
  let status: LexiconStatus = { state: 'building', progress: { phase: 'listing', done: 0, total: 0 } };
  let settle: (status: LexiconStatus) => void = () => {};
  const ready = new Promise<LexiconStatus>((resolve) => {
    settle = resolve;
  });
  let build: { stop(): void } | undefined;
  let disposed = false;
  /** Files that changed while a build was reading: it may have seen the old text or the new. */
  let sinceBuild = new Set<string>();

  const become = (next: LexiconStatus): void => {
    status = next;
    for (const listener of listeners) listener(next);
    if (next.state !== 'building') settle(next);
  };
  const run = (fresh: boolean): void => {
    sinceBuild = new Set();
    const before = lexicon.changedPaths();
    const request: BuildRequest = {
      folders: options.folders,
      keys: options.keys ?? 'absolute',
      file: options.dataDir === undefined ? undefined : baseFileOf(options.dataDir, options.folders, options.keys),
      fresh,
      symbolLimit: options.symbolLimit,
    };
    build = start(request, (message) => {
      if (disposed) return;
      if (message.kind === 'progress') return become({ state: 'building', progress: message.progress });
      if (message.kind === 'failed') {
        build = undefined;
        return become({ state: 'failed', reason: message.reason });
      }
      const { base, changed, from, rejected, unsaved } = message.built;
      if (rejected) options.log?.(`The kept token model was not used: ${rejected}.`);
      if (unsaved) options.log?.(`The token model could not be kept: ${unsaved}.`);
      const settled = () => before.filter((path) => !sinceBuild.has(path));
      void lexicon.adoptBase(base, settled, options.pause ?? nextTurn).then(() => {
        build = undefined;
        if (disposed) return;
        for (const [path, text] of changed) if (!sinceBuild.has(path)) lexicon.fileChanged(path, text);
        become({ state: 'ready', files: base.files.length, symbols: base.symbols.length, from });
      });
    });
  };
  if (options.folders.length > 0) run(false);
  else become({ state: 'ready', files: 0, symbols: 0, from: 'sources' });

  return {
    lexicon,
    get status() {
      return status;
    },
    ready,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async filesChanged(paths) {
      for (const path of paths) {
        sinceBuild.add(path);
        const text = await options.files.read(path);
        if (disposed) return;
        lexicon.fileChanged(path, text);
      }
      if (build || options.folders.length === 0) return;
      if (lexicon.changedSize > REBUILD_UNITS || lexicon.changedPaths().length > REBUILD_FILES) run(true);
    },
    dispose() {
      disposed = true;
      build?.stop();
      listeners.clear();
    },
  };
}

/** The name holds the folders' hash, not their names: it tells nothing, and no path is too long for it. */
export function baseFileOf(dataDir: string, folders: readonly string[], keys: string = 'absolute'): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([folders, keys]))
    .digest('hex')
    .slice(0, 24);
  return join(dataDir, 'lexicon', `${hash}.bin`);
}

/** The worker as a thread of this process: the bundle beside ours where there is one, else its source. */
export const startWorker: StartBuild = (request, hear) => {
  const bundled = new URL('./lexicon-worker.mjs', import.meta.url);
  const entry = existsSync(fileURLToPath(bundled)) ? bundled : new URL('./worker.ts', import.meta.url);
  // The heap is bounded so that an odd project ends the worker, not the machine; arrays live outside of it. A small young generation keeps the texts that are
  // read from adding up (80 MB less at the peak).
  const resourceLimits = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 8 };
  const worker = new Worker(entry, { workerData: request, resourceLimits });
  worker.unref();
  let heard = false;
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind !== 'progress') heard = true;
    hear(message);
  });
  worker.on('error', (error) => {
    if (!heard) hear({ kind: 'failed', reason: error.message });
    heard = true;
  });
  worker.on('exit', (code) => {
    if (!heard) hear({ kind: 'failed', reason: `the worker ended with code ${code}` });
    heard = true;
  });
  return { stop: () => void worker.terminate() };
};
