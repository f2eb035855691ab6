import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { engineDataDir } from './data-dir.ts';
import { type CliIo, CommandError, UsageError } from './io.ts';

/** Which folders a command works on. Loads nothing that takes time: `tabstop grep` is to answer in less than a blink. */
export interface IndexRoots {
  /** Absolute, existing folders; at least one. */
  readonly roots: readonly string[];
  readonly dataDir: string;
}

/** Options that all commands of the index take, for `parseArgs`. */
export const PLACE_OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  root: { type: 'string', multiple: true },
  'data-dir': { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
} as const;

export const PLACE_USAGE = `  --root DIR       the folder (default: the git checkout that the current folder is in, else the current folder);
                   may be said several times
  --data-dir DIR   where Tabstop keeps its data (default $TABSTOP_DATA_DIR, else $XDG_DATA_HOME/tabstop,
                   else ~/.local/share/tabstop)
  -q, --quiet      no progress on standard error
  --help           this text

Settings of the index are those of the editor (tabstop.index.*). The key of an embedding service is taken from the
variable that the setting names, else from TABSTOP_EMBEDDING_KEY.
`;

export interface PlaceValues {
  readonly root?: readonly string[] | undefined;
  readonly 'data-dir'?: string | undefined;
}

/** @throws CommandError for a folder that is none. */
export function rootsFrom(values: PlaceValues, io: Pick<CliIo, 'cwd' | 'env'>): IndexRoots {
  const roots = values.root?.length ? values.root.map((root) => resolve(io.cwd, root)) : [checkoutOf(io.cwd)];
  for (const root of roots)
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw new CommandError(`${root} is no folder`);
  return { roots: [...new Set(roots)], dataDir: engineDataDir(values['data-dir'], io) };
}

/** The folder that holds `.git`, upwards from here; a worktree's is a file. */
function checkoutOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return folder;
  }
}

/** A path as a shell in `cwd` takes it; absolute where going there by `..` would be longer. */
export function shownPath(root: string, path: string, cwd: string): string {
  const absolute = join(root, path);
  const shown = relative(cwd, absolute);
  return shown === '' || shown.startsWith(`..${sep}..`) || isAbsolute(shown) ? absolute : shown;
}

export function wholeNumber(option: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new UsageError(`${option} must be a whole number from 1 to ${most}`);
  return value;
}
