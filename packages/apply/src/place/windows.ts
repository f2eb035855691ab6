import { type LineIndex, stemKey } from './line-index.ts';
import { isTelling, weightOf } from './placement.ts';
import { isRenaming, lineSimilarity, tokensOf } from './similarity.ts';

/** Hunks of more old lines are not looked for by similarity. */
export const MAX_ROWS = 1200;
const MAX_OCCURRENCES = 40;
const MAX_WINDOWS = 6;
const SAME_LINE = 0.5;

/** A stretch of the document aligned with the old lines of a hunk; indices are into the loose lines. */
export interface Window {
  readonly score: number;
  readonly exact: number;
  readonly exactRows: number;
  /** For each solid old row the index into the loose lines, -1 where it has no partner. */
  readonly partners: readonly number[];
  readonly first: number;
  readonly last: number;
}

/** The few stretches that most telling lines of a hunk point to, best first; none overlaps a better one. */
export function findWindows(index: LineIndex, keys: readonly string[]): Window[] {
  const loose = index.loose();
  const votes = new Map<number, number>();
  for (const [i, key] of keys.entries()) {
    if (!isTelling(key)) continue;
    // A line with another name votes as well, else a place all of whose telling lines were renamed would never be looked at.
    for (const found of [loose.positions.get(key), loose.stems().get(stemKey(key))]) {
      if (!found || found.length > MAX_OCCURRENCES) continue;
      for (const position of found)
        votes.set(position - i, (votes.get(position - i) ?? 0) + weightOf(key) / found.length);
    }
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

const isSameButForNames = (a: string, b: string) => stemKey(a) === stemKey(b) && isRenaming(tokensOf(a), tokensOf(b));

function similarityAt(line: string, key: string): number {
  if (line === key) return 1;
  if (!isTelling(line) || !isTelling(key)) return 0;
  const similarity = lineSimilarity(line, key);
  if (similarity >= SAME_LINE) return similarity * 0.9;
  // A line of hardly more than one name, which got another end.
  return isSameButForNames(line, key) ? SAME_LINE : 0;
}
