import { isAbsolute, join, relative, resolve, sep } from 'node:path';

/** Something an agent asked for that it does not get; told to it as the error of the tool, in words it can act upon. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}

export interface InsideEffects {
  /** @throws the file system's errors (`ENOENT`, …). */
  readonly realpath: (path: string) => Promise<string>;
}

export interface InsidePath {
  readonly root: string;
  /** Relative to `root`, with `/` between parts. */
  readonly path: string;
  /** The same with all links followed; what is asked about a file is asked about this one, too. */
  readonly target: string;
  /** Absolute, with all links followed: the one to read. */
  readonly real: string;
}

/**
 * The file that `path` (absolute, or relative to a root) means, if it lies in one of the roots by its name and where its links lead.
 * @throws RefusedError
 */
export async function inside(roots: readonly string[], path: string, { realpath }: InsideEffects): Promise<InsidePath> {
  if (path.includes('\0')) throw new RefusedError('a path has no null character');
  const candidates = isAbsolute(path)
    ? roots.map((root) => [root, resolve(path)] as const)
    : roots.map((root) => [root, resolve(root, path)] as const);
  const named = candidates.filter(([root, absolute]) => isBelow(root, absolute));
  if (named.length === 0)
    throw new RefusedError(`${path} is outside of ${roots.join(', ')}; only files in there can be read`);
  for (const [root, absolute] of named) {
    const real = await orMissing(realpath(absolute));
    if (real === undefined) continue;
    const realRoot = await realpath(root);
    if (!isBelow(realRoot, real))
      throw new RefusedError(`${path} is a link that leads out of ${root}; it is not followed`);
    return { root, path: below(root, absolute), target: below(realRoot, real), real };
  }
  throw new RefusedError(`there is no file ${path} in ${roots.join(', ')}`);
}

function below(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

/** Strictly below: a root is no file. */
function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function orMissing(pending: Promise<string>): Promise<string | undefined> {
  try {
    return await pending;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') throw new RefusedError('it is a link that leads to itself');
    throw error;
  }
}

/** A path for messages and results: relative where there is one root. */
export function told(roots: readonly string[], root: string, path: string): string {
  return roots.length === 1 ? path : join(root, path);
}
