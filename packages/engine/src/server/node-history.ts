import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HistoryStore, RunProcess } from '../workspace/git-history.ts';

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

/** The user's alone: the folder is made 0700, the files 0600, each replaced at once. */
export const historyStore: HistoryStore = {
  async read(file) {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  async write(file, text) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    const temporary = `${file}.${process.pid}.tmp`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, file);
  },
};
