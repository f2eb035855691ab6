import type { CatalogFile } from './catalog.ts';
import type { Filter } from './query.ts';

/** Whether a file passes the `path:` and `lang:` filters: each of those that exclude, and one of those that ask for each field. */
export function passesFile(file: Pick<CatalogFile, 'path' | 'language'>, filters: readonly Filter[]): boolean {
  return (
    passes(filters, 'path', (value) => matchesPath(file.path, value)) &&
    passes(filters, 'lang', (value) => matchesLanguage(file.language, file.path, value))
  );
}

export function passesSymbol(symbol: string | undefined, filters: readonly Filter[]): boolean {
  return passes(filters, 'symbol', (value) => symbol?.toLowerCase().includes(value.toLowerCase()) ?? false);
}

function passes(filters: readonly Filter[], field: Filter['field'], matches: (value: string) => boolean): boolean {
  const ours = filters.filter((filter) => filter.field === field);
  const wanted = ours.filter((filter) => !filter.exclude);
  return (
    (wanted.length === 0 || wanted.some((filter) => matches(filter.value))) &&
    !ours.some((filter) => filter.exclude && matches(filter.value))
  );
}

/** `src/tab` anywhere in the path, letter case aside; with `*` or `?` a glob over the path or, without a slash, over any part of it. */
function matchesPath(path: string, value: string): boolean {
  const wanted = value.replaceAll('\\', '/').replace(/^\.?\//, '');
  if (!/[*?]/.test(wanted)) return path.toLowerCase().includes(wanted.toLowerCase());
  const pattern = globPattern(wanted);
  return wanted.includes('/') ? pattern.test(path) : path.split('/').some((part) => pattern.test(part));
}

const patterns = new Map<string, RegExp>();

function globPattern(glob: string): RegExp {
  let pattern = patterns.get(glob);
  if (pattern === undefined) {
    // Runs of stars become one, so that no pattern can take exponential time.
    const source = glob
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll(/\*\*\/|\*+|\?/g, (wild) =>
        wild === '**/' ? '(?:.*/)?' : wild === '?' ? '[^/]' : wild.length > 1 ? '.*' : '[^/]*',
      );
    pattern = new RegExp(`^${source}$`, 'i');
    if (patterns.size > 100) patterns.clear();
    patterns.set(glob, pattern);
  }
  return pattern;
}

const LANGUAGE_NAMES: Readonly<Record<string, readonly string[]>> = {
  ts: ['typescript', 'typescriptreact'],
  typescript: ['typescript', 'typescriptreact'],
  js: ['javascript', 'javascriptreact'],
  javascript: ['javascript', 'javascriptreact'],
  py: ['python'],
  rb: ['ruby'],
  rs: ['rust'],
  golang: ['go'],
  md: ['markdown'],
  sh: ['shellscript'],
  bash: ['shellscript'],
  shell: ['shellscript'],
  'c++': ['cpp'],
  'c#': ['csharp'],
  cs: ['csharp'],
  yml: ['yaml'],
};

/** A language by its id or a usual short name, or a file ending. */
function matchesLanguage(language: string, path: string, value: string): boolean {
  const wanted = value.toLowerCase();
  return (LANGUAGE_NAMES[wanted] ?? [wanted]).includes(language) || path.toLowerCase().endsWith(`.${wanted}`);
}
