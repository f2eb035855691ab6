import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunkFile } from '../../../packages/engine/src/index/chunk/chunk-file.ts';
import { readShippedModel } from '../../../packages/engine/src/index/embed/model-file.ts';
import { createStaticEmbedder } from '../../../packages/engine/src/index/embed/static-embedder.ts';
import { chunkingSyntax, openNodeIndex } from '../../../packages/engine/src/index/node-index.ts';
import { type OpenedIndex, openIndex } from '../../../packages/engine/src/index/open-index.ts';
import { parseQuery } from '../../../packages/engine/src/index/retrieve/query.ts';
import { candidatesOf } from '../../../packages/engine/src/index/root-index.ts';
import { vectorSource } from '../../../packages/engine/src/index/vector-source.ts';
import type { CorpusText } from './case.ts';
import { corpusTree, guessLanguage } from './corpus-tree.ts';
import type { Found } from './metrics.ts';

export type Mode = 'hybrid' | 'lexical' | 'dense' | 'bm25';

/** An index to be asked. */
export interface System {
  readonly index: OpenedIndex;
  /** Best first. In a corpus each id once, however many chunks its text has. */
  ask(query: string, mode: Mode, limit: number): Promise<readonly Found[]>;
  dispose(): Promise<void>;
}

/** The index of a folder, as it ships, with its state in a temporary folder. */
export async function folderSystem(root: string): Promise<System> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tabstop-eval-search-'));
  const index = await openNodeIndex({ folders: [root], dataDir }, { env: process.env, onProblem: complain });
  await index.sync();
  return systemOf(index, dataDir, (found) => found);
}

/** The same index over texts that come from a file. Near-duplicates stay: each id is an answer of its own. */
export async function corpusSystem(given: readonly CorpusText[]): Promise<System> {
  // An id is no path: it must not become words. A text may have a path of its own.
  const texts = given.map((text, index) => ({ ...text, id: text.path ?? String(index) }));
  const ids = new Map(texts.map(({ id }, index) => [id, given[index]!.id]));
  const dataDir = mkdtempSync(join(tmpdir(), 'tabstop-eval-search-'));
  const languages = new Map(texts.map(({ id, text, language }) => [id, language ?? guessLanguage(text)]));
  const syntax = chunkingSyntax(complain);
  const vectors = await readShippedModel().then(
    (model) => vectorSource(createStaticEmbedder(model)),
    (error: Error) => complain(`no vectors: ${error.message}`),
  );
  const index = await openIndex({
    roots: ['/corpus'],
    dataDir,
    keepDuplicates: true,
    ...(vectors && { vectors }),
    parts: {
      openTree: async () => corpusTree(texts),
      languageOf: (path) => languages.get(path) ?? 'plaintext',
      async chunk({ path, languageId, text }) {
        await syntax.warm(languageId);
        return chunkFile({ path: /^\d+$/.test(path) ? '' : path, languageId, text }, syntax);
      },
      now: () => performance.now(),
      wallClock: () => 0,
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      after: () => () => {},
    },
  });
  await index.sync();
  return systemOf(index, dataDir, (found) => firstOfEach(found).map((one) => ({ ...one, path: ids.get(one.path)! })));
}

function complain(message: string): void {
  process.stderr.write(`eval:search: ${message}\n`);
}

function firstOfEach(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function systemOf(index: OpenedIndex, dataDir: string, group: (found: readonly Found[]) => readonly Found[]): System {
  const { session, indexer } = index.roots[0]!;
  return {
    index,
    async ask(query, mode, limit) {
      // Of a text of several chunks only one counts: so some more are asked for.
      if (mode !== 'bm25')
        return group((await index.search({ text: query, mode, limit: limit * 3 })).results).slice(0, limit);
      const candidates = candidatesOf(session, indexer, {
        query: parseQuery(query),
        mode: 'lexical',
        plain: true,
        wallClock: () => 0,
      });
      const found = candidates.slice(0, limit * 3).map(({ slot }) => {
        const { startLine, endLine } = session.catalog.chunkAt(slot)!;
        return { path: session.catalog.fileAt(slot)!.path, startLine, endLine };
      });
      return group(found).slice(0, limit);
    },
    async dispose() {
      await index.dispose();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
