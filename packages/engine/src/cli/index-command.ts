import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { FileExplanation, IndexStatus } from '../index/code-index.ts';
import { withinRoots } from '../index/within-roots.ts';
import { openIndexHere } from './index-here.ts';
import { type OpenIndex, syncWith, withIndex } from './index-open.ts';
import { type IndexPlace, PLACE_OPTIONS, PLACE_USAGE, placeFrom } from './index-place.ts';
import { count, reportText } from './index-progress.ts';
import { type CliIo, ExitCode, UsageError, write } from './io.ts';

const USAGE = `Usage: tabstop index [status] [--root DIR] [--json]
       tabstop index sync [--root DIR] [--json]
       tabstop index explain PATH… [--root DIR] [--json]
       tabstop index skipped [--root DIR] [--json]
       tabstop index clear [--root DIR]

The index of a folder: what "tabstop search" and the editor find things with. It is kept on this machine alone, and in
step by itself; none of this is needed for searching.

  status           what is indexed, without looking at the disk (the default)
  sync             brings the index in step with the disk now, and says what has changed
  explain PATH     why a file is in the index or not: the rule with its file and line, the size, the encoding
  skipped          what was left out and why, counted
  clear            throws away what is stored for the folder; the files themselves are not touched
  --json           the same as JSON
${PLACE_USAGE}
Exit codes: 0 done, 1 it could not be done (explain: a path is not in the index), 2 the command line was wrong,
130 interrupted.
`;

type Work = (
  place: IndexPlace,
  paths: readonly string[],
  options: Options,
  io: CliIo,
  open: OpenIndex,
) => Promise<number>;

interface Options {
  readonly json: boolean;
  readonly quiet: boolean;
}

const VERBS: Readonly<Record<string, Work>> = { status, sync, explain, skipped, clear };

/** `tabstop index`. */
export async function runIndex(argv: readonly string[], io: CliIo, open: OpenIndex = openIndexHere): Promise<number> {
  const { values, positionals } = optionsFrom(argv);
  if (values.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const [verb = 'status', ...paths] = positionals;
  const work = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!work) throw new UsageError(`there is no "index ${verb}"`);
  if (verb === 'explain' && paths.length === 0) throw new UsageError('explain takes a PATH');
  if (verb !== 'explain' && paths.length > 0) throw new UsageError(`${paths[0]} is one word too many`);
  const options = { json: values.json ?? false, quiet: values.quiet ?? false };
  return work(placeFrom(values, io), paths, options, io, open);
}

async function status(place: IndexPlace, _: readonly string[], { json, quiet }: Options, io: CliIo, open: OpenIndex) {
  const told = await withIndex(open, place, io, { quiet, sync: false }, async (index) => index.status());
  await write(io.stdout, json ? `${JSON.stringify({ roots: place.roots, ...told })}\n` : statusText(place, told));
  return ExitCode.done;
}

async function sync(place: IndexPlace, _: readonly string[], { json, quiet }: Options, io: CliIo, open: OpenIndex) {
  return withIndex(open, place, io, { quiet, sync: false }, async (index) => {
    const report = await syncWith(index, io, { quiet, patience: 0, until: 'meaning' });
    if (!report) return ExitCode.failed;
    await write(io.stdout, json ? `${JSON.stringify(report)}\n` : `${reportText(report)}\n`);
    return ExitCode.done;
  });
}

async function explain(
  place: IndexPlace,
  paths: readonly string[],
  { json, quiet }: Options,
  io: CliIo,
  open: OpenIndex,
) {
  const answers: readonly FileExplanation[] = await withIndex(open, place, io, { quiet, sync: false }, (index) =>
    Promise.all(
      paths.map((path) => {
        const within = withinRoots(place.roots, resolve(io.cwd, path));
        return within
          ? index.explain(within.path, within.root)
          : { path, indexed: false, reason: `it lies outside of ${place.roots.join(', ')}` };
      }),
    ),
  );
  if (json) await write(io.stdout, `${JSON.stringify(answers)}\n`);
  else
    for (const { path, indexed, reason, chunks, language } of answers) {
      const facts = [
        language,
        chunks === undefined ? undefined : `${count(chunks)} ${chunks === 1 ? 'chunk' : 'chunks'}`,
      ];
      const details = indexed ? facts.filter((fact) => fact !== undefined) : [];
      const more = details.length > 0 ? ` (${details.join(', ')})` : '';
      await write(io.stdout, `${path}: ${indexed ? 'in the index' : 'not in the index'}: ${reason}${more}\n`);
    }
  return answers.every(({ indexed }) => indexed) ? ExitCode.done : ExitCode.failed;
}

async function skipped(place: IndexPlace, _: readonly string[], { json, quiet }: Options, io: CliIo, open: OpenIndex) {
  const groups = await withIndex(open, place, io, { quiet, sync: 'text' }, (index) => index.skipped());
  if (json) await write(io.stdout, `${JSON.stringify(groups)}\n`);
  else
    for (const { reason, count: many, examples } of groups)
      await write(
        io.stdout,
        `${count(many).padStart(8)}  ${reason}${examples.length > 0 ? `: ${examples.join(', ')}` : ''}\n`,
      );
  return ExitCode.done;
}

async function clear(place: IndexPlace, _: readonly string[], { quiet }: Options, io: CliIo, open: OpenIndex) {
  await withIndex(open, place, io, { quiet, sync: false }, (index) => index.clear());
  for (const root of place.roots) await write(io.stdout, `cleared the index of ${root}\n`);
  return ExitCode.done;
}

function statusText({ roots }: IndexPlace, status: IndexStatus): string {
  const rows: (readonly [string, string])[] = roots.map((root) => ['folder', root]);
  const never = status.syncedAt === undefined && status.files === 0;
  // Nothing is looked at for this: what is stored waits to be used.
  rows.push(['state', never ? 'not indexed yet' : status.state === 'starting' ? 'stored' : status.state]);
  if (!never) {
    rows.push(['files', count(status.files)]);
    rows.push(['chunks', `${count(status.chunks)}, ${count(status.embedded)} of them with meaning (${status.model})`]);
    rows.push(['skipped', `${count(status.skipped)} files`]);
    rows.push(['on disk', `${(status.bytes / 1024 / 1024).toFixed(1)} MB`]);
    if (status.lastChange !== undefined) rows.push(['last change', new Date(status.lastChange).toISOString()]);
    if (status.syncedAt !== undefined) rows.push(['in step', new Date(status.syncedAt).toISOString()]);
  }
  if (status.follower) rows.push(['writer', 'another process, such as the editor']);
  if (status.note) rows.push(['note', status.note]);
  if (status.problem) rows.push(['problem', status.problem]);
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}\n`).join('');
}

function optionsFrom(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { ...PLACE_OPTIONS, json: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
