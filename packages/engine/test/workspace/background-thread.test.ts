import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { lowerThreadPriority } from '../../src/workspace/background-thread.ts';

const priorityIn = (platform: string) =>
  new Promise<number>((resolve, reject) => {
    const module = new URL('../../src/workspace/background-thread.ts', import.meta.url).href;
    const script = `
      const { lowerThreadPriority } = await import(${JSON.stringify(module)});
      const { getPriority } = await import('node:os');
      const { parentPort } = await import('node:worker_threads');
      lowerThreadPriority(${JSON.stringify(platform)});
      parentPort.postMessage(getPriority(0));`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`));
    worker.once('message', resolve);
    worker.once('error', reject);
  });

test.runIf(process.platform === 'linux')('a background thread gives way, the others do not', async () => {
  const before = getPriority(0);
  expect(await priorityIn('linux')).toBeGreaterThan(before);
  expect(getPriority(0)).toBe(before);
});

test('elsewhere, where a thread has none of its own, nothing changes', async () => {
  const before = getPriority(0);
  expect(await priorityIn('darwin')).toBe(before);
  lowerThreadPriority('win32');
  expect(getPriority(0)).toBe(before);
});
