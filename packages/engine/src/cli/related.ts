import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openIndexHere } from './index-here.ts';
import { type OpenIndex, withIndex } from './index-open.ts';
import { PLACE_OPTIONS, PLACE_USAGE, placeFrom, shownPath, wholeNumber } from './index-place.ts';
import { type CliIo, ExitCode, UsageError, write } from './io.ts';
import { paintFor } from './paint.ts';

const USAGE = `Usage: tabstop related [FILE…] [--prompt TEXT] [--root DIR] [-k N] [--json]

Files that usually change together with these, after the history of git, and files that belong to the words of a prompt.

  --prompt TEXT    what is to be done, in words
  -k, --limit N    files at most (default 10, up to 200)
  --json           [{"path", "score", "why"}], best first; with several roots each has its "root"
  --no-sync        answer from what is indexed already, without looking for changes
${PLACE_USAGE}
Exit codes: 0 done (also when there are none), 1 it could not be done, 2 the command line was wrong, 130 interrupted.
`;

/** `tabstop related`. */
export async function runRelated(argv: readonly string[], io: CliIo, open: OpenIndex = openIndexHere): Promise<number> {
  const { values, positionals } = optionsFrom(argv);
  if (values.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const { prompt } = values;
  if (positionals.length === 0 && !prompt?.trim()) throw new UsageError('a FILE or --prompt is missing');
  const limit = wholeNumber('-k', values.limit, 10, 200);
  const place = placeFrom(values, io);
  const query = {
    paths: positionals.map((path) => resolve(io.cwd, path)),
    limit,
    ...(prompt === undefined ? {} : { prompt }),
  };
  const options = { quiet: values.quiet ?? false, sync: values['no-sync'] ? false : 'text' } as const;
  const files = await withIndex(open, place, io, options, (index) => index.related(query, io.signal));
  if (values.json) {
    const several = place.roots.length > 1;
    const told = files.map(({ root, path, score, why }) => ({ ...(several ? { root } : {}), path, score, why }));
    await write(io.stdout, `${JSON.stringify(told)}\n`);
    return ExitCode.done;
  }
  const paint = paintFor(io);
  if (files.length === 0) await write(io.stderr, 'no related files are known\n');
  for (const { root, path, why } of files)
    await write(
      io.stdout,
      `${paint.path(shownPath(root, path, io.cwd))}${paint.terminal ? '  ' : '\t'}${paint.dim(why)}\n`,
    );
  return ExitCode.done;
}

function optionsFrom(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...PLACE_OPTIONS,
        prompt: { type: 'string' },
        limit: { type: 'string', short: 'k' },
        json: { type: 'boolean' },
        'no-sync': { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
