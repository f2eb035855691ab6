import * as fs from 'node:fs';
import type { RunProcess } from '../../workspace/git-history.ts';
import type { Subscribe, TreeEffects } from './effects.ts';

let made = 0;

/** The real disk, clocks and timers. `env` is the process's own. */
export function nodeTreeEffects(given: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run?: RunProcess | undefined;
  readonly subscribe?: Subscribe | undefined;
}): TreeEffects {
  return {
    disk: fs,
    now: Date.now,
    monotonic: () => performance.now(),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
    schedule: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      // A tree that nobody listens to any more does not keep the process alive.
      timer.unref();
      return () => clearTimeout(timer);
    },
    run: given.run,
    env: { HOME: given.env.HOME ?? given.env.USERPROFILE, XDG_CONFIG_HOME: given.env.XDG_CONFIG_HOME },
    unique: () => `${process.pid}-${++made}`,
    subscribe: given.subscribe,
  };
}
