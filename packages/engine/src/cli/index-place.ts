import { existsSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { IndexSettings } from '@tabstop/protocol';
import { readIndexSettings } from '../server/index-settings-file.ts';
import { CommandError, type CliIo, UsageError } from './io.ts';
import { engineDataDir } from './tab.ts';

/** Which index a command works on. */
export interface IndexPlace {
  /** Absolute, existing folders; at least one. */
  readonly roots: readonly string[];
  readonly dataDir: string;
  readonly settings: IndexSettings;
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
export function placeFrom(values: PlaceValues, io: Pick<CliIo, 'cwd' | 'env'>): IndexPlace {
  const dataDir = engineDataDir(values['data-dir'], io);
  const settings = readIndexSettings(dataDir);
  const { keyVariable } = settings.embedding;
  const key = (keyVariable && io.env[keyVariable]) || io.env.TABSTOP_EMBEDDING_KEY || '';
  const roots = values.root?.length ? values.root.map((root) => resolve(io.cwd, root)) : [checkoutOf(io.cwd)];
  for (const root of roots)
    if (!statSync(root, { throwIfNoEntry: false })?.isDirectory()) throw new CommandError(`${root} is no folder`);
  return { roots: [...new Set(roots)], dataDir, settings: { ...settings, embedding: { ...settings.embedding, key } } };
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
