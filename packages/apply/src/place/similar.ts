import type { Candidate, Row } from '../edit.ts';
import { declaredName } from '../lazy/structure.ts';
import { isSameName } from './choose.ts';
import { indentOf, type LineIndex, looseKey } from './line-index.ts';
import { candidateFrom, isTelling, type Match } from './placement.ts';
import { couldChange, coresAreUnique, isSplitByMatch, SPLIT } from './rivals.ts';
import { alignBlankRows, starsInDoubt } from './sequence.ts';
import { isRenaming, tokensOf } from './similarity.ts';
import { findWindows, MAX_ROWS } from './windows.ts';

/** A place has to have this share of the hunk's weight, … */
const ACCEPTED_SCORE = 0.7;
/** … this much more than the next best one, … */
const ACCEPTED_MARGIN = 0.15;
/** … and this share of it letter by letter (but for white space). */
const ACCEPTED_EXACT = 0.5;

/**
 * The place that most of the hunk's old lines are at, when some of them differ. Rare lines vote for a diagonal; the windows
 * with most votes are aligned; the best one has to stand out. Lines that stay may differ, lines that go must not, but for a
 * few inside a run whose other lines are there.
 */
export function matchSimilar(
  index: LineIndex,
  rows: readonly Row[],
): { match?: Match; doubt?: 'changed' | 'ambiguous'; candidates: Candidate[] } {
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
  const [best] = windows;
  if (!best || best.score < ACCEPTED_SCORE || best.exact < ACCEPTED_EXACT || best.exactRows < 2) return { candidates };
  const rival = windows.slice(1).find((window) => couldChange(index, rows, window));
  if (rival && best.score - rival.score < ACCEPTED_MARGIN) return { doubt: 'ambiguous', candidates };
  const lines = rows.map(() => -1);
  for (const [k, i] of solidRows.entries()) if (best.partners[k]! >= 0) lines[i] = loose.lines[best.partners[k]!]!;
  // Brackets are not renamed: one that is not there says that this is another place.
  if (solidRows.some((i, k) => !isTelling(keys[k]!) && lines[i]! < 0)) return { doubt: 'changed', candidates };
  if (!alignBlankRows(index, rows, lines)) return { doubt: 'changed', candidates };
  if (!changesAreCertain(index, rows, lines)) return { doubt: 'changed', candidates };
  const range = { start: loose.lines[best.first]!, end: loose.lines[best.last]! + 1 };
  if (!coresAreUnique(index, rows, lines) || isSplitByMatch(index, rows, { lines }, true))
    return { doubt: 'ambiguous', candidates };
  if (namesAnother(index, rows, lines)) return { doubt: 'ambiguous', candidates };
  const reindent =
    starsInDoubt(index, rows, lines) ||
    rows.some(
      (row, i) =>
        lines[i]! >= 0 &&
        row.text.trim() !== '' &&
        looseKey(row.text) === looseKey(index.document.lines[lines[i]!]!) &&
        indentOf(row.text) !== indentOf(index.document.lines[lines[i]!]!) &&
        row.alternative !== index.document.lines[lines[i]!],
    );
  return { match: { lines, range, rank: 5, confidence: 0.55 + 0.3 * Math.min(1, best.score), reindent }, candidates };
}

/** Whether a line of the hunk declares a name, the match has no such line, and the document declares that name elsewhere. */
function namesAnother(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  return rows.some((row, i) => {
    const name = row.op === 'add' ? undefined : declaredName(row.text.trim());
    if (name === undefined || name.length < 3) return false;
    if (lines[i]! >= 0 && isSameName(declaredName(index.trimmed[lines[i]!]!) ?? '', name)) return false;
    // Where the very line stands there, the place was split: a question of its own.
    if (index.loose().positions.has(looseKey(row.text))) return false;
    return index.trimmed.some((line) => line.includes(name) && declaredName(line) === name);
  });
}

/**
 * What is replaced has to be what the model saw. A removed line that differs is let through only between removed or kept
 * lines that are there, one for one, when at least three quarters of the run are, and when nothing it has that the document
 * lacks comes back in the new text: that text was then written for another line.
 */
function changesAreCertain(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  const same = (i: number) => lines[i]! >= 0 && looseKey(index.document.lines[lines[i]!]!) === looseKey(rows[i]!.text);
  const renamed = (i: number) =>
    lines[i]! >= 0 && isRenaming(tokensOf(rows[i]!.text), tokensOf(index.document.lines[lines[i]!]!));
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
  // Lines that the model did not see, amid those that go: the place was split.
  for (const [k, i] of old.entries()) {
    const next = old[k + 1];
    if (next === undefined || (rows[i]!.op === 'keep' && rows[next]!.op === 'keep')) continue;
    if (!areNeighbours(index, lines[i]!, lines[next]!)) return false;
  }
  // Text comes between two lines, at least one of which must be the line that the model saw.
  for (const [i, row] of rows.entries()) {
    if (row.op !== 'add' || rows[i - 1]?.op === 'add') continue;
    const before = old.findLast((k) => k < i);
    const after = old.find((k) => k > i);
    const there = [before, after].map((k) => k !== undefined && same(k));
    if (!there[0] && !there[1]) return false;
    // Lines that the model did not see, right beside: which side of them is meant is open.
    for (const [a, b] of [
      [old.findLast((k) => k < (before ?? -1)), before],
      [after, old.find((k) => k > (after ?? rows.length))],
    ])
      if (a !== undefined && b !== undefined && !areNeighbours(index, lines[a]!, lines[b]!)) return false;
    // A neighbour that is not here but stands close by: the place was split, and which half is meant is open. One that is
    // here under another name is here.
    for (const [side, k] of [before, after].entries())
      if (k !== undefined && !there[side] && !renamed(k) && standsNear(index, rows[k]!.text, lines)) return false;
  }
  return true;
}

function standsNear(index: LineIndex, text: string, lines: readonly number[]): boolean {
  if (!isTelling(text)) return false;
  const loose = index.loose();
  const here = lines.find((line) => line >= 0) ?? 0;
  return (loose.positions.get(looseKey(text)) ?? []).some((at) => Math.abs(loose.lines[at]! - here) <= SPLIT);
}

/** Whether only blank lines are between two lines; also where one of them has no place. */
const areNeighbours = (index: LineIndex, a: number, b: number) =>
  a < 0 || b < 0 || index.trimmed.slice(a + 1, b).every((line) => line === '');
