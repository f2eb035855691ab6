import { join } from 'node:path';
import type { RunProcess } from '../../workspace/git-history.ts';
import { readSmall, type TreeDisk } from './disk.ts';
import { NOTHING_TRACKED, parseGitIndex, parseLsFiles, type TrackedFiles } from './git-index.ts';
import type { GitLayout } from './git-layout.ts';

/** Remembers what the index file said as long as the file stays the same. */
export interface TrackedReader {
  read(layout: GitLayout, signal: AbortSignal): Promise<TrackedFiles>;
  /** The last answer. */
  known(): TrackedFiles;
  /** Whether the index file is another one than at the last `read`. */
  changed(layout: GitLayout): boolean;
}

export function trackedReader(disk: TreeDisk, run: RunProcess | undefined): TrackedReader {
  let stamp: string | undefined;
  let known = NOTHING_TRACKED;
  const stampOf = (layout: GitLayout): string | undefined => {
    try {
      const { size, mtimeMs, ctimeMs, ino } = disk.lstatSync(join(layout.gitDir, 'index'));
      return `${layout.gitDir} ${size} ${mtimeMs} ${ctimeMs} ${ino}`;
    } catch {
      return undefined;
    }
  };
  return {
    known: () => known,
    changed: (layout) => stampOf(layout) !== stamp,
    async read(layout, signal) {
      const now = stampOf(layout);
      if (now !== undefined && now === stamp) return known;
      const bytes = readSmall(disk, join(layout.gitDir, 'index'), { follow: true });
      const parsed = bytes ? (parseGitIndex(bytes) ?? parseGitIndex(bytes, 32)) : NOTHING_TRACKED;
      known = parsed ?? (await ask(layout, run, signal)) ?? NOTHING_TRACKED;
      stamp = now;
      return known;
    },
  };
}

/** Git itself, where the index is split, sparse or of a form that is not known here. */
async function ask(
  layout: GitLayout,
  run: RunProcess | undefined,
  signal: AbortSignal,
): Promise<TrackedFiles | undefined> {
  const output = await run?.('git', ['-c', 'core.fsmonitor=false', 'ls-files', '-z', '--stage'], {
    cwd: layout.top,
    env: { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' },
    timeout: 30_000,
    maxBytes: 256 * 1024 * 1024,
    signal,
  });
  return output === undefined ? undefined : parseLsFiles(output);
}
