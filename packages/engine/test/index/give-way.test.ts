import { expect, test } from 'vitest';
import { givingWay, openAskedNote } from '../../src/index/give-way.ts';

/** Two threads under one clock: at the given times one of them is asked something; the other works in slices of 10 ms, 300 ms long. */
async function slices(askedAt: readonly number[], { start = 1_000_000, setBack = 0 } = {}): Promise<number[]> {
  let now = start;
  const note = openAskedNote(() => now);
  const waiting = [...askedAt];
  const advance = (milliseconds: number) => {
    const end = now + milliseconds;
    for (let at = waiting[0]; at !== undefined && start + at <= end; at = waiting[0]) {
      waiting.shift();
      now = start + at;
      note.asked();
    }
    now = end;
  };
  const giveWay = givingWay(note.shared, {
    wallClock: () => now - (waiting.length === 0 ? setBack : 0),
    turn: async () => {},
    async sleep(milliseconds) {
      advance(milliseconds);
    },
  });
  const begun: number[] = [];
  while (now < start + 300) {
    begun.push(now - start);
    advance(10);
    await giveWay();
  }
  return begun;
}

const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);

test.each([
  ['nobody asks: all the time', [], every(10, 0, 300)],
  ['one question: still for 60 ms after it', [45], [0, 10, 20, 30, 40, ...every(10, 105, 300)]],
  [
    'keys of a fast typist: in between',
    [95, 190, 290],
    [...every(10, 0, 100), ...every(10, 155, 190), ...every(10, 250, 290)],
  ],
  ['a key that is held down: not at all', every(33, 5, 300), [0]],
])('%s', async (_, askedAt, begun) => {
  expect(await slices(askedAt)).toEqual(begun);
});

test('who asks without an end gets slices in between, after two seconds each', async () => {
  let now = 0;
  const note = openAskedNote(() => now);
  const giveWay = givingWay(note.shared, {
    wallClock: () => now,
    turn: async () => {},
    async sleep(milliseconds) {
      now += Math.min(milliseconds, 20);
      note.asked();
    },
  });
  const begun: number[] = [];
  while (now < 9_000) {
    begun.push(now);
    note.asked();
    now += 10;
    await giveWay();
  }
  expect(begun).toEqual([0, 2_010, 4_020, 6_030, 8_040]);
});

test('a clock that was set back since the question keeps nobody waiting', async () => {
  expect(await slices([45], { setBack: 3_600_000 })).toEqual(every(10, 0, 300));
});
