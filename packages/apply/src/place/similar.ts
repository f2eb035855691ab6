import type { Candidate, Row } from '../edit.ts';
import { indentOf, type LineIndex, looseKey } from './line-index.ts';
import { candidateFrom, isTelling, type Match, weightOf } from './placement.ts';
import { findRuns } from './sequence.ts';
import { lineSimilarity, tokensOf } from './similarity.ts';

const MAX_ROWS = 1200;
const MAX_OCCURRENCES = 40;
const MAX_WINDOWS = 6;
/** A place has to have this share of the hunk's weight, … */
const ACCEPTED_SCORE = 0.7;
/** … this much more than the next best one, … */
const ACCEPTED_MARGIN = 0.15;
/** … and this share of it letter by letter (but for white space). */
const ACCEPTED_EXACT = 0.5;
const SAME_LINE = 0.5;

interface Window {
  readonly score: number;
  readonly exact: number;
  readonly exactRows: number;
  /** For each solid old row the index into the loose lines, -1 where it has no partner. */
  readonly partners: readonly number[];
  readonly first: number;
  readonly last: number;
}

/**
 * The place that most of the hunk's old lines are at, when some of them differ. Rare lines vote for a diagonal; the windows
 * with most votes are aligned; the best one has to stand out. Lines that stay may differ, lines that go must not, but for a
 * few inside a run whose other lines are there.
 */
export function matchSimilar(
  index: LineIndex,
  rows: readonly Row[],
): { match?: Match; changed?: boolean; candidates: Candidate[] } {
  const solidRows: number[] = [];
  for (const [i, row] of rows.entries()) if (row.op !== 'add' && row.text.trim() !== '') solidRows.push(i);
  if (solidRows.length === 0 || solidRows.length > MAX_ROWS) return { candidates: [] };
  const keys = solidRows.map((i) => looseKey(rows[i]!.text));
  const windows = findWindows(index, keys);
  const loose = index.loose();
  const candidates = windows
    .slice(0, 3)
    .map((window) =>
      candidateFrom(
        index,
        { start: loose.lines[window.first]!, end: loose.lines[window.last]! + 1 },
        Math.round(Math.min(1, window.score) * 1000) / 1000,
      ),
    );
  const [best, second] = windows;
  if (!best || best.score < ACCEPTED_SCORE || best.exact < ACCEPTED_EXACT || best.exactRows < 2) return { candidates };
  if (second && best.score - second.score < ACCEPTED_MARGIN) return { candidates };
  const lines = rows.map(() => -1);
  for (const [k, i] of solidRows.entries()) if (best.partners[k]! >= 0) lines[i] = loose.lines[best.partners[k]!]!;
  placeBlankRows(index, rows, lines);
  if (!changesAreCertain(index, rows, lines)) return { candidates, changed: true };
  if (!coresAreUnique(index, rows) || hasDoubles(index, rows, lines)) return { candidates };
  const reindent = rows.some(
    (row, i) =>
      lines[i]! >= 0 &&
      row.text.trim() !== '' &&
      looseKey(row.text) === looseKey(index.document.lines[lines[i]!]!) &&
      indentOf(row.text) !== indentOf(index.document.lines[lines[i]!]!) &&
      row.alternative !== index.document.lines[lines[i]!],
  );
  const range = { start: loose.lines[best.first]!, end: loose.lines[best.last]! + 1 };
  return { match: { lines, range, rank: 5, confidence: 0.55 + 0.3 * Math.min(1, best.score), reindent }, candidates };
}

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

