import { fakeClock } from '@tabstop/testkit';
import { expect, test } from 'vitest';
import { watchClient } from '../../src/server/liveness.ts';

/** Seconds at which something happened, as a transcript. */
async function watched(seconds: number, script: { hears?: readonly number[]; orphanedAt?: number; stopAt?: number }) {
  const clock = fakeClock();
  const transcript: string[] = [];
  let orphaned = false;
  const second = () => `${clock.now() / 1000} s:`;
  const liveness = watchClient({
    ping: () => transcript.push(`${second()} ping`),
    parentAlive: () => !orphaned,
    onDead: (reason) => transcript.push(`${second()} ${reason}`),
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number | undefined),
  });
  for (let at = 1; at <= seconds; at++) {
    await clock.advance(1_000);
    if (script.hears?.includes(at)) liveness.heard();
    if (script.orphanedAt === at) orphaned = true;
    if (script.stopAt === at) liveness.stop();
  }
  return transcript;
}

test('a client that speaks is not pinged', async () => {
  expect(await watched(120, { hears: [15, 35, 55, 75, 95, 115] })).toEqual([]);
});
test('a silent one is pinged from 30 s on, and every answer starts anew', async () => {
  expect(await watched(75, { hears: [41] })).toEqual(['30 s: ping', '40 s: ping', '70 s: ping']);
});
test('one that answers nothing for 180 s counts as gone', async () => {
  const transcript = await watched(400, {});
  expect(transcript.at(-1)).toBe('190 s: the client has been silent for 180 s');
  expect(transcript).toHaveLength(17);
});
test('an engine whose parent is gone ends within 10 s', async () => {
  expect(await watched(60, { hears: [9, 19], orphanedAt: 12 })).toEqual([
    '20 s: the process that started the engine is gone',
  ]);
});
test('stopped, it looks no more', async () => {
  expect(await watched(400, { stopAt: 5 })).toEqual([]);
});
