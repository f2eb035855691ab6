/**
 * What `bench.ts` measures, in a process of its own each: `--phase first` makes the project in FOLDER and opens it for the first time, in a thread as the engine
 * does; the others open it again and wait for an answer or until it is in step, here as the command line does or in a thread. Prints the measurements as JSON.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openNodeIndex } from '../../../packages/engine/src/index/node-index.ts';
import type { CodeIndex } from '../../../packages/engine/src/index/code-index.ts';
import { openIndexInThread } from '../../../packages/engine/src/index/start-thread.ts';
import { quantile } from './metrics.ts';
import { makeProject, type Project, questionsOf } from './project.ts';

export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 's' | 'MB';
  readonly bar?: number;
  /** Of the process in the same time, in the same unit: what it would take on a machine that does nothing else, at most. */
  readonly cpu?: number;
}

const { values } = parseArgs({
  options: {
    phase: { type: 'string' },
    folder: { type: 'string' },
    files: { type: 'string', default: '2500' },
    packages: { type: 'string' },
  },
});

const PHASES: Readonly<Record<string, () => Promise<Measured[]>>> = {
  first: () => firstOpening(values.folder!, Number(values.files)),
  answer: () => answerAgain(values.folder!),
  step: () => inStepAgain(values.folder!),
  thread: () => inStepInThread(values.folder!),
};
process.stdout.write(JSON.stringify(await PHASES[values.phase!]!()));

/** Milliseconds of processor time that this process has used, in all threads. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function onProblem(message: string): void {
  process.stderr.write(`${message}\n`);
}

function configOf(folder: string, follow: boolean) {
  return { folders: [join(folder, 'project')], dataDir: join(folder, 'data'), follow };
}

async function firstOpening(folder: string, files: number): Promise<Measured[]> {
  const root = join(folder, 'project');
  const project = makeProject(values.packages!, root, files);
  const git = (...parameters: string[]) =>
    execFileSync('git', ['-C', root, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...parameters], {
      stdio: 'ignore',
    });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('commit', '-q', '-m', 'all');
  makeBranch(root, project, git);
  const questions = questionsOf(root, project.paths, 300);

  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const began = performance.now();
  const cpuBefore = cpuTime();
  const index = openIndexInThread(configOf(folder, true), onProblem);
  const first = await until(index, async () => (await index.search({ text: questions[0]! })).results.length > 0, began);
  const duringIndexing: number[] = [];
  while (index.status().state !== 'ready') {
    duringIndexing.push((await index.search({ text: questions[duringIndexing.length % questions.length]! })).ms);
    await setTimeout(100);
  }
  const whole = performance.now() - began;
  const wholeCpu = cpuTime() - cpuBefore;
  const status = index.status();

  const times = [];
  const queriesCpu = cpuTime();
  for (const text of [...questions.slice(0, 20), ...questions]) times.push((await index.search({ text })).ms);
  const queryCpu = (cpuTime() - queriesCpu) / times.length;
  times.splice(0, 20);

  const saves: number[] = [];
  // A few are left out of the index, as generated.
  const indexed: string[] = [];
  for (const path of project.paths) if ((await index.explain(path)).indexed) indexed.push(path);
  for (let round = 0; round < 15; round++) {
    const path = indexed[Math.floor((round * indexed.length) / 15)]!;
    const marker = `wombatSave${'abcdefghijklmno'[round]}`;
    appendFileSync(join(root, path), `\nexport function ${marker}() {\n  return ${round};\n}\n`);
    saves.push(
      await until(
        index,
        async () => (await index.search({ text: marker })).results.some(({ text }) => text.includes(marker)),
        performance.now(),
      ),
    );
    await setTimeout(50);
  }
  git('checkout', '-q', '-f', 'main');
  await until(
    index,
    async () =>
      (await index.search({ text: 'wombatSavea' })).results.every(({ text }) => !text.includes('wombatSavea')) &&
      index.status().state === 'ready',
    performance.now(),
  );

  const before = index.status().files;
  const known = new Set(indexed);
  const deleted = project.paths.slice(0, 500).filter((path, at) => at % 5 === 0 && known.has(path)).length;
  const switched = performance.now();
  const switchCpu = cpuTime();
  git('checkout', '-q', 'other');
  const branch = await until(
    index,
    async () =>
      index.status().files === before - deleted &&
      index.status().state === 'ready' &&
      (await index.search({ text: 'quokkaBranch', limit: 100 })).results.length >= 50,
    switched,
  );
  clearInterval(timer);
  await index.dispose();
  return [
    {
      name: `first answer (${project.paths.length} files, ${(project.bytes / 1e6).toFixed(1)} MB)`,
      value: first / 1000,
      unit: 's',
      bar: 3,
    },
    {
      name: `whole index (${status.chunks} chunks, ${status.embedded} embedded)`,
      value: whole / 1000,
      cpu: wholeCpu / 1000,
      unit: 's',
      bar: 30,
    },
    {
      name: `a query while indexing, p99 of ${duringIndexing.length}`,
      value: quantile(duringIndexing, 0.99),
      unit: 'ms',
    },
    { name: `a query, p50 of ${times.length}`, value: quantile(times, 0.5), cpu: queryCpu, unit: 'ms', bar: 30 },
    { name: 'a query, p99', value: quantile(times, 0.99), unit: 'ms', bar: 100 },
    { name: 'one saved file searchable, median of 15', value: quantile(saves, 0.5), unit: 'ms', bar: 500 },
    { name: 'one saved file searchable, the slowest', value: Math.max(...saves), unit: 'ms', bar: 500 },
    {
      name: 'branch switch of 500 files',
      value: branch / 1000,
      cpu: (cpuTime() - switchCpu) / 1000,
      unit: 's',
      bar: 5,
    },
    { name: 'memory of a process with this thread, most', value: peak / 1e6, unit: 'MB', bar: 500 },
    { name: 'store on disk', value: status.bytes / 1e6, unit: 'MB' },
  ];
}

/** A branch that has 400 files changed and 100 deleted. */
function makeBranch(root: string, { paths }: Project, git: (...parameters: string[]) => void): void {
  git('checkout', '-q', '-b', 'other');
  for (const [index, path] of paths.slice(0, 500).entries()) {
    if (index % 5 === 0) unlinkSync(join(root, path));
    else appendFileSync(join(root, path), `\n// quokkaBranch ${index}\n`);
  }
  git('add', '-A');
  git('commit', '-q', '-m', 'other');
  git('checkout', '-q', 'main');
}

