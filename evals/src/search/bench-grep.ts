/**
 * `npm run bench:grep -- [--bytes N] [--runs N] [--tree DIR] [--json]`: `tabstop grep` against ripgrep over a tree of 500 MB, both warm. The tree is made
 * in a temporary folder out of the packages of this checkout (`source-tree.ts`); `--tree` takes one that was made before, or makes it there and keeps it.
 */
import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findRipgrep, nodeRipgrepPlaces } from '../../../packages/engine/src/index/grep/find-ripgrep.ts';
import { grepHere } from '../../../packages/engine/src/index/grep/grep-here.ts';
import { nodeGrepEffects } from '../../../packages/engine/src/index/grep/node-grep.ts';
import { stateFolder } from '../../../packages/engine/src/index/state-folder.ts';
import type { IndexMade } from './bench-grep-index.ts';
import { makeSourceTree } from './source-tree.ts';

interface Question {
  readonly name: string;
  readonly pattern: string;
  readonly regex?: boolean;
  readonly ignoreCase?: boolean;
}

const { values } = parseArgs({
  options: {
    bytes: { type: 'string' },
    runs: { type: 'string' },
    tree: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  process.stdout.write(
    'Usage: npm run bench:grep -- [--bytes N] [--runs N] [--tree DIR] [--json]\n\ntabstop grep against ripgrep over a tree of 500 MB made of installed packages (in DIR, and kept there), both warm.\n',
  );
  process.exit();
}
const runs = Number(values.runs ?? 7);
const repository = join(import.meta.dirname, '../../..');
const temporary = mkdtempSync(join(tmpdir(), 'tabstop-bench-grep-'));
const root = values.tree ?? join(temporary, 'tree');
const home = join(temporary, 'data');
const dataDir = join(home, 'engine');
const ripgrep = findRipgrep(nodeRipgrepPlaces(import.meta.url, process.env));
if (ripgrep === undefined) throw new Error('ripgrep is missing: run npm start once');

try {
  if (!existsSync(root) || readdirSync(root).length === 0) {
    say('making the tree …');
    await makeSourceTree({
      from: join(repository, 'node_modules'),
      target: root,
      bytes: Number(values.bytes ?? 500e6),
      seed: 7,
    });
  }
  execFileSync(process.execPath, [join(repository, 'scripts/build.ts')], { cwd: repository, stdio: 'ignore' });
  const report = await bench();
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

async function bench() {
  const index = fork(join(import.meta.dirname, 'bench-grep-index.ts'), [root, stateFolder(dataDir, root)]);
  try {
    const made = (await told(index)) as IndexMade;
    say(
      `${made.files} files, ${mega(made.bytes)} MB; mirror ${seconds(made.mirrored)} s, again ${seconds(made.again)} s`,
    );
    say(
      `n-gram index ${seconds(made.built)} s, ${mega(made.indexBytes)} MB on disk, longest slice of work ${made.longest.toFixed(0)} ms, memory ${mega(made.memory)} MB`,
    );
    const questions = questionsFor(
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)))
        .sort(),
    );
    const rows = [];
    for (const question of questions) rows.push(await measure(question));
    const rare = questions[0]!;
    const fresh = repeated(() => command(rare, ['--fresh']));
    index.send('follow');
    await told(index);
    const followed = repeated(() => command(rare));
    say(
      `\n${rare.name}, whole command: --fresh ${fresh.median.toFixed(0)} ms; with a process that follows the folder ${followed.median.toFixed(0)} ms (least ${followed.least.toFixed(0)} ms)`,
    );
    return { ...made, rows, fresh, followed };
  } finally {
    if (index.connected) index.disconnect();
  }
}

/** What the process of the index says next. Throws where it ends instead. */
async function told(index: ChildProcess): Promise<unknown> {
  const ended = once(index, 'exit').then(([code]) => {
    throw new Error(`the index could not be made: exit code ${code}`);
  });
  return Promise.race([once(index, 'message').then(([message]) => message as unknown), ended]);
}

/** Ours and ripgrep's by turns, so that what else the machine does hits both. */
async function measure(question: Question) {
  const theirs: number[] = [];
  const whole: number[] = [];
  const inside: number[] = [];
  let found = { matches: 0, candidates: 0 };
  for (let run = 0; run <= runs; run++) {
    const [rg, lines] = timedSync(
      () => spawnSync(ripgrep!, ripgrepParameters(question), { cwd: root, maxBuffer: 1 << 30 }).stdout,
    );
    const [ours, printed] = timedSync(() => command(question));
    const query = {
      pattern: question.pattern,
      regex: question.regex ?? false,
      ignoreCase: question.ignoreCase ?? false,
      limit: 1_000_000,
    };
    const [here, answer] = await timed(() => grepHere({ roots: [root], dataDir, query, env: process.env }));
    found = { matches: answer.matches.length, candidates: answer.candidates };
    const count = countLines(lines);
    if (count !== answer.matches.length || count !== countLines(printed))
      throw new Error(
        `${question.name}: ripgrep has ${count} lines, we have ${answer.matches.length} and ${countLines(printed)}`,
      );
    // The first run warms.
    if (run === 0) continue;
    theirs.push(rg);
    whole.push(ours);
    inside.push(here);
  }
  const row = {
    name: question.name,
    pattern: question.pattern,
    ...found,
    ripgrep: summary(theirs),
    command: summary(whole),
    inProcess: summary(inside),
  };
  say(
    `${question.name.padEnd(26)} ${String(found.matches).padStart(6)} lines ${String(found.candidates).padStart(6)} read   rg ${ms(row.ripgrep)}   command ${ms(row.command)} (${times(row.ripgrep, row.command)})   in process ${ms(row.inProcess)} (${times(row.ripgrep, row.inProcess)})`,
  );
  return row;
}

