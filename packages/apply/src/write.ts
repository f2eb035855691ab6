import type { ApplyResult } from './result.ts';

/** One file as it has to be afterwards; `expected` is what was read, undefined for a file that must not exist yet. */
export interface FileWrite {
  readonly path: string;
  readonly expected: string | undefined;
  /** Undefined deletes the file. */
  readonly text: string | undefined;
}

/** The file system, as far as writing atomically needs it. Paths are absolute; all reject with the system's error. */
export interface WriteEffects {
  /** Content and permission bits; undefined where there is no such file. */
  read(path: string): Promise<{ readonly bytes: Uint8Array; readonly mode: number } | undefined>;
  /** The file behind a symbolic link, so that the link survives; the path itself where there is none. */
  follow(path: string): Promise<string>;
  /** Creates a file that must not exist, and has its bytes on disk before it returns. */
  create(path: string, bytes: Uint8Array, mode: number | undefined): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes the folder of `path` and its parents; returns those it made, outermost first. */
  makeFolderOf(path: string): Promise<readonly string[]>;
  removeFolder(path: string): Promise<void>;
  /** Has the names in the folder of `path` on disk. */
  syncFolderOf(path: string): Promise<void>;
  /** A name beside `path` that nothing has. */
  temporaryName(path: string): string;
}

/** A file is not what it was when the edit was made (or is not UTF-8); nothing was written. */
export class ChangedSinceReadError extends Error {
  override readonly name = 'ChangedSinceReadError';
  readonly paths: readonly string[];
  constructor(paths: readonly string[]) {
    super(`changed since it was read: ${paths.join(', ')}`);
    this.paths = paths;
  }
}

/** Writing failed; `restored` says whether every file is as it was. `unrestored` maps each other file to its saved copy. */
export class WriteFailedError extends Error {
  override readonly name = 'WriteFailedError';
  readonly unrestored: ReadonlyMap<string, string>;
  constructor(cause: unknown, unrestored: ReadonlyMap<string, string>) {
    super(`could not write: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.unrestored = unrestored;
  }
  get restored(): boolean {
    return this.unrestored.size === 0;
  }
}

/** Two results want the same file, or a move goes where a file is written; nothing can be written. */
export class WritePlanError extends Error {
  override readonly name = 'WritePlanError';
}

/** The writes that a set of results asks for. All results have to be complete: half an edit is not written. */
export function planWrites(
  results: readonly {
    readonly path: string;
    readonly original: string | undefined;
    readonly result: ApplyResult;
    readonly moveTo?: string;
  }[],
): FileWrite[] {
  const writes: FileWrite[] = [];
  for (const { path, original, result, moveTo } of results) {
    if (!result.complete) throw new WritePlanError(`the edit of ${path} is not complete`);
    if (result.deleted) writes.push({ path, expected: original, text: undefined });
    else if (moveTo !== undefined && moveTo !== path) {
      writes.push(
        { path: moveTo, expected: undefined, text: result.text },
        { path, expected: original, text: undefined },
      );
    } else if (result.text !== original) writes.push({ path, expected: original, text: result.text });
  }
  const seen = new Set<string>();
  for (const { path } of writes) {
    if (seen.has(path)) throw new WritePlanError(`${path} would be written twice`);
    seen.add(path);
  }
  return writes;
}

interface Prepared {
  readonly write: FileWrite;
  readonly target: string;
  readonly bytes: Uint8Array | undefined;
  readonly mode: number | undefined;
  temporary?: string;
  backup?: string;
  done?: boolean;
}

/**
 * All files or none: every new content and a copy of every old one is on disk beside its target before the first rename.
 * A file that changed since it was read stops it all before anything is touched; a failure later takes the copies back.
 * Rejects with `ChangedSinceReadError` or `WriteFailedError`.
 */
export async function writeFilesAtomically(effects: WriteEffects, writes: readonly FileWrite[]): Promise<void> {
  const prepared = await readAll(effects, writes);
  const folders: string[] = [];
  try {
    for (const file of prepared) {
      if (file.write.text !== undefined) {
        folders.push(...(await effects.makeFolderOf(file.target)));
        const temporary = effects.temporaryName(file.target);
        file.temporary = temporary;
        await effects.create(temporary, new TextEncoder().encode(file.write.text), file.mode);
      }
      if (file.bytes !== undefined) {
        const backup = effects.temporaryName(file.target);
        file.backup = backup;
        await effects.create(backup, file.bytes, file.mode);
      }
    }
    const changed = await changedAmong(effects, prepared);
    if (changed.length > 0) throw new ChangedSinceReadError(changed);
    for (const file of prepared) {
      file.done = true;
      if (file.temporary !== undefined) await effects.rename(file.temporary, file.target);
      else await effects.remove(file.target);
    }
    for (const file of prepared) await effects.syncFolderOf(file.target);
  } catch (cause) {
    const unrestored = await restore(effects, prepared, folders);
    if (cause instanceof ChangedSinceReadError && unrestored.size === 0) throw cause;
    throw new WriteFailedError(cause, unrestored);
  }
  // The files are in place: a copy that cannot be removed is litter, not a failure.
  for (const file of prepared) if (file.backup !== undefined) await effects.remove(file.backup).catch(() => {});
}

async function readAll(effects: WriteEffects, writes: readonly FileWrite[]): Promise<Prepared[]> {
  const prepared: Prepared[] = [];
  const changed: string[] = [];
  for (const write of writes) {
    const target = await effects.follow(write.path);
    const now = await effects.read(target);
    if (!matches(write.expected, now?.bytes)) changed.push(write.path);
    prepared.push({ write, target, bytes: now?.bytes, mode: now?.mode });
  }
  if (changed.length > 0) throw new ChangedSinceReadError(changed);
  return prepared;
}

async function changedAmong(effects: WriteEffects, prepared: readonly Prepared[]): Promise<string[]> {
  const changed: string[] = [];
  for (const file of prepared) {
    const now = await effects.read(file.target);
    if (!matches(file.write.expected, now?.bytes)) changed.push(file.write.path);
  }
  return changed;
}

/** Byte for byte: a file that is not UTF-8 never equals its decoded text, and so is never written back mangled. */
function matches(expected: string | undefined, bytes: Uint8Array | undefined): boolean {
  if (expected === undefined || bytes === undefined) return expected === undefined && bytes === undefined;
  const wanted = new TextEncoder().encode(expected);
  return wanted.length === bytes.length && wanted.every((byte, i) => byte === bytes[i]);
}

async function restore(
  effects: WriteEffects,
  prepared: readonly Prepared[],
  folders: readonly string[],
): Promise<Map<string, string>> {
  const unrestored = new Map<string, string>();
  for (const file of [...prepared].reverse()) {
    try {
      if (file.done && file.backup !== undefined) {
        await effects.rename(file.backup, file.target);
        file.backup = undefined;
      } else if (file.done && (await effects.read(file.target)) !== undefined) await effects.remove(file.target);
    } catch {
      unrestored.set(file.target, file.backup ?? '');
      continue;
    }
    for (const litter of [file.temporary, file.backup])
      if (litter !== undefined) await effects.remove(litter).catch(() => {});
  }
  for (const folder of [...folders].reverse()) await effects.removeFolder(folder).catch(() => {});
  return unrestored;
}
