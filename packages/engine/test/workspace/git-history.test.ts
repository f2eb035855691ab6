import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { historyStore, runProcess } from '../../src/server/node-history.ts';
import {
  type CoChangeOptions,
  type HistoryStore,
  openCoChange,
  type RunProcess,
} from '../../src/workspace/git-history.ts';

const HEAD = 'a'.repeat(40);
const commit = (digit: string, ...paths: string[]) => `\0${digit.repeat(40)} 1000\n\n${paths.join('\n')}\n`;

interface Fake {
  head?: string | undefined;
  prefix?: string;
  log?: string;
  patch?: string;
}

/** A git that answers from memory, and what it was asked. */
function fakeGit(repository: Fake) {
  const asked: string[] = [];
  const run: RunProcess = async (command, parameters, { cwd, env, timeout, maxBytes }) => {
    expect(command).toBe('git');
    expect(env.GIT_TERMINAL_PROMPT).toBe('0');
    expect(timeout).toBeGreaterThan(0);
    expect(maxBytes).toBeGreaterThan(0);
    const verb = parameters.find((word) => word === 'log' || word === 'rev-parse')!;
    const isPatch = parameters.includes('-p');
    asked.push(`${verb}${isPatch ? ' -p' : ''} in ${cwd}`);
    if (repository.head === undefined) return undefined;
    if (verb === 'rev-parse') return `${repository.prefix ?? ''}\n${repository.head}\n`;
    return isPatch ? repository.patch : repository.log;
  };
  return { run, asked };
}

function memoryStore(): HistoryStore & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    read: async (file) => kept.get(file),
    write: async (file, text) => void kept.set(file, text),
  };
}

function open(run: RunProcess, more: Partial<CoChangeOptions> = {}) {
  return openCoChange({ folders: ['/w'], run, now: () => 0, wallClock: () => 1_000_000, ...more });
}

const LOG = commit('1', 'src/a.ts', 'src/b.ts') + commit('2', 'src/a.ts', 'src/b.ts') + commit('3', 'src/a.ts');

