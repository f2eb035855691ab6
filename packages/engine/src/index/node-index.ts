import { createTreeSitterSyntax } from '../workspace/tree-sitter.ts';
import { wasmReader } from '../workspace/tree-sitter-wasm.ts';
import { languageOf } from '../workspace/languages.ts';
import type { Syntax } from '../workspace/syntax.ts';
import { chunkFile } from './chunk/chunk-file.ts';
import { readShippedModel } from './embed/model-file.ts';
import { createStaticEmbedder } from './embed/static-embedder.ts';
import type { IndexConfig } from './index-config.ts';
import { type IndexParts, type OpenedIndex, openIndex } from './open-index.ts';
import { nodeTreeEffects } from './tree/node-effects.ts';
import { openFolderTree } from './tree/open-tree.ts';
import { type VectorSource, vectorSource } from './vector-source.ts';

export interface NodeEffects {
  /** Of the process: where git's own settings lie. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onProblem: (message: string) => void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The index on the real disk, with the parsers and the model that ship. @throws StoreError */
export async function openNodeIndex(config: IndexConfig, effects: NodeEffects): Promise<OpenedIndex> {
  const syntax = chunkingSyntax(effects.onProblem);
  const vectors = await openVectors(config, effects);
  const treeEffects = nodeTreeEffects({ env: effects.env });
  const parts: IndexParts = {
    openTree: (root, folder) =>
      openFolderTree({
        root,
        stateDir: folder,
        maxFileBytes: config.maxFileBytes,
        otherRoots: config.folders,
        effects: treeEffects,
      }),
    ...chunkingParts(syntax),
    now: () => performance.now(),
    wallClock: () => Date.now(),
    turn,
    after(milliseconds, call) {
      const timer = setTimeout(call, milliseconds);
      // An index that waits for nothing but a look at its lease does not keep the process alive.
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
  const index = await openIndex({
    roots: config.folders,
    dataDir: config.dataDir,
    parts,
    ...(vectors && { vectors }),
    ...(config.follow === undefined ? {} : { follow: config.follow }),
  });
  return {
    ...index,
    async dispose() {
      await index.dispose();
      syntax.dispose();
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

async function openVectors(
  { embedding = { kind: 'shipped' } }: IndexConfig,
  { onProblem }: NodeEffects,
): Promise<VectorSource | undefined> {
  if (embedding.kind !== 'shipped') return undefined;
  try {
    return vectorSource(createStaticEmbedder(await readShippedModel(), { pause: turn }));
  } catch (error) {
    onProblem(`the embedding model cannot be used, words alone are searched: ${(error as Error).message}`);
    return undefined;
  }
}