function findWindows(index: LineIndex, keys: readonly string[]): Window[] {
  const loose = index.loose();
  const votes = new Map<number, number>();
  for (const [i, key] of keys.entries()) {
    const found = loose.positions.get(key);
    if (!found || found.length > MAX_OCCURRENCES || !isTelling(key)) continue;
    for (const position of found)
      votes.set(position - i, (votes.get(position - i) ?? 0) + weightOf(key) / found.length);
  }
  const band = Math.max(3, Math.min(12, Math.ceil(keys.length * 0.2)));
  const diagonals = [...votes].sort((a, b) => b[1] - a[1]);
  const chosen: number[] = [];
  for (const [diagonal] of diagonals) {
    if (chosen.some((other) => Math.abs(other - diagonal) <= band)) continue;
    chosen.push(diagonal);
    if (chosen.length >= MAX_WINDOWS) break;
  }
  const windows = chosen.flatMap((diagonal) => alignWindow(loose.keys, keys, diagonal, band) ?? []);
  windows.sort((a, b) => b.score - a.score);
  // Two diagonals can lead to one place; only another place is a rival.
  return windows.filter(
    (w, i) => !windows.slice(0, i).some((better) => w.first <= better.last && better.first <= w.last),
  );
}

/** Banded alignment of the hunk's lines to the document's around one diagonal. */
function alignWindow(
  lines: readonly string[],
  keys: readonly string[],
  diagonal: number,
  band: number,
): Window | undefined {
  const width = 2 * band + 1;
  const skipCost = 0.04;
  const n = keys.length;
  const scores = new Float64Array((n + 1) * width).fill(Number.NEGATIVE_INFINITY);
  const steps = new Uint8Array((n + 1) * width); // 1 both, 2 row without a line, 3 line without a row
  const cell = (i: number, j: number) => i * width + (j - (i + diagonal - band));
  const inBand = (i: number, j: number) =>
    j >= i + diagonal - band && j <= i + diagonal + band && j >= 0 && j <= lines.length;
  const weights = keys.map(weightOf);
  for (let d = -band; d <= band; d++) if (inBand(0, diagonal + d)) scores[cell(0, diagonal + d)] = 0;
  for (let i = 0; i <= n; i++) {
    for (let j = Math.max(0, i + diagonal - band); inBand(i, j); j++) {
      let best = scores[cell(i, j)]!;
      let step = 0;
      if (i > 0 && j > 0 && inBand(i - 1, j - 1)) {
        const similarity = similarityAt(lines[j - 1]!, keys[i - 1]!);
        const score =
          scores[cell(i - 1, j - 1)]! + (similarity > 0 ? similarity * weights[i - 1]! : Number.NEGATIVE_INFINITY);
        if (score > best) {
          best = score;
          step = 1;
        }
      }
      if (i > 0 && inBand(i - 1, j) && scores[cell(i - 1, j)]! > best) {
        best = scores[cell(i - 1, j)]!;
        step = 2;
      }
      if (i > 0 && i < n && j > 0 && inBand(i, j - 1) && scores[cell(i, j - 1)]! - skipCost > best) {
        best = scores[cell(i, j - 1)]! - skipCost;
        step = 3;
      }
      scores[cell(i, j)] = best;
      steps[cell(i, j)] = step;
    }
  }
  let end = -1;
  for (let j = Math.max(0, n + diagonal - band); inBand(n, j); j++) {
    if (end < 0 || scores[cell(n, j)]! > scores[cell(n, end)]!) end = j;
  }
  if (end < 0) return undefined;
  const partners = keys.map(() => -1);
  let j = end;
  for (let i = n; i > 0; ) {
    const step = steps[cell(i, j)]!;
    if (step === 1) partners[--i] = --j;
    else if (step === 3) j--;
    else i--;
  }
  const placed = partners.filter((p) => p >= 0);
  if (placed.length === 0) return undefined;
  const total = weights.reduce((a, b) => a + b, 0);
  let exact = 0;
  let exactRows = 0;
  for (const [i, p] of partners.entries()) {
    if (p < 0 || lines[p] !== keys[i]) continue;
    exact += weights[i]!;
    if (isTelling(keys[i]!)) exactRows++;
  }
  return {
    score: scores[cell(n, end)]! / total,
    exact: exact / total,
    exactRows,
    partners,
    first: placed[0]!,
    last: placed.at(-1)!,
  };
}

