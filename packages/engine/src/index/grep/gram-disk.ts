import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** The one folder in which an n-gram index lies. All calls are synchronous: each takes microseconds, and the index has a thread of its own. */
export interface GramDisk {
  /** `undefined` where there is no such file. */
  readAll(name: string): Uint8Array | undefined;
  open(name: string): OpenFile | undefined;
  /** The file appears under its name with `finish`, whole, or not at all. Throws what the disk throws (full, no rights). */
  create(name: string): NewFile;
  remove(name: string): void;
  list(): readonly string[];
}

export interface OpenFile {
  readonly size: number;
  /** Fewer bytes than asked for at the end of the file. */
  read(position: number, length: number): Uint8Array;
  close(): void;
}

export interface NewFile {
  write(bytes: Uint8Array): void;
  finish(): void;
  /** Also after `finish` failed. */
  abandon(): void;
}

export function nodeGramDisk(folder: string): GramDisk {
  const missing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
  return {
    readAll(name) {
      try {
        return readFileSync(join(folder, name));
      } catch (error) {
        if (missing(error)) return undefined;
        throw error;
      }
    },
    open(name) {
      let descriptor: number;
      try {
        descriptor = openSync(join(folder, name), 'r');
      } catch (error) {
        if (missing(error)) return undefined;
        throw error;
      }
      return {
        size: fstatSync(descriptor).size,
        read(position, length) {
          const buffer = Buffer.allocUnsafe(length);
          let got = 0;
          while (got < length) {
            const count = readSync(descriptor, buffer, got, length - got, position + got);
            if (count === 0) break;
            got += count;
          }
          return buffer.subarray(0, got);
        },
        close: () => closeSync(descriptor),
      };
    },
    create(name) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const temporary = join(folder, `${name}.${process.pid}.tmp`);
      const descriptor = openSync(temporary, 'w', 0o600);
      let isOpen = true;
      const close = () => {
        if (isOpen) closeSync(descriptor);
        isOpen = false;
      };
      return {
        write(bytes) {
          for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at, bytes.length - at);
        },
        finish() {
          close();
          renameSync(temporary, join(folder, name));
        },
        abandon() {
          close();
          rmSync(temporary, { force: true });
        },
      };
    },
    remove: (name) => rmSync(join(folder, name), { force: true }),
    list() {
      try {
        return readdirSync(folder);
      } catch (error) {
        if (missing(error)) return [];
        throw error;
      }
    },
  };
}
