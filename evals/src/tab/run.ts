import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { baselineAnswer, baselines } from './baselines.ts';
import { type Case, parseCases, questionOf } from './case.ts';
import { chartsOf } from './charts.ts';
import { EditError } from './edits.ts';
import { explainCase } from './explain.ts';
import { type Predictor, PredictorError, predictorOf } from './predictor.ts';
import { type CaseScore, scoreCase } from './score.ts';
import { parseSessions, type Session, SessionError } from './session.ts';
import { sessionReport } from './session-report.ts';
import { calibrationOf, precisionOverCoverage, type Row, rowOf, rowsBy } from './summary.ts';
import { jsonOf, tableOfRows } from './table.ts';

const HELP = `Usage: npm run eval:tab -- --cases FILE.jsonl [options]
       npm run eval:tab -- --session FILE.json|FILE.jsonl … [options]

Measures next-edit prediction on cases or recorded sessions (docs/evaluating-tab.md), with the engine that ships.

  --cases FILE     cases, one JSON object a line; may be given several times
  --session FILE   recorded sessions: one, an array of them, or one a line; may be given several times
  --baselines      the baselines in the same table
  --explain ID     prints one case: events, text around the cursor, all candidates, accepted outcomes (with --session: every suggestion)
  --charts [DIR]   also draws the charts as SVG, into docs/results unless --out names another folder
  --out DIR        where the charts go
  --ablation       also without each source that showed something, one after the other
  --limit N        only N of the cases or sessions, evenly spread
  --command CMD    another predictor that speaks the same JSON lines (default: tabstop predict --jsonl)
  --json           prints the JSON alone; --table the table alone. Without either: the table, then the JSON on the last line
  --help

Exit codes: 0 measured; 1 the predictor failed; 2 the input could not be read.
`;

/** Input that cannot be run; its message is for the user. */
class InputError extends Error {
  override readonly name = 'InputError';
}

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
// `npm run` moves to the package's folder: names on the command line are relative to where it was typed.
const from = process.env.INIT_CWD ?? process.cwd();

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError || error instanceof SessionError || error instanceof PredictorError)) throw error;
  process.stderr.write(`eval:tab: ${error.message}\n`);
  process.exitCode = error instanceof PredictorError ? 1 : 2;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (!options.cases?.length && !options.session?.length)
    throw new InputError('give --cases FILE or --session FILE (--help says more)');
  if (options.session?.length) await runSessions(options, options.session);
  if (options.cases?.length) await runCases(options, options.cases);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        cases: { type: 'string', multiple: true },
        session: { type: 'string', multiple: true },
        baselines: { type: 'boolean', default: false },
        explain: { type: 'string' },
        ablation: { type: 'boolean', default: false },
        charts: { type: 'boolean', default: false },
        out: { type: 'string' },
        limit: { type: 'string' },
        command: { type: 'string' },
        json: { type: 'boolean', default: false },
        table: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new InputError((error as Error).message);
  }
}
type Options = ReturnType<typeof readOptions>;

async function runCases(options: Options, files: readonly string[]): Promise<void> {
  const { cases, problems } = readCases(files);
  for (const problem of problems) process.stderr.write(`eval:tab: ${problem}\n`);
  const chosen = limited(
    options.explain === undefined ? cases : cases.filter(({ id }) => id === options.explain),
    options,
  );
  if (chosen.length === 0)
    throw new InputError(options.explain === undefined ? 'no case to run' : `no case with the id ${options.explain}`);
  const rejected = new Map<Case, string>();
  const scores = await scoresOf(options, chosen, rejected);
  if (options.explain !== undefined) return;
  for (const message of rejected.values()) process.stderr.write(`eval:tab: ${message}\n`);
  for (const { id, error } of scores.filter(({ error }) => error !== undefined).slice(0, 10))
    process.stderr.write(`eval:tab: case ${id}: ${error}\n`);
  const others = options.baselines ? baselineRows(chosen.filter((one) => !rejected.has(one))) : [];
  const ablations: Row[] = [];
  if (options.ablation)
    for (const source of sourcesShown(scores))
      ablations.push(rowOf(`without ${source}`, await scoresOf(options, chosen, new Map(), source)));
  report(options, scores, others, ablations, problems.length + rejected.size);
}

/** Names of the sources whose suggestions were shown, in order. */
function sourcesShown(scores: readonly CaseScore[]): readonly string[] {
  return [...new Set(scores.flatMap(({ shown, source }) => (shown && source !== undefined ? [source] : [])))].sort();
}

/** Asks for all cases, without one source where it is named. Cases that accept what does not fit their documents go to `rejected`. */
async function scoresOf(
  options: Options,
  chosen: readonly Case[],
  rejected: Map<Case, string>,
  without?: string,
): Promise<CaseScore[]> {
  const predictor = startPredictor(options, without);
  const scores: CaseScore[] = [];
  try {
    for (const one of chosen) {
      const elsewhere = filesUnder(one.root);
      const answer = await predictor.ask({ ...questionOf(one), ...(options.explain === undefined ? {} : { max: 10 }) });
      if (options.explain !== undefined) process.stdout.write(`${explainCase(one, answer, elsewhere)}\n`);
      try {
        scores.push(scoreCase(one, answer, elsewhere));
      } catch (error) {
        if (!(error instanceof EditError)) throw error;
        rejected.set(one, `case ${one.id}: ${error.message}`);
      }
    }
  } finally {
    await predictor.close();
  }
  return scores;
}