/** The first time in a process compiles the code: that is the time that counts. */
async function answerAgain(folder: string): Promise<Measured[]> {
  const began = performance.now();
  const cpuBefore = cpuTime();
  const index = await openNodeIndex(configOf(folder, false), { env: process.env, onProblem });
  await index.search({ text: 'reads a file and gives its lines' });
  const answered = performance.now() - began;
  const cpu = cpuTime() - cpuBefore;
  await index.dispose();
  return [{ name: 'opened again: first answer', value: answered, cpu, unit: 'ms', bar: 300 }];
}

async function inStepAgain(folder: string): Promise<Measured[]> {
  const times: { value: number; cpu: number }[] = [];
  for (let round = 0; round < 3; round++) {
    const began = performance.now();
    const cpuBefore = cpuTime();
    const index = await openNodeIndex(configOf(folder, false), { env: process.env, onProblem });
    await index.sync();
    times.push({ value: performance.now() - began, cpu: cpuTime() - cpuBefore });
    await index.dispose();
  }
  return [
    { name: 'opened again: known to be in step, nothing changed', ...times[0]!, unit: 'ms', bar: 300 },
    { name: 'the same, third time in a process', ...times[2]!, unit: 'ms' },
  ];
}

/** With the start of the thread. */
async function inStepInThread(folder: string): Promise<Measured[]> {
  const began = performance.now();
  const cpuBefore = cpuTime();
  const index = openIndexInThread(configOf(folder, false), onProblem);
  await index.sync();
  const value = performance.now() - began;
  const cpu = cpuTime() - cpuBefore;
  await index.dispose();
  return [{ name: 'the same in a thread, its start included', value, cpu, unit: 'ms' }];
}

/** Milliseconds from `began` until the condition holds. */
async function until(index: CodeIndex, condition: () => Promise<boolean>, began: number): Promise<number> {
  while (!(await condition())) {
    if (performance.now() - began > 120_000)
      throw new Error(`waited for two minutes: ${JSON.stringify(index.status())}`);
    await setTimeout(10);
  }
  return performance.now() - began;
}
