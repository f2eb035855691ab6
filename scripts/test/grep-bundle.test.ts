import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeGramDisk } from '../../packages/engine/src/index/grep/gram-disk.ts';
import { openLiveGrams } from '../../packages/engine/src/index/grep/live-grams.ts';
import { nodeGrepEffects } from '../../packages/engine/src/index/grep/node-grep.ts';
import { openNodeTree } from '../../packages/engine/src/index/grep/node-tree.ts';
import { stateFolder } from '../../packages/engine/src/index/state-folder.ts';
import { buildCommandLine } from '../build/bundles.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Below the checkout, so that what stays outside of a bundle is found. */
const folder = mkdtempSync(join(ROOT, 'node_modules', '.tabstop-test-grep-'));
const home = mkdtempSync(join(tmpdir(), 'tabstop-grep-bundle-'));
const data = join(home, 'data');
const small = join(home, 'small');
/** So many files that they are not all looked at for an answer. */
const large = join(home, 'large');
const LINES = 30_000;

beforeAll(async () => {
  mkdirSync(small);
  writeFileSync(join(small, 'pond.ts'), 'export const amphibian = "frog";\n');
  writeFileSync(join(small, 'many.txt'), 'the same newt again\n'.repeat(LINES));
  mkdirSync(large);
  for (let number = 0; number < 5_001; number++) writeFileSync(join(large, `${number}.txt`), `toad ${number}\n`);
  // Writes down which of Node's own modules were loaded.
  writeFileSync(
    join(folder, 'loaded.cjs'),
    `process.on('exit', () => require('node:fs').writeFileSync(process.env.LOADED, process.moduleLoadList.join('\\n')));`,
  );
  await Promise.all([buildCommandLine(ROOT, folder), makeIndex(small), makeIndex(large)]);
}, 120_000);
afterAll(() => {
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
});

async function makeIndex(root: string): Promise<void> {
  const stateDir = stateFolder(join(data, 'engine'), root);
  const { effects } = nodeGrepEffects(root, process.env);
  const grams = openLiveGrams({
    tree: await openNodeTree({ root, stateDir, env: process.env }),
    disk: nodeGramDisk(stateDir),
    mayWrite: () => true,
    mayClear: () => true,
    readFile: effects.readFile,
    effects,
    now: effects.now,
    // Files that were written within the last seconds would all be read again.
    wallClock: () => effects.wallClock() + 60_000,
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    after: () => () => {},
    onProblem(problem) {
      throw new Error(problem);
    },
  });
  await grams.tree.reconcile();
  await grams.sync();
  await grams.dispose();
}

function start(
  argv: readonly string[],
  { node = [] as readonly string[], stdout = 'pipe' as 'pipe' | number, env = {}, root = small } = {},
) {
  return spawn(
    process.execPath,
    [...node, join(folder, 'cli-grep.cjs'), 'grep', '-q', '--root', root, '--data-dir', data, ...argv],
    { stdio: ['ignore', stdout, 'pipe'], cwd: root, env: { ...process.env, ...env } },
  );
}

async function grep(...argv: string[]) {
  const child = start(argv);
  let stdout = '';
  let stderr = '';
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

test('it finds, finds nothing, and does not understand, with the exit codes of every command', async () => {
  expect(await grep('amphibian')).toEqual({
    code: 0,
    stdout: 'pond.ts:1:export const amphibian = "frog";\n',
    stderr: '',
  });
  expect(await grep('salamander')).toEqual({ code: 1, stdout: '', stderr: '' });
  expect(await grep()).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('PATTERN is missing') });
  expect(await grep('-E', '(')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('tabstop grep: '),
  });
  expect(await grep('x', '--root', join(home, 'gone'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is no folder'),
  });
});

test('what is loaded on demand is there: a folder without an index, and one that is looked at whole', async () => {
  const without = await grep('amphibian', '--data-dir', join(home, 'other'), '--json');
  expect(JSON.parse(without.stdout)).toMatchObject({ known: 'reconciled', matches: [{ path: 'pond.ts' }] });
  writeFileSync(join(small, 'late.ts'), 'const late = "axolotl";\n');
  expect(await grep('axolotl', '--fresh')).toMatchObject({ code: 0, stdout: 'late.ts:1:const late = "axolotl";\n' });
});

test('more than a pipe holds comes whole, also to a reader that is slow', async () => {
  const child = start(['newt', '-k', String(LINES)]);
  await once(child.stdout!, 'readable');
  let lines = 0;
  for await (const chunk of child.stdout!) lines += String(chunk).split('\n').length - 1;
  expect(lines).toBe(LINES);
});

test('to a file', async () => {
  const path = join(folder, 'answer.txt');
  const descriptor = openSync(path, 'w');
  const [code] = await once(start(['newt', '-k', String(LINES)], { stdout: descriptor }), 'close');
  closeSync(descriptor);
  expect(code).toBe(0);
  expect(readFileSync(path, 'utf8').split('\n').length - 1).toBe(LINES);
});

test('a reader that goes away is no failure', async () => {
  const child = start(['newt', '-k', String(LINES)]);
  let stderr = '';
  child.stderr!.on('data', (text) => {
    stderr += text;
  });
  await once(child.stdout!, 'readable');
  child.stdout!.destroy();
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('an answer of the index loads no streams, sockets, processes, compression or cryptography', async () => {
  const loaded = join(folder, 'loaded.txt');
  const child = start(['toad 4711'], {
    node: ['--require', join(folder, 'loaded.cjs')],
    env: { LOADED: loaded },
    root: large,
  });
  let stdout = '';
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  await once(child, 'close');
  expect(stdout).toBe('4711.txt:1:toad 4711\n');
  const names = readFileSync(loaded, 'utf8').split('\n');
  expect(names).toContain('NativeModule fs');
  const heavy = /^NativeModule (stream|net|tty|child_process|zlib|crypto|worker_threads|assert)$/;
  expect(names.filter((name) => heavy.test(name))).toEqual([]);
});
