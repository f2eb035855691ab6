import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IndexSettings } from '@tabstop/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Grep, runGrep } from '../../src/cli/grep.ts';
import { runIndex } from '../../src/cli/index-command.ts';
import type { OpenIndex } from '../../src/cli/index-open.ts';
import type { IndexPlace } from '../../src/cli/index-place.ts';
import type { CliIo } from '../../src/cli/io.ts';
import { runRelated } from '../../src/cli/related.ts';
import { runSearch } from '../../src/cli/search.ts';
import { writeIndexSettings } from '../../src/server/index-settings-file.ts';
import type { IndexStatus } from '../../src/index/code-index.ts';
import { type FakeIndex, fakeIndex } from '../search/fake-index.ts';
import { inShell, type Ran, type ShellOptions, tabstop } from './shell.ts';

const FILES = {
  'src/upload.ts': 'export function retryUpload() {\n  return again();\n}',
  'src/queue.ts': '// empties the queue\nretryUpload(); retryUpload();',
  'docs/\u001b[2Jodd.md': 'retry \u001b[31mred',
};

let home: string;
let project: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'tabstop-search-'));
  project = join(home, 'project');
  await mkdir(join(project, '.git'), { recursive: true });
  await mkdir(join(project, 'src', 'deep'), { recursive: true });
});
afterAll(() => rm(home, { recursive: true, force: true }));

type Runner = (argv: readonly string[], io: CliIo, open: OpenIndex) => Promise<number>;

interface Session extends Ran {
  readonly index: FakeIndex;
  readonly place: IndexPlace | undefined;
}

/** Runs a command over an index in memory. */
async function over(
  runner: Runner,
  argv: readonly string[],
  more: ShellOptions & {
    status?: Partial<IndexStatus>;
    files?: Readonly<Record<string, string>>;
    sync?: FakeIndex['sync'];
  } = {},
): Promise<Session> {
  const index = fakeIndex(more.files ?? FILES, { root: project, status: more.status ?? {} });
  if (more.sync) index.sync = more.sync;
  let place: IndexPlace | undefined;
  const ran = await inShell(
    (io) =>
      runner(argv, io, async (asked) => {
        place = asked;
        return index;
      }),
    '',
    { cwd: project, env: { HOME: home }, ...more },
  );
  return { ...ran, index, place };
}

