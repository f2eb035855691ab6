import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { embedFunction } from '../packages/engine/src/index/embed/static-embedder.ts';
import { decodeStaticModel } from '../packages/engine/src/index/embed/static-model.ts';
import type { Split } from '../evals/src/tab/packages.ts';
import { pairsOfSplit } from './embedding/dataset.ts';
import { bm25Scorer, denseScorer, fused, rankingOf } from './embedding/ranking.ts';

const HELP = `Usage: node training/embedding-eval.ts --model FILE [--split dev|test] [--corpus FILE --queries FILE] [--most N] [--write DIR]

Ranks of BM25, of the embedding and of both fused (reciprocal ranks): on doc comment -> function pairs of a split, all functions of its packages in
one pool, or on a corpus {"id","text"} with queries {"query","relevant":[id]}.

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
    help: { type: 'boolean' },
  },
});
if (values.help) process.stdout.write(HELP);
else {
  const sets = [
    ...(values.split === undefined ? [] : pairSets(values.split as Split, Number(values.most))),
    ...(values.corpus === undefined || values.queries === undefined ? [] : [fileSet(values.corpus, values.queries)]),
  ];
  for (const set of sets) {
    if (values.write !== undefined) writeSet(set, values.write);
    else if (values.model !== undefined) report(set, values.model);
  }
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
