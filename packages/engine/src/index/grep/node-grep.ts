import type * as childProcess from 'node:child_process';
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { nextTurn } from '../../workspace/next-turn.ts';
import { findRipgrep, nodeRipgrepPlaces } from './find-ripgrep.ts';
import type { GrepFolderOptions } from './grep-folder.ts';
import { onDemand } from './on-demand.ts';

/** Milliseconds, monotonic. `performance` is loaded when it is first asked for, 2 ms of a process that has just started. */
export function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** The real disk, clocks and processes for searching one root. `env` is the process's own. */
export function nodeGrepEffects(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Pick<GrepFolderOptions, 'effects' | 'list'> {
  const space = Buffer.allocUnsafe(USUAL_FILE);
  return {
    effects: {
      spawn: (command, parameters, options) =>
        onDemand<typeof childProcess>('node:child_process').spawn(command, parameters, options),
      turn: nextTurn,
      ripgrep: () => findRipgrep(nodeRipgrepPlaces(import.meta.url, env)),
      readFile(path) {
        try {
          return readInto(space, `${root}/${path}`);
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
      now: monotonic,
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

/** Bytes. */
const USUAL_FILE = 1024 * 1024;

/** The file, in `space` where it has room there: no asking for its size, and nothing for the collector. */
function readInto(space: Buffer, path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, space, length, space.length - length, null);
      length += count;
      if (length === space.length) return readFileSync(path);
      // A regular file gives all it has; where it does not (some network file systems), the next read goes on.
      if (count === 0) return space.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
