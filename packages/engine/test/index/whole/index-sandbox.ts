import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { openNodeIndex } from '../../../src/index/node-index.ts';
import type { OpenedIndex } from '../../../src/index/open-index.ts';
import { pick } from '@tabstop/testkit';

export interface Sandbox {
  readonly base: string;
  readonly root: string;
  readonly dataDir: string;
}

/** A folder for a project and one for its index; gone after the test. */
export function sandbox(): Sandbox {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'tabstop-whole-')));
  onTestFinished(() => rmSync(base, { recursive: true, force: true, maxRetries: 10 }));
  const root = join(base, 'project');
  mkdirSync(root);
  return { base, root, dataDir: join(base, 'data') };
}

const WORDS = [
  'upload',
  'retry',
  'queue',
  'parse',
  'token',
  'render',
  'button',
  'socket',
  'cache',
  'index',
  'commit',
  'branch',
];

/** A small source file; the same for the same numbers. */
export function sourceText(number: number, version: number): string {
  const word = WORDS[number % WORDS.length]!;
  return `// file ${number}, version ${version}\nexport function ${word}${number}(value: number): number {\n  const ${word}Result${version} = value * ${number + version};\n  return ${word}Result${version};\n}\n`;
}

export function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

export function writeProject(root: string, files: number): void {
  for (let number = 0; number < files; number++) write(root, pathOf(number), sourceText(number, 0));
}

export const pathOf = (number: number) => `src/part${number % 12}/f${number}.ts`;

/** Some files changed, made or removed. */
export function editProject(root: string, files: number, random: () => number, version: number): void {
  const count = 1 + Math.floor(random() * 25);
  for (let edit = 0; edit < count; edit++) {
    const number = Math.floor(random() * files * 1.2);
    if (random() < 0.15) rmSync(join(root, pathOf(number)), { force: true });
    else write(root, pathOf(number), sourceText(number, version));
  }
  if (random() < 0.3) rmSync(join(root, `src/part${Math.floor(random() * 12)}`), { recursive: true, force: true });
  write(root, 'package.json', `{ "name": "${pick(random, WORDS)}", "version": "0.0.${version}" }\n`);
}

export async function openHere(
  { root, dataDir }: Pick<Sandbox, 'root' | 'dataDir'>,
  follow = false,
): Promise<OpenedIndex & { readonly problems: string[] }> {
  const problems: string[] = [];
  const index = await openNodeIndex(
    { folders: [root], dataDir, embedding: { kind: 'none' }, follow },
    { env: process.env, onProblem: (message) => problems.push(message) },
  );
  return Object.assign(index, { problems });
}

/** Everything that an index answers with, for comparing two. */
export async function contentsOf(index: OpenedIndex): Promise<object> {
  await index.sync();
  const [{ tree, session }] = index.roots as [OpenedIndex['roots'][number]];
  await session.refresh();
  const files = [...session.catalog.files].map(({ path, hash, language, chunks }) => ({
    path,
    hash,
    language,
    chunks: chunks.length,
  }));
  const greps: Record<string, unknown> = {};
  for (const pattern of ['version 0', 'retryResult', 'export function', 'nowhere']) {
    const { matches, files: all } = await index.grep({ pattern, limit: 100_000 });
    greps[pattern] = [all, matches.map(({ path, line, text }) => `${path}:${line}:${text}`)];
  }
  const searches: Record<string, unknown> = {};
  for (const text of ['upload12', 'parse result', 'socket4']) {
    const { results } = await index.search({ text, mode: 'lexical', limit: 20 });
    searches[text] = results.map(({ path, startLine, endLine }) => `${path}:${startLine}-${endLine}`).sort();
  }
  return { root: tree.rootHash, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), greps, searches };
}

/** What is stored is what an index made from nothing has. */
export async function expectLikeFresh(box: Sandbox): Promise<void> {
  const kept = await openHere(box);
  const fresh = await openHere({ root: box.root, dataDir: join(box.base, `fresh-${Math.random()}`) });
  try {
    const wanted = await contentsOf(fresh);
    expect(await contentsOf(kept)).toEqual(wanted);
  } finally {
    await kept.dispose();
    await fresh.dispose();
  }
}

export interface IndexProcess {
  readonly child: ChildProcessWithoutNullStreams;
  ask<T>(question: 'sync' | 'status' | 'grep' | 'search' | 'close', text?: string): Promise<T>;
  kill(): Promise<void>;
  /** What it said on standard error. */
  complaints(): string;
}

/** Starts `index-process.ts`; `shell` wraps its command line. Resolves when the index is open. */
export async function startProcess(
  box: Sandbox,
  { follow = false, limit }: { follow?: boolean; limit?: number } = {},
): Promise<IndexProcess> {
  const script = join(import.meta.dirname, 'index-process.ts');
  const config = JSON.stringify({ root: box.root, dataDir: box.dataDir, follow });
  const command = [process.execPath, '--no-warnings', script, config];
  // A limit on the size of files, in blocks of 512 bytes or 1 KB, fails writes as a full disk does, without the rights to mount one.
  const child =
    limit === undefined
      ? spawn(command[0]!, command.slice(1))
      : spawn('sh', ['-c', `ulimit -f ${limit}; exec "$@"`, 'sh', ...command]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaints = '';
  child.stderr.on('data', (data: Buffer) => {
    complaints += data;
  });
  child.stdin.on('error', () => {});
  const waiting: ((line: string | undefined) => void)[] = [];
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => {
    const next = waiting.shift();
    if (next) next(line);
    else lines.push(line);
  });
  reader.on('close', () => {
    for (const next of waiting.splice(0)) next(undefined);
  });
  const line = () =>
    lines.length > 0
      ? Promise.resolve(lines.shift())
      : new Promise<string | undefined>((resolve) => waiting.push(resolve));
  const answer = async <T>() => {
    const text = await line();
    if (text === undefined) throw new Error(`the process has ended: ${complaints}`);
    return JSON.parse(text) as T;
  };
  const started: IndexProcess = {
    child,
    ask(question, text = '') {
      child.stdin.write(`${JSON.stringify({ ask: question, text })}\n`);
      return answer();
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
    complaints: () => complaints,
  };
  await answer();
  return started;
}

/** Asks again until it holds. */
export async function until(what: string, holds: () => Promise<boolean>, patience = 120_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came: ${what}`);
    await setTimeout(50);
  }
}
