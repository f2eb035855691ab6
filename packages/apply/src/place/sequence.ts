import type { Row } from '../edit.ts';
import { indentOf, type LineIndex, looseKey } from './line-index.ts';
import { isTelling, type Match } from './placement.ts';

/** Enough to know that it is ambiguous and to let anchors choose; keeps a file of equal lines from costing quadratic time. */
const MAX_MATCHES = 400;

/**
 * Places where the trimmed old rows stand line for line, ranked by how literally: 0 as written, 1 with the first column of
 * context restored, 2 but for trailing white space, 3 with another indentation. Only the best rank is returned, unless it is in doubt.
 */
export function matchSequence(index: LineIndex, rows: readonly Row[]): readonly Match[] {
  const old = rows.filter((row) => row.op !== 'add');
  const keys = old.map((row) => row.text.trim());
  const all = findRuns(keys, index.trimmed, index.positions).map((start): Match => {
    const rank = rankAt(index, old, start);
    let at = start;
    const lines = rows.map((row) => (row.op === 'add' ? -1 : at++));
    const reindent = rank === 3 || (rank === 1 && starsInDoubt(index, rows, lines));
    const confidence = [1, 0.98, 0.97, 0.92][rank]!;
    return { lines, range: { start, end: start + old.length }, rank, confidence, reindent };
  });
  const rank = Math.min(...all.map((match) => match.rank));
  let best = all.filter((match) => match.rank === rank);
  // With its marks lost the text is there, but then its new lines are less deep: as likely it has them, and is one of a deeper place.
  if (rank === 1 && best.some((match) => match.reindent)) best = all;
  if ((best[0]?.rank ?? 0) >= 3 && !keys.some(isTelling)) return [];
  return best;
}

/**
 * A block comment whose stars stand one space in: a diff that lost its marks and one that lost that space look the same when
 * every context line fits only with its first column. The document's grid then tells.
 */
export function starsInDoubt(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  if (!rows.some((row) => row.op === 'add' && /^\s*\*(?:\s|\/|$)/.test(row.text))) return false;
  return rows.every(
    (row, i) =>
      row.op === 'add' ||
      lines[i]! < 0 ||
      row.text.trim() === '' ||
      (row.op === 'keep' && row.text !== index.document.lines[lines[i]!] && row.alternative !== undefined),
  );
}

function rankAt(index: LineIndex, old: readonly Row[], start: number): number {
  let rank = 0;
  for (const [i, row] of old.entries()) {
    const line = index.document.lines[start + i]!;
    if (line === row.text) continue;
    if (line === row.alternative) rank = Math.max(rank, 1);
    else if (line.trimEnd() === row.text.trimEnd() || line.trimEnd() === row.alternative?.trimEnd())
      rank = Math.max(rank, 2);
    else return 3;
  }
  return rank;
}

/** Like `matchSequence` for rows and lines that are not blank, by `looseKey`: blank lines lost or added, quotes made
 * typographic, white space inside lines changed. */
export function matchLoose(index: LineIndex, rows: readonly Row[]): readonly Match[] {
  const loose = index.loose();
  const keys: string[] = [];
  for (const row of rows) if (row.op !== 'add' && row.text.trim() !== '') keys.push(looseKey(row.text));
  if (!keys.some(isTelling)) return [];
  const matches: Match[] = [];
  for (const start of findRuns(keys, loose.keys, loose.positions)) {
    let solid = start;
    const lines = rows.map((row) => (row.op === 'add' || row.text.trim() === '' ? -1 : loose.lines[solid++]!));
    if (!alignBlankRows(index, rows, lines)) continue;
    const range = { start: loose.lines[start]!, end: loose.lines[start + keys.length - 1]! + 1 };
    const reindent =
      starsInDoubt(index, rows, lines) ||
      rows.some(
        (row, i) => lines[i]! >= 0 && row.text.trim() !== '' && !sameDepth(row, index.document.lines[lines[i]!]!),
      );
    matches.push({ lines, range, rank: 4, confidence: 0.88, reindent });
  }
  return matches;
}

