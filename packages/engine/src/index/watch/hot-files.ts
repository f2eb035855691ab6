/** Files that change all the time (logs, dumps, output that no rule ignores): each is taken at most every so often. */
export interface HotFiles {
  /** Milliseconds until the file may be taken again, 0 where it may now. */
  wait(path: string): number;
  /** The file was taken just now. */
  taken(path: string): void;
}

/** So many changes, each within `every` of the one before, make a file hot. */
const STREAK = 3;
/** Files remembered at most. */
const REMEMBERED = 5_000;

/** `every` in milliseconds. */
export function hotFiles(every: number, monotonic: () => number): HotFiles {
  const files = new Map<string, { at: number; streak: number }>();
  return {
    wait(path) {
      const file = files.get(path);
      if (!file || file.streak < STREAK) return 0;
      return Math.max(0, file.at + every - monotonic());
    },
    taken(path) {
      const now = monotonic();
      const file = files.get(path);
      // A hot file stays hot while it is taken as soon as it may be.
      const streak = file && now - file.at < 2 * every ? file.streak + 1 : 0;
      files.delete(path);
      files.set(path, { at: now, streak });
      if (files.size > REMEMBERED) files.delete(files.keys().next().value!);
    },
  };
}
