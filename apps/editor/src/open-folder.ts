import { constants, type Stats } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { LaunchError } from './launch-error.ts';

/** What of the file system is needed to judge a folder. */
export interface FolderAccess {
  stat(path: string): Promise<Pick<Stats, 'isDirectory' | 'isFile'>>;
  access(path: string, mode: number): Promise<void>;
  realpath(path: string): Promise<string>;
}

export type Opened = { readonly kind: 'folder' | 'workspace'; readonly path: string };

/**
 * The absolute path of what the user wants to open: a folder, or a `.code-workspace` file.
 * Throws `LaunchError` with what to do when it does not exist, is another file, or may not be read.
 */
export async function resolveOpened(typed: string, cwd: string, fs: FolderAccess): Promise<Opened> {
  // A shell expands `~` only where it is not quoted; people quote paths with spaces.
  const path = resolve(cwd, typed === '~' || typed.startsWith('~/') ? homedir() + typed.slice(1) : typed);
  try {
    const stats = await fs.stat(path);
    if (!stats.isDirectory()) {
      if (stats.isFile() && path.endsWith('.code-workspace')) {
        await fs.access(path, constants.R_OK);
        return { kind: 'workspace', path: await fs.realpath(path) };
      }
      throw new LaunchError(`${path} is a file. Tabstop opens folders: give the folder it is in.`);
    }
    await fs.access(path, constants.R_OK | constants.X_OK);
    return { kind: 'folder', path: await fs.realpath(path) };
  } catch (error) {
    if (error instanceof LaunchError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new LaunchError(`${path} does not exist. Check the spelling, or create it first.`);
    if (code === 'ENOTDIR') throw new LaunchError(`${path} does not exist: a part of that path is a file.`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new LaunchError(`${path} may not be read by you. Change its permissions, or open another folder.`);
    }
    if (code === 'ELOOP') throw new LaunchError(`${path} is a symbolic link that leads back to itself.`);
    throw new LaunchError(`${path} cannot be opened: ${(error as Error).message}`, undefined, { cause: error });
  }
}
