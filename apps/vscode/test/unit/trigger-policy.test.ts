import { fakeClock } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import {
  ECHO,
  MOVE_DEBOUNCE,
  MOVE_WINDOW,
  moveTrigger,
  reasonForSilence,
  type Situation,
} from '../../src/tab/trigger-policy.ts';

const USUAL: Situation = {
  enabled: true,
  snoozed: false,
  languageId: 'go',
  disabledLanguages: ['markdown'],
  tracked: true,
  readOnly: false,
  cursors: 1,
  selecting: false,
  suggestWidget: false,
  normalMode: false,
  explicit: false,
  afterUndo: false,
};

describe('when the engine is asked', () => {
  test.each<[change: Partial<Situation>, silence: string | undefined]>([
    [{}, undefined],
    [{ tracked: false }, 'not a code document'],
    [{ readOnly: true }, 'read-only'],
    [{ cursors: 2 }, 'several cursors'],
    [{ selecting: true }, 'a selection'],
    [{ suggestWidget: true }, 'the suggest widget is open'],
    [{ enabled: false }, 'switched off'],
    [{ snoozed: true }, 'snoozed'],
    [{ languageId: 'markdown' }, 'off for markdown'],
    [{ normalMode: true }, 'normal mode'],
    [{ afterUndo: true }, 'after undo'],
    // Asked by a command, only what makes a suggestion impossible counts.
    [
      { explicit: true, enabled: false, snoozed: true, normalMode: true, afterUndo: true, languageId: 'markdown' },
      undefined,
    ],
    [{ explicit: true, readOnly: true }, 'read-only'],
    [{ explicit: true, cursors: 3 }, 'several cursors'],
  ])('%j -> %s', (change, silence) => {
    expect(reasonForSilence({ ...USUAL, ...change })).toBe(silence);
  });
});

describe('cursor moves', () => {
  function stage() {
    const clock = fakeClock();
    const asked: number[] = [];
    const looked: number[] = [];
    const trigger = moveTrigger(
      { ask: () => asked.push(clock.now()), lookAround: () => looked.push(clock.now()) },
      clock,
    );
    return { clock, trigger, asked, looked };
  }

  test('ask while an edit is fresh, several moves in a row once', async () => {
    const { clock, trigger, asked } = stage();
    trigger.moved();
    await clock.advance(1_000);
    trigger.edited('a', false);
    await clock.advance(500);
    trigger.moved();
    await clock.advance(20);
    trigger.moved();
    await clock.advance(1_000);
    expect(asked).toEqual([1_520 + MOVE_DEBOUNCE]);
  });

  test('long after an edit, or before the first, the engine only looks around where the cursor rests', async () => {
    const { clock, trigger, asked, looked } = stage();
    trigger.moved();
    await clock.advance(100);
    trigger.moved();
    await clock.advance(60_000);
    expect([asked, looked]).toEqual([[], [250, 1_050, 2_050, 4_050, 8_050]]);
    trigger.moved();
    await clock.advance(100);
    trigger.edited('a', false);
    await clock.advance(9_000);
    expect([asked, looked]).toEqual([[], [250, 1_050, 2_050, 4_050, 8_050]]);
  });

  test('do not ask when the last edit is old', async () => {
    const { clock, trigger, asked } = stage();
    trigger.edited('a', false);
    await clock.advance(MOVE_WINDOW);
    trigger.moved();
    await clock.advance(1_000);
    expect(asked).toHaveLength(1);
    trigger.moved();
    await clock.advance(1_000);
    expect(asked).toHaveLength(1);
  });

  test('what the user does without an edit counts as one: late answers and moves are asked about', async () => {
    const { clock, trigger, asked, looked } = stage();
    trigger.edited('a', false);
    await clock.advance(MOVE_WINDOW + 1);
    trigger.refresh();
    expect(asked).toEqual([]);
    trigger.moved();
    trigger.acted();
    await clock.advance(100);
    trigger.refresh();
    expect(asked).toEqual([MOVE_WINDOW + 101]);
    trigger.moved();
    await clock.advance(1_000);
    expect([asked.length, looked]).toEqual([2, []]);
  });

  test('the move that comes with an edit is no question of its own', async () => {
    const { clock, trigger, asked } = stage();
    trigger.edited('a', false);
    await clock.advance(ECHO);
    trigger.moved();
    await clock.advance(1_000);
    expect(asked).toEqual([]);
    trigger.edited('a', false);
    await clock.advance(ECHO + 1);
    trigger.moved();
    await clock.advance(1_000);
    expect(asked).toHaveLength(1);
  });

  test('an undo is remembered for its document until the next edit there', () => {
    const { trigger } = stage();
    trigger.edited('a', true);
    trigger.edited('b', false);
    expect([trigger.afterUndo('a'), trigger.afterUndo('b')]).toEqual([true, false]);
    trigger.edited('a', false);
    expect(trigger.afterUndo('a')).toBe(false);
  });

  test('what the engine learned late is asked for while the user is at it', async () => {
    const { clock, trigger, asked } = stage();
    trigger.refresh();
    trigger.edited('a', false);
    await clock.advance(100);
    trigger.refresh();
    await clock.advance(MOVE_WINDOW);
    trigger.refresh();
    expect(asked).toEqual([100]);
  });

  test('nothing is asked after the end', async () => {
    const { clock, trigger, asked } = stage();
    trigger.edited('a', false);
    trigger.moved();
    trigger.dispose();
    await clock.advance(1_000);
    expect(asked).toEqual([]);
  });
});