const sameDepth = (row: Row, line: string) =>
  indentOf(row.text) === indentOf(line) ||
  (row.alternative !== undefined && indentOf(row.alternative) === indentOf(line));

/**
 * Blank old rows find the blank lines between their neighbours; `lines` has the places of the others and is completed. False
 * where new rows stand among more blank rows than the document has, or bring blank lines where it has more: between which of
 * them they belong is then open.
 */
export function alignBlankRows(index: LineIndex, rows: readonly Row[], lines: number[]): boolean {
  const isBlank = (line: number) => index.trimmed[line] === '';
  let at = 0;
  let previous = -1; // document line of the old row before; -1 at the start of the hunk, or where it has no place
  let first = true;
  while (at < rows.length) {
    let end = at;
    while (end < rows.length && !(rows[end]!.op !== 'add' && rows[end]!.text.trim() !== '')) end++;
    const blank: number[] = [];
    for (let i = at; i < end; i++) if (rows[i]!.op !== 'add') blank.push(i);
    const next = end < rows.length ? lines[end]! : -1;
    const free: number[] = [];
    if (previous >= 0)
      for (let line = previous + 1; free.length < blank.length && isBlank(line); line++) free.push(line);
    else if (next >= 0)
      for (let line = next - 1; free.length < blank.length && line >= 0 && isBlank(line); line--) free.unshift(line);
    const short = blank.length - free.length;
    // Blank rows before the hunk's first line are matched from behind.
    for (const [k, row] of blank.entries()) lines[row] = (previous >= 0 ? free[k] : free[k - short]) ?? -1;
    // Where the document has more of them, it is open on which side of new text that brings its own the others belong.
    const more = previous >= 0 && next - previous - 1 > blank.length && blank.length > 0;
    if (more && index.trimmed.slice(previous + 1, next).every((line) => line === '') && bringsBlank(rows, at, end))
      return false;
    if (short > 0 && blank.some((row) => lines[row]! < 0 && separatesNew(rows, row, at, end))) return false;
    // That the document lacks one that goes is known only where both lines around it are there.
    const open = (!first && previous < 0) || (end < rows.length && next < 0);
    if (open && blank.some((row) => lines[row]! < 0 && rows[row]!.op === 'remove')) return false;
    if (end < rows.length) previous = next;
    first = false;
    at = end + 1;
  }
  return true;
}

/** Whether there are new lines, and blank ones among them, between the old lines at `from` - 1 and `to`. */
const bringsBlank = (rows: readonly Row[], from: number, to: number) => {
  const added = rows.slice(from, to).filter((row) => row.op === 'add');
  return added.some((row) => row.text.trim() === '') && added.some((row) => row.text.trim() !== '');
};

/** Whether a row has new ones before and behind it, between the old lines at `from` - 1 and `to`. */
const separatesNew = (rows: readonly Row[], row: number, from: number, to: number) =>
  rows.slice(from, row).some((other) => other.op === 'add') && rows.slice(row, to).some((other) => other.op === 'add');

/** Starts of every run of `keys` in `lines`, looked up by the rarest key. Expected cost: occurrences of that key. */
export function findRuns(
  keys: readonly string[],
  lines: readonly string[],
  positions: ReadonlyMap<string, readonly number[]>,
  limit = Math.max(8, Math.min(MAX_MATCHES, Math.floor(100_000 / (keys.length + 1)))),
): number[] {
  let rarest: readonly number[] | undefined;
  let offset = 0;
  for (const [i, key] of keys.entries()) {
    const found = positions.get(key);
    if (!found) return [];
    if (!rarest || found.length < rarest.length) {
      rarest = found;
      offset = i;
    }
  }
  const starts: number[] = [];
  if (!rarest) return starts;
  search: for (const position of rarest) {
    const start = position - offset;
    if (start < 0 || start + keys.length > lines.length) continue;
    for (let i = 0; i < keys.length; i++) if (lines[start + i] !== keys[i]) continue search;
    starts.push(start);
    if (starts.length >= limit) break;
  }
  return starts;
}
