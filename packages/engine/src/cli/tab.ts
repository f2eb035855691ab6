import { parseArgs } from 'node:util';
import { openFeedback } from '../server/node-feedback.ts';
import { type CalibrationBin, calibrationOf } from '../tab/calibration.ts';
import { countBySource, type SourceCounts } from '../tab/feedback.ts';
import { adaptationOf } from '../tab/rank.ts';
import { engineDataDir } from './data-dir.ts';
import { CommandError, type CliIo, ExitCode, UsageError, write } from './io.ts';

const USAGE = `Usage: tabstop tab stats [--json] [--data-dir DIR]
       tabstop tab clear [--data-dir DIR]

What became of the suggestions of Tab. It is kept on this machine alone, without code and without paths.

  stats            counts by source: shown, accepted, rejected, ignored, and how far they moved its estimates; then how well
                   the estimates held, as a chart: expected and accepted, by tenths
  clear            forgets all of it
  --json           stats as JSON: {"sources": [{"source", "shown", "accepted", "rejected", "ignored", "learned"}],
                   "calibration": [{"from", "to", "shown", "expected", "accepted"}], "file", "bytes"}
  --data-dir DIR   where Tabstop keeps its data (default $TABSTOP_DATA_DIR, else
                   $XDG_DATA_HOME/tabstop, else ~/.local/share/tabstop)
  --help           this text

Exit codes: 0 done, 1 it could not be done, 2 the command line was wrong.
`;

export async function runTab(argv: readonly string[], io: CliIo): Promise<number> {
  const { verb, help, json, dataDir } = optionsFrom(argv);
  if (help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  if (verb !== 'stats' && verb !== 'clear')
    throw new UsageError(verb === undefined ? 'stats or clear is missing' : `there is no "${verb}"`);
  if (json && verb !== 'stats') throw new UsageError('--json is for stats');
  const problems: string[] = [];
  const store = openFeedback(engineDataDir(dataDir, io), (problem) => problems.push(problem));
  if (verb === 'clear') {
    store.clear();
    if (problems.length === 0) await write(io.stdout, `cleared ${store.file}\n`);
  } else if (problems.length === 0) {
    const adaptation = adaptationOf(store.entries);
    const sources = countBySource(store.entries).map((counts) => ({
      ...counts,
      learned: Math.round((adaptation.get(counts.source) ?? 0) * 100) / 100,
    }));
    const stats: TabStats = {
      sources,
      calibration: calibrationOf(store.entries),
      file: store.file,
      bytes: store.bytes,
    };
    await write(io.stdout, json ? `${JSON.stringify(stats)}\n` : report(stats));
  }
  if (problems.length > 0) throw new CommandError(problems.join('\n'));
  return ExitCode.done;
}

interface TabStats {
  /** `learned`: what the answers added to the log-odds of the source. */
  readonly sources: readonly (SourceCounts & { readonly learned: number })[];
  readonly calibration: readonly CalibrationBin[];
  readonly file: string;
  readonly bytes: number;
}

function report({ sources, calibration, file, bytes }: TabStats): string {
  if (sources.length === 0) return `No suggestion was shown yet. ${file}\n`;
  const counts = columns([
    ['source', 'shown', 'accepted', 'rejected', 'ignored', 'learned'],
    ...sources.map((one) => [
      one.source,
      ...[one.shown, one.accepted, one.rejected, one.ignored].map(String),
      `${one.learned < 0 ? '-' : '+'}${Math.abs(one.learned).toFixed(2)}`,
    ]),
  ]);
  const held = columns([
    ['estimate', 'shown', 'expected', 'accepted', ''],
    ...calibration.map(({ from, to, shown, expected, accepted }) => [
      `${percent(from)}-${percent(to)} %`,
      String(shown),
      `${percent(expected)} %`,
      `${percent(accepted)} %`,
      chart(expected, accepted),
    ]),
  ]);
  return [counts, `How the estimates held (bar: accepted, |: expected)\n${held}`, `${file} (${bytes} bytes)\n`].join(
    '\n',
  );
}

const WIDTH = 30;

/** A bar of what was accepted, with a mark where it was expected to end. */
function chart(expected: number, accepted: number): string {
  const cells = Array.from<unknown, string>({ length: WIDTH + 1 }, (_, at) =>
    at < Math.round(accepted * WIDTH) ? '#' : ' ',
  );
  cells[Math.round(expected * WIDTH)] = '|';
  return cells.join('').trimEnd();
}

function percent(share: number): string {
  return String(Math.round(share * 100));
}

/** The first and the last column to the left if the last has no heading, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || rows[0]![column] === '' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function optionsFrom(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        json: { type: 'boolean' },
        'data-dir': { type: 'string' },
      },
    });
    if (positionals.length > 1) throw new UsageError(`${positionals[1]} is one word too many`);
    return {
      verb: positionals[0],
      help: values.help ?? false,
      json: values.json ?? false,
      dataDir: values['data-dir'],
    };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}
