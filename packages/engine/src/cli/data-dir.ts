import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { CliIo } from './io.ts';

/** Where the engine of the editor keeps its state, below Tabstop's data folder. */
export function engineDataDir(dataDir: string | undefined, io: Pick<CliIo, 'cwd' | 'env'>): string {
  const chosen = dataDir ?? (io.env.TABSTOP_DATA_DIR || undefined);
  const xdg = io.env.XDG_DATA_HOME;
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(io.env.HOME ?? homedir(), '.local', 'share');
  const root = chosen === undefined ? join(base, 'tabstop') : resolve(io.cwd, chosen);
  return join(root, 'engine');
}
