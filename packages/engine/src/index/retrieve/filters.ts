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
  const glob = wanted.toLowerCase();
  const lower = path.toLowerCase();
  return wanted.includes('/') ? matchesGlob(lower, glob) : lower.split('/').some((part) => matchesGlob(part, glob));
}

/** Longer globs are no globs of a person. */
const MAX_GLOB = 200;

/**
 * `*` is anything but a slash, `**` anything, `?` one character but a slash, and a folder `**` may be none. By a set of states, not by backtracking: a glob of
 * many stars takes no more time than its length times that of the path.
 */
export function matchesGlob(path: string, glob: string): boolean {
  const steps = stepsOf(glob.slice(0, MAX_GLOB));
  let states = reached(new Set([0]), steps);
  for (const character of path) {
    const next = new Set<number>();
    /** Within a folder that `**` stands for: what follows begins behind its slash. */
    const within: number[] = [];
    for (const at of states) {
      const step = steps[at];
      if (step === '**') next.add(at);
      if (step === '**/') within.push(at);
      if (step === '**/' && character === '/') next.add(at + 1);
      else if (step === '*' && character !== '/') next.add(at);
      else if (step === character || (step === '?' && character !== '/')) next.add(at + 1);
    }
    states = reached(next, steps);
    for (const at of within) states.add(at);
    if (states.size === 0) return false;
  }
  return states.has(steps.length);
}

function stepsOf(glob: string): string[] {
  return (
    glob
      .match(/\*\*+\/|\*+|[^*]/gu)
      ?.map((step) => (/^\*{2,}\/$/.test(step) ? '**/' : /^\*{2,}$/.test(step) ? '**' : step)) ?? []
  );
}

/** With the states behind steps that may be nothing. */
function reached(states: Set<number>, steps: readonly string[]): Set<number> {
  for (const at of states) if (steps[at] === '*' || steps[at] === '**' || steps[at] === '**/') states.add(at + 1);
  return states;
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
