import { execFile } from 'node:child_process';
import type { RunProcess } from './git-history.ts';

/** A process of its own, without a shell; its window stays hidden, its input closed. */
export const runProcess: RunProcess = (command, parameters, { cwd, env, timeout, maxBytes, signal }) =>
  new Promise((resolve) => {
    try {
      const child = execFile(
        command,
        [...parameters],
        {
          cwd,
          env: { ...process.env, ...env },
          timeout,
          maxBuffer: maxBytes,
          signal,
          windowsHide: true,
          encoding: 'utf8',
          killSignal: 'SIGKILL',
        },
        (error, stdout) => resolve(error ? undefined : stdout),
      );
      child.stdin?.end();
    } catch {
      // A folder that is gone, a program that cannot be started: the same as one that fails.
      resolve(undefined);
    }
  });
