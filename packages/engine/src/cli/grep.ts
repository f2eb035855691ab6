import { parseArgs } from 'node:util';
import type { GrepMatch } from '../index/code-index.ts';
import { type GrepHereAnswer, type GrepHereOptions, grepHere } from '../index/grep/grep-here.ts';
import { GrepPatternError, RipgrepMissing } from '../index/grep/grep-match.ts';
import { PLACE_OPTIONS, PLACE_USAGE, rootsFrom, shownPath, wholeNumber } from './index-roots.ts';
import { CommandError, ExitCode, type QuickIo, UsageError, write } from './io.ts';
import { highlighted, type Paint, paintFor } from './paint.ts';

const USAGE = `Usage: tabstop grep PATTERN [--root DIR] [-E] [-i] [-w] [-g GLOB]… [--json]

Finds text, letter by letter, in the files of the index; an n-gram index leaves only few of them to be read.
Repositories inside are searched too. Changes are seen at once in folders of up to 5,000 files and where an editor
has the folder open; else those of the files that changed last, and standard error tells how old the answer is.

  -E, --regex      PATTERN is a regular expression (ripgrep's syntax)
  -i, --ignore-case
  -w, --word       whole words only
  -g, --glob GLOB  files that match, or with a leading ! do not; may be said several times
  -l, --files      the paths alone
  -k, --limit N    lines at most (default 1000)
  --json           {"matches": [{"path", "line", "ranges": [[start, end]], "text"}], "candidates", "files", "truncated",
                   "known": "followed|reconciled|index", "asOf"?, "notes", "ms"}
  --fresh          look at all files for changes first, however many they are
${PLACE_USAGE}
Exit codes: 0 something was found, 1 nothing was found or it could not be done (standard error tells which),
2 the command line was wrong, 130 interrupted.
`;

export type Grep = (options: GrepHereOptions) => Promise<GrepHereAnswer>;

/** `tabstop grep`. */
export async function runGrep(argv: readonly string[], io: QuickIo, grep: Grep = grepHere): Promise<number> {
  const { values, positionals } = optionsFrom(argv);
  if (values.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const [pattern, ...more] = positionals;
  if (!pattern) throw new UsageError('PATTERN is missing');
  if (more.length > 0) throw new UsageError(`${more[0]} is one word too many; the folder is said with --root`);
  const limit = wholeNumber('-k', values.limit, 1_000, 1_000_000);
  const place = rootsFrom(values, io);
  const query = {
    pattern,
    regex: values.regex ?? false,
    ignoreCase: values['ignore-case'] ?? false,
    wholeWord: values.word ?? false,
    globs: values.glob ?? [],
    limit,
  };
  const answer = await asked(grep, {
    roots: place.roots,
    dataDir: place.dataDir,
    query,
    fresh: values.fresh ?? false,
    // Asked for when a folder is to be looked at: reading settings takes longer than most answers.
    async maxFileBytes() {
      const { readIndexSettings } = await import('../server/index-settings-file.ts');
      return readIndexSettings(place.dataDir).maxFileSize;
    },
    env: io.env,
    signal: io.signal,
  });
  if (!values.quiet) for (const note of answer.notes) await write(io.stderr, `tabstop grep: ${note}\n`);
  if (values.json) await write(io.stdout, `${JSON.stringify(jsonOf(answer, place.roots.length > 1))}\n`);
  else if (values.files)
    for (const path of new Set(answer.matches.map((match) => shownPath(match.root, match.path, io.cwd))))
      await write(io.stdout, `${path}\n`);
  else await tell(answer, io);
  return answer.matches.length > 0 ? ExitCode.done : ExitCode.failed;
}

async function asked(grep: Grep, options: GrepHereOptions): Promise<GrepHereAnswer> {
  try {
    return await grep(options);
  } catch (error) {
    if (error instanceof GrepPatternError) throw new UsageError(error.message);
    if (error instanceof RipgrepMissing) throw new CommandError(error.message);
    throw error;
  }
}

function jsonOf(answer: GrepHereAnswer, severalRoots: boolean): object {
  const matches = answer.matches.map(({ root, path, line, ranges, text }) => ({
    ...(severalRoots ? { root } : {}),
    path,
    line,
    ranges,
    text,
  }));
  return { ...answer, matches };
}

/** On a terminal under a heading for each file, in a pipe `PATH:LINE:TEXT` as grep has it. */
async function tell(answer: GrepHereAnswer, io: QuickIo): Promise<void> {
  const paint = paintFor(io);
  let file = '';
  for (const match of answer.matches) {
    const path = shownPath(match.root, match.path, io.cwd);
    if (!paint.terminal) {
      await write(io.stdout, `${path}:${match.line}:${match.text}\n`);
      continue;
    }
    if (path !== file) await write(io.stdout, `${file === '' ? '' : '\n'}${paint.path(path)}\n`);
    file = path;
    await write(io.stdout, `${row(match, paint)}\n`);
  }
  if (answer.truncated) await write(io.stderr, `tabstop grep: there are more; -k raises the limit\n`);
}

function row({ line, text, ranges }: GrepMatch, paint: Paint): string {
  return `${paint.dim(String(line).padStart(6))}  ${highlighted(text, ranges, paint)}`;
}

function optionsFrom(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        ...PLACE_OPTIONS,
        regex: { type: 'boolean', short: 'E' },
        'ignore-case': { type: 'boolean', short: 'i' },
        word: { type: 'boolean', short: 'w' },
        glob: { type: 'string', short: 'g', multiple: true },
        files: { type: 'boolean', short: 'l' },
        limit: { type: 'string', short: 'k' },
        json: { type: 'boolean' },
        fresh: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
