import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundleEngine } from '../server/engine-process.ts';

const FILES: Readonly<Record<string, string>> = {
  'src/upload.ts': '/** Sends the file again. */\nexport function retryUpload() {\n  return send();\n}\n',
  'src/broken.ts': '\u0000\u0001\u0002\u00ff'.repeat(50),
  'notes.md': '# Notes\n\nNothing about it.\n',
  ...Object.fromEntries(
    Array.from({ length: 40 }, (_, at) => [`many/m${at}.ts`, `export const many${at} = compute(${at}, "many");\n`]),
  ),
};

let bundle: Awaited<ReturnType<typeof bundleEngine>>;
let home: string;
let project: string;
beforeAll(async () => {
  bundle = await bundleEngine();
  home = await realpath(await mkdtemp(join(tmpdir(), 'tabstop-search-process-')));
  project = join(home, 'project');
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
}, 120_000);
afterAll(async () => {
  await bundle.remove();
  await rm(home, { recursive: true, force: true });
});

function start(data: string, ...argv: string[]) {
  const child = spawn(process.execPath, [bundle.cli, ...argv, '--data-dir', join(home, data)], { cwd: project });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({
    code: code as number | null,
    stdout,
    // A checkout in which the model was not trained yet says so.
    stderr: stderr.replace(/^.*the embedding model cannot be used.*\n/gm, ''),
  }));
  return { child, ended };
}
const tabstop = (data: string, ...argv: string[]) => start(data, ...argv).ended;

describe('a folder that was never indexed', () => {
  test('is indexed, then searched; standard output is the answer alone', async () => {
    const { code, stdout, stderr } = await tabstop(
      'first',
      'search',
      'where is an upload sent again',
      '-k',
      '3',
      '--json',
    );
    expect(code).toBe(0);
    const results = JSON.parse(stdout) as Record<string, unknown>[];
    expect(results[0]).toMatchObject({
      path: 'src/upload.ts',
      startLine: 1,
      endLine: 4,
      text: FILES['src/upload.ts']!.trimEnd(),
    });
    expect(Object.keys(results[0]!)).toEqual(['path', 'startLine', 'endLine', 'score', 'text', 'why']);
    expect(results.length).toBeLessThanOrEqual(3);
    // Progress, if it took long enough to need some; no warning of Node's, no stack.
    for (const line of stderr.split('\n')) expect(line).toMatch(/^$|^(opening|looking|indexing|reading)/);
    const quiet = await tabstop('quiet', 'search', 'upload', '--json', '--quiet');
    expect([quiet.code, quiet.stderr]).toEqual([0, '']);
  }, 120_000);

  test('several at once, in one folder: each answers', async () => {
    const runs = await Promise.all(
      Array.from({ length: 4 }, () => tabstop('shared', 'search', 'retryUpload', '-k', '1', '--json', '--quiet')),
    );
    for (const { code, stdout, stderr } of runs) {
      expect([code, stderr]).toEqual([0, '']);
      expect(JSON.parse(stdout)).toMatchObject([{ path: 'src/upload.ts' }]);
    }
  }, 120_000);
});

describe('an index that is there', () => {
  test('takes in what was written since', async () => {
    await tabstop('later', 'index', 'sync');
    await writeFile(join(project, 'src', 'newt.ts'), 'export const newt = "amphibian";\n');
    const { stdout } = await tabstop('later', 'search', 'newt amphibian', '-k', '1');
    expect(stdout).toMatch(/^src\/newt\.ts:1-1: .*newt.*\n$/);
    const { stdout: found } = await tabstop('later', 'grep', 'amphibian');
    expect(found).toBe('src/newt.ts:1:export const newt = "amphibian";\n');
    await rm(join(project, 'src', 'newt.ts'));
    expect(await tabstop('later', 'grep', 'amphibian')).toMatchObject({ code: 1, stdout: '' });
  }, 120_000);

  test('tells its state, explains, and is cleared', async () => {
    const before = await tabstop('state', 'index');
    expect(before).toMatchObject({
      code: 0,
      stdout: `folder      ${project}\nstate       not indexed yet\n`,
      stderr: '',
    });
    const sync = JSON.parse((await tabstop('state', 'index', 'sync', '--json', '-q')).stdout) as Record<string, number>;
    expect(sync).toMatchObject({ added: Object.keys(FILES).length - 1, modified: 0, removed: 0 });
    const status = JSON.parse((await tabstop('state', 'index', 'status', '--json')).stdout) as Record<string, unknown>;
    expect(status).toMatchObject({ roots: [project], files: Object.keys(FILES).length - 1 });
    const explained = await tabstop('state', 'index', 'explain', 'src/upload.ts', 'src/broken.ts', '/etc/passwd');
    expect(explained.code).toBe(1);
    expect(explained.stdout.split('\n')).toEqual([
      expect.stringMatching(/^src\/upload\.ts: in the index: .*typescript/),
      expect.stringMatching(/^src\/broken\.ts: not in the index: .*binary/),
      `/etc/passwd: not in the index: it lies outside of ${project}`,
      '',
    ]);
    expect(await tabstop('state', 'index', 'clear')).toMatchObject({
      code: 0,
      stdout: `cleared the index of ${project}\n`,
    });
    expect((await tabstop('state', 'index')).stdout).toContain('not indexed yet');
  }, 120_000);
});

describe('pipes and signals', () => {
  test('a reader that goes away is no failure', async () => {
    await tabstop('pipe', 'index', 'sync');
    const { child, ended } = start('pipe', 'grep', 'compute');
    child.stdout.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
  }, 120_000);
  test('SIGINT ends it with 130, without a trace', async () => {
    const { child, ended } = start('signal', 'index', 'sync');
    child.stderr.once('data', () => child.kill('SIGINT'));
    setTimeout(() => child.kill('SIGINT'), 5_000).unref();
    const { code, stderr } = await ended;
    // It may have been done before the signal came.
    expect([0, 130]).toContain(code);
    expect(stderr).not.toMatch(/Error|^ +at /m);
  }, 120_000);
});
