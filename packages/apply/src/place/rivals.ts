import type { LineRange, Row } from '../edit.ts';
import { type LineIndex, looseKey } from './line-index.ts';
import { isTelling, type Match } from './placement.ts';
import { findRuns } from './sequence.ts';
import { findWindows, MAX_ROWS } from './windows.ts';

/** A place that resembles the hunk this much is a rival of one that only fits but for white space. */
const RIVAL = 0.8;

/**
 * Whether another place is so like the hunk that a tolerant match could be the wrong one of two near copies: the one that
 * the model saw may have changed since, and its copy be left.
 */
export function hasRival(index: LineIndex, rows: readonly Row[], match: Match): boolean {
  const old = rows.flatMap((row, i) => (row.op !== 'add' && row.text.trim() !== '' ? [i] : []));
  const keys = old.map((i) => looseKey(rows[i]!.text));
  if (keys.length === 0 || keys.length > MAX_ROWS) return false;
  if (partStandsElsewhere(index, rows, match.range)) return true;
  const loose = index.loose();
  return findWindows(index, keys).some((window) => {
    const outside = loose.lines[window.first]! >= match.range.end || loose.lines[window.last]! < match.range.start;
    if (!outside || window.score < RIVAL) return false;
    // The copy could only be meant if what goes is there, and what new lines stand beside.
    const same = (k: number | undefined) => k !== undefined && k >= 0 && loose.keys[window.partners[k]!] === keys[k];
    return rows.every((row, i) => {
      if (row.op === 'keep' || row.text.trim() === '') return true;
      if (row.op === 'remove') return same(old.indexOf(i));
      return same(old.findLastIndex((line) => line < i)) || same(old.findIndex((line) => line > i));
    });
  });
}

/**
 * Whether a beginning or an end of the hunk's old lines, up to a change and the line beside it, stands outside the match as
 * well. A copy of the place put in amid the place itself leaves just that of the place, and the copy is then the better fit.
 */
export function partStandsElsewhere(index: LineIndex, rows: readonly Row[], range: LineRange): boolean {
  const firstChange = rows.findIndex((row) => row.op !== 'keep');
  const lastChange = rows.findLastIndex((row) => row.op !== 'keep');
  if (firstChange < 0) return false;
  let end = firstChange;
  while (end < rows.length && rows[end]!.op !== 'keep') end++;
  let start = lastChange;
  while (start >= 0 && rows[start]!.op !== 'keep') start--;
  const loose = index.loose();
  return [rows.slice(0, end + 1), rows.slice(Math.max(0, start))].some((part) => {
    const keys = part.filter((row) => row.op !== 'add' && row.text.trim() !== '').map((row) => looseKey(row.text));
    if (!keys.some(isTelling)) return false;
    return findRuns(keys, loose.keys, loose.positions, 4).some(
      (at) => loose.lines[at + keys.length - 1]! < range.start || loose.lines[at]! >= range.end,
    );
  });
}

/** Equal lines beyond two equal places, on both sides together, that make one a copy of the other. */
const COPIED = 4;

/** Whether two equal places are so for more than the hunk's lines: anchors by depth then say little about which is meant. */
export function isCopy(index: LineIndex, a: Match, b: Match): boolean {
  if (a === b) return false;
  const run = (step: 1 | -1) => {
    let solid = 0;
    for (
      let i = step < 0 ? a.range.start - 1 : a.range.end, k = step < 0 ? b.range.start - 1 : b.range.end;
      ;
      i += step, k += step
    ) {
      const line = index.trimmed[i];
      if (line === undefined || line !== index.trimmed[k]) return solid;
      if (isTelling(line) && ++solid >= COPIED) return solid;
    }
  };
  return run(-1) + run(1) >= COPIED;
}

/** Whether the lines right beside a change stand more often around the match than the hunk has them: a copy is close by. */
export function hasDoubles(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  const old = rows.flatMap((row, i) => (row.op === 'add' || !isTelling(row.text) ? [] : [i]));
  const beside = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (row.op === 'keep') continue;
    const before = old.filter((k) => k <= i).slice(-2);
    const after = old.filter((k) => k >= i).slice(0, 2);
    for (const k of [...before, ...after]) beside.add(looseKey(rows[k]!.text));
  }
  const placed = lines.filter((line) => line >= 0);
  const first = Math.max(0, Math.min(...placed) - 3);
  const last = Math.max(...placed) + 4;
  const count = (keys: readonly string[], key: string) => keys.filter((other) => other === key).length;
  const around = index.document.lines.slice(first, last).map(looseKey);
  const own = old.map((k) => looseKey(rows[k]!.text));
  return [...beside].some((key) => count(around, key) > count(own, key));
}

/** What changes, with the old lines right beside it, must stand at the match or nowhere: elsewhere the rest may just differ. */
export function coresAreUnique(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  const loose = index.loose();
  const old: { key: string; changed: boolean; row: number }[] = [];
  let pending = false;
  for (const [at, row] of rows.entries()) {
    if (row.op === 'add') {
      pending = true;
      const last = old.at(-1);
      if (last) last.changed = true;
    } else if (row.text.trim() !== '') {
      old.push({ key: looseKey(row.text), changed: pending || row.op === 'remove', row: at });
      pending = false;
    }
  }
  for (let i = 0; i < old.length; i++) {
    if (!old[i]!.changed) continue;
    let end = i;
    while (end + 1 < old.length && old[end + 1]!.changed) end++;
    const core = old.slice(Math.max(0, i - 1), end + 2).map((line) => line.key);
    const wide = findRuns(core, loose.keys, loose.positions, 2);
    const tight = old.slice(i, end + 1);
    const found =
      wide.length > 0
        ? wide
        : findRuns(
            tight.map((line) => line.key),
            loose.keys,
            loose.positions,
            2,
          );
    if (found.length > 1) return false;
    const first = lines[(wide.length > 0 ? old[Math.max(0, i - 1)]! : tight[0]!).row]!;
    if (found.length === 1 && first >= 0 && loose.lines[found[0]!] !== first) return false;
    i = end;
  }
  return true;
}
