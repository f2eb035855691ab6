import type { Timers } from '../engine/timers.ts';

/** After so many milliseconds without a key or a move of the cursor it is asked again; a busy machine gets a second chance. */
export const PAUSES: readonly number[] = [400, 1_500];

export interface PauseActions {
  /** There is a suggestion, or nothing to suggest in. */
  isServed(): boolean;
  ask(): void;
}

export interface PauseTrigger {
  /** A key, or the cursor moved. */
  restart(): void;
  dispose(): void;
}

/**
 * While keys are struck, the engine suggests text at the cursor alone; the changes elsewhere come when typing rests. And a busy editor drops a
 * question, or its answer, at times. When there is a pause and nothing is shown, this asks again.
 */
export function pauseTrigger(actions: PauseActions, timers: Timers): PauseTrigger {
  let waiting: unknown[] = [];
  const stop = () => {
    for (const timer of waiting) timers.clearTimeout(timer);
    waiting = [];
  };
  return {
    restart() {
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
