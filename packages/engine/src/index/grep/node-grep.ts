import type * as childProcess from 'node:child_process';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findRipgrep, nodeRipgrepPlaces } from './find-ripgrep.ts';
import type { GrepFolderOptions } from './grep-folder.ts';
import { onDemand } from './on-demand.ts';

/** The real disk, clocks and processes for searching one root. `env` is the process's own. */
export function nodeGrepEffects(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Pick<GrepFolderOptions, 'effects' | 'list'> {
  return {
    effects: {
      spawn: (command, parameters, options) =>
        onDemand<typeof childProcess>('node:child_process').spawn(command, parameters, options),
      turn: () => new Promise((resolve) => setImmediate(resolve)),
      ripgrep: () => findRipgrep(nodeRipgrepPlaces(import.meta.url, env)),
      readFile(path) {
        try {
          return readFileSync(join(root, path));
        } catch {
          // Gone, or no rights: ripgrep passes over it too.
          return undefined;
        }
      },
      stat(path) {
        // Joined by hand: `join` takes longer than the call of the system.
        const stat = lstatSync(path === '' ? root : `${root}/${path}`, { throwIfNoEntry: false });
        return (
          stat && { isDirectory: stat.isDirectory(), size: stat.size, modified: stat.mtimeMs, changed: stat.ctimeMs }
        );
      },
      now: () => performance.now(),
      wallClock: Date.now,
    },
    list(path) {
      try {
        return readdirSync(join(root, path), { withFileTypes: true }).map((entry) => ({
          name: entry.name,
          isFile: entry.isFile(),
          isDirectory: entry.isDirectory(),
        }));
      } catch {
        return [];
      }
    },
  };
}
