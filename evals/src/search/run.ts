import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { jsonOf, tableOf } from '../tab/table.ts';
import { CaseFileError, parseCorpus, parseQueries, type SearchCase } from './case.ts';
import { type QueryScore, rowOf, type SearchRow, scoreQuery } from './metrics.ts';
import { corpusSystem, folderSystem, type Mode, type System } from './system.ts';

const HELP = `Usage: npm run eval:search -- --root DIR --queries FILE.jsonl [options]
       npm run eval:search -- --corpus FILE.jsonl --queries FILE.jsonl [options]

Measures search with the index that ships: hit@1, hit@5, recall@10, MRR@10 and latency of the hybrid, and of BM25 alone over the same chunks.

  --root DIR       the folder that is searched; \`relevant\` of a query names \`path\` or \`path:start-end\`
  --corpus FILE    separate functions instead, one \`{"id", "text"}\` a line; \`relevant\` names ids
  --queries FILE   \`{"id", "query", "relevant": […]}\` a line
  --all            also words alone with the reranker, and vectors alone
  --limit N        only N of the queries, evenly spread
  --misses N       prints N queries that the hybrid answers worse than BM25
  --json           prints the JSON alone; --table the table alone. Without either: the table, then the JSON on the last line
  --help

Exit codes: 0 measured; 2 the input could not be read.
`;

const NAMES: Readonly<Record<Mode, string>> = {
  hybrid: 'hybrid',
  bm25: 'BM25 alone',
  lexical: 'words, reranked',
  dense: 'vectors alone',
};

// \`npm run\` moves to the package's folder: names on the command line are relative to where it was typed.
const from = process.env.INIT_CWD ?? process.cwd();

try {
  await main();
} catch (error) {
  if (!(error instanceof CaseFileError)) throw error;
  process.stderr.write(`eval:search: ${error.message}\n`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!options.queries || !options.root === !options.corpus)
    throw new CaseFileError('give --queries and either --root or --corpus (--help says more)');
  const cases = spread(parseQueries(read(options.queries), basename(options.queries)), Number(options.limit ?? 0));
  const modes: Mode[] = options.all ? ['hybrid', 'bm25', 'lexical', 'dense'] : ['hybrid', 'bm25'];
  const began = performance.now();
  const system = options.corpus
    ? await corpusSystem(parseCorpus(read(options.corpus), basename(options.corpus)))
    : await folderSystem(folder(options.root!));
  try {
    const { files, chunks, embedded, model } = system.index.status();
    const indexed = performance.now() - began;
    const { rows, scores } = await measure(system, cases, modes);
    if (options.misses) printMisses(cases, scores, Number(options.misses));
    const figures = {
      queries: cases.length,
      files,
      chunks,
      embedded,
      model,
      indexSeconds: indexed / 1000,
      rows,
      ratio: ratiosOf(rows),
    };
    if (!options.json) process.stdout.write(`${tableOfSearch(rows, `${files} files, ${chunks} chunks`)}\n`);
    if (!options.table) process.stdout.write(`${jsonOf(figures)}\n`);
  } finally {
    await system.dispose();
  }
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        root: { type: 'string' },
        corpus: { type: 'string' },
        queries: { type: 'string' },
        all: { type: 'boolean', default: false },
        limit: { type: 'string' },
        misses: { type: 'string' },
        json: { type: 'boolean', default: false },
        table: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new CaseFileError((error as Error).message);
  }
}

function read(file: string): string {
  try {
    return readFileSync(resolve(from, file), 'utf8');
  } catch (error) {
    throw new CaseFileError(`${file}: ${(error as Error).message}`);
  }
}

function folder(path: string): string {
  const absolute = resolve(from, path);
  if (!statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) throw new CaseFileError(`${path}: no such folder`);
  return absolute;
}

function spread<T>(items: readonly T[], limit: number): readonly T[] {
  if (!(limit > 0) || limit >= items.length) return items;
  return Array.from({ length: limit }, (_, index) => items[Math.floor((index * items.length) / limit)]!);
}

async function measure(system: System, cases: readonly SearchCase[], modes: readonly Mode[]) {
  // What is loaded at the first query is not what a query costs.
  for (const { query } of cases.slice(0, 5)) for (const mode of modes) await system.ask(query, mode, 10);
  const scores = new Map<Mode, QueryScore[]>();
  const rows: SearchRow[] = [];
  for (const mode of modes) {
    const times: number[] = [];
    const of: QueryScore[] = [];
    for (const { query, relevant } of cases) {
      const began = performance.now();
      const found = await system.ask(query, mode, 10);
      times.push(performance.now() - began);
      of.push(scoreQuery(found, relevant));
    }
    scores.set(mode, of);
    rows.push(rowOf(NAMES[mode], of, times));
  }
  return { rows, scores };
}

function ratiosOf(rows: readonly SearchRow[]): { readonly mrr10: number; readonly recall10: number } {
  const [hybrid, bm25] = [rows[0]!, rows[1]!];
  return { mrr10: hybrid.mrr10 / bm25.mrr10, recall10: hybrid.recall10 / bm25.recall10 };
}

function tableOfSearch(rows: readonly SearchRow[], title: string): string {
  const share = (value: number) => value.toFixed(3);
  return tableOf(
    [title, 'queries', 'hit@1', 'hit@5', 'recall@10', 'MRR@10', 'p50 ms', 'p99 ms'],
    rows.map((row) => [
      row.name,
      String(row.queries),
      share(row.hit1),
      share(row.hit5),
      share(row.recall10),
      share(row.mrr10),
      row.p50.toFixed(1),
      row.p99.toFixed(1),
    ]),
  );
}

function printMisses(
  cases: readonly SearchCase[],
  scores: ReadonlyMap<Mode, readonly QueryScore[]>,
  count: number,
): void {
  const worse = cases
    .map((one, index) => ({
      one,
      lost: scores.get('bm25')![index]!.reciprocal10 - scores.get('hybrid')![index]!.reciprocal10,
    }))
    .filter(({ lost }) => lost > 0)
    .sort((a, b) => b.lost - a.lost);
  for (const { one, lost } of worse.slice(0, count))
    process.stdout.write(`-${lost.toFixed(2)}  ${one.query}  ->  ${one.relevant.join(' ')}\n`);
}
