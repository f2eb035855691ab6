import type { Timers } from '../engine/timers.ts';

/** Typing that rests this long has come to a stop; a busy machine gets a second chance. Milliseconds after the last key. */
export const PAUSES: readonly number[] = [400, 1_500];

export interface PauseActions {
  /** There is a suggestion, or nothing to suggest in. */
  isServed(): boolean;
  ask(): void;
}

export interface PauseTrigger {
  edited(): void;
  dispose(): void;
}

/**
 * The editor asks after each key, but drops the question about the last one when the machine is busy and the keys came fast (seen under load: nothing was
 * asked for seconds, until the cursor moved), or drops the answer. When typing rests and nothing is shown, this asks again; the engine answers the same question in a millisecond or two.
 */
export function pauseTrigger(actions: PauseActions, timers: Timers): PauseTrigger {
  let waiting: unknown[] = [];
  const stop = () => {
    for (const timer of waiting) timers.clearTimeout(timer);
    waiting = [];
  };
  return {
    edited() {
      stop();
      waiting = PAUSES.map((pause) =>
        timers.setTimeout(() => {
          if (!actions.isServed()) actions.ask();
        }, pause),
      );
    },
    dispose: stop,
  };
}