function report(
  options: Options,
  scores: readonly CaseScore[],
  others: readonly Row[],
  ablations: readonly Row[],
  broken: number,
): void {
  const overall = [rowOf('tabstop', scores), ...others];
  const byKind = rowsBy(scores, ({ kind }) => kind);
  const bySource = rowsBy(scores, ({ shown, source }) => (shown ? source : undefined));
  const byLanguage = rowsBy(scores, ({ language }) => language);
  if (!options.json) {
    const tables = [
      tableOfRows('all', overall),
      ...(ablations.length > 0 ? [tableOfRows('ablation', [overall[0]!, ...ablations])] : []),
      ...(byKind.length > 1 ? [tableOfRows('by kind', byKind)] : []),
      tableOfRows('by source (shown)', bySource),
      tableOfRows('by language', byLanguage),
    ];
    process.stdout.write(`${tables.join('\n\n')}\n`);
    if (broken > 0) process.stdout.write(`\n${broken} of the input were no cases, see above\n`);
  }
  if (!options.table) {
    const calibration = calibrationOf(scores);
    const curve = precisionOverCoverage(scores);
    process.stdout.write(
      `${options.json ? '' : '\n'}${jsonOf({ ...overall[0], broken, baselines: others, ablations, byKind, bySource, byLanguage, calibration, curve })}\n`,
    );
  }
  if (options.charts) writeCharts(options, chartsOf(scores, overall, ablations));
}

function baselineRows(cases: readonly Case[]): readonly Row[] {
  return Object.entries(baselines()).map(([name, baseline]) =>
    rowOf(
      name,
      cases.map((one) => {
        const elsewhere = filesUnder(one.root);
        return scoreCase(
          one,
          baselineAnswer(baseline, one, elsewhere, () => performance.now()),
          elsewhere,
        );
      }),
    ),
  );
}

async function runSessions(options: Options, files: readonly string[]): Promise<void> {
  const sessions = limited(
    files.flatMap((file): readonly Session[] => parseSessions(read(file), file)),
    options,
  );
  const predictor = startPredictor(options);
  try {
    await sessionReport(sessions, predictor, {
      ...(options.ablation ? { startWithout: (source) => startPredictor(options, source) } : {}),
      baselines: options.baselines,
      verbose: options.explain !== undefined,
      table: !options.json,
      json: !options.table,
      now: () => performance.now(),
      write: (text) => process.stdout.write(text),
      warn: (text) => process.stderr.write(`eval:tab: ${text}\n`),
    });
  } finally {
    await predictor.close();
  }
}

function limited<T>(items: readonly T[], { limit }: Options): readonly T[] {
  if (limit === undefined) return items;
  if (!/^\d+$/.test(limit)) throw new InputError(`--limit wants a number, not ${limit}`);
  const step = Math.max(1, items.length / Number(limit));
  return Array.from({ length: Math.min(items.length, Number(limit)) }, (_, index) => items[Math.floor(index * step)]!);
}

function readCases(files: readonly string[]): { cases: readonly Case[]; problems: readonly string[] } {
  const parsed = files.map((file) => ({ file, ...parseCases(read(file)) }));
  return {
    cases: parsed.flatMap(({ cases }) => cases),
    problems: parsed.flatMap(({ file, problems }) =>
      problems.map(({ line, message }) => `${file}, line ${line}: ${message}`),
    ),
  };
}

function read(file: string): string {
  try {
    return readFileSync(resolve(from, file), 'utf8');
  } catch (error) {
    throw new InputError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** The predictor in a process of its own. @param without a source that it leaves out */
function startPredictor({ command }: Options, without?: string): Predictor {
  const flags = without === undefined ? [] : ['--without', without];
  const tabstop = join(repository, 'apps/editor/bin/tabstop.mjs');
  if (command === undefined && !existsSync(tabstop))
    throw new InputError('the tabstop command is not built: run npm run build first');
  const child =
    command === undefined
      ? spawn(process.execPath, [tabstop, 'predict', '--jsonl', ...flags], { cwd: from })
      : spawn('/bin/sh', ['-c', `exec ${[command, ...flags].join(' ')}`], { cwd: from });
  return predictorOf(child, { now: () => performance.now() });
}

/** Reads files under the root of a case; never above it. */
function filesUnder(root: string | undefined): (path: string) => string | undefined {
  if (root === undefined) return () => undefined;
  const folder = resolve(from, root);
  return (path) => {
    const file = resolve(folder, path);
    if (relative(folder, file).split(sep)[0] === '..') return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
  };
}

function writeCharts({ out }: Options, charts: Readonly<Record<string, string>>): void {
  const folder = out === undefined ? join(repository, 'docs/results') : resolve(from, out);
  mkdirSync(folder, { recursive: true });
  for (const [name, svg] of Object.entries(charts)) writeFileSync(join(folder, name), svg);
  process.stderr.write(`eval:tab: ${Object.keys(charts).length} charts in ${folder}\n`);
}
