/** The real editor server as a process of its own, spoken to over loopback. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LaunchedEditor, launchEditor, runToEnd } from '../launch-editor.ts';

const base = mkdtempSync(join(tmpdir(), 'tabstop editor ü-'));
const folder = join(base, 'my project');
const dataDir = join(base, 'data');
let editor: LaunchedEditor;
beforeAll(async () => {
  mkdirSync(folder);
  editor = await launchEditor({ folder, dataDir });
}, 60_000);
afterAll(async () => {
  await editor.stop();
  rmSync(base, { recursive: true, force: true });
});

async function enter(url: string): Promise<{ cookie: string; clean: string }> {
  const entered = await fetch(url, { redirect: 'manual' });
  expect(entered.status).toBe(303);
  return {
    cookie: entered.headers.get('set-cookie')!.split(';')[0]!,
    clean: new URL(entered.headers.get('location')!, url).href,
  };
}

describe('the running editor', () => {
  test('serves the workbench to whoever has the token, and 403 to anybody else', async () => {
    const { origin } = new URL(editor.url);
    for (const path of [
      '/',
      '/?folder=/',
      '/vscode-remote-resource?path=/etc/hostname',
      '/mint-key',
      '/tabstop/icon.svg',
    ]) {
      expect((await fetch(origin + path)).status, path).toBe(403);
    }
    const { cookie, clean } = await enter(editor.url);
    expect(clean).toBe(`${origin}/?folder=${encodeURIComponent(folder).replaceAll('%20', '+')}`);
    const page = await fetch(clean, { headers: { cookie } });
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(html).toContain('"nameShort":"Tabstop"');
    expect(html).not.toContain('code-server/issues');
    const script = /src="([^"]+workbench\.js)"/.exec(html)![1]!;
    expect((await fetch(new URL(script, origin), { headers: { cookie } })).status).toBe(200);
    expect((await fetch(editor.url, { redirect: 'manual' })).status).toBe(403);
  });

  test('writes the token to no file', async () => {
    const token = new URL(editor.url).searchParams.get('tkn')!;
    const files = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(3);
    expect(files.filter((file) => readFileSync(join(file.parentPath, file.name), 'utf8').includes(token))).toEqual([]);
  });

  test('a second start opens the running one, with a token of its own', async () => {
    const second = await runToEnd([base, '--no-open', '--data-dir', dataDir]);
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('Tabstop runs already') });
    const url = /http:\S+/.exec(second.stdout)![0];
    expect(new URL(url).port).toBe(String(editor.port));
    const { clean } = await enter(url);
    expect(new URL(clean).searchParams.get('folder')).toBe(base);
  });

  test('another data folder on the same port moves on to the next one', async () => {
    const other = await launchEditor({
      folder,
      dataDir: join(base, 'other data'),
      args: ['--port', String(editor.port)],
    });
    try {
      expect(other.port).toBeGreaterThan(editor.port);
      expect((await fetch(`http://127.0.0.1:${other.port}/`)).status).toBe(403);
    } finally {
      await other.stop();
    }
  });
});

describe('its end', () => {
  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    '%s ends it with 0, without children and without a lock',
    async (signal) => {
      const own = join(base, `data ${signal}`);
      const running = await launchEditor({ folder, dataDir: own });
      const code = new Promise((resolve) => running.process.once('exit', resolve));
      running.process.kill(signal);
      expect(await code).toBe(0);
      expect(readdirSync(join(own, 'run'))).toEqual([]);
      expect(processesNaming(own)).toEqual([]);
    },
  );

  test('a session survives it, and a killed one leaves nothing that keeps the next from starting', async () => {
    const own = join(base, 'data kept');
    const first = await launchEditor({ folder, dataDir: own });
    const { cookie } = await enter(first.url);
    const ended = new Promise((resolve) => first.process.once('exit', resolve));
    first.process.kill('SIGKILL');
    await ended;
    const second = await launchEditor({ folder, dataDir: own, args: ['--port', String(first.port)] });
    try {
      expect(second.port).toBe(first.port);
      expect((await fetch(`http://127.0.0.1:${second.port}/`, { headers: { cookie } })).status).toBe(200);
    } finally {
      await second.stop();
    }
  });

  test('it ends with the process that started it', async () => {
    const running = await launchEditor({ folder, dataDir: join(base, 'data parent') });
    const ended = new Promise((resolve) => running.process.once('exit', () => resolve('ended')));
    running.process.disconnect();
    expect(await Promise.race([ended, sleep(5000, 'still there')])).toBe('ended');
  });
});

describe('what it says', () => {
  test.each<[string, string[], number, RegExp]>([
    ['a folder that is not there', [join(base, 'nope')], 1, /nope does not exist/],
    ['a file', [join(base, '../..', 'etc/hostname')], 1, /is a file|does not exist/],
    ['a wrong option', ['--prot'], 2, /Unknown option --prot/],
    ['an exposed host', ['--host', '0.0.0.0'], 2, /--expose/],
    [
      'a VSIX that is not there',
      ['--install-extension', join(base, 'no.vsix'), '--data-dir', join(base, 'd2')],
      1,
      /could not be installed/,
    ],
  ])('%s', async (_what, args, code, sentence) => {
    const run = await runToEnd([...args, '--no-open']);
    expect(run).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});

/** Processes whose command line or environment names a path, on Linux. */
function processesNaming(path: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(path);
      } catch {
        return false;
      }
    });
}