describe('the history of a repository', () => {
  test('is read at the first question, and answers from memory', async () => {
    const { run, asked } = fakeGit({ head: HEAD, log: LOG });
    const history = open(run);
    expect(asked).toEqual([]);
    expect(history.related('/w/src/a.ts')).toEqual([]);
    await history.ready();
    expect(history.related('/w/src/a.ts')).toMatchObject([{ path: '/w/src/b.ts', together: 2, of: 3 }]);
    expect(asked).toEqual(['rev-parse in /w', 'log in /w']);
  });

  test('of a folder inside the repository has that folder in front of its paths', async () => {
    const { run } = fakeGit({ head: HEAD, prefix: 'src/', log: LOG });
    const history = open(run);
    await history.ready();
    expect(history.related('/w/a.ts').map(({ path }) => path)).toEqual(['/w/b.ts']);
  });

  test('is silent where there is none, where git is missing, and for other folders', async () => {
    const none = open(fakeGit({ head: undefined }).run);
    await none.ready();
    expect(none.related('/w/src/a.ts')).toEqual([]);
    expect(await none.lastChangedLine('/w/src/a.ts', new AbortController().signal)).toBeUndefined();
    const history = open(fakeGit({ head: HEAD, log: LOG }).run);
    await history.ready();
    expect(history.related('/elsewhere/src/a.ts')).toEqual([]);
  });

  test('is kept on disk by its head, and read anew when that has moved', async () => {
    const store = memoryStore();
    const repository: Fake = { head: HEAD, log: LOG };
    const first = fakeGit(repository);
    await open(first.run, { store, dataDir: '/d' }).ready();
    expect([...store.kept.keys()].every((file) => file.startsWith('/d/co-change/'))).toBe(true);
    expect(store.kept.size).toBe(1);

    const second = fakeGit({ head: HEAD, log: 'not asked' });
    const kept = open(second.run, { store, dataDir: '/d' });
    await kept.ready();
    expect(second.asked).toEqual(['rev-parse in /w']);
    expect(kept.related('/w/src/a.ts')).toHaveLength(1);

    const third = fakeGit({ head: 'b'.repeat(40), log: commit('1', 'src/a.ts') });
    const moved = open(third.run, { store, dataDir: '/d' });
    await moved.ready();
    expect(moved.related('/w/src/a.ts')).toEqual([]);
  });

  test('what is kept and broken is told and read anew', async () => {
    const store = memoryStore();
    const problems: string[] = [];
    await open(fakeGit({ head: HEAD, log: LOG }).run, { store, dataDir: '/d' }).ready();
    for (const file of store.kept.keys()) store.kept.set(file, '{');
    const history = open(fakeGit({ head: HEAD, log: LOG }).run, {
      store,
      dataDir: '/d',
      onProblem: (problem) => problems.push(problem),
    });
    await history.ready();
    expect(problems).toHaveLength(1);
    expect(history.related('/w/src/a.ts')).toHaveLength(1);
  });

  test('is looked at again after a minute, once', async () => {
    let now = 0;
    const repository: Fake = { head: HEAD, log: LOG };
    const { run, asked } = fakeGit(repository);
    const history = open(run, { now: () => now });
    await history.ready();
    now = 59_000;
    history.related('/w/src/a.ts');
    expect(asked).toHaveLength(2);
    now = 61_000;
    history.related('/w/src/a.ts');
    history.related('/w/src/a.ts');
    await history.ready();
    expect(asked).toEqual(['rev-parse in /w', 'log in /w', 'rev-parse in /w']);
  });

  test('tells the line of the last change', async () => {
    const patch = 'diff --git a/x b/x\n@@ -3,0 +12,2 @@ class A\n+x\n+y\n@@ -30 +40 @@\n';
    const { run, asked } = fakeGit({ head: HEAD, log: LOG, patch });
    const history = open(run);
    await history.ready();
    const { signal } = new AbortController();
    expect(await history.lastChangedLine('/w/src/a.ts', signal)).toBe(12);
    expect(await history.lastChangedLine('/w/src/a.ts', signal)).toBe(12);
    expect(asked.filter((one) => one.includes(' -p '))).toHaveLength(1);
  });

  test('asks nothing any more after the end', async () => {
    const { run, asked } = fakeGit({ head: HEAD, log: LOG });
    const history = open(run);
    history.dispose();
    history.related('/w/src/a.ts');
    await history.ready();
    expect(asked).toEqual([]);
  });
});

describe('with git itself', () => {
  let folder: string | undefined;
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  test('a repository with odd names, and a folder that is none', async () => {
    folder = mkdtempSync(join(tmpdir(), 'tabstop-history-'));
    const repository = join(folder, 'r');
    const write = (path: string, text: string) => {
      const file = join(repository, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    };
    mkdirSync(repository);
    const git = (...parameters: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.invalid', ...parameters], {
        cwd: repository,
        stdio: 'ignore',
      });
    git('init');
    for (const number of [1, 2, 3]) {
      write('src/größe a.ts', `1\n2\n${number}\n`);
      write('src/b.ts', `${number}\n`);
      git('add', '.');
      git('commit', '-m', String(number));
    }
    const options = { store: historyStore, dataDir: join(folder, 'data') };
    const history = open(runProcess, { ...options, folders: [repository, folder], wallClock: () => Date.now() });
    await history.ready();
    const odd = join(repository, 'src/größe a.ts');
    expect(history.related(join(repository, 'src/b.ts'))).toMatchObject([{ path: odd, together: 3, of: 3 }]);
    expect(await history.lastChangedLine(odd, new AbortController().signal)).toBe(3);
    history.dispose();
  });

  test('a program that is missing or a folder that is gone answers nothing', async () => {
    const options = { env: {}, timeout: 1_000, maxBytes: 1_000, signal: new AbortController().signal };
    expect(await runProcess('no-such-program-here', [], { ...options, cwd: tmpdir() })).toBeUndefined();
    expect(
      await runProcess('git', ['--version'], { ...options, cwd: join(tmpdir(), 'no-such-folder') }),
    ).toBeUndefined();
    expect(await runProcess('git', ['--version'], { ...options, cwd: tmpdir() })).toMatch(/^git version/);
    expect(await runProcess('git', ['--help'], { ...options, cwd: tmpdir(), maxBytes: 10 })).toBeUndefined();
  });
});
