/**
 * `npm run bench:load -- [--files N] [--json]`: the whole index over many small files (100,000 unless told): made from nothing, opened again with nothing
 * changed, one file changed, a thousand files changed at once; with the memory of the process.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openNodeIndex } from '../../../packages/engine/src/index/node-index.ts';

const { values } = parseArgs({ options: { files: { type: 'string' }, json: { type: 'boolean' } } });
const files = Number(values.files ?? 100_000);
const base = mkdtempSync(join(tmpdir(), 'tabstop-load-'));
const root = join(base, 'project');
const figures: Record<string, number> = { files };

const pathOf = (number: number) => `src/area${number % 50}/part${Math.floor(number / 50) % 40}/file${number}.ts`;

function write(number: number, version: number): void {
  const path = join(root, pathOf(number));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `/** Number ${number}. */\nexport function handle${number}(input: string): string {\n  return input + 'v${version}x${number}';\n}\n`,
  );
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  figures[name] = Math.round(performance.now() - start);
  process.stderr.write(`${name}: ${figures[name]} ms, ${Math.round(process.memoryUsage().rss / 1e6)} MB\n`);
  return result;
}

function open() {
  const onProblem = (message: string) => process.stderr.write(`${message}\n`);
  return openNodeIndex(
    { folders: [root], dataDir: join(base, 'data'), embedding: { kind: 'none' } },
    { env: process.env, onProblem },
  );
}

try {
  for (let number = 0; number < files; number++) write(number, 0);
  const index = await timed('open', open);
  await timed('firstSync', () => index.sync());
  const expectOne = async (text: string) => {
    const { matches } = await index.grep({ pattern: text });
    if (matches.length !== 1) throw new Error(`${text}: ${matches.length} lines`);
  };
  await timed('grep', () => expectOne(`'v0x${files - 7}'`));
  await timed('search', () => index.search({ text: `handle${files - 7}`, mode: 'lexical' }));
  await index.dispose();
  const again = await timed('openAgain', open);
  const report = await timed('syncUnchanged', () => again.sync());
  if (report.chunked !== 0) throw new Error(`${report.chunked} files were indexed again`);
  write(5, 1);
  await timed('syncOneChanged', () => again.sync());
  for (let number = 0; number < Math.min(1_000, files); number++) write(number, 2);
  await timed('syncThousandChanged', () => again.sync());
  figures.megabytes = Math.round(process.memoryUsage().rss / 1e6);
  figures.stateMegabytes = Math.round(again.status().bytes / 1e6);
  await again.dispose();
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  rmSync(base, { recursive: true, force: true });
}
