import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CorpusText } from '../evals/src/search/case.ts';
import { orderOf, type Pair, pairCases } from '../evals/src/search/pair-cases.ts';
import { corpusSystem, type System } from '../evals/src/search/system.ts';
import { FEATURES, type Feature } from '../packages/engine/src/index/retrieve/features.ts';
import { parseQuery } from '../packages/engine/src/index/retrieve/query.ts';
import { BY_HAND } from '../packages/engine/src/index/retrieve/rank.ts';
import { candidatesOf } from '../packages/engine/src/index/root-index.ts';
import { readPackages } from './embedding/packages.ts';
import { fitRanking, foldsOf, type RankingExample, reciprocalRank } from './listwise.ts';

const HELP = `Usage: node training/search-weights.ts [--queries N] [--write]

Learns the weights of the ranking (packages/engine/src/index/retrieve/rank-weights.json) from doc comments and their functions in the packages of the
dev split of training/embedding-packages.txt: neither the embedding model nor the words of names have seen them, and no evaluation uses them. Half of the
examples know the paths of their functions, half do not. Each third of the packages is judged by weights from the other two, to show what was learned;
what is written comes from all.
`;

/** What pairs of doc comment and function can teach: all that is not set by hand. */
const LEARNED = FEATURES.filter((name) => !(name in BY_HAND));
const OF_MEANING: ReadonlySet<Feature> = new Set([
  'meaning',
  'meaningStandout',
  'meaningRank',
  'both',
  'meaningSquared',
  'nameAndMeaning',
]);
/** Candidates of a query that are learned from, the best by the weights of before. */
const RIVALS = 80;
const FOLDS = 3;
const WEIGHTS = join(import.meta.dirname, '../packages/engine/src/index/retrieve/rank-weights.json');

const { values } = parseArgs({
  options: { queries: { type: 'string', default: '2500' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(HELP);
else await learn(Number(values.queries));

async function learn(queries: number): Promise<void> {
  const packages = devPackages();
  const { corpus, queries: asked } = pairCases(packages, queries, orderOf);
  const paths = new Map(
    [...packages].flatMap(([name, pairs]) =>
      pairs.map((pair) => [pair.code, { package: name.split('/')[1]!.split('@')[0]!, path: pair.path }] as const),
    ),
  );
  // Each function is a file of its own, so a number tells those of one file apart.
  const placed = corpus.map((text, index): CorpusText => {
    const place = paths.get(text.text);
    return { ...text, path: `${place?.package}/${index}/${place?.path}` };
  });
  const examples = { hybrid: [] as PackageExample[], lexical: [] as PackageExample[] };
  for (const texts of [corpus, placed]) {
    const system = await corpusSystem(texts);
    const places = new Map(texts.map((text, index) => [text.path ?? String(index), text.id]));
    for (const { query, relevant } of asked)
      for (const mode of ['hybrid', 'lexical'] as const) {
        const example = await exampleOf(system, query, relevant[0]!, places, mode);
        if (example) examples[mode].push({ ...example, package: relevant[0]!.split('#')[0]! });
      }
    await system.dispose();
  }
  const weights: Record<string, Record<string, number>> = {};
  for (const mode of ['hybrid', 'lexical'] as const) {
    const columns = LEARNED.filter((name) => mode === 'hybrid' || !OF_MEANING.has(name)).map((name) =>
      FEATURES.indexOf(name),
    );
    const judged = foldsOf(examples[mode], FOLDS).map(({ rest, held }) => ({
      count: held.length,
      learned: reciprocalRank(held, fitRanking(rest, columns), columns),
      bm25: reciprocalRank(held, [1], [FEATURES.indexOf('lexical')]),
    }));
    const mean = (of: 'learned' | 'bm25') =>
      judged.reduce((sum, fold) => sum + fold[of] * fold.count, 0) / examples[mode].length;
    process.stdout.write(
      `${mode}: ${examples[mode].length} examples; MRR@10 on packages held back ${mean('learned').toFixed(3)}, by BM25 with fields ${mean('bm25').toFixed(3)}\n`,
    );
    const fitted = fitRanking(examples[mode], columns);
    weights[mode] = Object.fromEntries(
      columns.map((column, index) => [FEATURES[column]!, Math.round(fitted[index]! * 1_000) / 1_000]),
    );
  }
  const text = `${JSON.stringify(weights, null, 2)}\n`;
  process.stdout.write(text);
  if (values.write) writeFileSync(WEIGHTS, text);
}

interface PackageExample extends RankingExample {
  readonly package: string;
}

function devPackages(): Map<string, Pair[]> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');
  const packages = new Map<string, Pair[]>();
  for (const { split, ecosystem, name, version } of readPackages()) {
    const file = join(cache, 'pairs', ecosystem, `${name.replaceAll('/', '+')}@${version}.jsonl`);
    if (split !== 'dev' || !existsSync(file)) continue;
    packages.set(
      `${ecosystem}/${name.replaceAll('/', '+')}@${version}`,
      readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Pair),
    );
  }
  return packages;
}

/** The candidates of a query and which of them is right; nothing where none is. */
async function exampleOf(
  { index }: System,
  text: string,
  relevant: string,
  places: ReadonlyMap<string, string>,
  mode: 'hybrid' | 'lexical',
): Promise<RankingExample | undefined> {
  const { session, indexer } = index.roots[0]!;
  const vector = mode === 'hybrid' ? await indexer.answering?.embedQuery(text) : undefined;
  const candidates = candidatesOf(session, indexer, {
    query: parseQuery(text),
    mode,
    wallClock: () => 0,
    ...(vector && { vector }),
  });
  const right = candidates.findIndex(({ slot }) => places.get(session.catalog.fileAt(slot)!.path) === relevant);
  if (right < 0) return undefined;
  // Those far behind teach nothing more and take the time.
  const near = candidates.filter((_, at) => at < RIVALS || at === right);
  return { rows: near.map(({ row }) => row!), right: near.indexOf(candidates[right]!) };
}
