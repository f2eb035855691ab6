/**
 * `npm run bench:start [-- --json FILE]`: how long a newcomer waits, in seconds.
 *
 * Clones HEAD to a folder of its own, runs the real `npm start` there twice, and weighs what was installed.
 * Bars: fresh clone to listening <= 90 s, everything installed <= 1.3 GB, later start to listening <= 3 s.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

interface Measured {
  readonly freshSeconds: number;
  readonly installedGigabytes: number;
  /** Median of the later starts. */
  readonly laterSeconds: number;
  readonly laterRuns: readonly number[];
  readonly cores: number;
}

const BARS = { freshSeconds: 90, installedGigabytes: 1.3, laterSeconds: 3 } as const;
const LATER_RUNS = 5;

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { json: { type: 'string' }, keep: { type: 'boolean' } } });
const base = mkdtempSync(join(tmpdir(), 'tabstop-bench-'));
try {
  const measured = await measure(base);
  const rows = (Object.keys(BARS) as (keyof typeof BARS)[]).map((name) => ({
    figure: name,
    measured: measured[name],
    bar: `<= ${BARS[name]}`,
    kept: measured[name] <= BARS[name],
  }));
  process.stdout.write('| figure | measured | bar | kept |\n|---|---|---|---|\n');
  for (const row of rows)
    process.stdout.write(`| ${row.figure} | ${row.measured} | ${row.bar} | ${row.kept ? 'yes' : 'NO'} |\n`);
  const json = JSON.stringify({ ...measured, bars: BARS });
  process.stdout.write(`${json}\n`);
  if (values.json !== undefined) {
    mkdirSync(dirname(values.json), { recursive: true });
    writeFileSync(values.json, `${json}\n`);
  }
  process.exitCode = rows.every((row) => row.kept) ? 0 : 1;
} finally {
  if (values.keep) process.stdout.write(`kept in ${base}\n`);
  else rmSync(base, { recursive: true, force: true });
}

async function measure(folder: string): Promise<Measured> {
  const clone = join(folder, 'clone');
  execFileSync('git', ['clone', '-q', '--no-hardlinks', root, clone]);
  const fresh = await startOnce(clone, folder, true);
  const later: number[] = [];
  for (let run = 0; run < LATER_RUNS; run++) later.push(await startOnce(clone, folder, false));
  return {
    freshSeconds: fresh,
    installedGigabytes: round(Number(execFileSync('du', ['-s', '-B1000', clone]).toString().split('\t')[0]) / 1e6),
    laterSeconds: [...later].sort((a, b) => a - b)[Math.floor(LATER_RUNS / 2)]!,
    laterRuns: later,
    cores: availableParallelism(),
  };
}

/** Seconds from the command to the printed address; the editor is ended after it. */
async function startOnce(clone: string, folder: string, show: boolean): Promise<number> {
  const start = performance.now();
  // What npm put into this process's environment belongs to the checkout it was started in.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE$)/.test(name)));
  const path = (env.PATH ?? '').split(':').filter((entry) => !entry.endsWith('node_modules/.bin'));
  const child = spawn('npm', ['start', '--', clone, '--no-open', '--port', '0', '--data-dir', join(folder, 'data')], {
    cwd: clone,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...env, PATH: path.join(':') },
  });
  try {
    await untilListening(child, show);
    return round((performance.now() - start) / 1000);
  } finally {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once('close', resolve));
      process.kill(-child.pid!, 'SIGTERM');
      await ended;
    }
  }
}

function untilListening(child: ChildProcess, show: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (show) process.stderr.write(chunk.toString().replace(/tkn=[\w-]+/g, 'tkn=…'));
      if (/^ {4}http:/m.test(output)) resolve();
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
