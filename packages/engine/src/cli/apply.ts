import { readFile, stat } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import {
  type ApplyResult,
  applyEdit,
  ChangedSinceReadError,
  EDIT_FORMATS,
  type EditFormat,
  type ParsedEdit,
  parseEdit,
  planWrites,
  type WriteEffects,
  WriteFailedError,
  WritePlanError,
  writeFilesAtomically,
} from '@tabstop/apply';
import { wasmReader } from '../workspace/tree-sitter-wasm.ts';
import { nodeWriteEffects } from './apply-files.ts';
import { createApplySyntax, type LoadedSyntax } from './apply-syntax.ts';
import { CommandError, type CliIo, ExitCode, UsageError, write } from './io.ts';
import { linesOf } from './lines.ts';

/** Longest line, in UTF-16 code units. */
const LINE_LIMIT = 256_000_000;

const USAGE = `Usage: tabstop apply FILE --edit EDITFILE [--format FORMAT] [--json] [--write]
       tabstop apply FOLDER --edit EDITFILE [--format FORMAT] [--json] [--write]
       tabstop apply --jsonl < CASES > ANSWERS

Puts an edit that a model wrote into a file, and prints the resulting text. With a FOLDER, every file that the edit names
is looked for below it. Nothing is placed on a guess: what does not fit one place is a failed hunk with the reason.

  --edit EDITFILE   the model's answer; - reads standard input
  --format FORMAT   ${EDIT_FORMATS.join(', ')}
                    (auto, the default, recognises which it is)
  --json            prints {"text", "hunks": [{"status", "reason", "range", …}], "complete", "confidence", "needsModel"}
                    (for a FOLDER {"files": [{"path", …}], "complete"})
  --write           writes the result: all files or none, and nothing unless every hunk was placed
  --jsonl           one case a line, {"id", "path", "original", "edit", "format"}; one answer a line, in order;
                    a broken case is answered with {"id", "error"}, and the next one goes on
  --help            this text

Exit codes: 0 every hunk was placed (--jsonl: every line was answered), 1 some was not or a file could not be read or
written, 2 the command line was wrong, 130 interrupted.
`;

/** `tabstop apply`. Reads from `io.stdin` only where asked to. */
export async function runApply(
  argv: readonly string[],
  io: CliIo,
  effects: WriteEffects = nodeWriteEffects,
): Promise<number> {
  const options = optionsFrom(argv);
  if (options.help) {
    await write(io.stdout, USAGE);
    return ExitCode.done;
  }
  const syntax = createApplySyntax(wasmReader(import.meta.url));
  if (options.jsonl) return answerLines(io, syntax);
  if (options.target === undefined) throw new UsageError('FILE is missing');
  if (options.edit === undefined) throw new UsageError('--edit EDITFILE is missing');
  const edit =
    options.edit === '-' ? await readAll(io.stdin) : await readText(resolve(io.cwd, options.edit), options.edit);
  const parsed = parseEdit(edit, options.format);
  const target = resolve(io.cwd, options.target);
  const isFolder = (await stat(target).catch(() => undefined))?.isDirectory() === true;
  const work = isFolder
    ? await applyInFolder(target, parsed, syntax)
    : [await applyToFile(target, options.target, parsed, syntax)];
  const complete = work.length > 0 && work.every(({ result }) => result.complete);
  if (options.write && complete) await writeAll(effects, work);
  await print(io, work, complete, options, isFolder);
  return complete ? ExitCode.done : ExitCode.failed;
}

interface Work {
  /** Absolute, and as the user knows it. */
  readonly path: string;
  readonly shown: string;
  readonly original: string | undefined;
  readonly result: ApplyResult;
  readonly moveTo?: string;
}

async function applyToFile(path: string, shown: string, parsed: ParsedEdit, syntax: LoadedSyntax): Promise<Work> {
  const creates = parsed.files.some((file) => file.action === 'add' || file.action === 'whole');
  const original = await readText(path, shown, creates);
  await syntax.load(shown);
  const result = applyEdit(original ?? '', parsed, { path: shown, syntax: syntax.syntax });
  if (result.moveTo === undefined) return { path, shown, original, result };
  const named = parsed.files.find((file) => file.moveTo === result.moveTo)?.path;
  return { path, shown, original, result, moveTo: movedPath(path, named, result.moveTo) };
}

