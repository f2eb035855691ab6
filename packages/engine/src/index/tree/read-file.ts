import { constants, type Stats } from 'node:fs';
import type { TreeDisk } from '../files/disk.ts';
import type { FileStat } from './folder-node.ts';

export interface SteadyRead {
  readonly bytes: Uint8Array;
  readonly stat: FileStat;
  /** The file stayed the same from before the first byte to after the last. */
  readonly steady: boolean;
}

const TRIES = 3;
/** A link put in place of a file since it was listed is not followed; a pipe put there does not hang. */
const FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a file that did not change while they were read; after some tries, what there was last, said to be unsteady. Throws what the disk throws,
 * and `NotAFileError` for anything but a file of at most `maxBytes`.
 */
export function readSteady(disk: TreeDisk, path: string, maxBytes: number): SteadyRead {
  for (let attempt = 1; ; attempt++) {
    const descriptor = disk.openSync(path, FLAGS);
    try {
      const before = disk.fstatSync(descriptor);
      if (!before.isFile()) throw new NotAFileError(path, 'not a regular file');
      if (before.size > maxBytes) throw new NotAFileError(path, 'too large');
      const bytes = readAll(disk, descriptor, before.size);
      const after = disk.fstatSync(descriptor);
      const steady = sameStat(statOf(before), statOf(after)) && bytes.length === after.size;
      if (steady || attempt >= TRIES) return { bytes, stat: statOf(after), steady };
    } finally {
      disk.closeSync(descriptor);
    }
  }
}

export class NotAFileError extends Error {
  readonly path: string;
  constructor(path: string, why: 'not a regular file' | 'too large') {
    super(why);
    this.name = 'NotAFileError';
    this.path = path;
  }
}

export function statOf(stats: Stats): FileStat {
  return { size: stats.size, modified: stats.mtimeMs, changed: stats.ctimeMs, inode: stats.ino };
}

export function sameStat(a: FileStat, b: FileStat): boolean {
  return a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;
}

/** Slack for file systems that keep whole seconds (FAT: two), and for those that keep fractions (a tick of the kernel is at most 10 ms). */
const COARSE = 2_100;
const FINE = 100;

/**
 * Whether a file read at `readAt` (milliseconds since 1970) may have changed after that without its times showing it. As git's rule for racily clean entries,
 * but against the time of reading: a change time in the future (a clock that was set back) is in doubt for as long as it lies there.
 */
export function isRacy(stat: FileStat, readAt: number): boolean {
  const slack = stat.changed % 1_000 === 0 ? COARSE : FINE;
  return Math.max(stat.modified, stat.changed) >= readAt - slack;
}

function readAll(disk: TreeDisk, descriptor: number, size: number): Uint8Array {
  // One byte more shows that the file has grown.
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const count = disk.readSync(descriptor, buffer, length, buffer.length - length, length);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}
