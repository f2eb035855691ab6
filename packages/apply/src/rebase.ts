import { changeLines, type LineChange, readDocument } from './document.ts';
import type { HunkResult } from './edit.ts';
import { FAILURE_MESSAGES } from './messages.ts';
import { changesBetween } from './place/rows.ts';
import { type ApplyResult, summary } from './result.ts';

/**
 * Carries an edit made of `base` over to `current`, what the document has become since (three-way, by lines). A change that
 * touches lines the document changed too, or inserts where it inserted, is a conflict and left out; one that the document
 * has already made is done. Hunk ranges are lines of `current`.
 */
export function rebaseEdit(base: string, current: string, result: ApplyResult): ApplyResult {
  const before = readDocument(base);
  const now = readDocument(current);
  const wanted = changesBetween(before.lines, readDocument(result.text).lines);
  const made = changesBetween(before.lines, now.lines);
  const changes: LineChange[] = [];
  const hunks: HunkResult[] = result.hunks.filter((hunk) => hunk.status === 'failed');
  for (const change of wanted) {
    const from = shifted(made, change.from);
    const to = from + (change.to - change.from);
    const range = { start: Math.min(from, now.lines.length), end: Math.min(to, now.lines.length) };
    if (made.some((other) => same(change, other))) {
      hunks.push({ status: 'exact', range, confidence: 1 });
      continue;
    }
    if (made.some((other) => touches(change, other))) {
      hunks.push({ status: 'failed', reason: 'conflict', message: FAILURE_MESSAGES.conflict, range, confidence: 0 });
      continue;
    }
    changes.push({ ...change, from, to });
    hunks.push({
      status: made.length === 0 ? 'exact' : 'fuzzy',
      range,
      confidence: Math.min(result.confidence || 1, made.length === 0 ? 1 : 0.95),
    });
  }
  if (hunks.length === 0) hunks.push({ status: 'exact', range: { start: 0, end: 0 }, confidence: 1 });
  const finalBreak = readDocument(result.text).finalBreak;
  const text = changeLines(now, changes, finalBreak === before.finalBreak ? undefined : finalBreak);
  return {
    ...summary(text, hunks, changes),
    ...(result.moveTo === undefined ? {} : { moveTo: result.moveTo }),
    ...(result.deleted ? { deleted: true } : {}),
  };
}

const same = (a: LineChange, b: LineChange) =>
  a.from === b.from &&
  a.to === b.to &&
  a.insert.length === b.insert.length &&
  a.insert.every((line, i) => line === b.insert[i]);

/** Lines in common, or one ending where the other begins: text next to a change was written for other neighbours. */
const touches = (a: LineChange, b: LineChange) => a.from <= b.to && b.from <= a.to;

/** Where a line of the base is now. */
function shifted(made: readonly LineChange[], line: number): number {
  let shift = 0;
  for (const change of made) if (change.to <= line) shift += change.insert.length - (change.to - change.from);
  return line + shift;
}