/**
 * Where `*** Move to: TO` under `*** Update File: FROM` goes: both are relative to one folder, the one that FROM leads to `path`
 * from. Rejects a TO outside of it, and one whose folder FROM does not tell.
 */
function movedPath(path: string, from: string | undefined, to: string): string {
  const parts = (from ?? '').split(/[\\/]+/).filter((part) => part !== '' && part !== '.');
  const own = path.split(sep);
  const known = parts.length > 0 && own.slice(-parts.length).join('/') === parts.join('/');
  const root = known ? own.slice(0, -parts.length).join(sep) || sep : undefined;
  if (root === undefined && /[\\/]/.test(to))
    throw new CommandError(`the edit moves ${from ?? 'a file'} to ${to}: relative to what is not clear from ${path}`);
  const folder = root ?? dirname(path);
  const full = resolve(folder, to.replace(/^\/+/, ''));
  if (!full.startsWith(folder === sep ? sep : folder + sep)) throw new CommandError(`${to} is outside ${folder}`);
  return full;
}

async function applyInFolder(folder: string, parsed: ParsedEdit, syntax: LoadedSyntax): Promise<Work[]> {
  const below = (path: string) => {
    const full = resolve(folder, path.replace(/^\/+/, ''));
    if (full !== folder && !full.startsWith(folder + sep)) throw new CommandError(`${path} is outside ${folder}`);
    return full;
  };
  const paths = new Set<string>();
  for (const file of parsed.files) {
    if (file.path === undefined)
      throw new CommandError('the edit names no file for some of its changes; give the FILE');
    paths.add(file.path);
  }
  const work: Work[] = [];
  for (const shown of paths) {
    const path = below(shown);
    const files = parsed.files.filter((file) => file.path === shown);
    const creates = files.some((file) => file.content !== undefined);
    const original = await readText(path, shown, creates);
    await syntax.load(shown);
    const result = applyEdit(original ?? '', { ...parsed, files }, { path: shown, syntax: syntax.syntax });
    work.push({
      path,
      shown,
      original,
      result,
      ...(result.moveTo === undefined ? {} : { moveTo: below(result.moveTo) }),
    });
  }
  return work;
}

async function writeAll(effects: WriteEffects, work: readonly Work[]): Promise<void> {
  try {
    await writeFilesAtomically(effects, planWrites(work));
  } catch (error) {
    if (error instanceof ChangedSinceReadError) throw new CommandError(`not written, ${error.message}, or not UTF-8`);
    if (error instanceof WritePlanError) throw new CommandError(`not written: ${error.message}`);
    if (error instanceof WriteFailedError) {
      const left = [...error.unrestored].map(([path, copy]) => `${path}${copy ? ` (its text is in ${copy})` : ''}`);
      throw new CommandError(
        error.restored
          ? `${error.message}; every file is as it was`
          : `${error.message}; not restored: ${left.join(', ')}`,
      );
    }
    throw error;
  }
}

async function print(
  io: CliIo,
  work: readonly Work[],
  complete: boolean,
  options: Options,
  isFolder: boolean,
): Promise<void> {
  if (options.json) {
    const answers = work.map((file) => ({ path: relative(io.cwd, file.path), ...answerOf(file.result) }));
    const { path: _, ...single } = answers[0] ?? { path: '', text: '', hunks: [], complete: false };
    await write(io.stdout, `${JSON.stringify(isFolder ? { files: answers, complete } : single)}\n`);
  } else if (!options.write && !isFolder) {
    await write(io.stdout, work[0]!.result.text);
  }
  for (const { shown, result } of work) {
    for (const [i, hunk] of result.hunks.entries()) {
      if (hunk.status !== 'failed') continue;
      const near = hunk.candidates?.[0] ? ` (nearest: line ${hunk.candidates[0].range.start + 1})` : '';
      await write(io.stderr, `${shown}: hunk ${i + 1} failed, ${hunk.reason}: ${hunk.message}${near}\n`);
    }
    if (isFolder && !options.json) await write(io.stdout, `${result.complete ? 'placed' : 'failed'} ${shown}\n`);
  }
  if (options.write && !complete) await write(io.stderr, 'nothing was written\n');
}

