import type { Row } from '../edit.ts';

/**
 * One line of a hunk body. A context line keeps both readings, with and without its first column, since models drop the
 * leading space of some or all context lines; a line with no mark at all is context that lost it.
 */
export function readRow(line: string): Row {
  const mark = line[0];
  if (mark === '+') return { op: 'add', text: line.slice(1) };
  if (mark === '-') return { op: 'remove', text: line.slice(1) };
  if (mark === ' ') return { op: 'keep', text: line.slice(1), alternative: line };
  if (mark === '\t') return { op: 'keep', text: line };
  return { op: 'keep', text: line };
}

/** Blank lines behind a hunk are layout of the answer, not context, when they lost their leading space too. */
export function dropTrailingBlank(rows: readonly Row[]): readonly Row[] {
  let end = rows.length;
  while (
    end > 0 &&
    rows[end - 1]!.op === 'keep' &&
    rows[end - 1]!.text === '' &&
    rows[end - 1]!.alternative === undefined
  )
    end--;
  return end === rows.length ? rows : rows.slice(0, end);
}
