import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createTreeSitterSyntax } from '../workspace/tree-sitter.ts';
import { wasmReader } from '../workspace/tree-sitter-wasm.ts';
import { nextTurn } from '../workspace/next-turn.ts';
import { runProcess } from '../workspace/run-process.ts';
import { languageOf } from '../workspace/languages.ts';
import type { Syntax } from '../workspace/syntax.ts';
import { chunkFile } from './chunk/chunk-file.ts';
import { outlineOf } from './chunk/outline.ts';
import { readShippedModel, readShippedModelHeader } from './embed/model-file.ts';
import { openAiEmbedder } from './embed/openai-embedder.ts';
import { loadedLater } from './embed/static-embedder.ts';
import { openVectorCache, type VectorCache } from './embed/vector-cache.ts';
import { openNodeGrams } from './grep/node-grams.ts';
import { givingWay } from './give-way.ts';
import type { EmbeddingChoice, IndexConfig } from './index-config.ts';
import { type IndexParts, type OpenedIndex, openIndex } from './open-index.ts';
import { relatedInRoots } from './related/related-in-roots.ts';
import { nodeTreeEffects } from './tree/node-effects.ts';
import { openFolderTree } from './tree/open-tree.ts';
import { type VectorSource, vectorSource } from './vector-source.ts';
import { parcelSubscribe } from './watch/parcel.ts';

export interface NodeEffects {
  /** Of the process: where git's own settings lie. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProblem: (message: string) => void;
}

/** The index on the real disk, with the parsers and the model that ship. @throws StoreError */
export async function openNodeIndex(config: IndexConfig, effects: NodeEffects): Promise<OpenedIndex> {
  const turn = config.yieldTo
    ? givingWay(config.yieldTo, {
        wallClock: Date.now,
        turn: nextTurn,
        sleep: (milliseconds) => setTimeout(milliseconds),
      })
    : nextTurn;
  const syntax = chunkingSyntax(effects.onProblem);
  const cache = openCache(config.dataDir, effects.onProblem);
  const { embedding = { kind: 'shipped' } } = config;
  const vectors = embedding.kind === 'shipped' ? await shippedVectors(cache, turn, effects.onProblem) : undefined;
  const treeEffects = {
    ...nodeTreeEffects({ env: effects.env, run: runProcess, subscribe: parcelSubscribe }),
    turn,
  };
  const grams = openNodeGrams({
    env: effects.env,
    follow: config.follow ?? false,
    turn,
    onProblem: effects.onProblem,
  });
  let index: OpenedIndex | undefined;
  const parts: IndexParts = {
    async openTree(root, folder) {
      const tree = await openFolderTree({
        root,
        stateDir: folder,
        maxFileBytes: config.maxFileBytes,
        otherRoots: config.folders,
        effects: treeEffects,
      });
      return grams.open(root, folder, tree, () => index?.roots.find((one) => one.root === root));
    },
    grep: (roots, query, signal) => grams.grep(roots, query, signal),
    bytes: ({ root }) => grams.bytes(root),
    related: relatedInRoots({ run: runProcess, now: () => performance.now(), wallClock: () => Date.now() }),
    ...chunkingParts(syntax),
    async outline(file) {
      await syntax.warm(file.languageId);
      return outlineOf(file, syntax);
    },
    now: () => performance.now(),
    wallClock: () => Date.now(),
    turn,
    after(milliseconds, call, awaited) {
      const timer = globalThis.setTimeout(call, milliseconds);
      // An index that waits for nothing but a look at its lease does not keep the process alive.
      if (!awaited) timer.unref();
      return () => clearTimeout(timer);
    },
  };
  index = await openIndex({
    roots: config.folders,
    dataDir: config.dataDir,
    parts,
    ...(vectors && { vectors }),
    ...(config.follow === undefined ? {} : { follow: config.follow }),
  });
  const opened = index;
  const stop = new AbortController();
  // A service may take a minute to load its model, or not be there: words answer meanwhile.
  const service =
    embedding.kind === 'service' ? connectService(embedding, opened, cache, effects.onProblem, stop.signal) : undefined;
  return {
    ...opened,
    async sync(signal) {
      await service?.firstAttempt;
      const report = await opened.sync(signal);
      await grams.sync(signal);
      return report;
    },
    async dispose() {
      stop.abort();
      await grams.dispose();
      await opened.dispose();
      syntax.dispose();
      cache.close();
    },
  };
}

/** Chunks and languages as the index has them. */
export function chunkingParts(syntax: Syntax): Pick<IndexParts, 'languageOf' | 'chunk'> {
  return {
    languageOf,
    async chunk(file) {
      await syntax.warm(file.languageId);
      return chunkFile(file, syntax);
    },
  };
}

/** A file that is not through in two seconds is data; few trees are kept, since every file is looked at once. */
export function chunkingSyntax(onProblem: (message: string) => void) {
  return createTreeSitterSyntax({
    readWasm: wasmReader(import.meta.url),
    now: () => performance.now(),
    defer: (task) => void setImmediate(task),
    budget: 2_000,
    maxTrees: 2,
    maxCodeUnits: 2_000_000,
    onError: (languageId, error) => onProblem(`grammar of ${languageId}: ${String(error)}`),
  });
}

async function shippedVectors(
  cache: VectorCache,
  turn: () => Promise<void>,
  onProblem: (message: string) => void,
): Promise<VectorSource | undefined> {
  try {
    return vectorSource(
      loadedLater(await readShippedModelHeader(), () => readShippedModel(), { pause: turn }),
      cache,
    );
  } catch (error) {
    onProblem(`the embedding model cannot be used, words alone are searched: ${(error as Error).message}`);
    return undefined;
  }
}

/** Milliseconds between two attempts to reach a service. */
const SERVICE_RETRY = 60_000;

/** Uses the service's vectors from when it answers; asks again as long as it does not. */
function connectService(
  { address, model, dimensions, key }: Extract<EmbeddingChoice, { kind: 'service' }>,
  index: OpenedIndex,
  cache: VectorCache,
  onProblem: (message: string) => void,
  signal: AbortSignal,
): { readonly firstAttempt: Promise<void> } {
  const attempt = async (): Promise<void> => {
    try {
      const embedder = await openAiEmbedder(
        { url: address, model, ...(key && { key }), ...(dimensions && { dimensions }) },
        {
          fetch,
          now: () => performance.now(),
          sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { ...(signal && { signal }) }),
          random: Math.random,
        },
        signal,
      );
      if (!signal.aborted) index.useVectors(vectorSource(embedder, cache));
    } catch (error) {
      if (signal.aborted) return;
      onProblem(`the embedding service cannot be used, words alone are searched: ${(error as Error).message}`);
      // Not waited for by anyone, and no reason for the process to stay.
      void setTimeout(SERVICE_RETRY, undefined, { signal, ref: false }).then(attempt, () => {});
    }
  };
  return { firstAttempt: attempt() };
}

/** Shared by all projects of the machine. */
function openCache(dataDir: string, onProblem: (message: string) => void): VectorCache {
  const folder = join(dataDir, 'cache');
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    // The cache says so itself when it is used, and is left out.
    onProblem(`the folder of the cache of vectors cannot be made: ${(error as Error).message}`);
  }
  return openVectorCache({
    file: join(folder, 'vectors.db'),
    now: Date.now,
    remove: (file) => rmSync(file, { force: true }),
    onProblem,
  });
}
