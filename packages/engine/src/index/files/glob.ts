/**
 * The wildcards of git's ignore patterns, as gitignore(5) and git's own behaviour define them, over byte strings (one code unit per UTF-8 byte, so that `?` is
 * one byte as it is in git). Matching backs up to the last star and the last `**` alone, so no pattern of a hostile repository can make it slow:
 * the time is bounded by pattern length times text length squared.
 */
export interface Glob {
  matches(text: string): boolean;
}

export interface GlobOptions {
  /** Stars and `?` stop at a slash and `**` is special, as for patterns that hold a slash. */
  readonly paths: boolean;
  /** ASCII letters of the text count as lower case. */
  readonly ignoreCase: boolean;
}

/** Undefined where nothing can ever match: an open bracket, an unknown class, a backslash at the end. */
export function compileGlob(pattern: string, options: GlobOptions): Glob | undefined {
  const tokens = tokensOf(pattern, options);
  if (!tokens) return undefined;
  const { ignoreCase } = options;
  return { matches: (text) => run(tokens, ignoreCase ? lowerAscii(text) : text) };
}

/** ASCII letters alone, as git folds. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

const SLASH = 47;
const BACKSLASH = 92;

/** A literal byte, or one of: any byte of a segment, a run within a segment, any number of whole segments, anything at all, a table of bytes. */
type Token = number | Uint8Array;
const ONE = -1;
const RUN = -2;
const FOLDERS = -3;
const ANYTHING = -4;

function run(tokens: readonly Token[], text: string): boolean {
  let at = 0;
  let token = 0;
  let runToken = -1;
  let runAt = 0;
  let deepToken = -1;
  let deepAt = 0;
  for (;;) {
    const wanted = tokens[token];
    if (wanted === undefined) {
      if (at === text.length) return true;
    } else if (wanted === RUN) {
      runToken = token++;
      runAt = at;
      continue;
    } else if (wanted === FOLDERS || wanted === ANYTHING) {
      deepToken = token++;
      deepAt = at;
      runToken = -1;
      continue;
    } else if (at < text.length && fits(wanted, text.charCodeAt(at))) {
      at++;
      token++;
      continue;
    }
    if (runToken >= 0 && runAt < text.length && text.charCodeAt(runAt) !== SLASH) {
      at = ++runAt;
      token = runToken + 1;
      continue;
    }
    if (deepToken < 0) return false;
    if (tokens[deepToken] === FOLDERS) deepAt = text.indexOf('/', deepAt) + 1 || text.length + 1;
    else deepAt++;
    if (deepAt > text.length) return false;
    at = deepAt;
    token = deepToken + 1;
    runToken = -1;
  }
}

function fits(wanted: Token, byte: number): boolean {
  if (typeof wanted !== 'number') return wanted[byte] === 1;
  return wanted === ONE ? byte !== SLASH : wanted === byte;
}

function tokensOf(pattern: string, { paths, ignoreCase }: GlobOptions): Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const char = pattern[at]!;
    if (char === '\\') {
      if (at + 1 >= pattern.length) return undefined;
      // An escaped capital stays a capital, which a folded text never holds: so does git.
      tokens.push(pattern.charCodeAt(at + 1));
      at += 2;
    } else if (char === '?') {
      tokens.push(ONE);
      at++;
    } else if (char === '*') {
      const start = at;
      while (pattern[at] === '*') at++;
      const own = at - start > 1 && paths && (start === 0 || pattern[start - 1] === '/');
      if (own && pattern[at] === '/') {
        tokens.push(FOLDERS);
        at++;
      } else if (own && (at === pattern.length || pattern.startsWith('\\/', at))) {
        tokens.push(ANYTHING);
      } else {
        tokens.push(RUN);
      }
    } else if (char === '[') {
      const set = bracket(pattern, at + 1, ignoreCase);
      if (!set) return undefined;
      set.bytes[SLASH] = paths ? 0 : set.bytes[SLASH]!;
      tokens.push(set.bytes);
      at = set.end;
    } else {
      const literal = ignoreCase ? lowerAscii(char) : char;
      tokens.push(literal.charCodeAt(0));
      at++;
    }
  }
  return tokens;
}

/** What `[...]` holds, `start` being behind the bracket and `end` behind its closing one. */
function bracket(pattern: string, start: number, ignoreCase: boolean): { bytes: Uint8Array; end: number } | undefined {
  const bytes = new Uint8Array(256);
  let at = start;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at++;
  const first = at;
  /** The byte that a `-` would start a range from; none behind a range or a class. */
  let from: number | undefined;
  while (pattern[at] !== ']' || at === first) {
    if (at >= pattern.length) return undefined;
    const named = /^\[:([^\]]*)\]/.exec(pattern.slice(at));
    if (named?.[1]?.endsWith(':')) {
      const test = CLASSES[named[1]!.slice(0, -1)];
      if (!test) return undefined;
      for (let byte = 0; byte < 128; byte++) {
        if (test(byte) || (ignoreCase && named[1] === 'upper:' && isLower(byte))) bytes[byte] = 1;
      }
      at += named[0].length;
      from = undefined;
    } else if (pattern[at] === '-' && from !== undefined && at + 1 < pattern.length && pattern[at + 1] !== ']') {
      at++;
      if (pattern.charCodeAt(at) === BACKSLASH) at++;
      if (at >= pattern.length) return undefined;
      const to = pattern.charCodeAt(at++);
      for (let byte = from; byte <= to; byte++) {
        bytes[byte] = 1;
        if (ignoreCase && byte >= 65 && byte <= 90) bytes[byte + 32] = 1;
      }
      from = undefined;
    } else {
      if (pattern.charCodeAt(at) === BACKSLASH) at++;
      if (at >= pattern.length) return undefined;
      from = pattern.charCodeAt(at++);
      bytes[from] = 1;
    }
  }
  if (negated) for (let byte = 0; byte < 256; byte++) bytes[byte] = 1 - bytes[byte]!;
  return { bytes, end: at + 1 };
}

const isLower = (byte: number): boolean => byte >= 97 && byte <= 122;
const isUpper = (byte: number): boolean => byte >= 65 && byte <= 90;
const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isAlpha = (byte: number): boolean => isLower(byte) || isUpper(byte);
/** Git's own table of white space has neither vertical tab nor form feed. */
const isSpace = (byte: number): boolean => byte === 32 || byte === 9 || byte === 10 || byte === 13;
const isPrint = (byte: number): boolean => byte >= 32 && byte <= 126;

const CLASSES: Readonly<Record<string, (byte: number) => boolean>> = {
  __proto__: null as never,
  alnum: (byte) => isAlpha(byte) || isDigit(byte),
  alpha: isAlpha,
  blank: (byte) => byte === 32 || byte === 9,
  cntrl: (byte) => byte < 32 || byte === 127,
  digit: isDigit,
  graph: (byte) => isPrint(byte) && !isSpace(byte),
  lower: isLower,
  print: isPrint,
  punct: (byte) => isPrint(byte) && byte !== 32 && !isAlpha(byte) && !isDigit(byte),
  space: isSpace,
  upper: isUpper,
  xdigit: (byte) => isDigit(byte) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70),
};
