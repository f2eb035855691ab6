import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askFollower, followerAddress, serveFollower } from '../../../src/index/grep/follower.ts';
import { temporaryFolder } from './temporary-folder.ts';

const address = () => followerAddress(temporaryFolder(), process.platform)!;
const LONG = 20_000;

async function serve(at: string, answer: Parameters<typeof serveFollower>[1]) {
  const stop = await serveFollower(at, answer);
  if (stop) onTestFinished(stop);
  return stop;
}

test('what is answered is asked anew each time; after the end nobody answers', async () => {
  const at = address();
  let asOf = 1;
  const stop = await serveFollower(at, () => ({ pending: ['ä.ts', 'b.ts'], asOf: asOf++ }));
  expect(await askFollower(at, LONG)).toEqual({ pending: ['ä.ts', 'b.ts'], asOf: 1 });
  expect(await askFollower(at, LONG)).toEqual({ pending: ['ä.ts', 'b.ts'], asOf: 2 });
  await stop!();
  expect(await askFollower(at, LONG)).toBeUndefined();
});

test.skipIf(process.platform === 'win32')('it is for this user alone', async () => {
  const at = address();
  await serve(at, () => undefined);
  expect(statSync(at).mode & 0o777).toBe(0o600);
});

test('it may not know yet, or fail: whoever asks looks for itself', async () => {
  const [unknown, failing] = [address(), address()];
  await serve(unknown, () => undefined);
  await serve(failing, () => {
    throw new Error('damaged');
  });
  expect(await askFollower(unknown, LONG)).toBeUndefined();
  expect(await askFollower(failing, LONG)).toBeUndefined();
});

test('the second one leaves it to the first', async () => {
  const at = address();
  await serve(at, () => ({ pending: [], asOf: 1 }));
  expect(await serve(at, () => ({ pending: [], asOf: 2 }))).toBeUndefined();
  expect(await askFollower(at, LONG)).toMatchObject({ asOf: 1 });
});

test.skipIf(process.platform === 'win32')('what a killed process left behind is replaced', async () => {
  const at = address();
  const child = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${JSON.stringify(at)}, () => console.log('ready'))`,
  ]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'close');
  expect(existsSync(at)).toBe(true);
  expect(await askFollower(at, LONG)).toBeUndefined();
  await serve(at, () => ({ pending: [], asOf: 3 }));
  expect(await askFollower(at, LONG)).toMatchObject({ asOf: 3 });
});

test.each([
  ['nothing', ''],
  ['something else', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['half a line', '{"pending":[],"asOf":1}'],
  ['other types', '{"pending":[1],"asOf":1}\n'],
  ['no time', '{"pending":[]}\n'],
])('%s is no answer', async (_, text) => {
  const at = join(temporaryFolder(), 'x.sock');
  const server = createServer((socket) => socket.end(text)).listen(at);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await askFollower(at, LONG)).toBeUndefined();
});

test('who does not answer in time is not waited for', async () => {
  const at = join(temporaryFolder(), 'x.sock');
  const server = createServer(() => {}).listen(at);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  expect(await askFollower(at, 30)).toBeUndefined();
});

test('a place that cannot be listened at is told; one too deep for a name has no address', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  await expect(serveFollower(join(file, 'x.sock'), () => undefined)).rejects.toThrow();
  expect(followerAddress(`/${'deep/'.repeat(30)}`, 'linux')).toBeUndefined();
  expect(followerAddress(`/${'deep/'.repeat(30)}`, 'win32')).toMatch(/^\\\\\.\\pipe\\tabstop-[0-9a-f]{32}$/);
});
