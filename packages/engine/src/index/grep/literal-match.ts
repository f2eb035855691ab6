import { type FileMatch, type GrepPattern, lineMatch } from './grep-match.ts';

/** Whether `matchLiteral` can answer for a pattern at all: plain text of ASCII where case does not count. */
export function isPlain({ pattern, regex, ignoreCase, wholeWord }: GrepPattern): boolean {
  if (pattern === '' || /[\n\r\0]/.test(pattern)) return false;
  if (regex && !/^[\w ;:,=<>@%&/'"`~!#-]+$/.test(pattern)) return false;
  if (wholeWord && !/^\w(?:[\x00-\x7f]*\w)?$/.test(pattern)) return false;
  return !ignoreCase || /^[\x00-\x7f]*$/.test(pattern);
}

/**
 * The lines of one file that hold a plain text, as ripgrep finds them: non-overlapping, leftmost first. `undefined` where that takes more than looking
 * at bytes (UTF-16, letters outside ASCII that equal one of ASCII or stand beside a word). Spares a process of its own for a few small files.
 */
export function matchLiteral(path: string, bytes: Buffer, pattern: GrepPattern): FileMatch[] | undefined {
  if (isUtf16(bytes)) return undefined;
  const content = hasByteOrderMark(bytes) ? bytes.subarray(3) : bytes;
  const { length, from } = searchable(content, pattern);
  if (pattern.ignoreCase && matchesByOddCase(content, pattern.pattern)) return undefined;
  const matches: FileMatch[] = [];
  let line = 1;
  let counted = 0;
  let found = from(0);
  while (found >= 0) {
    const start = content.lastIndexOf(10, found) + 1;
    const newline = content.indexOf(10, found);
    const end = newline < 0 ? content.length : newline + 1;
    const ranges: (readonly [number, number])[] = [];
    while (found >= 0 && found < end) {
      const stop = found + length;
      const whole = !pattern.wholeWord || standsAlone(content, found, stop);
      if (whole === undefined) return undefined;
      if (whole) ranges.push([found - start, stop - start]);
      found = from(whole ? stop : found + 1);
    }
    if (ranges.length === 0) continue;
    line += breaksWithin(content, counted, start);
    counted = start;
    matches.push(lineMatch(path, line, content.subarray(start, end), ranges));
  }
  return matches;
}

const isUtf16 = ([first, second]: Buffer): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** Of UTF-8: no part of the first line. */
const hasByteOrderMark = ([first, second, third]: Buffer): boolean =>
  first === 0xef && second === 0xbb && third === 0xbf;

/** Characters outside ASCII that are one of ASCII in the other case, as bytes. */
const ODD_CASE = { k: Buffer.from('\u212a').toString('latin1'), s: Buffer.from('\u017f').toString('latin1') } as const;

/** Whether the text stands somewhere with a Kelvin sign for a k or a long s for an s: looked for around these, which few files hold, and few times. */
function matchesByOddCase(content: Buffer, pattern: string): boolean {
  const wanted = pattern.toLowerCase();
  for (const [letter, odd] of Object.entries(ODD_CASE)) {
    if (!wanted.includes(letter)) continue;
    for (let at = content.indexOf(odd, 0, 'latin1'); at >= 0; at = content.indexOf(odd, at + 1, 'latin1')) {
      const around = content.toString('latin1', Math.max(0, at - 3 * wanted.length), at + 3 * wanted.length);
      if (around.replaceAll(ODD_CASE.k, 'k').replaceAll(ODD_CASE.s, 's').toLowerCase().includes(wanted)) return true;
    }
  }
  return false;
}

/** Where in the bytes the text stands next, and how many bytes it is long. */
function searchable(
  content: Buffer,
  { pattern, ignoreCase }: GrepPattern,
): { readonly length: number; readonly from: (at: number) => number } {
  const wanted = Buffer.from(pattern, 'utf8');
  if (!ignoreCase) return { length: wanted.length, from: (at) => content.indexOf(wanted, at) };
  // A character for each byte: in lower case it is one still, and none outside of ASCII becomes one of ASCII, of which the pattern is made. All native code.
  const [bytes, text] = [content.toString('latin1').toLowerCase(), wanted.toString('latin1').toLowerCase()];
  return { length: wanted.length, from: (at) => bytes.indexOf(text, at) };
}

/** `undefined`: a character outside ASCII stands beside it, and whether that is of a word is not for us to say. */
function standsAlone(content: Buffer, from: number, to: number): boolean | undefined {
  const before = content[from - 1] ?? 32;
  const after = content[to] ?? 32;
  if (isWord(before) || isWord(after)) return false;
  return before > 127 || after > 127 ? undefined : true;
}

const isWord = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || byte === 95 || (byte >= 97 && byte <= 122);

function breaksWithin(content: Buffer, from: number, to: number): number {
  let breaks = 0;
  for (let at = content.indexOf(10, from); at >= 0 && at < to; at = content.indexOf(10, at + 1)) breaks++;
  return breaks;
}
