import { isAbsolute, relative, sep } from 'node:path';

/** Pure: the root that holds an absolute path, the innermost of several, and the path below it with `/` between parts. */
export function withinRoots(
  roots: readonly string[],
  path: string,
): { readonly root: string; readonly path: string } | undefined {
  const below = roots
    .map((root) => ({ root, path: relative(root, path) }))
    .filter(({ path: way }) => way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  const best = below.sort((a, b) => b.root.length - a.root.length)[0];
  return best && { root: best.root, path: best.path.split(sep).join('/') };
}
