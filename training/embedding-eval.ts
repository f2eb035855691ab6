import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Split } from '../evals/src/tab/packages.ts';
import { filesUnder } from '../evals/src/tab/registry.ts';
import { chunkFile } from '../packages/engine/src/index/chunk/chunk-file.ts';
import { embedFunction } from '../packages/engine/src/index/embed/static-embedder.ts';
import { decodeStaticModel } from '../packages/engine/src/index/embed/static-model.ts';
import { languageOf } from '../packages/engine/src/workspace/languages.ts';
import { createTreeSitterSyntax } from '../packages/engine/src/workspace/tree-sitter.ts';
import { wasmReader } from '../packages/engine/src/workspace/tree-sitter-wasm.ts';
import { pairsOfSplit } from './embedding/dataset.ts';
import { bm25Scorer, denseScorer, fused, rankingOf } from './embedding/ranking.ts';

const HELP = `Usage: node training/embedding-eval.ts --model FILE [--split dev|test] [--corpus FILE --queries FILE] [--most N] [--write DIR]

Ranks of BM25, of the embedding and of both fused (reciprocal ranks): on doc comment -> function pairs of a split, all functions of its packages in
one pool, or on a corpus {"id","text"} with queries {"query","relevant":[id]}.

  --speed DIR   times loading the model, cutting the sources of DIR into chunks and embedding them, by the processor's time
  --most N      functions and queries of each set at most (3000 and 1000 unless told)
  --write DIR   writes the sets as DIR/NAME-corpus.jsonl and DIR/NAME-queries.jsonl (for eval:search) instead of ranking
`;

interface TestSet {
  readonly name: string;
  readonly texts: readonly string[];
  readonly queries: readonly { readonly text: string; readonly relevant: readonly number[] }[];
}

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    split: { type: 'string' },
    corpus: { type: 'string' },
    queries: { type: 'string' },
    most: { type: 'string', default: '3000' },
    write: { type: 'string' },
    speed: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(HELP);
else {
  const sets = [
    ...(values.split === undefined ? [] : pairSets(values.split as Split, Number(values.most))),
    ...(values.corpus === undefined || values.queries === undefined ? [] : [fileSet(values.corpus, values.queries)]),
  ];
  if (values.speed !== undefined && values.model !== undefined) await measureSpeed(values.speed, values.model);
  for (const set of sets) {
    if (values.write !== undefined) writeSet(set, values.write);
    else if (values.model !== undefined) report(set, values.model);
  }
}

/** By the time this process had on a processor, so that other work on the machine does not count. */
async function timed<T>(work: () => T | Promise<T>): Promise<{ value: T; seconds: number }> {
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return { value, seconds: (user + system) / 1e6 };
}

async function measureSpeed(folder: string, file: string): Promise<void> {
  const syntax = createTreeSitterSyntax({
    readWasm: wasmReader(import.meta.url),
    now: () => performance.now(),
    defer: (task) => void setImmediate(task),
    budget: 2_000,
    maxTrees: 1,
  });
  const loads: number[] = [];
  for (let round = 0; round < 9; round++)
    loads.push((await timed(() => embedFunction(decodeStaticModel(readFileSync(file))))).seconds);
  const embed = embedFunction(decodeStaticModel(readFileSync(file)));
  const sources: { path: string; text: string }[] = [];
  for (const path of filesUnder(folder)) {
    const languageId = languageOf(path);
    await syntax.warm(languageId);
    if (languageId !== 'plaintext') sources.push({ path, text: readFileSync(join(folder, path), 'utf8') });
  }
  const characters = sources.reduce((sum, { text }) => sum + text.length, 0);
  const cut = await timed(async () => {
    const texts: string[] = [];
    for (const { path, text } of sources) {
      for (const chunk of chunkFile({ path, languageId: languageOf(path), text }, syntax)) texts.push(chunk.embedText);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return texts;
  });
  const embedded = await timed(() => {
    for (const text of cut.value) embed(text, 'passage');
  });
  const mean = cut.value.reduce((sum, text) => sum + text.length, 0) / cut.value.length;
  process.stdout.write(
    `${sources.length} files, ${(characters / 1e6).toFixed(1)} MB, ${cut.value.length} chunks of ${mean.toFixed(0)} characters\n` +
      `  model loaded in ${(1_000 * loads.sort((a, b) => a - b)[4]!).toFixed(0)} ms (median of 9)\n` +
      `  cut in ${cut.seconds.toFixed(1)} s: ${(characters / 1e6 / cut.seconds).toFixed(1)} MB/s\n` +
      `  embedded in ${embedded.seconds.toFixed(2)} s: ${(cut.value.length / embedded.seconds).toFixed(0)} chunks a second of one core\n`,
  );
}

function report({ name, texts, queries }: TestSet, file: string): void {
  const embed = embedFunction(decodeStaticModel(readFileSync(file)));
  const started = performance.now();
  const dense = denseScorer(texts, embed);
  const rate = texts.length / ((performance.now() - started) / 1000);
  const lexical = bm25Scorer(texts);
  process.stdout.write(
    `${name}: ${texts.length} functions, ${queries.length} queries, ${rate.toFixed(0)} embedded a second\n`,
  );
  for (const [method, scorer] of Object.entries({ BM25: lexical, dense, fused: fused(lexical, dense) })) {
    const { mrr, hit1, recall10 } = rankingOf(queries, scorer);
    const top = rankingOf(queries, scorer, 10);
    process.stdout.write(
      `  ${method.padEnd(6)} MRR ${mrr.toFixed(3)}  MRR@10 ${top.mrr.toFixed(3)}  hit@1 ${hit1.toFixed(3)}  recall@10 ${recall10.toFixed(3)}\n`,
    );
  }
}

function pairSets(split: Split, most: number): TestSet[] {
  const pairs = [
    ...pairsOfSplit(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals'), split),
  ];
  const groups = Map.groupBy(
    pairs.filter(({ doc, name }) => doc !== '' && name !== ''),
    ({ language }) => (language === 'typescript' || language === 'javascript' ? 'script' : language),
  );
  return [...groups]
    .filter(([, members]) => members.length >= 100)
    .map(([language, members]) => {
      const kept = members.slice(0, most);
      const every = Math.max(1, Math.ceil(kept.length / 1_000));
      const queries = kept.map(({ doc }, index) => ({ text: doc, relevant: [index] }));
      return {
        name: `${split}-${language}`,
        texts: kept.map(({ code }) => code),
        queries: queries.filter((_, index) => index % every === 0),
      };
    });
}

function fileSet(corpus: string, queries: string): TestSet {
  const lines = <T>(file: string) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as T);
  const texts = lines<{ id: string; text: string }>(corpus);
  const places = new Map(texts.map(({ id }, index) => [id, index]));
  return {
    name: 'corpus',
    texts: texts.map(({ text }) => text),
    queries: lines<{ query: string; relevant: string[] }>(queries).map(({ query, relevant }) => ({
      text: query,
      relevant: relevant.map((id) => places.get(id)!),
    })),
  };
}

function writeSet({ name, texts, queries }: TestSet, folder: string): void {
  const jsonl = (items: readonly object[]) => items.map((item) => `${JSON.stringify(item)}\n`).join('');
  writeFileSync(join(folder, `${name}-corpus.jsonl`), jsonl(texts.map((text, index) => ({ id: String(index), text }))));
  writeFileSync(
    join(folder, `${name}-queries.jsonl`),
    jsonl(
      queries.map(({ text, relevant }, index) => ({
        id: `${name}-${index}`,
        query: text,
        relevant: relevant.map(String),
      })),
    ),
  );
}
