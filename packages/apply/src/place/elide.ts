import type { Row } from '../edit.ts';
import { isPlaceholder } from '../lazy/placeholder.ts';
import type { LineIndex } from './line-index.ts';
import { isTelling, type Match } from './placement.ts';
import { isSplitByMatch } from './rivals.ts';
import { matchLoose, matchSequence } from './sequence.ts';

const MAX_COMBINATIONS = 2;

/**
 * A hunk whose old lines were shortened in the middle (`...`, `// ... existing code ...`). The parts around each gap are
 * found one after the other, and only one way to do so may exist. A gap that stays keeps the document's lines; one that the
 * edit removes takes them out. Returns rows with the gap's lines filled in.
 */
export function matchElided(
  index: LineIndex,
  rows: readonly Row[],
): { rows: readonly Row[]; match: Match } | 'ambiguous' | undefined {
  const isGap = rows.map((row) => isGapRow(index, row));
  if (!isGap.includes(true)) return undefined;
  const parts: { rows: Row[]; gapOp?: Row['op'] }[] = [{ rows: [] }];
  for (const [i, row] of rows.entries()) {
    if (isGap[i]) parts.push({ rows: [], gapOp: row.op });
    else parts.at(-1)!.rows.push(row);
  }
  // The new text keeps a gap by writing it again: a removed gap whose twin is among the new lines of the same run.
  if (rows.some((row) => row.op === 'add' && isPlaceholder(row.text))) return undefined;
  const useful = trimParts(parts);
  if (useful.length === 0) return undefined;
  const options: (readonly Match[])[] = [];
  for (const part of useful) {
    const strict = matchSequence(index, part.rows);
    const loose = matchLoose(index, part.rows);
    // What only differs in white space is as good a place here: the gap is a doubt already.
    const others = loose.filter((match) => !strict.some((known) => overlap(known, match)));
    if (strict.length + others.length === 0) return undefined;
    options.push([...strict, ...others]);
  }
  const chains = chainsOf(options, useful);
  if (chains.length === 0) return undefined;
  if (chains.length > 1) return 'ambiguous';
  const [chain] = chains;
  // What changes, with the line beside it, stands elsewhere as well: a copy, whose other end is in the gap.
  if (useful.some((part, k) => changes(part) && isSplitByMatch(index, part.rows, chain![k]!, true))) return 'ambiguous';
  const filled: Row[] = [];
  const lines: number[] = [];
  let end = 0;
  for (const [k, part] of useful.entries()) {
    const match = chain![k]!;
    if (k > 0) {
      for (let line = end; line < match.range.start; line++) {
        filled.push({ op: part.gapOp!, text: index.document.lines[line]! });
        lines.push(line);
      }
    }
    filled.push(...part.rows);
    lines.push(...match.lines);
    end = match.range.end;
  }
  const match: Match = {
    lines,
    range: { start: chain![0]!.range.start, end },
    rank: Math.max(4, ...chain!.map((m) => m.rank)),
    confidence: 0.85,
    reindent: chain!.some((m) => m.reindent),
  };
  return { rows: filled, match };
}

const changes = (part: { rows: readonly Row[] }) => part.rows.some((row) => row.op !== 'keep');

const overlap = (a: Match, b: Match) => a.range.start < b.range.end && b.range.start < a.range.end;

const isGapRow = (index: LineIndex, row: Row) =>
  row.op !== 'add' && isPlaceholder(row.text) && !index.positions.has(row.text.trim());

export const hasGap = (index: LineIndex, rows: readonly Row[]): boolean => rows.some((row) => isGapRow(index, row));

/** Parts at the ends that change nothing and say nothing would only make the search ambiguous. */
function trimParts(parts: { rows: Row[]; gapOp?: Row['op'] }[]): { rows: Row[]; gapOp?: Row['op'] }[] {
  const idle = (part: { rows: Row[] }) => part.rows.every((row) => row.op === 'keep' && !isTelling(row.text));
  let start = 0;
  let end = parts.length;
  while (start < end && idle(parts[start]!) && parts[start + 1]?.gapOp !== 'remove') start++;
  while (end > start && idle(parts[end - 1]!) && parts[end - 1]!.gapOp !== 'remove') end--;
  const kept = parts.slice(start, end);
  // A gap that is removed needs a line on either side that says where it starts and ends.
  for (const [i, part] of kept.entries()) {
    if (part.gapOp !== 'remove' || i === 0) continue;
    for (const side of [kept[i - 1]!, part]) if (!side.rows.some((row) => row.op !== 'add')) return [];
  }
  return kept.every((part) => part.rows.some((row) => row.op !== 'add')) ? kept : [];
}

function chainsOf(options: readonly (readonly Match[])[], parts: readonly { gapOp?: Row['op'] }[]): Match[][] {
  let chains: Match[][] = [[]];
  for (const [k, matches] of options.entries()) {
    const next: Match[][] = [];
    for (const chain of chains) {
      const after = chain.at(-1)?.range.end ?? 0;
      for (const match of matches) {
        if (match.range.start < after) continue;
        if (k > 0 && parts[k]!.gapOp === 'remove' && match.range.start === after) continue;
        next.push([...chain, match]);
        if (next.length > 50) return next;
      }
    }
    chains = next;
  }
  return chains.slice(0, MAX_COMBINATIONS);
}
