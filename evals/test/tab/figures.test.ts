import { describe, expect, test } from 'vitest';
import type { CaseScore } from '../../src/tab/score.ts';
import { calibrationOf, latencyOf, percentile, precisionOverCoverage, rowOf, rowsBy } from '../../src/tab/summary.ts';
import { tableOf } from '../../src/tab/table.ts';

function score(more: Partial<CaseScore> & { confidence?: number }): CaseScore {
  const { confidence = 0.5, ...rest } = more;
  const base = {
    id: '',
    kind: 'case',
    language: 'Go',
    scored: true,
    shown: true,
    exact: false,
    position: false,
    deltaChrF: 0,
    source: 's',
    ms: 1,
    wallMs: 2,
    error: undefined,
  };
  return { ...base, candidates: [{ source: 's', confidence, shown: true, exact: rest.exact ?? false }], ...rest };
}

test('a row divides exact by cases and by shown; what is not scored is timed only', () => {
  const scores = [
    score({ exact: true, position: true, deltaChrF: 100 }),
    score({ position: true, deltaChrF: 50 }),
    score({ shown: false, ms: 9 }),
    score({ scored: false, ms: 10 }),
  ];
  expect(rowOf('all', scores)).toMatchObject({
    cases: 4,
    shown: 3,
    exact: 1,
    exactShare: 1 / 3,
    precision: 1 / 2,
    position: 1,
    deltaChrF: 50,
    latency: { p50: 1, p90: 10 },
  });
});

test('of no cases there is no share', () => {
  expect(rowOf('none', [])).toMatchObject({
    cases: 0,
    exactShare: undefined,
    precision: undefined,
    deltaChrF: undefined,
  });
});

test('rows by a key: most cases first, those without left out', () => {
  const scores = [score({ source: 'b' }), score({ source: 'a' }), score({ source: 'a' }), score({ source: undefined })];
  expect(rowsBy(scores, ({ source }) => source).map(({ name, cases }) => [name, cases])).toEqual([
    ['a', 2],
    ['b', 1],
  ]);
});

test.each([
  [[1], 0.5, 1],
  [[3, 1, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.5, 2],
  [[4, 1, 3, 2], 0.99, 4],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.9, 90],
])('percentile of %j at %d is the nearest rank', (values, rank, expected) => {
  expect(percentile(values, rank)).toBe(expected);
});

test('no values have no latency', () => {
  expect(latencyOf([])).toEqual({ p50: Number.NaN, p90: Number.NaN, p99: Number.NaN });
});

describe('precision over coverage', () => {
  test('falls from the surest to the least sure, equal confidence in one point, held back candidates counted', () => {
    const scores = [
      score({ confidence: 0.9, exact: true }),
      score({ confidence: 0.4, exact: true }),
      score({ confidence: 0.4 }),
      score({ shown: false, candidates: [] }),
    ];
    expect(precisionOverCoverage(scores)).toEqual([
      { confidence: 0.9, coverage: 1 / 4, precision: 1 },
      { confidence: 0.4, coverage: 3 / 4, precision: 2 / 3 },
    ]);
  });
});

describe('calibration', () => {
  test('bins of a tenth; the error is the mean distance of said and true', () => {
    const { bins, error } = calibrationOf([
      score({ confidence: 0.92, exact: true }),
      score({ confidence: 1, exact: true }),
      score({ confidence: 0.31 }),
    ]);
    expect(bins.map(({ from, count, exact }) => [from, count, exact])).toEqual([
      [0.3, 1, 0],
      [0.9, 2, 1],
    ]);
    expect(error).toBeCloseTo((0.31 + 2 * (1 - 0.96)) / 3, 10);
  });
  test('of nothing is unknown', () => {
    expect(calibrationOf([])).toEqual({ bins: [], error: undefined });
  });
});

test('a table aligns its columns', () => {
  expect(
    tableOf(
      ['name', 'n'],
      [
        ['a', '10'],
        ['longer', '7'],
      ],
    ),
  ).toBe('name     n\n------  --\na       10\nlonger   7');
});
