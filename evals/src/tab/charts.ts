import type { CaseScore } from './score.ts';
import { calibrationOf, precisionOverCoverage, type Row, rowsBy } from './summary.ts';
import { barChart, lineChart } from './svg.ts';

const percent = (share: number) => `${Math.round(100 * share)} %`;

/** The pictures of docs/results, by file name. @param overall the engine and the baselines @param ablations without each source; none: no picture of them */
export function chartsOf(
  scores: readonly CaseScore[],
  overall: readonly Row[],
  ablations: readonly Row[] = [],
): Readonly<Record<string, string>> {
  const shares = (rows: readonly Row[]) =>
    rows.map((row) => ({ name: `${row.name} (${row.cases})`, values: [row.precision, row.exactShare] }));
  const legend = ['exact of those shown', 'exact of all cases'];
  const kinds = [...new Set(scores.map(({ kind }) => kind))].sort();
  const calibration = calibrationOf(scores);
  const most = Math.max(1, ...calibration.bins.map(({ count }) => count));
  const times = scores.map(({ ms }) => ms).sort((a, b) => a - b);
  const slowest = times.at(Math.ceil(0.99 * times.length) - 1) ?? 1;
  return {
    'tab-precision-coverage.svg': lineChart(
      'Precision against coverage, for every threshold of confidence',
      { label: 'cases with a suggestion', max: 1, format: percent },
      { label: 'exact of those', max: 1, format: percent },
      kinds.map((kind) => ({
        name: kind,
        points: precisionOverCoverage(scores.filter((score) => score.kind === kind)).map(
          ({ coverage, precision }) => [coverage, precision] as const,
        ),
      })),
    ),
    'tab-calibration.svg': lineChart(
      `Calibration: said and true${calibration.error === undefined ? '' : ` (expected error ${percent(calibration.error)})`}`,
      { label: 'confidence', max: 1, format: percent },
      { label: 'exact', max: 1, format: percent },
      [
        {
          name: 'best candidates',
          points: calibration.bins.map((bin) => [bin.confidence, bin.exact] as const),
          sizes: calibration.bins.map((bin) => bin.count / most),
        },
        {
          name: 'perfect',
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
    ),
    'tab-baselines.svg': barChart('Against the baselines', legend, shares(overall), 1, percent),
    ...(ablations.length > 0 && {
      'tab-ablation.svg': barChart(
        'Without each source',
        legend,
        shares([...overall.slice(0, 1), ...ablations]),
        1,
        percent,
      ),
    }),
    'tab-sources.svg': barChart(
      'By source',
      legend,
      shares(rowsBy(scores, ({ shown, source }) => (shown ? source : undefined))),
      1,
      percent,
    ),
    'tab-languages.svg': barChart(
      'By language',
      legend,
      shares(rowsBy(scores, ({ language }) => language)),
      1,
      percent,
    ),
    'tab-latency.svg': lineChart(
      'Latency, up to the 99th percentile',
      { label: 'milliseconds in the engine', max: slowest, format: (value) => value.toFixed(1) },
      { label: 'cases answered by then', max: 1, format: percent },
      [
        {
          name: 'predict',
          points: times.filter((ms) => ms <= slowest).map((ms, index) => [ms, (index + 1) / times.length] as const),
        },
      ],
    ),
  };
}
