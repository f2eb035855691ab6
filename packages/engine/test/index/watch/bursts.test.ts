import { fakeClock } from '@tabstop/testkit';
import { expect, it } from 'vitest';
import { type BurstOptions, collectBursts } from '../../../src/index/watch/bursts.ts';
import { hotFiles } from '../../../src/index/watch/hot-files.ts';

/** Bursts on a fake clock; what is handed over is logged with its time. `work` is how long a hand-over takes. */
function bursts(given: Partial<BurstOptions> & { work?: number } = {}) {
  const clock = fakeClock();
  const log: string[] = [];
  const sleep = (milliseconds: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, milliseconds));
  const collected = collectBursts({
    quiet: 60,
    most: 500,
    mostBusy: 30_000,
    busy: () => false,
    monotonic: clock.now,
    schedule: (run, milliseconds) => {
      const id = clock.setTimeout(run, milliseconds);
      return () => clock.clearTimeout(id);
    },
    onBurst: async (paths) => {
      log.push(`${clock.now()}: ${paths === 'everything' ? paths : [...paths].join(' ')}`);
      if (given.work) await sleep(given.work);
    },
    ...given,
  });
  return { clock, log, ...collected };
}

it('what comes within the quiet time is one burst', async () => {
  const { clock, log, add } = bursts();
  add(['a']);
  await clock.advance(50);
  add(['b', 'a']);
  await clock.advance(50);
  add(['c']);
  await clock.advance(200);
  add(['d']);
  await clock.advance(200);
  expect(log).toEqual(['160: a b c', '360: d']);
});

it('a stream without an end is handed over at the upper bound', async () => {
  const { clock, log, add } = bursts();
  for (let time = 0; time < 1_100; time += 20) {
    add([`f${time}`]);
    await clock.advance(20);
  }
  await clock.advance(200);
  expect(log.map((line) => Number(line.split(':')[0]))).toEqual([500, 1_000, 1_140]);
  expect(log.join(' ').match(/f\d+/g)).toHaveLength(55);
});

it('while git is busy the burst goes on, but not for ever', async () => {
  let busy = true;
  const { clock, log, add } = bursts({ busy: () => busy });
  add(['a']);
  await clock.advance(5_000);
  add(['b']);
  expect(log).toEqual([]);
  busy = false;
  await clock.advance(60);
  expect(log).toEqual(['5040: a b'].map(() => expect.stringMatching(/^50\d\d: a b$/)));
  busy = true;
  add(['c']);
  await clock.advance(40_000);
  expect(log).toHaveLength(2);
});

it('nothing is handed over while the last hand-over still runs, and nothing is lost', async () => {
  const { clock, log, add } = bursts({ work: 1_000 });
  add(['a']);
  await clock.advance(500);
  add(['b']);
  await clock.advance(300);
  add(['c']);
  await clock.advance(1_000);
  expect(log).toEqual(['60: a', '1120: b c']);
});

it('what was missed makes the burst one about everything', async () => {
  const { clock, log, add, addEverything } = bursts();
  add(['a']);
  addEverything();
  await clock.advance(100);
  add(['b']);
  await clock.advance(100);
  expect(log).toEqual(['60: everything', '160: b']);
});

it('nothing comes after the stop, which waits for what runs', async () => {
  const { clock, log, add, stop } = bursts({ work: 100 });
  add(['a']);
  await clock.advance(60);
  add(['b']);
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await clock.advance(50);
  expect(stopped).toBe(false);
  await clock.advance(500);
  await stopping;
  add(['c']);
  await clock.advance(500);
  expect(log).toEqual(['60: a']);
});

it('a burst of nothing is none', async () => {
  const { clock, log, add } = bursts();
  add([]);
  await clock.advance(1_000);
  expect(log).toEqual([]);
});

it('a file that changes all the time has to wait, others do not; it cools down', () => {
  let now = 0;
  const hot = hotFiles(5_000, () => now);
  const waits: number[] = [];
  for (let round = 0; round < 5; round++) {
    waits.push(hot.wait('log'));
    hot.taken('log');
    now += 1_000;
  }
  // The first changes are taken at once; from the fourth in a row on, five seconds have to pass.
  expect(waits).toEqual([0, 0, 0, 0, 4_000]);
  expect(hot.wait('other')).toBe(0);
  now += 4_000;
  expect(hot.wait('log')).toBe(0);
  hot.taken('log');
  expect(hot.wait('log')).toBe(5_000);
  now += 20_000;
  hot.taken('log');
  expect(hot.wait('log')).toBe(0);
});
