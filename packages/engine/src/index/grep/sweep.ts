import type { SeenFile } from './segment-format.ts';

export interface FileStat {
  readonly isDirectory: boolean;
  readonly size: number;
  /** Milliseconds since 1970: of the content, and of anything about the file. */
  readonly modified: number;
  readonly changed: number;
}

export interface SweepEffects {
  /** Of the thing itself, not of what a link leads to; `undefined` where there is nothing. Path relative to the root. */
  readonly stat: (path: string) => FileStat | undefined;
  /** Milliseconds, monotonic; and since 1970. */
  readonly now: () => number;
  readonly wallClock: () => number;
}

export interface Sweep {
  /** Files of the index that are others now, or may be. */
  readonly changed: readonly string[];
  readonly gone: ReadonlySet<string>;
  /** Folders in which something was made, removed or renamed since. */
  readonly folders: readonly string[];
  readonly looked: number;
}

/**
 * Milliseconds: what was written so shortly before the index was in step may have been written again within the same tick of the file system's clock. That
 * is two seconds on some (FAT), which then know whole seconds only; where times have fractions it is the kernel's tick, 16 ms at most.
 */
const TICK = { whole: 2_000, fractions: 50 } as const;

const mayHaveChanged = (changed: number, since: number): boolean =>
  changed >= since - (changed % 1_000 === 0 ? TICK.whole : TICK.fractions);

/**
 * Looks at these files and their folders for changes since the index was in step, in the order given, until the time is over. A file is another one
 * when its size or time is, or when the system changed anything about it since: the time of that (ctime) cannot be set back as the time of the content
 * can. After the clock was set back nothing can be told by times, and nothing is looked at.
 */
export function sweep(
  files: Iterable<SeenFile>,
  {
    since,
    milliseconds,
    effects,
  }: { readonly since: number; readonly milliseconds: number; readonly effects: SweepEffects },
): Sweep {
  const changed: string[] = [];
  const gone = new Set<string>();
  const changedFolders: string[] = [];
  let looked = 0;
  const end = effects.now() + milliseconds;
  const seen = new Set<string>();
  const lookAtFolder = (folder: string) => {
    seen.add(folder);
    const stat = effects.stat(folder);
    looked++;
    if (stat && mayHaveChanged(stat.changed, since)) changedFolders.push(folder);
  };
  if (effects.wallClock() >= since)
    for (const file of files) {
      if (looked % 32 > 28 && effects.now() >= end) break;
      const stat = effects.stat(file.path);
      looked++;
      if (!stat) gone.add(file.path);
      else if (isOther(stat, file) || mayHaveChanged(stat.changed, since)) changed.push(file.path);
      for (const folder of foldersAbove(file.path)) {
        if (seen.has(folder)) break;
        lookAtFolder(folder);
      }
    }
  return { changed, gone, folders: changedFolders, looked };
}

const isOther = (stat: FileStat, file: SeenFile): boolean =>
  stat.isDirectory || stat.size !== file.size || Math.abs(stat.modified - file.modified) >= 1;

/** From the folder it lies in up to the root, which is ''. */
function* foldersAbove(path: string): Generator<string> {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1))
    yield path.slice(0, slash);
  yield '';
}
