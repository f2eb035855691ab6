import { readDocument } from '../document.ts';
import { pathInLine, samePath } from '../parse/path.ts';
import { indentOf, type LineIndex } from '../place/line-index.ts';
import { isPlaceholder } from './placeholder.ts';

/** A run of snippet lines between two placeholders; lines are 0-based in the snippet, end exclusive, no blank at its ends
 * that touches a placeholder is dropped. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Whether a placeholder stands before and behind; at the ends of the snippet there may be none. */
  readonly gapBefore: boolean;
  readonly gapAfter: boolean;
}

export interface Snippet {
  readonly lines: readonly string[];
  readonly trimmed: readonly string[];
  readonly segments: readonly Segment[];
  readonly hasPlaceholder: boolean;
  /** Segment of each line; -1 for placeholders. */
  readonly segmentOf: readonly number[];
}

/**
 * `...` behind a colon or a docstring is the body of a Python stub, unless the document has the line that opens its block and
 * the snippet writes no other kind of placeholder: then it stands for the body that is there.
 */
function isBody(
  lines: readonly string[],
  trimmed: readonly string[],
  i: number,
  index: LineIndex,
  words: boolean,
): boolean {
  if (!isBelowOpener(lines, i)) return false;
  const depth = indentOf(lines[i]!).length;
  if (words) return true;
  for (let k = i - 1; k >= 0; k--)
    if (trimmed[k] !== '' && indentOf(lines[k]!).length < depth) return !index.positions.has(trimmed[k]!);
  return false;
}

/** Whether a line is `...` where Python has the body of a stub: deeper than a line with a colon, or behind a docstring. */
export function isBelowOpener(lines: readonly string[], i: number): boolean {
  if (lines[i]!.trim() !== '...') return false;
  const before = lines.slice(0, i).findLast((line) => line.trim() !== '');
  if (before === undefined) return false;
  if (/(?:"""|''')$/.test(before.trim())) return true;
  return before.trim().endsWith(':') && indentOf(lines[i]!).length > indentOf(before).length;
}

export function readSnippet(content: string, index: LineIndex, path: string | undefined): Snippet {
  let lines = [...readDocument(content).lines];
  while (lines.length > 0 && lines[0]!.trim() === '') lines.shift();
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop();
  const named = lines[0] !== undefined && !index.positions.has(lines[0].trim()) ? pathInLine(lines[0]) : undefined;
  if (named && /^\s*(\/\/|#|--|\/\*|<!--)/.test(lines[0]!) && (path === undefined || samePath(named, path))) {
    lines = lines.slice(1);
    while (lines.length > 0 && lines[0]!.trim() === '') lines.shift();
  }
  const trimmed = lines.map((line) => line.trim());
  // A line that the document has as well is text: `...` as the body of a stub.
  const words = trimmed.some((line) => line !== '...' && isPlaceholder(line) && !index.positions.has(line));
  const gap = trimmed.map(
    (line, i) => isPlaceholder(line) && !index.positions.has(line) && !isBody(lines, trimmed, i, index, words),
  );
  const segments: Segment[] = [];
  const segmentOf: number[] = [];
  let start = 0;
  const close = (end: number) => {
    if (end > start) segments.push({ start, end, gapBefore: start > 0, gapAfter: end < lines.length });
  };
  for (const [i, isGap] of gap.entries()) {
    if (isGap) {
      close(i);
      start = i + 1;
      segmentOf.push(-1);
    } else segmentOf.push(segments.length);
  }
  close(lines.length);
  return { lines, trimmed, segments, hasPlaceholder: gap.includes(true), segmentOf };
}
