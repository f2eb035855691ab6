import type { TerminalCommand } from '../source.ts';

/** Longer lines are no commands that a person reads before Enter. */
const MAX_LENGTH = 300;

/** One word, as it is or in single quotes; `undefined` where it holds what has no business in a name: control characters, quotes, dollar signs, …. */
export function shellWord(word: string): string | undefined {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  // A blank is common in folders; letters of any script are harmless within quotes. The rest is refused, not escaped.
  return /^[\p{L}\p{M}\p{N}_@%+=:,./ ()[\]-]+$/u.test(word) ? `'${word}'` : undefined;
}

/**
 * A line of fixed words and of `names` from the project. `undefined` where a name could be read as an option, or holds odd characters: what a project says is not
 * trusted to be harmless.
 * @param fixed our own words, as they are
 */
export function commandLine(fixed: readonly string[], names: readonly string[]): string | undefined {
  const words: string[] = [];
  for (const name of names) {
    const word = name.startsWith('-') ? undefined : shellWord(name);
    if (word === undefined || name === '') return undefined;
    words.push(word);
  }
  const line = [...fixed, ...words].join(' ');
  return line.length <= MAX_LENGTH ? line : undefined;
}

/** Text that a project gave for a command, such as the name of a script: plain words alone. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z0-9][\w:.-]*$/.test(name) && name.length <= 80;
}

/** A stop before it is a candidate. `score` is the chance that the user wants it, 0..1. */
export interface Stop {
  readonly command: TerminalCommand;
  readonly path: string;
  readonly score: number;
  readonly kind: 'install' | 'sync' | 'test' | 'generate';
}
