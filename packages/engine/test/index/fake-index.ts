import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IndexParts, type OpenedIndex, type OpenIndexOptions, openIndex } from '../../src/index/open-index.ts';
import type { Chunk, Embedder } from '../../src/index/parts.ts';
import { vectorSource } from '../../src/index/vector-source.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import { type FakeFolder, hashOf } from './fake-tree.ts';

/** Chunks are the paragraphs of a file; `name:` at the start of one is its symbol. */
export function paragraphs({ path, text }: { readonly path: string; readonly text: string }): Chunk[] {
  const chunks: Chunk[] = [];
  let start = 0;
  for (const part of text.split('\n\n')) {
    const startLine = text.slice(0, start).split('\n').length;
    const symbol = /^([\w.]+):/.exec(part)?.[1];
    if (part.trim() !== '')
      chunks.push({
        startLine,
        endLine: startLine + part.split('\n').length - 1,
        start,
        end: start + part.length,
        kind: symbol === undefined ? 'lines' : 'function',
        ...(symbol === undefined ? {} : { symbol }),
        embedText: `${path}\n${part}`,
        hash: hashOf(`${path}\n${part}`),
      });
    start += part.length + 2;
  }
  return chunks;
}

/** Words in fixed groups are near to each other: `CONCEPTS[3]` all point along the third axis. */
const CONCEPTS = [
  'retry again attempt backoff repeat',
  'delete remove erase unlink trash',
  'picture image photo bitmap',
  'login signin authenticate credentials',
].map((words) => words.split(' '));

export interface CountingEmbedder extends Embedder {
  readonly texts: string[];
  fail: Error | undefined;
}

export function conceptEmbedder(id = 'concepts', sign = 1): CountingEmbedder {
  const embedder: CountingEmbedder = {
    id,
    dimensions: CONCEPTS.length + 1,
    limits: { batch: 16, characters: 10_000 },
    texts: [],
    fail: undefined,
    async embed(texts, kind) {
      if (embedder.fail) throw embedder.fail;
      if (kind === 'passage') embedder.texts.push(...texts);
      return texts.map((text) => {
        const words: string[] = text.toLowerCase().match(/[a-z]+/g) ?? [];
        const vector = Float32Array.from([
          ...CONCEPTS.map((group) => sign * words.filter((word) => group.includes(word)).length),
          0.5,
        ]);
        const norm = Math.hypot(...vector);
        return vector.map((component) => component / norm);
      });
    },
  };
  return embedder;
}

export interface Opened {
  readonly index: OpenedIndex;
  readonly dataDir: string;
}

export interface TestIndexOptions {
  readonly dataDir: string;
  readonly embedder?: Embedder;
  readonly parts?: Partial<IndexParts>;
  readonly options?: Partial<OpenIndexOptions>;
}

/** An index over a folder in memory, with its store on the real disk. */
export function openTestIndex(
  folders: FakeFolder | readonly FakeFolder[],
  { dataDir, embedder, parts, options }: TestIndexOptions,
): Promise<OpenedIndex> {
  const all = 'root' in folders ? [folders] : folders;
  return openIndex({
    roots: all.map(({ root }) => root),
    dataDir,
    ...(embedder && { vectors: vectorSource(embedder) }),
    parts: {
      openTree: async (root) => all.find((folder) => folder.root === root)!,
      languageOf,
      chunk: async (file) => paragraphs(file),
      now: () => performance.now(),
      wallClock: () => 1_000_000,
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      after(milliseconds, call) {
        const timer = setTimeout(call, milliseconds);
        timer.unref();
        return () => clearTimeout(timer);
      },
      ...parts,
    },
    ...options,
  });
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tabstop-index-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Resolves when a condition holds, however slow the machine. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