function answerOf(result: ApplyResult) {
  const { text, hunks, complete, confidence, needsModel, moveTo, deleted } = result;
  return { text, hunks, complete, confidence, needsModel, moveTo, deleted };
}

async function answerLines(io: CliIo, syntax: LoadedSyntax): Promise<number> {
  for await (const line of linesOf(io.stdin, LINE_LIMIT)) {
    if (io.signal.aborted) break;
    if (line?.trim() === '') continue;
    await write(io.stdout, `${JSON.stringify(await answerTo(line, syntax))}\n`);
  }
  return ExitCode.done;
}

async function answerTo(line: string | undefined, syntax: LoadedSyntax): Promise<object> {
  if (line === undefined) return { id: null, error: `the line is longer than ${LINE_LIMIT} characters` };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { id: null, error: `no JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null) return { id: null, error: 'not an object' };
  const { id = null, path, original, edit, format = 'auto' } = value as Record<string, unknown>;
  if (typeof original !== 'string') return { id, error: 'original: not a string' };
  if (typeof edit !== 'string') return { id, error: 'edit: not a string' };
  if (path !== undefined && path !== null && typeof path !== 'string') return { id, error: 'path: not a string' };
  if (!isFormat(format)) return { id, error: `format: not one of ${EDIT_FORMATS.join(', ')}` };
  try {
    if (typeof path === 'string') await syntax.load(path);
    const started = performance.now();
    const result = applyEdit(original, edit, {
      format,
      syntax: syntax.syntax,
      ...(typeof path === 'string' ? { path } : {}),
    });
    return { id, ...answerOf(result), ms: Math.round((performance.now() - started) * 1000) / 1000 };
  } catch (error) {
    // A fault of ours costs this case its answer, not the ones after it.
    return { id, error: `internal error: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const isFormat = (value: unknown): value is EditFormat => EDIT_FORMATS.some((format) => format === value);

interface Options {
  readonly help: boolean;
  readonly jsonl: boolean;
  readonly json: boolean;
  readonly write: boolean;
  readonly format: EditFormat;
  readonly edit: string | undefined;
  readonly target: string | undefined;
}

function optionsFrom(argv: readonly string[]): Options {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  const { values, positionals } = parsed;
  if (positionals.length > 1) throw new UsageError(`one FILE at a time, got ${positionals.join(' ')}`);
  const format = values.format ?? 'auto';
  if (!isFormat(format)) throw new UsageError(`--format ${format}: not one of ${EDIT_FORMATS.join(', ')}`);
  return {
    help: values.help === true,
    jsonl: values.jsonl === true,
    json: values.json === true,
    write: values.write === true,
    format,
    edit: values.edit,
    target: positionals[0],
  };
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      jsonl: { type: 'boolean' },
      json: { type: 'boolean' },
      write: { type: 'boolean' },
      format: { type: 'string' },
      edit: { type: 'string' },
    },
  });
}

async function readAll(input: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Buffer));
  return Buffer.concat(chunks).toString('utf8');
}

async function readText(path: string, shown: string): Promise<string>;
async function readText(path: string, shown: string, mayBeMissing: boolean): Promise<string | undefined>;
async function readText(path: string, shown: string, mayBeMissing = false): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && mayBeMissing) return undefined;
    if (code === 'ENOENT') throw new CommandError(`${shown}: no such file`);
    if (code === 'EISDIR') throw new CommandError(`${shown}: is a folder`);
    if (code === 'EACCES') throw new CommandError(`${shown}: may not be read`);
    throw error;
  }
}
