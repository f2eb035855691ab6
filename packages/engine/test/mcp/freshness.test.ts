import { fakeClock, settle } from '@tabstop/testkit';
import { expect, test } from 'vitest';
import type { IndexStatus } from '../../src/index/code-index.ts';
import { createFreshness } from '../../src/mcp/freshness.ts';
import { fakeIndex } from '../search/fake-index.ts';

function settling(status: Partial<IndexStatus>) {
  const clock = fakeClock();
  const index = fakeIndex({}, { status });
  const release = index.hold();
  const freshness = createFreshness({
    first: 20_000,
    later: 1_000,
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number),
  });
  const answers: string[] = [];
  const ask = () => void freshness.settle(index).then((notes) => answers.push(`${clock.now()}: ${notes.join(' ')}`));
  return { clock, index, release, answers, ask };
}

test('an index that is in step by then has nothing to tell', async () => {
  const { clock, release, answers, ask } = settling({});
  ask();
  await clock.advance(300);
  expect(answers).toEqual([]);
  release();
  await settle();
  expect(answers).toEqual(['300: ']);
});

test('what takes longer is waited for only so long, and said', async () => {
  const { clock, index, answers, ask } = settling({ state: 'reconciling' });
  ask();
  await clock.advance(500);
  ask();
  await clock.advance(1_000);
  expect(answers).toEqual([
    '1000: The index is still being built (reconciling): the answer is incomplete, ask again in a moment.',
    '1500: The index is still being built (reconciling): the answer is incomplete, ask again in a moment.',
  ]);
  // The second waited for the walk of the first.
  expect(index.calls).toEqual(['sync']);
});

test('the first indexing of a folder is worth more patience', async () => {
  const { clock, index, answers, ask } = settling({ state: 'indexing', syncedAt: undefined, done: 1, total: 3 });
  ask();
  await clock.advance(19_999);
  expect(answers).toEqual([]);
  await clock.advance(1);
  expect(answers).toEqual([
    '20000: The index is still being built (indexing, 33 %): the answer is incomplete, ask again in a moment.',
  ]);
  index.become({ state: 'embedding', done: 1, total: 2 });
  ask();
  await clock.advance(20_000);
  expect(answers[1]).toBe('40000: Meaning is still being indexed, 50 %; found by words so far where that is missing.');
});

test.each<[Partial<IndexStatus>, string]>([
  [{ state: 'paused' }, 'The index is paused: the newest changes may be missing.'],
  [{ state: 'failed', problem: 'disk full' }, 'The index failed: disk full. Answers may be incomplete.'],
])('%j is said', async (status, note) => {
  const { release, answers, ask } = settling(status);
  release();
  ask();
  await settle();
  expect(answers).toEqual([`0: ${note}`]);
});

test('a sync that fails does not fail the answer, and the next call tries anew', async () => {
  const { index, answers, ask } = settling({});
  index.sync = async () => {
    throw new Error('gone');
  };
  ask();
  await settle();
  ask();
  await settle();
  expect(answers).toEqual(['0: ', '0: ']);
});
