import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type DiskEffects, type DiskFile, listFiles, textOfBytes } from '../../workspace/disk-files.ts';
import { type Base, BaseBuilder } from './base.ts';
import { BaseFileError, readBase, writeBase } from './base-file.ts';

/** What building needs of the disk beyond reading the project. */
export interface BuildEffects extends DiskEffects {
  open(path: string, flags: string): Promise<FileHandle>;
  mkdir(path: string, options: { recursive: true }): Promise<unknown>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

export interface BuildRequest {
  readonly folders: readonly string[];
  readonly keys: 'absolute' | 'relative';
  /** Where the base is kept between starts; not at all without it. */
  readonly file: string | undefined;
  /** Build anew even if the kept one would do. */
  readonly fresh: boolean;
  /** Symbols at most; the default is for a memory of 300 MB. */
  readonly symbolLimit?: number;
}

export interface BuildProgress {
  readonly phase: 'listing' | 'reading' | 'sorting' | 'saving';
  /** Of `total`, in files. */
  readonly done: number;
  readonly total: number;
}

export interface Built {
  readonly base: Base;
  /** Files that differ from the base: their text, or `undefined` when they are gone. Empty when it was built now. */
  readonly changed: readonly (readonly [path: string, text: string | undefined])[];
  readonly from: 'disk' | 'sources';
  /** Why the kept base was not used, where there was one; for the log. */
  readonly rejected?: string;
  /** Why it could not be kept, if so; for the log. */
  readonly unsaved?: string;
}

/** A kept base is used with its differences laid over it, as long as these are no more than this share of its files. */
const STALE_SHARE = 0.05;
/** Files read at once: enough to keep a disk busy, few enough that their texts do not add up. */
const READERS = 16;

/** The base of `folders`: the kept one if its files are still what they were, else built from them and kept. */
export async function buildBase(
  request: BuildRequest,
  disk: BuildEffects,
  progress: (progress: BuildProgress) => void,
): Promise<Built> {
  progress({ phase: 'listing', done: 0, total: 0 });
  const files: DiskFile[] = [];
  for (const folder of request.folders) files.push(...(await listFiles(folder, { disk, keys: request.keys })));
  let rejected: string | undefined;
  if (request.file !== undefined && !request.fresh) {
    const kept = await load(request.file, disk);
    if (typeof kept === 'string') rejected = kept;
    else if (kept) {
      const changed = differences(kept, files);
      if (changed.length <= 8 + kept.files.length * STALE_SHARE) {
        const texts = changed.map(async ({ path, absolute }) => [path, await textOf(absolute, disk)] as const);
        return { base: kept, changed: await Promise.all(texts), from: 'disk' };
      }
      rejected = `${changed.length} of ${kept.files.length} files have changed`;
    }
  }
  const builder = new BaseBuilder(request.symbolLimit);
  for (let from = 0; from < files.length; from += READERS) {
    const batch = files.slice(from, from + READERS);
    const texts = await Promise.all(batch.map((file) => textOf(file.absolute, disk)));
    texts.forEach((text, index) => {
      const { path, modified, size } = batch[index]!;
      if (text !== undefined) builder.add({ path, modified, size }, text);
    });
    if (from % (READERS * 8) === 0) progress({ phase: 'reading', done: from, total: files.length });
  }
  progress({ phase: 'sorting', done: files.length, total: files.length });
  const base = builder.freeze();
  let unsaved: string | undefined;
  if (request.file !== undefined) {
    progress({ phase: 'saving', done: files.length, total: files.length });
    unsaved = await save(request.file, base, disk);
  }
  return { base, changed: [], from: 'sources', rejected, unsaved };
}

/** The kept base, a reason why it cannot be used, or `undefined` where there is none. */
async function load(file: string, disk: BuildEffects): Promise<Base | string | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await disk.open(file, 'r');
    const { size } = await handle.stat();
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    let at = 0;
    while (at < size) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(1 << 24, size - at), at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return readBase(bytes);
  } catch (error) {
    if (error instanceof BaseFileError) return error.message;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return String(error);
  } finally {
    await handle?.close();
  }
}

/** Written beside and renamed into place, so that a kill leaves the old one or the new one; why not, if it could not be. */
async function save(file: string, base: Base, disk: BuildEffects): Promise<string | undefined> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await disk.mkdir(dirname(file), { recursive: true });
    const handle = await disk.open(draft, 'w');
    try {
      for (const part of writeBase(base)) await handle.writeFile(part);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await disk.rename(draft, file);
    return undefined;
  } catch (error) {
    await disk.rm(draft, { force: true }).catch(() => undefined);
    return String(error);
  }
}

/** Files that are new, gone, or of another size or time than the base knows. */
function differences(base: Base, files: readonly DiskFile[]): { path: string; absolute: string }[] {
  const known = new Map(base.files.map((file) => [file.path, file]));
  const changed: { path: string; absolute: string }[] = [];
  for (const { path, absolute, size, modified } of files) {
    const stamp = known.get(path);
    known.delete(path);
    if (stamp?.size !== size || stamp.modified !== modified) changed.push({ path, absolute });
  }
  for (const path of known.keys()) changed.push({ path, absolute: path });
  return changed;
}

async function textOf(path: string, disk: DiskEffects): Promise<string | undefined> {
  try {
    return textOfBytes(await disk.readFile(path));
  } catch {
    return undefined;
  }
}
