import type { LineChange } from '../document.ts';
import type { FailureReason, Row } from '../edit.ts';
import { isOnGrid, type Pair, type Reindent, reindentFrom } from './indent.ts';
import { indentOf, type LineIndex, looseKey } from './line-index.ts';
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
    if (row.op === 'add' || row.text === row.text.trimEnd() || row.text.trim() === '') continue;
    if (documentLines[at]?.trimEnd() === documentLines[at]) noisyEnds = true;
  }
  const reindent = match.reindent ? reindentRows(index, rows, match) : (line: string) => line;

  const written = ownWording(index, rows, match);
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
      const moved = reindent(row.text);
      const own = written.get(row.text);
      const line = moved === undefined || own === undefined ? moved : indentOf(moved) + own;
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
      // How many of the blank lines go is open where the edit shows fewer, and some of them as going.
      if (gap.length > 0 && to > from && (index.trimmed[to - 1] === '' || index.trimmed[at] === ''))
        failure ??= 'changed';
      if (to === from && gap.length > 0 && insert.length > 0) failure ??= 'changed';
      to = at + 1;
    }
    cursor = at + 1;
    anyBefore = true;
  }
  flush(undefined);
  return failure ?? changes;
}

/** Old lines that the document has in other quotes or white space, as it has them: where they come again they are not new. */
function ownWording(index: LineIndex, rows: readonly Row[], match: Match): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const [i, row] of rows.entries()) {
    const at = match.lines[i]!;
    if (row.op === 'add' || at < 0) continue;
    const actual = index.trimmed[at]!;
    if (actual !== row.text.trim() && looseKey(actual) === looseKey(row.text)) own.set(row.text, actual);
  }
  return own;
}

/**
 * Context lines that begin with a space may have kept the first column of the diff or lost it, each for itself. The shift
 * under which every line has a reading that fits is taken; where two do and say different depths, the one whose shallowest
 * line, or else whose result, is on the document's grid; and none where that does not tell either.
 */
function reindentRows(index: LineIndex, rows: readonly Row[], match: Match): Reindent {
  const placed = rows.flatMap((row, i) => {
    const at = match.lines[i]!;
    // Lines that only resemble each other say nothing about depth.
    if (row.op === 'add' || at < 0 || row.text.trim() === '') return [];
    const actual = index.document.lines[at]!;
    return looseKey(actual) === looseKey(row.text) ? [{ row, actual }] : [];
  });
  const read = (lost: boolean, pairs: readonly Pair[]): Reindent =>
    reindentFrom(
      pairs,
      rows.map((row) => (lost ? (row.alternative ?? row.text) : row.text)),
      index.unit(),
    );
  const plain = (lost: boolean): readonly Pair[] =>
    placed.map(({ row, actual }) => ({ written: lost ? (row.alternative ?? row.text) : row.text, actual }));
  if (!rows.some((row) => row.alternative !== undefined)) return read(false, plain(false));
  const open = placed.find(({ row }) => row.alternative !== undefined);
  const shifted = open
    ? [open.row.text, open.row.alternative!].map((text) => pairsUnder(placed, text, open.actual))
    : [];
  const [asKept, asLost] = shifted;
  if ((asKept === undefined) !== (asLost === undefined)) return read(asKept === undefined, (asKept ?? asLost)!);
  const kept = read(false, asKept ?? plain(false));
  const lost = read(true, asLost ?? plain(true));
  const added = rows.filter((row) => row.op === 'add' && row.text.trim() !== '').map((row) => row.text);
  const underBoth = [kept, lost].map((reading) => added.map(reading));
  const fits = underBoth.map((lines) => !lines.includes(undefined));
  if (underBoth[0]!.every((line, i) => line === underBoth[1]![i])) return kept;
  // In a diff, context that begins with neither a space nor a tab has lost its mark, and so may the others have: unless
  // what comes in contradicts it, which then tells neither.
  const unmarked = rows.some((row) => row.op === 'keep' && row.alternative === undefined && /^[^\s]/.test(row.text));
  const unit = index.unit();
  const first = underBoth.map((lines) => isOnGrid(lines[0] ?? '', unit));
  if (unmarked) return first[1] || !first[0] ? lost : () => undefined;
  // The stars of one comment stand below each other.
  const stars = [false, true].map((lostMark) => starsAgree(rows, lostMark));
  if (stars[0] !== stars[1]) return stars[0] ? kept : lost;
  // Text is shifted by whole levels, or half ones of four spaces, so its shallowest line is; only then ask of what comes in.
  const step = unit === '    ' ? '  ' : unit;
  const natural = [false, true].map((lostMark) => isOnGrid(shallowest(rows, lostMark), step));
  // … and only if the first new line comes to stand on the grid: else what comes in contradicts it.
  if (natural[0] !== natural[1]) {
    const at = natural[0] ? 0 : 1;
    return first[at] || !first[1 - at] ? [kept, lost][at]! : () => undefined;
  }
  if (fits[0] !== fits[1]) return fits[0] ? kept : lost;
  const onGrid = underBoth.map((lines) => lines.every((line) => isOnGrid(line ?? '', unit)));
  return onGrid[0] === onGrid[1] ? () => undefined : onGrid[0] ? kept : lost;
}

/** Pairs in the readings that are all as much deeper than the document as `written` is than `actual`; undefined where a line
 * has no such reading. */
function pairsUnder(
  placed: readonly { readonly row: Row; readonly actual: string }[],
  written: string,
  actual: string,
): readonly Pair[] | undefined {
  const shift = indentOf(written).length - indentOf(actual).length;
  const pairs: Pair[] = [];
  for (const { row, actual: line } of placed) {
    const reading = [row.text, row.alternative].find(
      (text) => text !== undefined && indentOf(text).length - indentOf(line).length === shift,
    );
    if (reading === undefined) return undefined;
    pairs.push({ written: reading, actual: line });
  }
  return pairs;
}

/** Whether new lines that begin with a comment's star are as deep as some context line that does. */
function starsAgree(rows: readonly Row[], lost: boolean): boolean {
  // Not `*/`: it ends comments without stars as well.
  const isStar = (row: Row) => /^\s*\*(?:\s|$)/.test(row.text);
  const known = rows.filter((row) => row.op !== 'add' && isStar(row));
  const depths = new Set(known.map((row) => indentOf(lost ? (row.alternative ?? row.text) : row.text)));
  return depths.size === 0 || rows.every((row) => row.op !== 'add' || !isStar(row) || depths.has(indentOf(row.text)));
}

/** The least deep context line, with the column of its mark as text or not; stars of comments may be a space deeper. */
function shallowest(rows: readonly Row[], lost: boolean): string {
  const solid = rows.filter((row) => row.op === 'keep' && row.text.trim() !== '');
  const code = solid.filter((row) => !row.text.trim().startsWith('*'));
  const context = code.length > 0 ? code : solid;
  const lines = context.map((row) => (lost ? (row.alternative ?? row.text) : row.text));
  return lines.reduce((best, line) => (indentOf(line).length < indentOf(best).length ? line : best), lines[0] ?? '');
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
