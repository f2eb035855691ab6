import { diffArrays } from 'diff';
import type { LineChange } from '../document.ts';
import { add, keep, type Row, remove } from '../edit.ts';

/** Longest edit script that is looked for before the rows between common head and tail count as replaced: keeps a block of
 * thousands of unrelated lines from costing seconds. */
const MAX_EDIT_LENGTH = 1500;

/** Old and new lines as rows; `key` decides which lines count as the same. */
export function rowsFrom(
  before: readonly string[],
  after: readonly string[],
  key: (line: string) => string = (line) => line,
): Row[] {
  let head = 0;
  while (head < before.length && head < after.length && key(before[head]!) === key(after[head]!)) head++;
  let tail = 0;
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    key(before[before.length - 1 - tail]!) === key(after[after.length - 1 - tail]!)
  ) {
    tail++;
  }
  const rows: Row[] = before.slice(0, head).map(keep);
  const oldMiddle = before.slice(head, before.length - tail);
  const newMiddle = after.slice(head, after.length - tail);
  const parts =
    oldMiddle.length > 0 && newMiddle.length > 0
      ? diffArrays(oldMiddle, newMiddle, { comparator: (a, b) => key(a) === key(b), maxEditLength: MAX_EDIT_LENGTH })
      : undefined;
  if (parts) {
    let at = 0;
    for (const part of parts) {
      for (const line of part.value) {
        if (part.added) rows.push(add(line));
        else if (part.removed) rows.push(remove(oldMiddle[at++]!));
        else rows.push(keep(oldMiddle[at++]!));
      }
    }
  } else {
    rows.push(...oldMiddle.map(remove), ...newMiddle.map(add));
  }
  rows.push(...before.slice(before.length - tail).map(keep));
  return rows;
}

export const oldLines = (rows: readonly Row[]): string[] => rows.filter((r) => r.op !== 'add').map((r) => r.text);
export const newLines = (rows: readonly Row[]): string[] => rows.filter((r) => r.op !== 'remove').map((r) => r.text);

/** The changes of whole lines that lead from one text to another. */
export function changesBetween(before: readonly string[], after: readonly string[]): LineChange[] {
  const changes: LineChange[] = [];
  let at = 0;
  let open: { from: number; insert: string[] } | undefined;
  const flush = () => {
    if (open) changes.push({ from: open.from, to: at, insert: open.insert, leans: 'both' });
    open = undefined;
  };
  for (const row of rowsFrom(before, after)) {
    if (row.op === 'keep') {
      flush();
      at++;
      continue;
    }
    open ??= { from: at, insert: [] };
    if (row.op === 'remove') at++;
    else open.insert.push(row.text);
  }
  flush();
  return changes;
}
