import type { GramDisk } from '../../../src/index/grep/gram-disk.ts';

export interface MemoryDisk extends GramDisk {
  readonly files: Map<string, Uint8Array>;
  /** Calls that change something, from now on, until one throws; `undefined`: none does. */
  failAfter(calls: number | undefined): void;
  /** As the disk is after a crash: the same files, nothing half done. */
  afterCrash(): MemoryDisk;
}

export class DiskFull extends Error {}

export function memoryDisk(files = new Map<string, Uint8Array>()): MemoryDisk {
  let left: number | undefined;
  const step = () => {
    if (left !== undefined && left-- <= 0) throw new DiskFull('ENOSPC');
  };
  return {
    files,
    failAfter: (calls) => {
      left = calls;
    },
    afterCrash: () => memoryDisk(new Map(files)),
    readAll: (name) => files.get(name)?.slice(),
    open(name) {
      const bytes = files.get(name);
      if (!bytes) return undefined;
      return { size: bytes.length, read: (at, length) => Buffer.from(bytes.slice(at, at + length)), close: () => {} };
    },
    create(name) {
      step();
      const temporary = `${name}.1.tmp`;
      let content = Buffer.alloc(0);
      files.set(temporary, content);
      return {
        write(bytes) {
          step();
          content = Buffer.concat([content, bytes]);
          files.set(temporary, content);
        },
        finish() {
          step();
          files.delete(temporary);
          files.set(name, content);
        },
        abandon: () => void files.delete(temporary),
      };
    },
    remove(name) {
      step();
      files.delete(name);
    },
    list: () => [...files.keys()],
  };
}
