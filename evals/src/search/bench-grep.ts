/**
 * `npm run bench:grep -- [--bytes N] [--runs N] [--tree DIR] [--json]`: `tabstop grep` against ripgrep over a tree of 500 MB, both warm. The tree is made
 * in a temporary folder out of the packages of this checkout (`source-tree.ts`); `--tree` takes one that was made before, or makes it there and keeps it.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findRipgrep, nodeRipgrepPlaces } from '../../../packages/engine/src/index/grep/find-ripgrep.ts';
import { followerAddress, serveFollower } from '../../../packages/engine/src/index/grep/follower.ts';
import { nodeGramDisk } from '../../../packages/engine/src/index/grep/gram-disk.ts';
import { grepHere } from '../../../packages/engine/src/index/grep/grep-here.ts';
import { openLiveGrams } from '../../../packages/engine/src/index/grep/live-grams.ts';
import { nodeGrepEffects } from '../../../packages/engine/src/index/grep/node-grep.ts';
import { stateFolder } from '../../../packages/engine/src/index/state-folder.ts';
import { nodeTreeEffects } from '../../../packages/engine/src/index/tree/node-effects.ts';
import { openFolderTree } from '../../../packages/engine/src/index/tree/open-tree.ts';
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
  const state = stateFolder(dataDir, root);
  const tree = await openFolderTree({ root, stateDir: state, effects: nodeTreeEffects({ env: process.env }) });
  const [mirrored] = await timed(() => tree.reconcile());
  const [again] = await timed(() => tree.reconcile());
  const files = [...tree.files()];
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const { effects } = nodeGrepEffects(root, process.env);
  let longest = 0;
  let turned = performance.now();
  const live = openLiveGrams({
    tree,
    disk: nodeGramDisk(state),
    mayWrite: () => true,
    mayClear: () => true,
    readFile: effects.readFile,
    effects,
    now: effects.now,
    wallClock: effects.wallClock,
    async turn() {
      longest = Math.max(longest, performance.now() - turned);
      await new Promise((resolve) => setImmediate(resolve));
      turned = performance.now();
    },
    after: () => () => {},
    onProblem: say,
  });
  await live.tree.reconcile();
  turned = performance.now();
  const [built, made] = await timed(() => live.sync());
  say(`${files.length} files, ${mega(bytes)} MB; mirror ${seconds(mirrored)} s, again ${seconds(again)} s`);
  say(
    `n-gram index ${seconds(built)} s, ${mega(made.bytes)} MB on disk, longest slice of work ${longest.toFixed(0)} ms, memory ${mega(process.memoryUsage().rss)} MB`,
  );

  const questions = questionsFor(files.map(({ path }) => path));
  const rows = [];
  for (const question of questions) rows.push(await measure(question));
  const rare = questions[0]!;
  const fresh = await repeated(() => command(rare, ['--fresh']));
  const unwatch = await live.tree.watch(() => {});
  const stop = await serveFollower(followerAddress(state, process.platform)!, () => live.followed());
  const followed = await repeatedAsync(() => commandBeside(rare));
  await stop?.();
  await unwatch();
  say(
    `\n${rare.name}, whole command: --fresh ${fresh.median.toFixed(0)} ms; with a process that follows the folder ${followed.median.toFixed(0)} ms (least ${followed.least.toFixed(0)} ms)`,
  );
  await live.dispose();
  return { files: files.length, bytes, mirrored, again, built, indexBytes: made.bytes, longest, rows, fresh, followed };
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

/** While this process answers. */
function commandBeside(question: Question): Promise<unknown> {
  return new Promise((resolve) =>
    spawn(process.execPath, commandParameters(question, []), { cwd: root, stdio: 'ignore' }).on('close', resolve),
  );
}

/** The rare one is a word of a single copy of the packages; the tree is the same for the same packages. */
function questionsFor(paths: readonly string[]): readonly Question[] {
  const { effects } = nodeGrepEffects(root, process.env);
  const counts = new Map<string, number>();
  for (const path of paths.filter((_, index) => index % 97 === 0))
    for (const [word] of effects
      .readFile(path)
      ?.toString('utf8')
      .matchAll(/[A-Za-z]{14,24}/g) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
  const rare = [...counts]
    .filter(([, count]) => count === 1)
    .map(([word]) => word)
    .sort();
  return [
    { name: 'rare literal', pattern: rare[Math.floor(rare.length / 2)]! },
    { name: 'another rare literal', pattern: rare[Math.floor(rare.length / 3)]! },
    { name: 'literal that is nowhere', pattern: 'qzxv_nowhere_at_all' },
    { name: 'rare, case ignored', pattern: rare[Math.floor(rare.length / 4)]!.toUpperCase(), ignoreCase: true },
    { name: 'expression, rare', pattern: `\\b${rare[Math.floor(rare.length / 5)]!.slice(0, -3)}\\w+\\(?`, regex: true },
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

async function repeatedAsync(work: () => Promise<unknown>): Promise<Summary> {
  const all: number[] = [];
  for (let run = 0; run < runs; run++) all.push((await timed(work))[0]);
  return summary(all);
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