describe('tabstop search', () => {
  test('--json prints what the contract says, and nothing else', async () => {
    const { code, stdout, stderr, index } = await over(runSearch, ['retry', 'again', '-k', '2', '--json']);
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([
      {
        path: 'src/upload.ts',
        startLine: 1,
        endLine: 1,
        score: 0.5,
        text: 'export function retryUpload() {',
        why: { words: ['retry'] },
      },
      {
        path: 'src/upload.ts',
        startLine: 2,
        endLine: 2,
        score: 0.5,
        text: '  return again();',
        why: { words: ['again'] },
      },
    ]);
    expect(index.calls).toEqual(['sync', 'search retry again by hybrid', 'dispose']);
  });
  test('with several roots each result names its own', async () => {
    const { stdout } = await over(runSearch, ['empties', '--json', '--root', project, '--root', home]);
    expect(JSON.parse(stdout)).toMatchObject([{ root: project, path: 'src/queue.ts' }]);
  });
  test('nothing found is an empty list, and no failure', async () => {
    const { code, stdout, stderr } = await over(runSearch, ['nowhere', '--json']);
    expect([code, stdout, stderr]).toEqual([0, '[]\n', '']);
    expect(await over(runSearch, ['nowhere'])).toMatchObject({ code: 0, stdout: '', stderr: 'nothing was found\n' });
  });
  test('in a pipe: a line for each result, with paths as the shell takes them', async () => {
    const { stdout } = await over(runSearch, ['again', 'empties'], { cwd: join(project, 'src') });
    expect(stdout).toBe('upload.ts:2-2: return again();\nqueue.ts:1-1: // empties the queue\n');
  });
  test('on a terminal: with lines, numbers and colours; without colours where they are not wanted', async () => {
    const { stdout } = await over(runSearch, ['empties'], { terminal: true });
    expect(stdout).toBe(
      '\x1b[35msrc/queue.ts\x1b[39m\x1b[2m:1-1\x1b[22m  \x1b[2m1.000\x1b[22m\n' +
        '\x1b[2m     1\x1b[22m  // \x1b[1m\x1b[31mempties\x1b[39m\x1b[22m the queue\n\n',
    );
    const plain = await over(runSearch, ['empties'], { terminal: true, env: { HOME: home, NO_COLOR: '1' } });
    expect(plain.stdout).toBe('src/queue.ts:1-1  1.000\n     1  // empties the queue\n\n');
  });
  test('what a file holds does not control the terminal', async () => {
    const { stdout } = await over(runSearch, ['red'], { terminal: true, env: { HOME: home, NO_COLOR: '1' } });
    expect(stdout).toContain('retry \ufffd[31mred');
    expect(stdout.split('\n')[1]).not.toContain('\u001b');
  });
  test.each([
    [
      ['--mode', 'lexical'],
      ['sync', 'search x by lexical', 'dispose'],
    ],
    [
      ['--no-sync', '--mode', 'dense'],
      ['search x by dense', 'dispose'],
    ],
  ])('%j', async (options, calls) => {
    const { index } = await over(runSearch, ['x', ...options]);
    expect(index.calls).toEqual(calls);
  });
  test.each([
    [[], 'QUERY is missing'],
    [['x', '-k', '0'], '-k must be a whole number from 1 to 200'],
    [['x', '-k', 'many'], '-k must be a whole number from 1 to 200'],
    [['x', '--mode', 'magic'], '--mode must be one of hybrid, lexical, dense'],
    [['x', '--nonsense'], "Unknown option '--nonsense'"],
  ])('%j is wrong', async (argv, message) => {
    await expect(over(runSearch, argv)).rejects.toThrow(message);
  });
  test('a root that is no folder is told, not indexed', async () => {
    const { code, stderr } = await tabstop(['search', 'x', '--root', join(home, 'nowhere')], '', {
      env: { HOME: home },
    });
    expect([code, stderr]).toEqual([1, `tabstop search: ${join(home, 'nowhere')} is no folder\n`]);
  });
});

describe('which folder, which settings', () => {
  test('without --root: the checkout around the current folder', async () => {
    const { place } = await over(runSearch, ['x'], { cwd: join(project, 'src', 'deep') });
    expect(place?.roots).toEqual([project]);
  });
  test('without a checkout: the current folder', async () => {
    const { place } = await over(runSearch, ['x'], { cwd: home });
    expect(place?.roots).toEqual([home]);
  });
  test('the same root said twice is one, relative to where one is', async () => {
    const { place } = await over(runSearch, ['x', '--root', '.', '--root', join(project, 'src', '..')]);
    expect(place?.roots).toEqual([project]);
  });
  test('settings are those of the editor; the key comes from the environment alone', async () => {
    const dataDir = join(home, 'with-service');
    const settings = IndexSettings.parse({
      maxFileSize: 2_048,
      embedding: { address: 'http://localhost:11434/v1', model: 'm', keyVariable: 'MY_KEY', key: 'from the editor' },
    });
    writeIndexSettings(join(dataDir, 'engine'), settings);
    const argv = ['x', '--data-dir', dataDir];
    const keys = async (env: Record<string, string>) => (await over(runSearch, argv, { env })).place?.settings;
    const { embedding, ...rest } = (await keys({ MY_KEY: 'mine', TABSTOP_EMBEDDING_KEY: 'general' }))!;
    expect(rest).toEqual({ enabled: true, maxFileSize: 2_048 });
    expect(embedding).toEqual({ ...settings.embedding, key: 'mine' });
    expect((await keys({ TABSTOP_EMBEDDING_KEY: 'general' }))?.embedding.key).toBe('general');
    expect((await keys({}))?.embedding.key).toBe('');
  });
  test('a settings file that is damaged counts as none', async () => {
    const dataDir = join(home, 'damaged');
    await mkdir(join(dataDir, 'engine'), { recursive: true });
    await writeFile(join(dataDir, 'engine', 'index-settings.json'), '{"enabled": tr');
    expect((await over(runSearch, ['x', '--data-dir', dataDir])).place?.settings).toEqual(IndexSettings.parse({}));
  });
});

