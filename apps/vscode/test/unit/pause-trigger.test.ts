import { fakeClock } from '@tabstop/testkit';
import { expect, test } from 'vitest';
import { PAUSES, pauseTrigger } from '../../src/tab/pause-trigger.ts';

function setUp(asked: () => boolean) {
  const clock = fakeClock();
  const transcript: string[] = [];
  const trigger = pauseTrigger(
    { isServed: asked, ask: () => transcript.push(`asks at ${clock.now()}`) },
    clock as never,
  );
  return { clock, transcript, trigger };
}

test('where nothing is shown, it is asked again when typing rests, and once more', async () => {
  const { clock, transcript, trigger } = setUp(() => false);
  for (let key = 0; key < 5; key++) {
    trigger.restart();
    await clock.advance(60);
  }
  expect(transcript).toEqual([]);
  await clock.advance(5_000);
  expect(transcript).toEqual(PAUSES.map((pause) => `asks at ${4 * 60 + pause}`));
});

test('nothing more is asked while there is a suggestion, or after the end', async () => {
  const done = setUp(() => true);
  done.trigger.restart();
  await done.clock.advance(5_000);
  const gone = setUp(() => false);
  gone.trigger.restart();
  gone.trigger.dispose();
  await gone.clock.advance(5_000);
  expect([done.transcript, gone.transcript]).toEqual([[], []]);
});
