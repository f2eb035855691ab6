import type { Row } from './summary.ts';

/** Columns aligned, the first to the left and the others to the right; a rule under the head. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) =>
        column === 0 ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

const HEAD = [
  '',
  'cases',
  'shown',
  'exact',
  'exact %',
  'precision %',
  'position %',
  'delta-chrF',
  'p50 ms',
  'p90 ms',
  'p99 ms',
];

export function tableOfRows(title: string, rows: readonly Row[]): string {
  return tableOf(
    [title, ...HEAD.slice(1)],
    rows.map((row) => [
      row.name,
      String(row.cases),
      String(row.shown),
      String(row.exact),
      percent(row.exactShare),
      percent(row.precision),
      percent(row.position),
      decimal(row.deltaChrF),
      decimal(row.latency.p50),
      decimal(row.latency.p90),
      decimal(row.latency.p99),
    ]),
  );
}

export function percent(share: number | undefined): string {
  return share === undefined ? '-' : (100 * share).toFixed(1);
}

export function decimal(value: number | undefined): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(1);
}

/** On one line, numbers to four decimals: more would be noise. */
export function jsonOf(figures: object): string {
  return JSON.stringify(figures, (_key, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1e4) / 1e4 : value,
  );
}
