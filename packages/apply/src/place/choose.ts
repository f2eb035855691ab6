import type { Hunk } from '../edit.ts';
import { indentOf, type LineIndex } from './line-index.ts';
import type { Match } from './placement.ts';

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
    if (text.trim() === '' || /^\s*[{(]\s*$/.test(text)) continue;
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
