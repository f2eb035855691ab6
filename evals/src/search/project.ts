import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Project {
  /** Relative to the folder. */
  readonly paths: readonly string[];
  readonly bytes: number;
}

const SOURCE = /\.(?:[cm]?[jt]sx?|py|css|md)$/;
const LEFT_OUT = new Set(['.bin', '.cache', '.vite', '@tabstop']);

/**
 * Fills a folder with so many sources of installed packages, as they are: 2.4 to 40 KB each (2,500 are 20 MB), none minified, chosen by the hash of their path, so that the same
 * packages give the same project. @throws where fewer are installed
 */
export function makeProject(nodeModules: string, folder: string, count: number): Project {
  const found: string[] = [];
  const walk = (relative: string) => {
    for (const entry of readdirSync(join(nodeModules, relative), { withFileTypes: true })) {
      const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) walk(path);
      else if (entry.isFile() && SOURCE.test(entry.name) && !/\.min\.|\.d\.[cm]ts$/.test(entry.name)) found.push(path);
    }
  };
  walk('');
  const chosen = found
    .map((path) => [createHash('sha256').update(path).digest('hex'), path] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, path]) => path);
  const paths: string[] = [];
  let bytes = 0;
  for (const path of chosen) {
    if (paths.length === count) break;
    const { size } = statSync(join(nodeModules, path));
    if (size < 2_400 || size > 40_000 || !isWritten(readFileSync(join(nodeModules, path), 'utf8'))) continue;
    // Folders of these names would be left out of the index: their files are the project here.
    const target = join('src', path.replaceAll(/(^|\/)(?:node_modules|dist|build|out|vendor)(?=\/)/g, '$1part'));
    mkdirSync(dirname(join(folder, target)), { recursive: true });
    copyFileSync(join(nodeModules, path), join(folder, target));
    paths.push(target);
    bytes += size;
  }
  if (paths.length < count) throw new Error(`only ${paths.length} sources are installed, ${count} are wanted`);
  return { paths, bytes };
}

/** Lines as a person makes them. */
function isWritten(text: string): boolean {
  return text.length / text.split('\n').length < 100;
}

/** Questions of the kind that a user asks: first lines of comments in the files, evenly spread. */
export function questionsOf(folder: string, paths: readonly string[], count: number): string[] {
  const questions: string[] = [];
  for (const path of paths) {
    const text = readFileSync(join(folder, path), 'utf8');
    const match = /^\s*(?:\/\/|\*|#)\s*([A-Z][a-z]+(?: [\w'-]+){3,12})\.?\s*$/m.exec(text);
    if (match) questions.push(match[1]!);
  }
  return Array.from(
    { length: Math.min(count, questions.length) },
    (_, index) => questions[Math.floor((index * questions.length) / count)] ?? questions[index]!,
  );
}
