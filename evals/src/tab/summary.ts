import type { CaseScore } from './score.ts';

export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** One row of the table. Shares are 0..1; `undefined` where there is nothing to divide by. */
export interface Row {
  readonly name: string;
  readonly cases: number;
  readonly errors: number;
  readonly shown: number;
  readonly exact: number;
  /** Of the cases that say what is right. */
  readonly exactShare: number | undefined;
  /** Exact, of those shown. */
  readonly precision: number | undefined;
  /** On the right line, of those shown. */
  readonly position: number | undefined;
  /** Mean over the cases that say what is right, silence counting 0; 0..100. */
  readonly deltaChrF: number | undefined;
  /** Milliseconds, as the engine says. */
  readonly latency: Latency;
  /** Milliseconds from question to answer, with the JSON of both. */
  readonly wall: Latency;
}

export function rowOf(name: string, scores: readonly CaseScore[]): Row {
  const scored = scores.filter((score) => score.scored);
  const shown = scored.filter((score) => score.shown);
  const exact = shown.filter((score) => score.exact).length;
  return {
    name,
    cases: scores.length,
    errors: scores.filter((score) => score.error !== undefined).length,
    shown: scores.filter((score) => score.shown).length,
    exact,
    exactShare: share(exact, scored.length),
    precision: share(exact, shown.length),
    position: share(shown.filter((score) => score.position).length, shown.length),
    deltaChrF: scored.length === 0 ? undefined : sum(scored.map((score) => score.deltaChrF)) / scored.length,
    latency: latencyOf(scores.map((score) => score.ms)),
    wall: latencyOf(scores.map((score) => score.wallMs)),
  };
}

/** One row per value of `key`, most cases first, then by name. */
export function rowsBy(scores: readonly CaseScore[], key: (score: CaseScore) => string | undefined): readonly Row[] {
  const groups = new Map<string, CaseScore[]>();
  for (const score of scores) {
    const name = key(score);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), score]);
  }
  return [...groups]
    .map(([name, group]) => rowOf(name, group))
    .sort((a, b) => b.cases - a.cases || (a.name < b.name ? -1 : 1));
}

/** Nearest-rank percentile of unsorted values; `NaN` of none. `rank` in 0..1. */
export function percentile(values: readonly number[], rank: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)] ?? Number.NaN;
}

export function latencyOf(values: readonly number[]): Latency {
  return { p50: percentile(values, 0.5), p90: percentile(values, 0.9), p99: percentile(values, 0.99) };
}

export interface CurvePoint {
  /** Shown at or above this confidence, … */
  readonly confidence: number;
  /** … this share of the cases would get a suggestion, … */
  readonly coverage: number;
  /** … and this share of those would be exact. */
  readonly precision: number;
}

/** What every threshold would give, from the best candidate of each case, shown or not; from the surest to the least sure. */
export function precisionOverCoverage(scores: readonly CaseScore[]): readonly CurvePoint[] {
  const scored = scores.filter((score) => score.scored);
  const best = scored.flatMap(({ candidates }) => candidates.slice(0, 1)).sort((a, b) => b.confidence - a.confidence);
  const points: CurvePoint[] = [];
  let exact = 0;
  for (const [index, candidate] of best.entries()) {
    if (candidate.exact) exact++;
    // All of one confidence are shown or none.
    if (best[index + 1]?.confidence === candidate.confidence) continue;
    points.push({
      confidence: candidate.confidence,
      coverage: (index + 1) / scored.length,
      precision: exact / (index + 1),
    });
  }
  return points;
}

export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly confidence: number;
  readonly exact: number;
}

/** Ten bins of the best candidates by confidence (empty ones left out), and the expected calibration error (0..1). */
export function calibrationOf(scores: readonly CaseScore[]): {
  readonly bins: readonly CalibrationBin[];
  readonly error: number | undefined;
} {
  const best = scores.filter((score) => score.scored).flatMap(({ candidates }) => candidates.slice(0, 1));
  const bins: CalibrationBin[] = [];
  for (let bin = 0; bin < 10; bin++) {
    const inside = best.filter(({ confidence }) => Math.min(9, Math.max(0, Math.floor(confidence * 10))) === bin);
    if (inside.length === 0) continue;
    bins.push({
      from: bin / 10,
      to: (bin + 1) / 10,
      count: inside.length,
      confidence: sum(inside.map(({ confidence }) => confidence)) / inside.length,
      exact: inside.filter(({ exact }) => exact).length / inside.length,
    });
  }
  const error =
    best.length === 0
      ? undefined
      : sum(bins.map((bin) => bin.count * Math.abs(bin.confidence - bin.exact))) / best.length;
  return { bins, error };
}

function share(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
