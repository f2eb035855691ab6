import { indentOf, type LineIndex } from '../place/line-index.ts';
import { isTelling } from '../place/placement.ts';
import { tokensOf } from '../place/similarity.ts';
import { bracketBalance } from './balance.ts';
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

/** Lines beyond an end of the snippet: so few may be meant to go. More are just not shown. */
const REST_OF_FILE = 60;

/**
 * Whether it is clear what becomes of the document's lines beyond the ends of the snippet. An end is marked by a placeholder or
 * by being that of the document. Where both are, or neither is (a part of the file), nothing outside is meant; where only one
 * is, the other may be the new end of the file, or just where the writer stopped. A snippet without any placeholder that has
 * half of the document may be all of it.
 */
export function endsAreClear(index: LineIndex, snippet: Snippet, partners: readonly number[]): boolean {
  const anchors = partners.filter((line) => line >= 0);
  if (anchors.length === 0) return true;
  const before = index.trimmed.slice(0, anchors[0]);
  const after = index.trimmed.slice(anchors.at(-1)! + 1);
  const count = (lines: readonly string[]) => lines.filter(isTelling).length;
  // As many new lines beyond the anchors as the document has there: these may be other versions, which the edges are matched by.
  const head = count(snippet.trimmed.slice(0, partners.indexOf(anchors[0]!)));
  const tail = count(snippet.trimmed.slice(partners.lastIndexOf(anchors.at(-1)!) + 1));
  const startMarked = snippet.segments[0]!.gapBefore || count(before) <= head;
  const endMarked = snippet.segments.at(-1)!.gapAfter || count(after) <= tail;
  if (startMarked && endMarked) return true;
  // A file does not begin inside a block, nor end there.
  const endsInside = bracketBalance(after).some((sum) => sum < 0) || /[:{([,]$/.test(snippet.trimmed.at(-1)!);
  if (!snippet.hasPlaceholder) {
    const known = anchors.filter((line) => isTelling(index.trimmed[line]!)).length;
    // Not even the bracket that a file begins with: a part of it.
    const atStart = startMarked && (head > 0 || before.every((line) => line === ''));
    return known * 2 < count(index.trimmed) && !(atStart && after.length <= REST_OF_FILE && !endsInside);
  }
  if (!startMarked && !endMarked) return true;
  if (!startMarked)
    return (
      before.length > REST_OF_FILE ||
      indentOf(snippet.lines[0]!) !== '' ||
      (opensWithContext(snippet) && areUsed(before, index.trimmed.slice(anchors[0])))
    );
  return after.length > REST_OF_FILE || endsInside;
}

/** Whether the snippet begins with the line that opens a block and leaves out what follows: it says where, not from where on. */
function opensWithContext(snippet: Snippet): boolean {
  const gap = snippet.segmentOf.indexOf(-1);
  const shown = snippet.trimmed.slice(0, gap).filter((line) => line !== '');
  return (
    shown.length === 1 &&
    /[:{([]$/.test(shown[0]!) &&
    indentOf(snippet.lines[gap]!).length > indentOf(snippet.lines[0]!).length
  );
}

const BRINGS_NAMES =
  /^(?:import|from|use|using|package|require|#include|const|let|var|export|type|interface|class|def|fn|func|function)\b/;
const KEYWORD =
  /^(?:import|from|use|using|package|require|include|const|let|var|export|type|interface|class|def|function|func|self|default|async)$/;

/** Whether names that some lines bring in are used in others: then these lines were left out, and not deleted. */
function areUsed(lines: readonly string[], others: readonly string[]): boolean {
  const names = new Set(
    lines
      .filter((line) => BRINGS_NAMES.test(line))
      .flatMap((line) => (line.match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).filter((word) => !KEYWORD.test(word))),
  );
  return names.size > 0 && others.some((line) => tokensOf(line).some((token) => names.has(token)));
}
