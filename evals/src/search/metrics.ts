/** Where an answer points: a file below a root, or a text of a corpus (then the lines say nothing). */
export interface Found {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

export interface QueryScore {
  readonly hit1: number;
  readonly hit5: number;
  /** Share of what is relevant among the first ten. */
  readonly recall10: number;
  /** 1 / rank of the first relevant one among the first ten, else 0. */
  readonly reciprocal10: number;
}

/** @param found best first */
export function scoreQuery(found: readonly Found[], relevant: readonly string[]): QueryScore {
  const targets = relevant.map(targetOf);
  const ten = found.slice(0, 10);
  const first = ten.findIndex((one) => targets.some((target) => meets(one, target)));
  const there = targets.filter((target) => ten.some((one) => meets(one, target))).length;
  return {
    hit1: first === 0 ? 1 : 0,
    hit5: first >= 0 && first < 5 ? 1 : 0,
    recall10: there / targets.length,
    reciprocal10: first < 0 ? 0 : 1 / (first + 1),
  };
}

interface Target {
  readonly path: string;
  readonly lines?: readonly [start: number, end: number];
}

function targetOf(relevant: string): Target {
  const match = /^(.*):(\d+)-(\d+)$/s.exec(relevant);
  return match ? { path: match[1]!, lines: [Number(match[2]), Number(match[3])] } : { path: relevant };
}

function meets(found: Found, { path, lines }: Target): boolean {
  return found.path === path && (lines === undefined || (found.startLine <= lines[1] && lines[0] <= found.endLine));
}

export interface SearchRow {
  readonly name: string;
  readonly queries: number;
  readonly hit1: number;
  readonly hit5: number;
  readonly recall10: number;
  readonly mrr10: number;
  /** Milliseconds a query. */
  readonly p50: number;
  readonly p99: number;
}

export function rowOf(name: string, scores: readonly QueryScore[], times: readonly number[]): SearchRow {
  const mean = (of: (score: QueryScore) => number) =>
    scores.reduce((total, score) => total + of(score), 0) / Math.max(1, scores.length);
  return {
    name,
    queries: scores.length,
    hit1: mean(({ hit1 }) => hit1),
    hit5: mean(({ hit5 }) => hit5),
    recall10: mean(({ recall10 }) => recall10),
    mrr10: mean(({ reciprocal10 }) => reciprocal10),
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