function similarityAt(line: string, key: string): number {
  if (line === key) return 1;
  if (!isTelling(line) || !isTelling(key)) return 0;
  const similarity = lineSimilarity(line, key);
  return similarity >= SAME_LINE ? similarity * 0.9 : 0;
}

/** Whether the lines right beside a change stand more often around the match than the hunk has them: a copy is close by. */
function hasDoubles(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
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

/** What changes, with the old lines right beside it, must not stand at a second place: there the rest may differ as well. */
function coresAreUnique(index: LineIndex, rows: readonly Row[]): boolean {
  const loose = index.loose();
  const old: { key: string; changed: boolean }[] = [];
  let pending = false;
  for (const row of rows) {
    if (row.op === 'add') {
      pending = true;
      const last = old.at(-1);
      if (last) last.changed = true;
    } else if (row.text.trim() !== '') {
      old.push({ key: looseKey(row.text), changed: pending || row.op === 'remove' });
      pending = false;
    }
  }
  for (let i = 0; i < old.length; i++) {
    if (!old[i]!.changed) continue;
    let end = i;
    while (end + 1 < old.length && old[end + 1]!.changed) end++;
    const core = old.slice(Math.max(0, i - 1), end + 2).map((line) => line.key);
    const found = findRuns(core, loose.keys, loose.positions, 2).length;
    const tight =
      found === 0
        ? findRuns(
            old.slice(i, end + 1).map((line) => line.key),
            loose.keys,
            loose.positions,
            2,
          ).length
        : found;
    if (tight > 1) return false;
    i = end;
  }
  return true;
}

function placeBlankRows(index: LineIndex, rows: readonly Row[], lines: number[]): void {
  let next = -1;
  for (const [i, row] of rows.entries()) {
    if (row.op === 'add') continue;
    if (lines[i]! >= 0) next = lines[i]! + 1;
    else if (row.text.trim() === '' && next >= 0 && index.trimmed[next] === '') lines[i] = next++;
  }
}

/**
 * What is replaced has to be what the model saw. A removed line that differs is let through only between removed or kept
 * lines that are there, one for one, when at least three quarters of the run are, and when nothing it has that the document
 * lacks comes back in the new text: that text was then written for another line.
 */
function changesAreCertain(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  const same = (i: number) => lines[i]! >= 0 && looseKey(index.document.lines[lines[i]!]!) === looseKey(rows[i]!.text);
  let removed = 0;
  let differing = 0;
  const added = new Set(rows.flatMap((row) => (row.op === 'add' ? tokensOf(row.text) : [])));
  const old = rows.flatMap((row, i) => (row.op === 'add' || row.text.trim() === '' ? [] : [i]));
  for (const [k, i] of old.entries()) {
    if (rows[i]!.op !== 'remove') continue;
    removed++;
    if (same(i)) continue;
    differing++;
    const before = old[k - 1];
    const after = old[k + 1];
    if (lines[i]! < 0 || before === undefined || after === undefined || !same(before) || !same(after)) return false;
    const actual = new Set(tokensOf(index.document.lines[lines[i]!]!));
    const written = tokensOf(rows[i]!.text);
    if (written.some((token) => !actual.has(token) && added.has(token))) return false;
    const known = new Set(written);
    // What the document has and the model did not see would be lost.
    if (rows.some((row) => row.op === 'add') && [...actual].some((token) => !known.has(token) && isTelling(token)))
      return false;
  }
  if (differing * 4 > removed) return false;
  // Text comes between two lines, at least one of which must be the line that the model saw.
  for (const [i, row] of rows.entries()) {
    if (row.op !== 'add' || rows[i - 1]?.op === 'add') continue;
    const before = old.findLast((k) => k < i);
    const after = old.find((k) => k > i);
    if (!(before !== undefined && same(before)) && !(after !== undefined && same(after))) return false;
  }
  return true;
}
