import { constants, type Dirent, type Stats } from 'node:fs';

/**
 * The part of `node:fs` that the tree uses; a parameter so that tests can make it fail. Calls are synchronous: they run in the index's own thread, where a
 * `lstat` costs 2 µs instead of 25, and the callers give way to the event loop between slices.
 */
export interface TreeDisk {
  readdirSync(path: string, options: { withFileTypes: true }): Dirent[];
  lstatSync(path: string): Stats;
  realpathSync(path: string): string;
  openSync(path: string, flags: number | string, mode?: number): number;
  fstatSync(descriptor: number): Stats;
  readSync(descriptor: number, buffer: Uint8Array, offset: number, length: number, position: number | null): number;
  writeSync(descriptor: number, buffer: Uint8Array, offset: number, length: number): number;
  closeSync(descriptor: number): void;
  mkdirSync(path: string, options: { recursive: true; mode: number }): string | undefined;
  renameSync(from: string, to: string): void;
  unlinkSync(path: string): void;
}

/** The content of a small file that the rules come from; `undefined` where there is none or it cannot be read. A link is followed unless told. */
export function readSmall(
  disk: TreeDisk,
  path: string,
  options: { readonly follow: boolean; readonly limit?: number },
): Uint8Array | undefined {
  try {
    if (!options.follow && !disk.lstatSync(path).isFile()) return undefined;
    const descriptor = disk.openSync(path, READ);
    try {
      const stats = disk.fstatSync(descriptor);
      const { size } = stats;
      if (!stats.isFile() || size > (options.limit ?? MAX_SMALL)) return undefined;
      const bytes = new Uint8Array(size);
      let length = 0;
      while (length < size) {
        const count = disk.readSync(descriptor, bytes, length, size - length, length);
        if (count === 0) break;
        length += count;
      }
      return bytes.subarray(0, length);
    } finally {
      disk.closeSync(descriptor);
    }
  } catch {
    // Not there, a folder, no permission: no rules come from it, as in git.
    return undefined;
  }
}

/** A configuration may name a pipe: it is not waited for. */
const READ = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
/** Git gives up on larger ignore files too. */
const MAX_SMALL = 100 * 1024 * 1024;
