import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLease } from '../../../src/index/store/lease.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tabstop-lease-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('one of several has it, and the next one when it lets go', async () => {
  const [first, second] = [await openLease(folder), await openLease(folder)];
  expect([first.tryTake(), second.tryTake(), first.held, second.held]).toEqual([true, false, true, false]);
  expect(first.tryTake()).toBe(true);
  first.release();
  expect([second.tryTake(), first.tryTake()]).toEqual([true, false]);
  second.close();
  expect([second.held, second.tryTake(), first.tryTake()]).toEqual([false, false, true]);
  first.close();
});

test('it ends with its process, however that ends', async () => {
  const script = join(folder, 'hold.mjs');
  const source = join(import.meta.dirname, '../../../src/index/store/lease.ts');
  writeFileSync(
    script,
    `import { openLease } from ${JSON.stringify(source)};
     const lease = await openLease(${JSON.stringify(folder)});
     console.log(lease.tryTake());
     setInterval(() => {}, 1000);`,
  );
  const holder = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(holder.stdout, 'data')) as [Buffer];
  expect(said.toString().trim()).toBe('true');
  const lease = await openLease(folder);
  expect(lease.tryTake()).toBe(false);
  const gone = once(holder, 'exit');
  holder.kill('SIGKILL');
  await gone;
  expect(lease.tryTake()).toBe(true);
  lease.close();
});
