import type { Timers } from '../engine/timers.ts';

export interface Snooze {
  /** Epoch milliseconds; 0 when awake, `Infinity` until the window is closed. */
  readonly until: number;
  readonly active: boolean;
  start(milliseconds: number): void;
  end(): void;
  dispose(): void;
}

/** Longest delay a timer takes. Milliseconds. */
const MINUTE = 60_000;

/** Keeps Tab silent for a time; `onChange` also comes each minute while it lasts, for the display, and at its end. */
export function snooze(timers: Timers, onChange: () => void): Snooze {
  let until = 0;
  let timer: unknown;
  const tick = () => {
    timers.clearTimeout(timer);
    timer = undefined;
    const left = until - timers.now();
    if (left <= 0) until = 0;
    else if (until !== Number.POSITIVE_INFINITY) timer = timers.setTimeout(tick, Math.min(left, MINUTE));
    onChange();
  };
  return {
    get until() {
      return until;
    },
    get active() {
      return until > timers.now();
    },
    start(milliseconds) {
      until = timers.now() + milliseconds;
      tick();
    },
    end() {
      until = 0;
      tick();
    },
    dispose: () => timers.clearTimeout(timer),
  };
}
