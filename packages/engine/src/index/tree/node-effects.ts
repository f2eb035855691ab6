import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import type { RunProcess } from '../../workspace/git-history.ts';
import { nextTurn } from '../../workspace/next-turn.ts';
import { parcelSubscribe } from '../watch/parcel.ts';
import type { Subscribe, TreeEffects } from './effects.ts';

let made = 0;

/** The real disk, clocks, timers, processes and watcher. `env` is the process's own. */
export function nodeTreeEffects(given: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly run?: RunProcess | undefined;
  readonly subscribe?: Subscribe | undefined;
}): TreeEffects {
  return {
    disk: fs,
    now: Date.now,
    monotonic: () => performance.now(),
    turn: nextTurn,
    schedule: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds);
      // A tree that nobody listens to any more does not keep the process alive.
      timer.unref();
      return () => clearTimeout(timer);
    },
    run: given.run ?? runIn(given.env),
    env: { HOME: given.env.HOME ?? given.env.USERPROFILE, XDG_CONFIG_HOME: given.env.XDG_CONFIG_HOME },
    unique: () => `${process.pid}-${++made}`,
    subscribe: given.subscribe ?? parcelSubscribe,
  };
}

/** A program without a shell, its window hidden, its input closed. */
function runIn(processEnv: Readonly<Record<string, string | undefined>>): RunProcess {
  return (command, parameters, { cwd, env, timeout, maxBytes, signal }) =>
    new Promise((resolve) => {
      try {
        const options = {
          cwd,
          env: { ...processEnv, ...env },
          timeout,
          maxBuffer: maxBytes,
          signal,
          windowsHide: true,
        } as const;
        const child = execFile(command, [...parameters], options, (error, stdout) =>
          resolve(error ? undefined : stdout),
        );
        child.stdin?.end();
      } catch {
        // A folder that is gone, a program that cannot be started: the same as one that fails.
        resolve(undefined);
      }
    });
}
