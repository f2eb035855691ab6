import type { Hunk } from '../edit.ts';
import { declaredName } from '../lazy/structure.ts';
import { indentOf, type LineIndex, looseKey, stemKey } from './line-index.ts';
import type { Match } from './placement.ts';
import { isRenaming, tokensOf } from './similarity.ts';

/** Narrows equal matches by the lines that the model named: `@@ class A`, the heading of a unified hunk, end of file. */
export function chooseByAnchors(index: LineIndex, hunk: Hunk, matches: readonly Match[]): readonly Match[] {
  let left = matches;
  if (left.length > 1 && hunk.atEnd) {
    const last = left.filter((m) => index.trimmed.slice(m.range.end).every((line) => line === ''));
    if (last.length > 0) left = last;
  }
  const anchors = [...(hunk.anchors ?? []), ...(hunk.heading ? [hunk.heading] : [])];
  for (const anchor of anchors) {
    if (left.length < 2) break;
    const found = anchorLines(index, anchor);
    if (found.length === 0) continue;
    const inside = left.filter((m) => found.some((line) => encloses(index, line, m)));
    if (inside.length > 0) left = inside;
    else if (found.length === 1) {
      const behind = left.filter((m) => m.range.end > found[0]!);
      if (behind.length > 0) left = behind;
    }
  }
  if (left.length > 1 && hunk.heading) {
    const headed = left.filter((m) => headingOf(index, m.range.start)?.startsWith(hunk.heading!.trim()));
    if (headed.length > 0) left = headed;
  }
  return left;
}

/** Whether the one line that an anchor names comes only after the match: then the match is not what was meant. */
export function contradictsAnchors(index: LineIndex, hunk: Hunk, match: Match): boolean {
  return (hunk.anchors ?? []).some((anchor) => {
    const found = anchorLines(index, anchor);
    return found.length > 0 && found.every((line) => line >= match.range.end);
  });
}

/** Lines below an anchor that count as its place, where depth does not show it. */
const BESIDE = 40;

/**
 * Whether a match is in the block that an anchor names, where the document has the anchor at all. Asked of tolerant matches:
 * one that differs and is somewhere else is two doubts at once.
 */
export function isBeside(index: LineIndex, hunk: Hunk, match: Match): boolean {
  return (hunk.anchors ?? []).every((anchor) => {
    const found = anchorLines(index, anchor);
    return (
      found.length === 0 ||
      found.some(
        (line) => encloses(index, line, match) || (line < match.range.end && match.range.start - line <= BESIDE),
      )
    );
  });
}

/**
 * Whether each place that the anchors ruled out belongs to a block of its own: a line that opens it at the anchor's depth and
 * declares another name. One behind a closing bracket is a copy that landed there, as is one in a block that the chosen place
 * opens; one whose name only begins alike may be the very block, renamed since.
 */
export function othersAreExplained(index: LineIndex, hunk: Hunk, chosen: Match, all: readonly Match[]): boolean {
  const anchors = hunk.anchors ?? (hunk.heading ? [hunk.heading] : []);
  const own = anchors.flatMap((anchor) =>
    anchorLines(index, anchor).filter((line) => line < chosen.range.start && encloses(index, line, chosen)),
  );
  // Only behind the anchor: no evidence where the line that it names got another name.
  if (own.length === 0) return !anchors.some((anchor) => standsRenamed(index, anchor));
  return all.every((other) => other === chosen || own.some((line) => isOtherBlock(index, line, other, chosen)));
}

function standsRenamed(index: LineIndex, anchor: string): boolean {
  const key = looseKey(anchor);
  const loose = index.loose();
  const tokens = tokensOf(key);
  return (loose.stems().get(stemKey(key)) ?? []).some((at) => isRenaming(tokens, tokensOf(loose.keys[at]!)));
}

