import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pick, seededRandom } from '@tabstop/testkit';
import { percentile } from '../tab/summary.ts';
import { decimal, tableOf } from '../tab/table.ts';
import { typescriptWorkspace } from './workspace.ts';

const HELP = `Usage: npm run bench:propagate [-- --files N --cases N]

How long propagate takes to find the next place of an edit in a workspace of N (10000) TypeScript and JavaScript files: a word is changed in a line that stands in other
files as well; the engine is asked through tabstop predict with every other source left out. The first answer, which waits for the token model, does not count.

Bar: p50 <= 50 ms. Exit code 3 where it is missed.
`;

const SEED = 20_260_811;
const BAR = 50;
const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    cases: { type: 'string', default: '60' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await bench(Number(values.files), Number(values.cases));

interface Answer {
  readonly suggestions: readonly { readonly path: string; readonly source: string }[];
  readonly ms: number;
}

async function bench(files: number, count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tabstop-propagate-'));
  try {
    const paths = typescriptWorkspace(join(repository, 'node_modules'), folder, files);
    const cases = sharedLines(folder, paths, count + 1).map(({ path, text, at, word }, id) =>
      JSON.stringify({
        id,
        documents: [{ path, text }],
        events: [{ path, edits: [[at, at + word.length, `${word}Anew`]] }],
        cursor: { path, offset: at + word.length + 4 },
        root: folder,
        max: 3,
      }),
    );
    const [, ...answers] = await predict(cases);
    const elsewhere = answers.filter(({ suggestions }) => suggestions.some(({ source }) => source === 'propagate'));
    const ms = answers.map((answer) => answer.ms);
    const p50 = percentile(ms, 0.5);
    const rows = [
      ['answered with a place, %', decimal((100 * elsewhere.length) / answers.length), ''],
      ['p50, ms', decimal(p50), `<= ${BAR}, ${p50 <= BAR ? 'met' : 'MISSED'}`],
      ['p90, ms', decimal(percentile(ms, 0.9)), ''],
      ['p99, ms', decimal(percentile(ms, 0.99)), ''],
    ];
    process.stdout.write(`${tableOf([`${files} files, ${answers.length} edits`, 'measured', 'bar'], rows)}\n`);
    return p50 <= BAR ? 0 : 3;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lines with a call or an import that stand in 2 to 40 files, and a word of each to change. */
function sharedLines(folder: string, paths: readonly string[], count: number) {
  const filesOf = new Map<string, string[]>();
  for (const path of paths)
    for (const line of new Set(readFileSync(join(folder, path), 'utf8').split('\n')))
      if (/^\s*(import|export|const|let|return|await|[\w.]+\().{10,80}$/.test(line) && /[A-Za-z]{5}/.test(line)) {
        const known = filesOf.get(line);
        if (known) known.push(path);
        else filesOf.set(line, [path]);
      }
  const shared = [...filesOf].filter(([, all]) => all.length >= 2 && all.length <= 40);
  const random = seededRandom(SEED);
  return Array.from({ length: count }, () => {
    const [line, all] = pick(random, shared);
    const path = pick(random, all);
    const text = readFileSync(join(folder, path), 'utf8');
    const word = /[A-Za-z]{5,}(?!.*[A-Za-z]{5,})/.exec(line)!;
    return { path, text, at: text.indexOf(line) + word.index, word: word[0] };
  });
}

function predict(cases: readonly string[]): Promise<readonly Answer[]> {
  const others = ['rename', 'repair', 'analogy', 'continue', 'terminal', 'definition', 'co-change'];
  const cli = join(repository, 'packages/engine/dist/cli.mjs');
  const child = spawn(process.execPath, [cli, 'predict', '--jsonl', ...others.flatMap((name) => ['--without', name])], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(`${cases.join('\n')}\n`);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', (code) => {
      if (code !== 0) return fail(new Error(`tabstop predict ended with ${code}`));
      done(
        output
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Answer),
      );
    });
  });
}
