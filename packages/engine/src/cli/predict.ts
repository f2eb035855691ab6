import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { allSources } from '../tab/sources/index.ts';
import { BrokenCaseError, parseCase } from './case.ts';
import { type CliIo, ExitCode, UsageError, write } from './io.ts';
import { linesOf } from './lines.ts';
import { createPredictor, type Predictor } from './predictor.ts';
import { openProjects } from './projects.ts';

const DEFAULT_BUDGET = 1_000;
/** Longest line, in UTF-16 code units. */
const LINE_LIMIT = 64_000_000;

/** Those that a case can be asked without. */
const SOURCES = [...allSources.map(({ name }) => name), 'co-change'];

const USAGE = `Usage: tabstop predict --jsonl [--budget MS] [--without SOURCE]… < CASES > ANSWERS

Predicts the next edit for each case, with the engine that runs in the editor. One JSON case a line on standard
input, one JSON answer a line on standard output, in the same order, as they come:

  {"id": "1", "documents": [{"path": "src/a.ts", "text": "…"}], "events": [{"path": "src/a.ts", "edits": [[0, 3, "let"]]}],
   "cursor": {"path": "src/a.ts", "offset": 3}, "root": "DIR", "max": 3}
  {"id": "1", "suggestions": [{"path": "src/a.ts", "edits": [[8, 9, "b"]], "source": "rename", "confidence": 0.8}], "ms": 3.2}

Offsets are UTF-16 code units. "root" (optional) is a folder that is the rest of the workspace; documents win over its
files. An event may carry "origin" (typed, paste, undo, redo, accept, tool, reset) and "t" (milliseconds); "paused": false
says that keys are still coming. A suggestion that would not be shown says "shown": false. A broken case is answered with
{"id", "error"}, and the next one goes on.

  --jsonl        required: the format above
  --budget MS    how long an answer waits for sources that ask others (default ${DEFAULT_BUDGET})
  --without SOURCE
                 leaves a source out (${SOURCES.join(', ')}); may be given several times
  --help         this text

Exit codes: 0 every line was answered, 1 it could not be done, 2 the command line was wrong, 130 interrupted.
`;

export async function runPredict(argv: readonly string[], io: CliIo): Promise<number> {
  const options = optionsFrom(argv);
  if (options.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  if (!options.jsonl) throw new UsageError('--jsonl is required');
  io.signal.addEventListener('abort', () => io.stdin.destroy(), { once: true });
  const projects = openProjects({
    budget: options.budget,
    disabledSources: options.without,
    onProblem: (message) => void io.stderr.write(`tabstop predict: ${message}\n`),
  });
  try {
    const predictor = createPredictor({
      projects,
      resolveRoot: (root) => resolve(io.cwd, root),
      now: () => performance.now(),
    });
    for await (const line of linesOf(io.stdin, LINE_LIMIT)) {
      if (io.signal.aborted) break;
      if (line?.trim() === '') continue;
      await write(io.stdout, `${JSON.stringify(await answerTo(line, predictor, io.signal))}\n`);
    }
  } finally {
    await projects.dispose();
  }
  return ExitCode.done;
}

async function answerTo(line: string | undefined, predictor: Predictor, signal: AbortSignal): Promise<object> {
  if (line === undefined) return { id: null, error: `the line is longer than ${LINE_LIMIT} characters` };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { id: null, error: `no JSON: ${(error as Error).message}` };
  }
  const id = (value as { id?: unknown } | null)?.id ?? null;
  try {
    return await predictor.answer(parseCase(value), signal);
  } catch (error) {
    if (error instanceof BrokenCaseError) return { id, error: error.message };
    // A fault of ours costs this case its answer, not the ones after it.
    return { id, error: `internal error: ${error instanceof Error ? error.message : String(error)}` };
  }
}

interface Options {
  readonly help: boolean;
  readonly jsonl: boolean;
  /** Milliseconds. */
  readonly budget: number;
  readonly without: readonly string[];
}

/** @throws UsageError */
function optionsFrom(argv: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        help: { type: 'boolean', short: 'h' },
        jsonl: { type: 'boolean' },
        budget: { type: 'string' },
        without: { type: 'string', multiple: true, default: [] },
      },
    });
    const budget = values.budget === undefined ? DEFAULT_BUDGET : Number(values.budget);
    if (!Number.isFinite(budget) || budget <= 0)
      throw new UsageError('--budget must be a number of milliseconds above 0');
    const unknown = values.without.find((name) => !SOURCES.includes(name));
    if (unknown !== undefined)
      throw new UsageError(`--without ${unknown}: there is no such source; there are ${SOURCES.join(', ')}`);
    return { help: values.help ?? false, jsonl: values.jsonl ?? false, budget, without: values.without };
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError((error as Error).message);
  }
}
