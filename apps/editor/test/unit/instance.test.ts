import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import {
  askRunning,
  claimInstance,
  type InstancePaths,
  type ProcessTable,
  serveControl,
  systemProcesses,
} from '../../src/instance.ts';

const folders: string[] = [];
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function paths(): InstancePaths {
  const run = mkdtempSync(join(tmpdir(), 'tabstop-run-'));
  folders.push(run);
  return { run, control: join(run, 'control.sock') };
}

/** A machine on which the processes of `alive` run. */
const processes = (pid: number, alive: Record<number, string>): ProcessTable => ({ pid, identity: (id) => alive[id] });

async function answering(place: InstancePaths, answer: (query: string) => string): Promise<void> {
  servers.push(await serveControl(place.control, (request) => answer(request.query)));
}

test('the first start claims, the second one is told so', async () => {
  const place = paths();
  const alive = { 10: 'a', 11: 'b' };
  const first = await claimInstance(place, processes(10, alive), sleep);
  expect(first.kind).toBe('first');
  await answering(place, (query) => `http://127.0.0.1:1/?tkn=t${query}`);
  expect(await claimInstance(place, processes(11, alive), sleep)).toEqual({ kind: 'second' });
  expect(await askRunning(place.control, { query: '&folder=%2Fa' })).toBe('http://127.0.0.1:1/?tkn=t&folder=%2Fa');
  expect(statSync(join(place.run, 'lock')).mode & 0o777).toBe(0o600);
});

test('a second start waits for a first one that is on its way up', async () => {
  const place = paths();
  const alive = { 10: 'a', 11: 'b' };
  await claimInstance(place, processes(10, alive), sleep);
  let waits = 0;
  const claim = await claimInstance(place, processes(11, alive), async () => {
    if (++waits === 3) await answering(place, () => 'x');
  });
  expect([claim.kind, waits]).toEqual(['second', 3]);
});

test('one that never comes up is named, and no lock is broken', async () => {
  const place = paths();
  const alive = { 10: 'a', 11: 'b' };
  await claimInstance(place, processes(10, alive), sleep);
  await expect(claimInstance(place, processes(11, alive), async () => {})).rejects.toThrow(
    /process 10\).*does not answer\. End it/,
  );
  expect(readFileSync(join(place.run, 'lock'), 'utf8')).toBe('10 a');
});

test.each([
  ['was killed', '10 a', {}],
  ['left its id to another process', '10 a', { 10: 'later' }],
  ['left an empty lock', '', {}],
  ['left a lock that is no lock', 'what is this', {}],
])('the lock of an editor that %s is taken over', async (_what, left, others) => {
  const place = paths();
  writeFileSync(join(place.run, 'lock'), left);
  writeFileSync(place.control, 'a stale socket');
  const claim = await claimInstance(place, processes(11, { ...(others as Record<number, string>), 11: 'b' }), sleep);
  expect(claim.kind).toBe('first');
  expect(readFileSync(join(place.run, 'lock'), 'utf8')).toBe('11 b');
  expect(existsSync(place.control)).toBe(false);
});

test('of many starts at once over a dead lock, one is first', async () => {
  const place = paths();
  writeFileSync(join(place.run, 'lock'), '1 gone');
  const ids = Array.from({ length: 12 }, (_, index) => 100 + index);
  const alive = Object.fromEntries(ids.map((id) => [id, `at ${id}`]));
  const claims = await Promise.all(
    ids.map(async (id) => {
      const claim = await claimInstance(place, processes(id, alive), sleep);
      if (claim.kind === 'first') await answering(place, () => 'x');
      return claim.kind;
    }),
  );
  expect(claims.filter((kind) => kind === 'first')).toHaveLength(1);
});

test('giving back removes lock and socket, and a lock that is another one is left', async () => {
  const place = paths();
  const claim = await claimInstance(place, processes(10, { 10: 'a' }), sleep);
  if (claim.kind !== 'first') throw new Error('not first');
  claim.release();
  expect(existsSync(join(place.run, 'lock'))).toBe(false);
  writeFileSync(join(place.run, 'lock'), '12 other');
  claim.release();
  expect(existsSync(join(place.run, 'lock'))).toBe(true);
});

test.each([
  ['no JSON', 'hello\n', /"error"/],
  ['JSON of another kind', '{"open":1}\n', /query is missing/],
  ['a line without an end', 'x'.repeat(70_000), /^$/],
])('the control socket answers %s without falling over', async (_what, line, expected) => {
  const place = paths();
  await answering(place, () => 'fine');
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(place.control, () => socket.write(line));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(expected);
  expect(await askRunning(place.control, { query: '' })).toBe('fine');
});

test('a socket that nobody answers is a sentence', async () => {
  await expect(askRunning(paths().control, { query: '' })).rejects.toThrow(/did not answer.*End it and start again/);
});

test('the system tells this process from one that is not there', () => {
  const table = systemProcesses();
  expect(table.identity(process.pid)).toBe(table.identity(process.pid));
  expect(table.identity(process.pid)).toBeTruthy();
  // Linux's highest process id is 2^22.
  expect(table.identity(2 ** 22 + 1)).toBeUndefined();
});
