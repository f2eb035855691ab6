import { indentOf, type LineIndex } from '../place/line-index.ts';
import { isTelling } from '../place/placement.ts';
import type { Snippet } from './snippet.ts';

/**
 * Whether a snippet without placeholders is the whole file: it begins and ends as the document does, and has most of its
 * lines. Less than that may be a part whose neighbours were left out.
 */
export function coversDocument(index: LineIndex, snippet: Snippet, partners: readonly number[]): boolean {
  const telling = index.trimmed.flatMap((line, i) => (isTelling(line) ? [i] : []));
  const known = partners.filter((line, i) => line >= 0 && isTelling(snippet.trimmed[i]!));
  if (telling.length === 0 || known.length * 2 < telling.length) return false;
  const first = index.trimmed.findIndex((line) => line !== '');
  const last = index.trimmed.findLastIndex((line) => line !== '');
  const ownFirst = snippet.trimmed[0] === index.trimmed[first];
  const ownLast = snippet.trimmed.at(-1) === index.trimmed[last];
  if (ownFirst && ownLast) return true;
  // One end changed: the other end and nearly everything between still make it the file.
  const near = (edge: number) => known.some((line) => Math.abs(line - edge) <= 5);
  // … by new lines of its own: lines just missing there may be left out.
  const reached = snippet.trimmed.map((_, i) => partners[i]! >= 0);
  const replaced = ownFirst ? reached.lastIndexOf(true) < reached.length - 1 : reached.indexOf(true) > 0;
  return (ownFirst || ownLast) && replaced && near(first) && near(last) && known.length * 5 >= telling.length * 4;
}

/** An end of the document that is this close to an end of the snippet may be meant to be the same. Telling lines. */
const NEAR_END = 12;

/**
 * Where the snippet begins or ends without a placeholder, the document should begin or end there too, or go on for long:
 * a few lines more are as likely deleted as left out.
 */
export function endsAreClear(index: LineIndex, snippet: Snippet, partners: readonly number[]): boolean {
  const anchors = partners.filter((line) => line >= 0);
  if (anchors.length === 0) return true;
  const first = snippet.segments[0]!;
  const last = snippet.segments.at(-1)!;
  const before = index.trimmed.slice(0, anchors[0]).filter(isTelling);
  const after = index.trimmed.slice(anchors.at(-1)! + 1).filter(isTelling);
  const telling = index.trimmed.filter(isTelling).length;
  const known = anchors.filter((line) => isTelling(index.trimmed[line]!)).length;
  const own = new Set(snippet.trimmed);
  // As many new lines in front of the first anchor as the document has: its other version, which the edge is matched by.
  const freshHead = snippet.trimmed.slice(0, partners.indexOf(anchors[0]!)).filter(isTelling).length;
  const freshTail = snippet.trimmed.slice(partners.lastIndexOf(anchors.at(-1)!) + 1).filter(isTelling).length;
  // A line of the head that the snippet has further down was moved, not left out.
  if (!first.gapBefore && before.length <= NEAR_END && before.some((line) => own.has(line))) return false;
  if (!last.gapAfter && after.length <= NEAR_END && after.some((line) => own.has(line))) return false;
  const top = indentOf(snippet.lines[0]!) === '';
  const bottom = isTelling(snippet.trimmed.at(-1)!) || indentOf(snippet.lines.at(-1)!) === '';
  // Only within a list: behind a blank line another part of the file begins, and a model just starts there.
  const within = index.trimmed[anchors[0]! - 1] !== '';
  const doubtfulStart = !first.gapBefore && before.length > freshHead && top && within;
  const doubtfulEnd = !last.gapAfter && after.length > freshTail && bottom && indentOf(snippet.lines.at(-1)!) === '';
  // One to three lines of a list beyond the snippet's end, at the end of the file: cut off the list or left out?
  const follows = (index.trimmed[anchors.at(-1)! + 1] ?? '') !== '';
  const atTop = (line: number) => indentOf(index.document.lines[line]!) === '';
  if (doubtfulStart && atTop(anchors[0]!) && before.length <= 3) return false;
  if (doubtfulEnd && atTop(anchors.at(-1)!) && follows && after.length <= 3) return false;
  if (snippet.hasPlaceholder) {
    // A placeholder at the start only: the snippet may well end where the file is to end. (Many start amid a file without one.)
    const atTopLevel = bottom && indentOf(snippet.lines.at(-1)!) === '';
    if (first.gapBefore && !last.gapAfter && atTopLevel && after.length > freshTail && after.length <= REST_OF_FILE)
      return false;
    if (doubtfulStart && last.gapAfter && before.length <= NEAR_END) return false;
    if (doubtfulEnd && first.gapBefore && after.length <= NEAR_END) return false;
    return true;
  }
  // Half of the document and more, and no placeholder at all: the whole file with an end deleted, or a part of it?
  if ((before.length === 0) === (after.length === 0)) return true;
  return known * 2 < telling && !(before.length === 0 && after.length <= REST_OF_FILE);
}

/** Telling lines behind a snippet that begins where the document does and has no placeholder: part of it, or all of it? */
const REST_OF_FILE = 60;
