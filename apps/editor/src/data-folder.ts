import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { LaunchError } from './launch-error.ts';

/** Everything Tabstop keeps on disk. Nothing of it is ever inside a project. */
export interface DataFolder {
  readonly root: string;
  /** VS Code's user data: settings, keybindings, state, logs. */
  readonly user: string;
  readonly extensions: string;
  readonly server: string;
  /** Where the running editor keeps its lock. */
  readonly run: string;
  /** The running editor's control socket; outside `root` when that path is too long for a socket. */
  readonly control: string;
}

/** A Unix socket's path has 108 bytes on Linux and 104 on macOS, the closing zero included. */
const SOCKET_PATH_BYTES = 103;

/** Pure: where things lie for these parameters. `--data-dir` wins over `$XDG_DATA_HOME`, relative values of that are ignored as XDG says. */
export function locateDataFolder(
  parameters: {
    readonly dataDir: string | undefined;
    readonly cwd: string;
    readonly home: string;
    readonly temporary?: string;
  },
  environment: Readonly<Record<string, string | undefined>>,
): DataFolder {
  const xdg = environment.XDG_DATA_HOME;
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(parameters.home, '.local', 'share');
  const root = parameters.dataDir === undefined ? join(base, 'tabstop') : resolve(parameters.cwd, parameters.dataDir);
  const run = join(root, 'run');
  let control = join(run, 'control.sock');
  if (Buffer.byteLength(control) > SOCKET_PATH_BYTES) {
    const name = createHash('sha256').update(root).digest('hex').slice(0, 24);
    control = join(parameters.temporary ?? tmpdir(), `tabstop-${name}`, 'control.sock');
  }
  return {
    root,
    user: join(root, 'user'),
    extensions: join(root, 'extensions'),
    server: join(root, 'server'),
    run,
    control,
  };
}

/** Creates the folders, private to the user. Throws `LaunchError` with what to do. */
export function createDataFolder(folder: DataFolder): void {
  try {
    for (const path of [folder.root, folder.user, folder.extensions, folder.server, folder.run]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    chmodSync(folder.run, 0o700);
    const controlFolder = join(folder.control, '..');
    if (controlFolder !== folder.run) {
      mkdirSync(controlFolder, { recursive: true, mode: 0o700 });
      const stats = lstatSync(controlFolder);
      // Others can make names in the temporary folder: a folder that is not ours could hand our socket to them.
      if (!stats.isDirectory() || stats.uid !== process.getuid?.() || (stats.mode & 0o077) !== 0) {
        throw new LaunchError(`${controlFolder} belongs to somebody else. Remove it, or use a shorter --data-dir.`);
      }
    }
  } catch (error) {
    if (error instanceof LaunchError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC')
      throw new LaunchError(`The disk is full: no room for ${folder.root}. Free some, or use --data-dir.`);
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new LaunchError(
        `${folder.root} cannot be a folder because a file is in the way. Move it, or use --data-dir.`,
      );
    }
    throw new LaunchError(
      `The data folder ${folder.root} cannot be written (${code ?? (error as Error).message}). Change its permissions, or use --data-dir.`,
      undefined,
      { cause: error },
    );
  }
}

/** A secret of `bytes` random bytes that stays the same from start to start, readable by the user alone. */
export function keptSecret(path: string, bytes: number): Buffer {
  try {
    const kept = readFileSync(path);
    if (kept.length === bytes) {
      chmodSync(path, 0o600);
      return kept;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const secret = randomBytes(bytes);
  writeFileSync(path, secret, { mode: 0o600 });
  return secret;
}
