import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readPackages } from '../../../training/embedding/packages.ts';
import { commitCases, parseCommits } from './commit-cases.ts';
import { orderOf, type Pair, pairCases } from './pair-cases.ts';

const HELP = `Usage: node evals/src/search/make-cases.ts [--split test|dev] [--steps] [--queries N] [--out DIR]
       node evals/src/search/make-cases.ts --history REPOSITORY [--queries N] [--out DIR]

Makes cases for \`npm run eval:search\`.

  --split S        first sentences of doc comments -> their functions, of the packages of one split of training/embedding-packages.txt, as
                   training/embedding-pairs.ts took them apart (the functions are without their doc comments). The embedding model has seen none
                   of the packages of \`dev\` and \`test\`; the weights of the ranking come from \`dev\`; \`test\` is for measuring alone
  --steps          also comments between statements -> the lines below them, which are no functions; a harder set, written as \`steps-…\`
  --history DIR    subjects of commits -> the files they changed, of those that are still there
  --queries N      500 unless told
  --out DIR        $XDG_CACHE_HOME/tabstop-evals/cases/search unless told
`;

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');
const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'test' },
    steps: { type: 'boolean', default: false },
    history: { type: 'string' },
    queries: { type: 'string', default: '500' },
    out: { type: 'string', default: join(cache, 'cases', 'search') },
    help: { type: 'boolean' },
  },
});

if (values.help) process.stdout.write(HELP);
else {
  mkdirSync(values.out, { recursive: true });
  if (values.history === undefined) makePairs(values.split, Number(values.queries), values.steps);
  else makeCommits(resolve(process.env.INIT_CWD ?? process.cwd(), values.history), Number(values.queries));
}

function makePairs(split: string, queries: number, steps: boolean): void {
  const byPackage = new Map<string, Pair[]>();
  for (const source of readPackages()) {
    if (source.split !== split) continue;
    const name = `${source.name.replaceAll('/', '+')}@${source.version}`;
    const file = join(cache, 'pairs', source.ecosystem, `${name}.jsonl`);
    if (!existsSync(file)) {
      process.stderr.write(`left out, not there: ${name} (node training/embedding-pairs.ts fetches it)\n`);
      continue;
    }
    byPackage.set(`${source.ecosystem}/${name}`, readLines(file) as Pair[]);
  }
  const cases = pairCases(byPackage, queries, orderOf, { steps });
  const name = `${steps ? 'steps' : 'pairs'}-${split}`;
  write(`${name}.corpus.jsonl`, cases.corpus);
  write(`${name}.queries.jsonl`, cases.queries);
}

function makeCommits(repository: string, queries: number): void {
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', repository, '-c', 'core.quotePath=false', ...parameters], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  const there = new Set(git('ls-files').split('\n').filter(Boolean));
  const log = git('log', '--no-merges', '--format=%x00%h%x09%s', '--name-only', '-n', '5000');
  write('commits.queries.jsonl', commitCases(parseCommits(log), there, queries, orderOf));
}

function readLines(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

function write(name: string, items: readonly object[]): void {
  const file = join(values.out, name);
  writeFileSync(file, items.map((item) => `${JSON.stringify(item)}\n`).join(''));
  process.stdout.write(`${items.length} in ${file}\n`);
}
