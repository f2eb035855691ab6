import type { Dirent, Stats } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { WorkspaceFiles } from './files.ts';
import { IgnoreRules, isGeneratedName, isManifestName } from './ignore-rules.ts';
import { isSecretFolder, isSecretName } from './secret-names.ts';
import { languageOf } from './languages.ts';

/** The part of `node:fs/promises` that is used; a parameter so that tests can put a disk of their own in. */
export interface DiskEffects {
  readdir(path: string, options: { withFileTypes: true }): Promise<Dirent[]>;
  stat(path: string): Promise<Stats>;
  realpath(path: string): Promise<string>;
  readFile(path: string): Promise<Uint8Array>;
}

/** Larger files are hardly written by hand, and cost more than they tell. */
export const MAX_FILE_BYTES = 512 * 1024;
/** Lines this long on average are minified or data. */
const MAX_MEAN_LINE = 300;
/** Files listed at most, so that a home folder opened by mistake does not take the machine. */
export const MAX_FILES = 60_000;

/** A file worth reading. `path` is its key: absolute, or relative to the folder where asked for. */
export interface DiskFile {
  readonly path: string;
  readonly absolute: string;
  /** Bytes, and milliseconds since the epoch. */
  readonly size: number;
  readonly modified: number;
}

export interface ListOptions {
  readonly disk: DiskEffects;
  readonly signal?: AbortSignal;
  /** How files are named: by absolute path as an editor does (the default), or relative to the folder with `/`. */
  readonly keys?: 'absolute' | 'relative';
  readonly maxFiles?: number;
}

/**
 * The text files of a folder in a stable order, the ignore rules of git and `.tabstopignore` obeyed; no secrets, nothing generated or larger than
 * `MAX_FILE_BYTES`, and nothing through symbolic links (so nothing outside the folder, and no cycles). Each directory is a slice: the event loop turns between them.
 * A directory that cannot be read is left out.
 */
export async function listFiles(folder: string, options: ListOptions): Promise<DiskFile[]> {
  const { disk, signal } = options;
  const rules = new IgnoreRules((path) => readText(disk, join(folder, path)));
  const files: DiskFile[] = [];
  const limit = options.maxFiles ?? MAX_FILES;
  const pending = [''];
  while (pending.length > 0 && files.length < limit) {
    signal?.throwIfAborted();
    const directory = pending.pop()!;
    let entries: Dirent[];
    try {
      entries = await disk.readdir(join(folder, directory), { withFileTypes: true });
    } catch {
      continue;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const below: string[] = [];
    const found = entries.map(async (entry): Promise<DiskFile | undefined> => {
      const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!isSecretFolder(entry.name) && !(await rules.ignores(path, true))) below.push(path);
        return undefined;
      }
      if (!entry.isFile() || !isReadableName(entry.name) || (await rules.ignores(path, false))) return undefined;
      const absolute = join(folder, path);
      const stats = await disk.stat(absolute).catch(() => undefined);
      if (!stats?.isFile() || stats.size > MAX_FILE_BYTES || stats.size === 0) return undefined;
      return {
        path: options.keys === 'relative' ? path : absolute,
        absolute,
        size: stats.size,
        modified: stats.mtimeMs,
      };
    });
    for (const file of await Promise.all(found)) if (file && files.length < limit) files.push(file);
    below.sort().reverse();
    pending.push(...below);
  }
  return files;
}

/** Whether a file of this name is text that a person wrote, as far as a name can tell. */
export function isReadableName(name: string): boolean {
  return languageOf(name) !== 'plaintext' && !isSecretName(name) && !isGeneratedName(name);
}

/** The text of a file's bytes, or `undefined` where it is binary, minified, or no UTF-8. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8_000).includes(0)) return undefined;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
  if (text.length > 4 * MAX_MEAN_LINE) {
    let lines = 1;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
    if (text.length / lines > MAX_MEAN_LINE) return undefined;
  }
  return text;
}

/** Memory of the cache of `diskFiles`, in code units. */
const CACHE_UNITS = 8_000_000;
/** The same files are read for each key: for so long what was read counts as what is there. Milliseconds. */
const TRUSTED = 500;