function ripgrepParameters({ pattern, regex, ignoreCase }: Question): string[] {
  return [
    '--no-config',
    '--no-heading',
    '-n',
    ...(regex ? [] : ['-F']),
    ...(ignoreCase ? ['-i'] : []),
    '-e',
    pattern,
    '.',
  ];
}

function commandParameters({ pattern, regex, ignoreCase }: Question, more: readonly string[]): string[] {
  // What the user runs, with the Node that `npx tabstop` takes.
  const launcher = join(repository, 'apps/editor/bin/tabstop.mjs');
  return [
    launcher,
    'grep',
    ...(regex ? ['-E'] : []),
    ...(ignoreCase ? ['-i'] : []),
    '-q',
    '-k',
    '1000000',
    '--root',
    root,
    '--data-dir',
    home,
    ...more,
    '--',
    pattern,
  ];
}

function command(question: Question, more: readonly string[] = []): Buffer {
  return spawnSync(process.execPath, commandParameters(question, more), { cwd: root, maxBuffer: 1 << 30 }).stdout;
}

/** Words of the tree that lie in so many files, found with ripgrep; the tree, and so they, are the same for the same packages. */
function questionsFor(paths: readonly string[]): readonly Question[] {
  const { effects } = nodeGrepEffects(root, process.env);
  const counts = new Map<string, number>();
  for (const path of paths.filter((_, index) => index % 97 === 0))
    for (const [word] of effects
      .readFile(path)
      ?.toString('utf8')
      .matchAll(/[A-Za-z]{14,24}/g) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts]
    .filter(([, count]) => count === 1)
    .map(([word]) => word)
    .sort();
  const found = new Map<string, number>();
  const wordIn = (least: number, most: number, start: number): string => {
    for (let at = Math.floor(words.length * start); at < words.length; at++) {
      const word = words[at]!;
      if (!found.has(word))
        found.set(
          word,
          countLines(spawnSync(ripgrep!, ['--no-config', '-l', '-F', '-e', word, '.'], { cwd: root }).stdout),
        );
      if (found.get(word)! >= least && found.get(word)! <= most) return word;
    }
    throw new Error(`no word of the tree lies in ${least} to ${most} files`);
  };
  const rare = wordIn(1, 20, 0.5);
  return [
    { name: 'rare literal', pattern: rare },
    { name: 'another rare literal', pattern: wordIn(1, 20, 1 / 3) },
    { name: 'literal in 21 to 60 files', pattern: wordIn(21, 60, 0.25) },
    { name: 'literal in 61 to 120 files', pattern: wordIn(61, 120, 0.6) },
    { name: 'literal that is nowhere', pattern: 'qzxv_nowhere_at_all' },
    { name: 'rare, case ignored', pattern: wordIn(1, 20, 0.75).toUpperCase(), ignoreCase: true },
    { name: 'expression, rare', pattern: `\\b${rare.slice(0, -3)}\\w+\\(?`, regex: true },
    { name: 'expression, frequent', pattern: 'export (async )?function \\w+Sync\\(', regex: true },
    { name: 'frequent literal', pattern: 'hasOwnProperty' },
  ];
}

interface Summary {
  readonly least: number;
  readonly median: number;
}

function summary(times: readonly number[]): Summary {
  const sorted = times.toSorted((a, b) => a - b);
  return { least: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]! };
}

function repeated(work: () => unknown): Summary {
  return summary(Array.from({ length: runs }, () => timedSync(work)[0]));
}

function timedSync<T>(work: () => T): [number, T] {
  const start = performance.now();
  const result = work();
  return [performance.now() - start, result];
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

function countLines(output: Buffer): number {
  let count = 0;
  for (let at = output.indexOf(10); at >= 0; at = output.indexOf(10, at + 1)) count++;
  return count;
}

function ms({ least, median }: Summary): string {
  return `${median.toFixed(0)} ms (least ${least.toFixed(0)})`;
}

function times(theirs: Summary, ours: Summary): string {
  return `x ${(theirs.median / ours.median).toFixed(1)}, least x ${(theirs.least / ours.least).toFixed(1)}`;
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}

function say(text: string): void {
  (values.json ? process.stderr : process.stdout).write(`${text}\n`);
}