/** Runs `tabstop grep` over the same files. */
async function grepOver(
  argv: readonly string[],
  more: ShellOptions & { answer?: Partial<Awaited<ReturnType<Grep>>> } = {},
) {
  const asked: Parameters<Grep>[0][] = [];
  const grep: Grep = async (options) => {
    asked.push(options);
    return {
      ...(await fakeIndex(FILES, { root: project }).grep(options.query)),
      known: 'reconciled',
      notes: [],
      ...more.answer,
    };
  };
  const ran = await inShell((io) => runGrep(argv, io, grep), '', { cwd: project, env: { HOME: home }, ...more });
  return { ...ran, asked };
}

describe('tabstop grep', () => {
  test('in a pipe it prints as grep does, and ends with 0 where something was found', async () => {
    const { code, stdout, asked } = await grepOver(['retryUpload']);
    expect([code, stdout]).toEqual([
      0,
      'src/upload.ts:1:export function retryUpload() {\nsrc/queue.ts:2:retryUpload(); retryUpload();\n',
    ]);
    expect(asked).toMatchObject([{ roots: [project], query: { pattern: 'retryUpload', limit: 1_000 }, fresh: false }]);
  });
  test('1 where nothing was found', async () => {
    expect(await grepOver(['retryUpl.ad'])).toMatchObject({ code: 1, stdout: '' });
    expect(await grepOver(['-E', 'retryUpl.ad'])).toMatchObject({ code: 0 });
  });
  test('--json has the ranges', async () => {
    const { stdout } = await grepOver(['retryupload', '-i', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      matches: [
        { path: 'src/upload.ts', line: 1, ranges: [[16, 27]], text: 'export function retryUpload() {' },
        {
          path: 'src/queue.ts',
          line: 2,
          ranges: [
            [0, 11],
            [15, 26],
          ],
          text: 'retryUpload(); retryUpload();',
        },
      ],
      candidates: 1,
      files: 3,
      truncated: false,
      known: 'reconciled',
      notes: [],
      ms: 0.5,
    });
  });
  test('what the answer may lack is said on standard error, unless that is to be quiet; --fresh asks for all', async () => {
    const answer = { known: 'index', asOf: 5, notes: ['as of 12 s ago'] } as const;
    expect((await grepOver(['retryUpload'], { answer })).stderr).toBe('tabstop grep: as of 12 s ago\n');
    expect((await grepOver(['retryUpload', '-q'], { answer })).stderr).toBe('');
    expect((await grepOver(['retryUpload', '--fresh'])).asked).toMatchObject([{ fresh: true }]);
  });
  test('-l prints each path once, -k ends early and says so', async () => {
    expect((await grepOver(['retryUpload', '-l'])).stdout).toBe('src/upload.ts\nsrc/queue.ts\n');
    expect(await grepOver(['retryUpload', '-k', '1'])).toMatchObject({
      stdout: 'src/upload.ts:1:export function retryUpload() {\n',
      stderr: 'tabstop grep: there are more; -k raises the limit\n',
    });
  });
  test('on a terminal: under a heading for each file, with what matches marked', async () => {
    const { stdout } = await grepOver(['again'], { terminal: true });
    expect(stdout).toBe(
      '\x1b[35msrc/upload.ts\x1b[39m\n\x1b[2m     2\x1b[22m    return \x1b[1m\x1b[31magain\x1b[39m\x1b[22m();\n',
    );
  });
  test.each([
    [[], 'PATTERN is missing'],
    [['x', 'src'], 'src is one word too many; the folder is said with --root'],
  ])('%j is wrong', async (argv, message) => {
    await expect(grepOver(argv)).rejects.toThrow(message);
  });
});

describe('tabstop related', () => {
  test('of files and of words, paths as the shell has them', async () => {
    const { stdout, index } = await over(runRelated, ['upload.ts', '--prompt', 'retry'], {
      cwd: join(project, 'src'),
      files: { 'src/upload.ts': '', 'src/queue.ts': '' },
    });
    expect(stdout).toBe('queue.ts\tchanged together 3 times of 4\n');
    expect(index.calls).toEqual(['sync', `related ${join(project, 'src', 'upload.ts')} "retry"`, 'dispose']);
  });
  test('--json', async () => {
    const { stdout } = await over(runRelated, ['src/upload.ts', '--json'], {
      files: { 'src/upload.ts': '', 'src/queue.ts': '' },
    });
    expect(JSON.parse(stdout)).toEqual([{ path: 'src/queue.ts', score: 0.5, why: 'changed together 3 times of 4' }]);
  });
  test('needs something to start from', async () => {
    await expect(over(runRelated, [])).rejects.toThrow('a FILE or --prompt is missing');
  });
});

