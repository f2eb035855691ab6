import { baselineAnswer, baselines } from './baselines.ts';
import type { Case } from './case.ts';
import type { Predictor } from './predictor.ts';
import { finalTexts, replay, type SessionScore } from './replay.ts';
import type { Session } from './session.ts';
import { type Latency, latencyOf } from './summary.ts';
import { decimal, jsonOf, percent, tableOf } from './table.ts';

/** One row: a session, or all of them. */
export interface SessionRow {
  readonly name: string;
  readonly keys: number;
  /** 0..1 of the recording's keys. */
  readonly saved: number | undefined;
  readonly shown: number;
  readonly right: number;
  readonly wrong: number;
  /** Per 100 keys of the recording. */
  readonly wrongPer100: number | undefined;
  readonly jumps: number;
  readonly errors: number;
  readonly latency: Latency;
  readonly wall: Latency;
}

export function sessionRow(name: string, scores: readonly SessionScore[]): SessionRow {
  const total = (key: 'keys' | 'pressed' | 'shown' | 'right' | 'wrong' | 'jumps') =>
    scores.reduce((sum, score) => sum + score[key], 0);
  const keys = total('keys');
  return {
    name,
    keys,
    saved: keys === 0 ? undefined : (keys - total('pressed')) / keys,
    shown: total('shown'),
    right: total('right'),
    wrong: total('wrong'),
    wrongPer100: keys === 0 ? undefined : (100 * total('wrong')) / keys,
    jumps: total('jumps'),
    errors: scores.reduce((sum, { errors }) => sum + errors.length, 0),
    latency: latencyOf(scores.flatMap(({ ms }) => ms)),
    wall: latencyOf(scores.flatMap(({ wallMs }) => wallMs)),
  };
}

export interface SessionReportOptions {
  readonly baselines: boolean;
  /** Starts the predictor without a source: each that showed something is then measured as left out. */
  readonly startWithout?: (source: string) => Predictor;
  /** Prints every suggestion as it is shown. */
  readonly verbose: boolean;
  readonly table: boolean;
  readonly json: boolean;
  readonly now: () => number;
  readonly write: (text: string) => void;
  readonly warn: (text: string) => void;
}

/** Replays the sessions one after the other and prints their figures. @throws PredictorError */
export async function sessionReport(
  sessions: readonly Session[],
  predictor: Predictor,
  options: SessionReportOptions,
): Promise<void> {
  const scores: SessionScore[] = [];
  for (const session of sessions) {
    const score = await replay(session, predictor, ({ index, suggestion, accepted }) => {
      if (options.verbose && suggestion)
        options.write(
          `${session.id}@${index} ${accepted ? 'accepted' : 'shown'} ${suggestion.source} ${suggestion.confidence.toFixed(2)} ${suggestion.path} ${JSON.stringify(suggestion.edits)}\n`,
        );
    });
    for (const error of score.errors.slice(0, 3)) options.warn(`${score.id}: ${error}`);
    if (!sameTexts(score.texts, finalTexts(session)))
      options.warn(`${score.id}: the replay does not end with the recording's text; its figures are void`);
    scores.push(score);
  }
  const rows = [sessionRow('all', scores)];
  if (options.baselines)
    for (const [name, baseline] of Object.entries(baselines())) {
      const other: Predictor = {
        ask: async (question) => baselineAnswer(baseline, question as Case, () => undefined, options.now),
        close: async () => {},
      };
      const baselineScores: SessionScore[] = [];
      for (const session of sessions) baselineScores.push(await replay(session, other));
      rows.push(sessionRow(name, baselineScores));
    }
  const ablations: SessionRow[] = [];
  if (options.startWithout)
    for (const { source } of sourceRows(scores)) {
      const other = options.startWithout(source);
      const without: SessionScore[] = [];
      try {
        for (const session of sessions) without.push(await replay(session, other));
      } finally {
        await other.close();
      }
      ablations.push(sessionRow(`without ${source}`, without));
    }
  const each = scores.map((score) => sessionRow(score.id, [score]));
  const bySource = sourceRows(scores);
  if (options.table) {
    options.write(`${sessionTable('sessions', each.length > 1 ? [...each, ...rows] : rows)}\n`);
    if (ablations.length > 0) options.write(`\n${sessionTable('ablation', [rows[0]!, ...ablations])}\n`);
    if (bySource.length > 0)
      options.write(
        `\n${tableOf(
          ['by source', 'shown', 'right', 'wrong'],
          bySource.map((row) => [row.source, row.shown, row.right, row.wrong].map(String)),
        )}\n`,
      );
  }
  if (options.json)
    options.write(
      `${options.table ? '\n' : ''}${jsonOf({ ...rows[0], baselines: rows.slice(1), ablations, bySource, sessions: each })}\n`,
    );
}

export function sessionTable(title: string, rows: readonly SessionRow[]): string {
  return tableOf(
    [title, 'keys', 'saved %', 'shown', 'right', 'wrong', 'wrong/100', 'jumps', 'p50 ms', 'p90 ms', 'p99 ms'],
    rows.map((row) => [
      row.name,
      String(row.keys),
      percent(row.saved),
      String(row.shown),
      String(row.right),
      String(row.wrong),
      decimal(row.wrongPer100),
      String(row.jumps),
      decimal(row.latency.p50),
      decimal(row.latency.p90),
      decimal(row.latency.p99),
    ]),
  );
}

function sourceRows(scores: readonly SessionScore[]) {
  const sources = [...new Set(scores.flatMap(({ shownBySource }) => Object.keys(shownBySource)))].sort();
  return sources.map((source) => {
    const shown = scores.reduce((sum, score) => sum + (score.shownBySource[source] ?? 0), 0);
    const right = scores.reduce((sum, score) => sum + (score.accepted[source] ?? 0), 0);
    return { source, shown, right, wrong: shown - right };
  });
}

function sameTexts(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return [...new Set([...a.keys(), ...b.keys()])].every((path) => (a.get(path) ?? '') === (b.get(path) ?? ''));
}