/**
 * Reads the files of `folders` for sources, with the same exclusions as `listFiles`. A path that leads out of the folders, by `..` or through a link, is
 * `undefined` like one that does not exist. Texts are cached up to `CACHE_UNITS`, least recently used first out, and checked by `stat` again after `TRUSTED`.
 */
export function diskFiles(
  folders: readonly string[],
  options: Omit<ListOptions, 'signal' | 'maxFiles'> & { readonly now: () => number },
): WorkspaceFiles {
  const { disk, now } = options;
  const rules = new Map(
    folders.map((folder) => [folder, new IgnoreRules((path) => readText(disk, join(folder, path)))]),
  );
  const realFolders = new Map<string, Promise<string>>();
  const cache = new Map<string, { text: string | undefined; size: number; modified: number; checked: number }>();
  let units = 0;
  const drop = (path: string): void => {
    units -= cache.get(path)?.text?.length ?? 0;
    cache.delete(path);
  };
  const locate = async (path: string): Promise<string | undefined> => {
    for (const folder of folders) {
      const absolute = isAbsolute(path) ? path : join(folder, path);
      const below = relative(folder, absolute);
      if (below === '' || below.startsWith('..') || isAbsolute(below)) continue;
      const name = below.slice(below.lastIndexOf(sep) + 1);
      if ((!isReadableName(name) && !isManifestName(name)) || below.split(sep).some(isSecretFolder)) return undefined;
      if (await rules.get(folder)!.ignores(below.split(sep).join('/'), false)) return undefined;
      let real = realFolders.get(folder);
      if (!real) {
        real = disk.realpath(folder);
        realFolders.set(folder, real);
      }
      const realFolder = await real;
      const target = await disk.realpath(absolute);
      const inside = target.startsWith(realFolder.endsWith(sep) ? realFolder : realFolder + sep);
      // A link of an innocent name may point to a secret.
      const targetName = target.slice(target.lastIndexOf(sep) + 1);
      const behind = inside ? target.slice(realFolder.length).split(sep) : [];
      const isOpen = (isReadableName(targetName) || isManifestName(targetName)) && !behind.some(isSecretFolder);
      return inside && isOpen ? target : undefined;
    }
    return undefined;
  };
  return {
    async read(path) {
      try {
        const known = cache.get(path);
        if (known && now() - known.checked < TRUSTED) return known.text;
        const checked = now();
        const file = await locate(path);
        if (file === undefined) {
          drop(path);
          return undefined;
        }
        const stats = await disk.stat(file);
        if (known && known.size === stats.size && known.modified === stats.mtimeMs) {
          cache.delete(path);
          cache.set(path, { ...known, checked });
          return known.text;
        }
        drop(path);
        if (!stats.isFile() || stats.size > MAX_FILE_BYTES) return undefined;
        const text = textOfBytes(await disk.readFile(file));
        drop(path);
        cache.set(path, { text, size: stats.size, modified: stats.mtimeMs, checked });
        units += text?.length ?? 0;
        for (const oldest of cache.keys()) {
          if (units <= CACHE_UNITS) break;
          drop(oldest);
        }
        return text;
      } catch {
        // Gone or not readable between two calls: the same to a source as never there.
        return undefined;
      }
    },
    changed(paths) {
      for (const path of paths) drop(path);
    },
    async has(path) {
      for (const folder of folders) {
        const absolute = isAbsolute(path) ? path : join(folder, path);
        const below = relative(folder, absolute);
        if (below === '' || below.startsWith('..') || isAbsolute(below)) continue;
        return (await disk.stat(absolute).catch(() => undefined))?.isFile() ?? false;
      }
      return false;
    },
  };
}

async function readText(disk: DiskEffects, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await disk.readFile(path));
  } catch {
    return undefined;
  }
}