describe('tabstop index', () => {
  test('status is told from what is stored, without looking at the disk', async () => {
    const { stdout, index } = await over(runIndex, []);
    expect(stdout).toBe(
      [
        `folder      ${project}`,
        'state       ready',
        'files       2',
        'chunks      4, 4 of them with meaning (fake-1)',
        'skipped     1 files',
        'on disk     0.0 MB',
        'last change 1970-01-01T00:00:01.000Z',
        'in step     1970-01-01T00:00:02.000Z',
        '',
      ].join('\n'),
    );
    expect(index.calls).toEqual(['dispose']);
  });
  test('status of a folder that was never indexed', async () => {
    const status = { files: 0, chunks: 0, state: 'paused' as const, syncedAt: undefined };
    expect((await over(runIndex, ['status'], { status })).stdout).toBe(
      `folder      ${project}\nstate       not indexed yet\n`,
    );
  });
  test('status --json', async () => {
    const { stdout } = await over(runIndex, ['status', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ roots: [project], state: 'ready', files: 2, model: 'fake-1' });
  });
  test('sync says what has changed', async () => {
    expect((await over(runIndex, ['sync'])).stdout).toBe('2 added; 3 chunks embedded, 1 known already (0.0 s).\n');
    const { stdout } = await over(runIndex, ['sync', '--json']);
    expect(JSON.parse(stdout)).toEqual({
      added: 2,
      modified: 0,
      removed: 0,
      chunked: 4,
      embedded: 3,
      cached: 1,
      ms: 12,
    });
  });
  test('explain says why, and ends with 1 where a file is out', async () => {
    expect(await over(runIndex, ['explain', 'src/upload.ts'])).toMatchObject({
      code: 0,
      stdout: 'src/upload.ts: in the index: a source file (typescript, 1 chunk)\n',
    });
    expect(await over(runIndex, ['explain', 'src/upload.ts', 'dist/x.js', '/etc/passwd', '--json'])).toMatchObject({
      code: 1,
      stdout: `${JSON.stringify([
        { path: 'src/upload.ts', indexed: true, reason: 'a source file', chunks: 1, language: 'typescript' },
        { path: 'dist/x.js', indexed: false, reason: 'ignored by .gitignore:1 (dist)' },
        { path: '/etc/passwd', indexed: false, reason: `it lies outside of ${project}` },
      ])}\n`,
    });
  });
  test('skipped counts by reason', async () => {
    expect((await over(runIndex, ['skipped'])).stdout).toBe('       1  binary: logo.png\n');
  });
  test('clear', async () => {
    const { stdout, index } = await over(runIndex, ['clear']);
    expect([stdout, index.calls]).toEqual([`cleared the index of ${project}\n`, ['clear', 'dispose']]);
  });
  test.each([
    [['nonsense'], 'there is no "index nonsense"'],
    [['toString'], 'there is no "index toString"'],
    [['explain'], 'explain takes a PATH'],
    [['status', 'x'], 'x is one word too many'],
  ])('%j is wrong', async (argv, message) => {
    await expect(over(runIndex, argv)).rejects.toThrow(message);
  });
  test('a failed index is a failure with its reason', async () => {
    await expect(
      over(runIndex, ['sync'], { status: { state: 'failed', problem: 'the disk is full' } }),
    ).rejects.toThrow('the disk is full');
  });
});

test.each(['search', 'grep', 'related', 'index', 'mcp'])(
  '%s --help tells usage, options and exit codes',
  async (name) => {
    const { code, stdout, stderr } = await tabstop([name, '--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`Usage: tabstop ${name} `);
    for (const part of ['--root DIR', '--data-dir DIR', '--help', 'Exit codes: 0 ']) expect(stdout).toContain(part);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(132);
  },
);
