import type { LineChange } from '../document.ts';
import type { FailureReason, Row } from '../edit.ts';
import { type Pair, reindentFrom } from './indent.ts';
import type { LineIndex } from './line-index.ts';
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
  const pairs: Pair[] = [];
  let noisyEnds = false;
  for (const [i, row] of rows.entries()) {
    const at = match.lines[i]!;
    if (row.op === 'add' || at < 0) continue;
    const actual = documentLines[at]!;
    pairs.push({ written: row.text, actual });
    if (row.text !== row.text.trimEnd() && actual === actual.trimEnd()) noisyEnds = true;
  }
  const written = rows.map((row) => row.text);
  const reindent = match.reindent ? reindentFrom(pairs, written, index.unit()) : (line: string) => line;

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

/** Rows whose difference is only white space at the end of lines count as kept, for edits written with such noise. */
export function quietRows(rows: readonly Row[]): readonly Row[] {
  if (rows.some((row) => row.alternative !== undefined)) return rows;
  const removed = new Set(rows.filter((row) => row.op === 'remove').map((row) => row.text.trimEnd()));
  if (!rows.some((row) => row.op === 'add' && removed.has(row.text.trimEnd()))) return rows;
  return rowsFrom(oldLines(rows), newLines(rows), (line) => line.trimEnd());
}
