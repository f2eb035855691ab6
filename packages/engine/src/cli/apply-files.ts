import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { WriteEffects } from '@tabstop/apply';

/** Node's file system for `writeFilesAtomically`. */
export const nodeWriteEffects: WriteEffects = {
  async read(path) {
    const bytes = await orMissing(readFile(path));
    return bytes && { bytes, mode: (await stat(path)).mode & 0o7777 };
  },
  async follow(path) {
    return (await orMissing(realpath(path))) ?? path;
  },
  async create(path, bytes, mode) {
    const file = await open(path, 'wx', mode ?? 0o666);
    try {
      await file.writeFile(bytes);
      // The mode given to `open` is narrowed by the process's umask; that of the old file is kept as it was.
      if (mode !== undefined) await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: unlink,
  async makeFolderOf(path) {
    const first = await mkdir(dirname(path), { recursive: true });
    const made: string[] = [];
    for (let folder = dirname(path); first !== undefined && folder.length >= first.length; folder = dirname(folder))
      made.unshift(folder);
    return made;
  },
  removeFolder: rmdir,
  async syncFolderOf(path) {
    const folder = await orMissing(open(dirname(path), 'r'));
    // Some file systems cannot sync a folder; the rename has happened all the same.
    await folder?.sync().catch(() => {});
    await folder?.close();
  },
  temporaryName: (path) => join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`),
};

async function orMissing<T>(pending: Promise<T>): Promise<T | undefined> {
  try {
    return await pending;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
