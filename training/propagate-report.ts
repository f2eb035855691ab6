export interface Judged {
  readonly package: string;
  readonly candidates: readonly {
    readonly features: Readonly<Record<string, number>>;
    /** As shipped. */
    readonly score: number;
    readonly exact: boolean;
    readonly agrees: boolean;
  }[];
}

/** The candidates of a case and the log-odds that a model gives them. */
export interface JudgedTops {
  readonly weight: number;
  readonly candidates: readonly { readonly odds: number; readonly exact: boolean; readonly agrees: boolean }[];
}

const BARS = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5];

interface Top {
  readonly weight: number;
  readonly probability: number;
  readonly exact: boolean;
  readonly agrees: boolean;
}

function topsOf(cases: readonly JudgedTops[]): readonly Top[] {
  return cases.flatMap(({ weight, candidates }) => {
    const top = candidates.toSorted((a, b) => b.odds - a.odds)[0];
    return top ? [{ ...top, weight, probability: 1 / (1 + Math.exp(-top.odds)) }] : [];
  });
}

/** Mean distance of estimate and outcome over ten bins of the best candidates, each bin counted by its size. */
export function calibrationError(cases: readonly JudgedTops[], came: 'exact' | 'agrees' = 'agrees'): number {
  const tops = topsOf(cases);
  const bins = Array.from({ length: 10 }, () => 0);
  for (const top of tops)
    bins[Math.min(9, Math.floor(top.probability * 10))]! += top.weight * (top.probability - (top[came] ? 1 : 0));
  return bins.reduce((sum, off) => sum + Math.abs(off), 0) / sum(tops);
}

/** Shares of the cases, each case by its weight: what would be shown at several bars, and what of it is right. */
export function reportOf(title: string, cases: readonly JudgedTops[]): string {
  const tops = topsOf(cases);
  const all = cases.reduce((total, { weight }) => total + weight, 0);
  const any = cases.reduce(
    (total, { weight, candidates }) => total + (candidates.some((c) => c.exact) ? weight : 0),
    0,
  );
  const percent = (part: number, whole: number) => `${((100 * part) / Math.max(1e-9, whole)).toFixed(1)} %`;
  return [
    `${title}: ${cases.length} cases, with an exact candidate ${percent(any, all)}, the first one of them ${percent(sum(tops.filter((t) => t.exact)), any)}`,
    `  calibration error: accepted ${percent(calibrationError(cases), 1)}, exact ${percent(calibrationError(cases, 'exact'), 1)}`,
    ...BARS.map((bar) => {
      const shown = tops.filter(({ probability }) => probability >= bar);
      const exact = shown.filter((top) => top.exact);
      return (
        `  bar ${bar}: shown ${percent(sum(shown), all)}, exact ${percent(sum(exact), all)}, precision ${percent(sum(exact), sum(shown))}, ` +
        `accepted ${percent(sum(shown.filter((top) => top.agrees)), sum(shown))} (${exact.length} exact of ${shown.length} shown)`
      );
    }),
  ].join('\n');
}

function sum(tops: readonly Top[]): number {
  return tops.reduce((total, { weight }) => total + weight, 0);
}
