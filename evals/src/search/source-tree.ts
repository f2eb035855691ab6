import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export interface SourceTree {
  readonly files: number;
  readonly bytes: number;
}

export interface SourceTreeOptions {
  /** Folder of installed packages whose sources are copied. */
  readonly from: string;
  readonly target: string;
  /** At least so many bytes, and at most one file more; or so many files, whichever comes first. */
  readonly bytes: number;
  readonly files?: number;
  readonly seed: number;
}

const SOURCE = /\.(?:[cm]?[jt]sx?|json|md|css|html|py|cc?|cpp|rs|go|sh|ya?ml)$/;
/** Node's own C headers would be half of everything. */
const LEFT_OUT = new Set(['include', '.bin', '.cache', '.vite']);
const LONGEST_LINE = 400;

/**
 * Makes a tree of source files of a given size out of installed packages. Each copy of them has an eighth of its longer words exchanged for words
 * of its own, so that no two copies hold the same n-grams and a word of one copy is rare. The same seed gives the same tree.
 */
export async function makeSourceTree(options: SourceTreeOptions): Promise<SourceTree> {
  const sources = listSources(options.from);
  if (sources.length === 0) throw new Error(`no sources below ${options.from}`);
  let files = 0;
  let bytes = 0;
  for (let copy = 0; ; copy++) {
    for (const path of sources) {
      if (bytes >= options.bytes || files >= (options.files ?? Number.POSITIVE_INFINITY)) return { files, bytes };
      const text = await readFile(join(options.from, path), 'utf8');
      if (isUnusual(text)) continue;
      const varied = vary(text, options.seed + copy);
      const file = join(options.target, `project-${copy}`, renamed(path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, varied);
      files++;
      bytes += Buffer.byteLength(varied);
    }
  }
}

/** Folders that ignore rules and indexes leave out by their names get others. */
function renamed(path: string): string {
  return path.replace(/(^|\/)(?:node_modules|dist|build|out|lib|vendor)(?=\/)/g, '$1source');
}

function listSources(from: string): readonly string[] {
  const found: string[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) walk(path);
      else if (entry.isFile() && SOURCE.test(entry.name) && !/\.min\.|lock/.test(entry.name)) {
        const { size } = statSync(path);
        if (size >= 200 && size <= 200_000) found.push(relative(from, path).replaceAll('\\', '/'));
      }
    }
  };
  walk(from);
  return found.sort();
}

/** Minified, generated or not text: nothing that an index takes. */
function isUnusual(text: string): boolean {
  if (text.includes('\0') || text.includes('\ufffd')) return true;
  if (/@generated|do not edit/i.test(text.slice(0, 2_000))) return true;
  return text.split('\n').some((line) => line.length > LONGEST_LINE);
}

function vary(text: string, seed: number): string {
  return text.replace(/[A-Za-z_][A-Za-z0-9_]{5,}/g, (word) => {
    const hash = mixed(word, seed);
    return hash % 8 === 0 ? `${word.slice(0, 3)}${syllables(hash >>> 3)}` : word;
  });
}

/** FNV-1a over the characters. */
function mixed(word: string, seed: number): number {
  let hash = (0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1)) >>> 0;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}

function syllables(number: number): string {
  let text = '';
  for (let rest = number; rest > 0; rest = Math.floor(rest / 105))
    text += 'bcdfghklmnprstvwxyzjq'[rest % 21]! + 'aeiou'[Math.floor(rest / 21) % 5]!;
  return text;
}
