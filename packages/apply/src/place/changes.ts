import type { LineChange } from '../document.ts';
import type { FailureReason, Row } from '../edit.ts';
import { isOnGrid, type Pair, type Reindent, reindentFrom } from './indent.ts';
import { type LineIndex, looseKey } from './line-index.ts';
import type { Match } from './placement.ts';
import { newLines, oldLines, rowsFrom } from './rows.ts';

/**
 * Turns a match into the smallest changes: lines that stay keep the document's own text, new lines get its depth and lose
 * trailing white space where the whole edit was written with it. Fails where a new line's place or depth is not certain.
 */
export function changesFrom(
  index: LineIndex,
  rows: readonly Row[],
  match: Match,
): readonly LineChange[] | FailureReason {
  const { lines: documentLines } = index.document;
  let noisyEnds = false;
  for (const [i, row] of rows.entries()) {
    const at = match.lines[i]!;
    if (row.op === 'add' || at < 0) continue;
    if (row.text !== row.text.trimEnd() && documentLines[at] === documentLines[at]!.trimEnd()) noisyEnds = true;
  }
  const reindent = match.reindent ? reindentRows(index, rows, match) : (line: string) => line;

  const changes: LineChange[] = [];
  let from = -1; // first document line of the run being built; -1 outside
  let to = -1;
  let insert: string[] = [];
  let failure: FailureReason | undefined;
  /** The line behind the last one that was matched. */
  let cursor = match.lines.find((line) => line >= 0) ?? match.range.start;
  let anyBefore = false;
  const flush = (nextLine: number | undefined) => {
    if (from < 0) return;
    // Lines of the document between the run and the next row that the edit does not know: where to put text is open.
    if (nextLine !== undefined && nextLine > to) {
      const blank = index.trimmed.slice(to, nextLine).every((line) => line === '');
      if (insert.length > 0 && !(blank && to > from)) failure ??= 'changed';
    }
    const leans = anyBefore ? (nextLine === undefined ? 'before' : 'both') : 'after';
    if (insert.length > 0 || to > from) changes.push({ from, to, insert, leans });
    from = -1;
    insert = [];
  };
  for (const [i, row] of rows.entries()) {
    const at = match.lines[i]!;
    if (row.op === 'add') {
      if (from < 0) {
        from = cursor;
        to = cursor;
      }
      const line = reindent(row.text);
      if (line === undefined) failure ??= 'indentation';
      else insert.push(noisyEnds ? line.trimEnd() : line);
      continue;
    }
    if (at < 0) continue; // an old row that the document lacks: the matcher has allowed it
    if (row.op === 'keep') {
      flush(at);
      cursor = at + 1;
      anyBefore = true;
      continue;
    }
    if (from < 0) {
      from = at;
      to = at + 1;
    } else {
      const gap = index.trimmed.slice(to, at);
      if (gap.some((line) => line !== '')) failure ??= 'changed';
      if (to === from && gap.length > 0 && insert.length > 0) failure ??= 'changed';
      to = at + 1;
    }
    cursor = at + 1;
    anyBefore = true;
  }
  flush(undefined);
  return failure ?? changes;
}

/**
 * Context lines that begin with a space may have kept the first column of the diff or lost it. The reading that agrees with
 * the rows that have a mark, and with context that begins without a space, is taken; where both fit but say different
 * depths, the one on the document's grid; and none where that does not tell either.
 */
function reindentRows(index: LineIndex, rows: readonly Row[], match: Match): Reindent {
  const read = (lost: boolean): Reindent => {
    const text = (row: Row) => (lost ? (row.alternative ?? row.text) : row.text);
    const pairs: Pair[] = [];
    for (const [i, row] of rows.entries()) {
      const at = match.lines[i]!;
      // Lines that only resemble each other say nothing about depth.
      if (row.op === 'add' || at < 0 || row.text.trim() === '') continue;
      const actual = index.document.lines[at]!;
      if (looseKey(actual) === looseKey(row.text)) pairs.push({ written: text(row), actual });
    }
    return reindentFrom(pairs, rows.map(text), index.unit());
  };
  const kept = read(false);
  if (!rows.some((row) => row.alternative !== undefined)) return kept;
  const lost = read(true);
  // In a diff, context that begins with neither a space nor a tab has lost its mark.
  const unmarked = rows.some((row) => row.op === 'keep' && row.alternative === undefined && /^[^\s]/.test(row.text));
  if (unmarked) return lost;
  const unit = index.unit();
  return (line) => {
    const a = kept(line);
    const b = lost(line);
    if (a === undefined || b === undefined || a === b) return a ?? b;
    return isOnGrid(a, unit) === isOnGrid(b, unit) ? undefined : isOnGrid(a, unit) ? a : b;
  };
}

/**
 * Rows whose difference is only white space at the end of lines count as kept, for edits written with such noise; not where
 * the document has the very white space that a row takes away.
 */
export function quietRows(index: LineIndex, rows: readonly Row[], match: Match): readonly Row[] {
  if (rows.some((row) => row.alternative !== undefined)) return rows;
  const real = new Set<string>();
  const removed = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (row.op === 'remove') removed.add(row.text.trimEnd());
    if (row.op !== 'add' && row.text !== row.text.trimEnd() && index.document.lines[match.lines[i]!] === row.text)
      real.add(row.text);
  }
  if (!rows.some((row) => row.op === 'add' && removed.has(row.text.trimEnd()))) return rows;
  return rowsFrom(oldLines(rows), newLines(rows), (line) => (real.has(line) ? line : line.trimEnd()));
}
