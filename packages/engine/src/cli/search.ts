import { parseArgs } from 'node:util';
import type { SearchAnswer, SearchQuery, SearchResult } from '../index/code-index.ts';
import { openIndexHere } from './index-here.ts';
import { type OpenIndex, withIndex } from './index-open.ts';
import { PLACE_OPTIONS, PLACE_USAGE, placeFrom, shownPath, wholeNumber } from './index-place.ts';
import { type CliIo, ExitCode, UsageError, write } from './io.ts';
import { highlighted, type Paint, paintFor } from './paint.ts';

const USAGE = `Usage: tabstop search QUERY… [--root DIR] [-k N] [--json]

Finds places in the code by meaning and by words: "where do we retry uploads", readFileSync, parse config path:src lang:ts.
path:, lang: and symbol: narrow the answer, with a leading - they exclude. A folder that was never indexed is indexed
first; nothing leaves this machine.

  -k, --limit N    results at most (default 10, up to 200)
  --json           [{"path", "startLine", "endLine", "score", "text", "why": {…}}], best first; with several roots
                   each has its "root"
  --mode MODE      hybrid (default), lexical (words alone) or dense (meaning alone)
  --no-sync        answer from what is indexed already, without looking for changes
${PLACE_USAGE}
On a terminal each result comes with its first lines; in a pipe it is one line: PATH:START-END: SYMBOL or text.

Exit codes: 0 done (also when nothing was found), 1 it could not be done, 2 the command line was wrong, 130 interrupted.
`;

const MODES: readonly string[] = ['hybrid', 'lexical', 'dense'] satisfies SearchQuery['mode'][];

/** `tabstop search`. */
export async function runSearch(argv: readonly string[], io: CliIo, open: OpenIndex = openIndexHere): Promise<number> {
  const { values, words } = optionsFrom(argv);
  if (values.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const text = words.join(' ').trim();
  if (text === '') throw new UsageError('QUERY is missing');
  const mode = values.mode ?? 'hybrid';
  if (!MODES.includes(mode)) throw new UsageError(`--mode must be one of ${MODES.join(', ')}`);
  const limit = wholeNumber('-k', values.limit, 10, 200);
  const place = placeFrom(values, io);
  const options = {
    quiet: values.quiet ?? false,
    sync: values['no-sync'] ? false : mode === 'lexical' ? 'text' : 'meaning',
  } as const;
  const answer = await withIndex(open, place, io, options, (index) =>
    index.search({ text, limit, mode: mode as NonNullable<SearchQuery['mode']> }, io.signal),
  );
  if (values.json) await write(io.stdout, `${JSON.stringify(jsonOf(answer, place.roots.length > 1))}\n`);
  else await tell(answer, io);
  return ExitCode.done;
}

function jsonOf({ results }: SearchAnswer, severalRoots: boolean): readonly object[] {
  return results.map(({ root, path, startLine, endLine, score, text, why }) => ({
    ...(severalRoots ? { root } : {}),
    path,
    startLine,
    endLine,
    score,
    text,
    why,
  }));
}

async function tell(answer: SearchAnswer, io: CliIo): Promise<void> {
  const paint = paintFor(io);
  for (const note of answer.notes) await write(io.stderr, `tabstop search: ${note}\n`);
  if (answer.results.length === 0) await write(io.stderr, 'nothing was found\n');
  for (const result of answer.results)
    await write(io.stdout, paint.terminal ? block(result, paint, io.cwd) : `${line(result, io.cwd)}\n`);
  if (answer.state === 'lexical')
    await write(io.stderr, 'found by words alone: what the chunks mean has not been read yet\n');
}

function line(result: SearchResult, cwd: string): string {
  const { root, path, startLine, endLine, symbol, text } = result;
  const first = text.split('\n').find((one) => one.trim() !== '') ?? '';
  return `${shownPath(root, path, cwd)}:${startLine}-${endLine}: ${symbol ?? first.trim()}`;
}

/** Lines of a result that a terminal shows. */
const SHOWN_LINES = 6;

function block(result: SearchResult, paint: Paint, cwd: string): string {
  const { root, path, startLine, endLine, symbol, text, highlights, score } = result;
  const head = `${paint.path(shownPath(root, path, cwd))}${paint.dim(`:${startLine}-${endLine}`)}`;
  const name = symbol ? `  ${paint.bold(symbol)}` : '';
  const lines = highlighted(text, highlights, paint).split('\n');
  const shown = lines
    .slice(0, SHOWN_LINES)
    .map((one, at) => `${paint.dim(String(startLine + at).padStart(6))}  ${one}`);
  const more = lines.length - SHOWN_LINES;
  if (more > 0) shown.push(paint.dim(`        … ${more} more ${more === 1 ? 'line' : 'lines'}`));
  return `${head}${name}  ${paint.dim(score.toFixed(3))}\n${shown.join('\n')}\n\n`;
}

function optionsFrom(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...PLACE_OPTIONS,
        limit: { type: 'string', short: 'k' },
        json: { type: 'boolean' },
        mode: { type: 'string' },
        'no-sync': { type: 'boolean' },
      },
    });
    return { values, words: positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
