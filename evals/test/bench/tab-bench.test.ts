import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typescriptWorkspace } from '../../src/bench/workspace.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function installed(files: Record<string, number>): string {
  const root = join(folder, 'node_modules');
  for (const [path, size] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x'.repeat(size));
  }
  return root;
}

test('a workspace is as many files as wanted, TypeScript first, none empty, none huge, none in a node_modules', () => {
  const root = installed({
    'a/index.d.ts': 300,
    'a/index.js': 300,
    'a/empty.ts': 0,
    'a/node_modules/b/src/b.tsx': 300,
    'c/huge.ts': 300_000,
    'd/last.mts': 300,
    '.cache/x.ts': 300,
    '@tabstop/own/src/y.ts': 300,
  });
  const target = join(folder, 'workspace');
  const paths = typescriptWorkspace(root, target, 3);
  expect(paths).toEqual(['src/a/index.d.ts', 'src/a/nested/b/src/b.tsx', 'src/d/last.mts']);
  expect(paths.every((path) => existsSync(join(target, path)))).toBe(true);
  expect(typescriptWorkspace(root, join(folder, 'other'), 1)).toHaveLength(1);
  expect(typescriptWorkspace(root, join(folder, 'more'), 4)).toEqual([...paths, 'src/a/index.js']);
  expect(() => typescriptWorkspace(root, target, 5)).toThrow('only 4 such files are installed, 5 are wanted');
});

test('the probe tells the longest stall since it was last asked, and the peak memory', async () => {
  const probe = pathToFileURL(join(import.meta.dirname, '../../src/bench/stall-probe.mjs')).href;
  const file = join(folder, 'probe.jsonl');
  // Blocks for 200 ms once the timers run, then says so, and stays.
  const code = `setTimeout(() => { const end = Date.now() + 200; while (Date.now() < end); console.log('blocked'); }, 50); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ['--import', probe, '-e', code], {
    env: { ...process.env, STALL_PROBE_FILE: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const readings = () => (existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []);
    child.kill('SIGUSR2');
    await expect.poll(readings, { timeout: 5_000 }).toHaveLength(1);
    const reading = JSON.parse(readings()[0]!);
    expect(reading.stallMs).toBeGreaterThan(150);
    expect(reading.peakRssMb).toBeGreaterThan(10);
  } finally {
    child.kill('SIGKILL');
  }
});
