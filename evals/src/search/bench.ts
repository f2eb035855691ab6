import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleAsEngine } from '../../../scripts/build/bundles.ts';
import { jsonOf, tableOf } from '../tab/table.ts';
import type { Measured } from './bench-phases.ts';

const HELP = `Usage: npm run bench:search -- [--files N] [--json]

Speed and memory of the index on a project of N (2,500) sources of installed packages, in a process of its own each for the first opening and for
opening it again, with a data folder of their own. What is measured is the bundle, as it ships.
`;

const REPOSITORY = join(import.meta.dirname, '../../..');

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '2500' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await run();

async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tabstop-bench-search-'));
  const bundles = await bundled();
  try {
    const packages = join(REPOSITORY, 'node_modules');
    const child = (phase: string) =>
      JSON.parse(
        execFileSync(
          process.execPath,
          [
            join(bundles, 'bench.mjs'),
            ...['--phase', phase, '--folder', folder, '--files', values.files, '--packages', packages],
          ],
          { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 },
        ),
      ) as Measured[];
    const measured = ['first', 'answer', 'step', 'thread'].flatMap(child);
    const text = (value: number, unit: string) => `${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`;
    const rows = measured.map(({ name, value, unit, bar, cpu }) => [
      name,
      text(value, unit),
      cpu === undefined ? '' : text(cpu, unit),
      bar === undefined ? '' : `<= ${bar} ${unit}`,
      bar === undefined ? '' : value <= bar ? 'yes' : 'NO',
    ]);
    process.stdout.write(
      values.json ? `${jsonOf(measured)}\n` : `${tableOf(['', 'measured', 'processor', 'bar', 'held'], rows)}\n`,
    );
  } finally {
    for (const path of [folder, bundles]) rmSync(path, { recursive: true, force: true });
  }
}

/** The measured part as a bundle, with what the engine has beside it. A folder below the checkout, so that native modules are found. */
async function bundled(): Promise<string> {
  execFileSync(process.execPath, [join(REPOSITORY, 'scripts/build.ts')], { cwd: REPOSITORY, stdio: 'ignore' });
  const folder = mkdtempSync(join(REPOSITORY, 'node_modules', '.tabstop-bench-'));
  await bundleAsEngine(REPOSITORY, join(REPOSITORY, 'evals/src/search/bench-phases.ts'), join(folder, 'bench.mjs'));
  for (const name of ['static-model.bin', 'wasm', 'index-worker.mjs'])
    symlinkSync(join(REPOSITORY, 'packages/engine/dist', name), join(folder, name));
  return folder;
}
