import type { Timers } from '../engine/timers.ts';

/** Typing that rests this long has come to a stop. Milliseconds. */
export const PAUSE = 400;

export interface PauseActions {
  /** The text as it is now was asked about. */
  wasAsked(): boolean;
  ask(): void;
}

export interface PauseTrigger {
  edited(): void;
  dispose(): void;
}

/**
 * The editor asks after each key, but drops the question about the last one when the machine is busy and the keys came fast (seen under load: nothing was
 * asked for seconds, until the cursor moved). When typing rests and nobody has asked about the text as it is, this does.
 */
export function pauseTrigger(actions: PauseActions, timers: Timers): PauseTrigger {
  let timer: unknown;
  const stop = () => {
    if (timer !== undefined) timers.clearTimeout(timer);
    timer = undefined;
  };
  return {
    edited() {
      stop();
      timer = timers.setTimeout(() => {
        timer = undefined;
        if (!actions.wasAsked()) actions.ask();
      }, PAUSE);
    },
    dispose: stop,
  };
}
