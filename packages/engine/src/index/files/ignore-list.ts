import { compileGlob, type Glob, lowerAscii } from './glob.ts';

/** One line of an ignore file. */
export interface IgnorePattern {
  /** As written, for the user. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Starts with `!`: what it matches is taken in again. */
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** Without a slash inside: matched against the name alone. */
  readonly nameOnly: boolean;
  /** What has to stand at the start, byte for byte, and what has to match behind it. */
  readonly prefix: string;
  readonly rest: Glob | undefined;
  /** `*` and a literal: matched by the end of the name. */
  readonly suffix: string | undefined;
  /** Whether `rest` is empty, so that prefix and text have to be equal. */
  readonly literal: boolean;
}

/** The patterns of one file, which hold below its folder. The last one that matches decides. */
export interface IgnoreList {
  /** For the user: where the patterns come from. */
  readonly source: string;
  readonly patterns: readonly IgnorePattern[];
  /**
   * `name` and `path` (below the list's folder) are byte strings of the same entry.
   * Answers `undefined` where no pattern matches; a negated one takes the entry in again.
   */
  match(name: string, path: string, isFolder: boolean): IgnorePattern | undefined;
}

/** One code unit per UTF-8 byte: what patterns are matched on. */
export function byteString(text: string): string {
  // The common case costs no copy.
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** `bytes` is the content of an ignore file; `undefined` where it holds no pattern. */
export function parseIgnoreList(bytes: Uint8Array, source: string, ignoreCase: boolean): IgnoreList | undefined {
  let content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (content.startsWith('\xef\xbb\xbf')) content = content.slice(3);
  const patterns: IgnorePattern[] = [];
  let line = 0;
  for (const raw of content.split('\n')) {
    line++;
    if (raw === '' || raw.startsWith('#')) continue;
    const nul = raw.indexOf('\0');
    const whole = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const pattern = parsePattern(withoutTrailingSpaces(nul < 0 ? whole : whole.slice(0, nul)), line, ignoreCase);
    if (pattern) patterns.push(pattern);
  }
  return patterns.length === 0 ? undefined : ignoreList(patterns, source, ignoreCase);
}

/** Spaces at the end go, unless a backslash keeps the first of them. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === ' ') end--;
  if (end === line.length) return line;
  let backslashes = 0;
  while (backslashes < end && line[end - 1 - backslashes] === '\\') backslashes++;
  return line.slice(0, backslashes % 2 === 1 ? end + 1 : end);
}

function parsePattern(line: string, number: number, ignoreCase: boolean): IgnorePattern | undefined {
  const negated = line.startsWith('!');
  let text = negated ? line.slice(1) : line;
  const foldersOnly = text.endsWith('/');
  if (foldersOnly) text = text.slice(0, -1);
  const nameOnly = !text.includes('/');
  // A slash in front only ties the pattern to the folder of its file.
  if (!nameOnly && text.startsWith('/')) text = text.slice(1);
  if (text === '') return undefined;
  const special = text.search(/[*?[\\]/);
  const fold = (bytes: string): string => (ignoreCase ? lowerAscii(bytes) : bytes);
  const given = { text: Buffer.from(line, 'latin1').toString('utf8'), line: number, negated, foldersOnly, nameOnly };
  if (special < 0) return { ...given, prefix: fold(text), rest: undefined, suffix: undefined, literal: true };
  const tail = text.slice(1);
  if (nameOnly && text.startsWith('*') && !/[*?[\\]/.test(tail)) {
    return { ...given, prefix: '', rest: undefined, suffix: fold(tail), literal: false };
  }
  // Git compares what stands before the first wildcard by itself, and what follows as a pattern of its own: `a**/b` matches `ab`.
  const cut = nameOnly ? 0 : special;
  const rest = compileGlob(text.slice(cut), { paths: !nameOnly, ignoreCase });
  if (!rest) return undefined;
  return { ...given, prefix: fold(text.slice(0, cut)), rest, suffix: undefined, literal: false };
}

function ignoreList(patterns: readonly IgnorePattern[], source: string, ignoreCase: boolean): IgnoreList {
  return {
    source,
    patterns,
    match(givenName, givenPath, isFolder) {
      const name = ignoreCase ? lowerAscii(givenName) : givenName;
      const path = ignoreCase ? lowerAscii(givenPath) : givenPath;
      for (let index = patterns.length - 1; index >= 0; index--) {
        const pattern = patterns[index]!;
        if (pattern.foldersOnly && !isFolder) continue;
        if (matches(pattern, pattern.nameOnly ? name : path)) return pattern;
      }
      return undefined;
    },
  };
}

function matches(pattern: IgnorePattern, text: string): boolean {
  if (pattern.literal) return text === pattern.prefix;
  if (pattern.suffix !== undefined) return text.endsWith(pattern.suffix);
  return text.startsWith(pattern.prefix) && pattern.rest!.matches(text.slice(pattern.prefix.length));
}