function isOtherBlock(index: LineIndex, anchor: number, other: Match, chosen: Match): boolean {
  const depth = indentOf(index.document.lines[anchor]!).length;
  const copied = chosen.range.end + sameRun(index, chosen.range.end, other.range.end);
  for (let i = other.range.start - 1; i >= 0; i--) {
    const text = index.trimmed[i]!;
    if (text === '' || isComment(text) || indentOf(index.document.lines[i]!).length > depth) continue;
    if (/^[)\]}]+[\s:{(]*$|^[)\]}].*[{(:]$/.test(text) && !isBareCloser(text)) continue; // the end of a signature
    // Below text that ends as this one does: the chosen place is a copy put in between the anchor and this place.
    if (i >= chosen.range.start && i < copied) return false;
    if (indentOf(index.document.lines[i]!).length < depth) return true;
    if (i === anchor || isBareCloser(text) || !opensBlock(text)) return false;
    return !isSameName(nameOf(index.trimmed[anchor]!), nameOf(text));
  }
  return true;
}

/** How many lines from `a` on are equal to those from `b` on. */
function sameRun(index: LineIndex, a: number, b: number): number {
  let length = 0;
  while (b + length < index.trimmed.length && index.trimmed[a + length] === index.trimmed[b + length]) length++;
  return length;
}

const isBareCloser = (text: string) => /^(?:[)\]}]+[;,]*|end)$/.test(text);

/** A line that ends no block however deep it is: a comment, a preprocessor's line. */
const isComment = (text: string) => /^(?:\/\/|\/\*|\*(?:[\s/]|$)|#(?!.*\{$)|--\s)/.test(text);

/** Whether what follows a line, deeper than it, can be inside of it: not below a statement or a comment. */
const opensBlock = (text: string) =>
  /(?:[{([:,=>|]|\b(?:do|then|begin))$/.test(text) || (!text.endsWith(';') && declaredName(text) !== undefined);

/** What a line declares, or all its words. */
const nameOf = (text: string) => declaredName(text) ?? text.replace(/[^\p{L}\p{N}_$]+/gu, ' ').trim();

/** Equal, or one with something behind it. */
export const isSameName = (a: string, b: string) =>
  a === b || (Math.min(a.length, b.length) > 2 && (a.startsWith(b) || b.startsWith(a)));

/** Lines that an anchor means: equal but for white space, else lines that begin with it or contain it as whole words. */
function anchorLines(index: LineIndex, anchor: string): readonly number[] {
  const key = anchor.trim();
  const equal = index.positions.get(key);
  if (equal) return equal;
  if (key.length < 3) return [];
  const starting = linesWhere(index, (line) => line.startsWith(key) && !/[\w$]/.test(line[key.length] ?? ''));
  if (starting.length > 0) return starting;
  return linesWhere(index, (line) => {
    const at = line.indexOf(key);
    return at >= 0 && !/[\w$]/.test(line[at - 1] ?? '') && !/[\w$]/.test(line[at + key.length] ?? '');
  });
}

function linesWhere(index: LineIndex, test: (trimmed: string) => boolean): number[] {
  const found: number[] = [];
  for (const [i, line] of index.trimmed.entries()) if (test(line)) found.push(i);
  return found;
}

/** Whether the match is in the block that `line` opens: all lines between are deeper, or the match includes it. */
function encloses(index: LineIndex, line: number, match: Match): boolean {
  if (line >= match.range.end) return false;
  if (line >= match.range.start) return true;
  const depth = indentOf(index.document.lines[line]!).length;
  for (let i = line + 1; i <= match.range.start; i++) {
    const text = index.document.lines[i] ?? '';
    if (text.trim() === '' || isComment(text.trim()) || /^\s*[{(]\s*$/.test(text)) continue;
    if (indentOf(text).length <= depth) return false;
  }
  return true;
}

/** What git writes behind the second `@@`: the nearest line above that begins with a letter, `$` or `_`. */
function headingOf(index: LineIndex, start: number): string | undefined {
  for (let i = start - 1; i >= 0; i--)
    if (/^[A-Za-z_$]/.test(index.document.lines[i]!)) return index.document.lines[i]!.trimEnd();
  return undefined;
}
