import type { Document } from './documents.ts';

/** Up to four further files that name one of these files, or stand beside it: what a person may have open. */
export function relatedTo(paths: readonly string[], sources: ReadonlyMap<string, string>): readonly Document[] {
  const names = paths
    .map((path) => path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, ''))
    .filter((name) => name.length > 3);
  const folders = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/') + 1)));
  return [...sources]
    .filter(([path, text]) => !paths.includes(path) && text.length < 30_000)
    .map(([path, text]) => ({
      path,
      text,
      near:
        (names.some((name) => text.includes(name)) ? 2 : 0) +
        (folders.has(path.slice(0, path.lastIndexOf('/') + 1)) ? 1 : 0),
    }))
    .filter(({ near }) => near > 0)
    .sort((a, b) => b.near - a.near || (a.path < b.path ? -1 : 1))
    .slice(0, 4)
    .map(({ path, text }) => ({ path, text }));
}
