import type { ChildProcessWithoutNullStreams, SpawnOptionsWithoutStdio } from 'node:child_process';
import { type FileMatch, type GrepPattern, GrepPatternError, lineMatch, RipgrepMissing } from './grep-match.ts';

export type Spawn = (
  command: string,
  parameters: readonly string[],
  options: SpawnOptionsWithoutStdio,
) => ChildProcessWithoutNullStreams;

export interface RipgrepOptions {
  readonly spawn: Spawn;
  /** The program. */
  readonly command: string;
  /** Absolute; `files` are relative to it. */
  readonly root: string;
  readonly files: readonly string[];
  readonly pattern: GrepPattern;
  /** Lines at most; the search ends there. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly platform?: NodeJS.Platform;
}

/** Bytes of file names on one command line: Windows takes 32 KB, macOS 1 MB with the environment, Linux 2 MB. */
const COMMAND_LINE = { win32: 20_000, other: 200_000 };
const AT_ONCE = 2;

/**
 * Matching lines of these files, in no particular order; files that are gone are passed over. Throws `GrepPatternError`, `RipgrepMissing` and the
 * signal's reason.
 */
export async function runRipgrep(options: RipgrepOptions): Promise<FileMatch[]> {
  const portions = portionsOf(options.files, options.platform ?? process.platform);
  const matches: FileMatch[] = [];
  const stop = new AbortController();
  let next = 0;
  const take = async () => {
    while (next < portions.length && matches.length < options.limit && !stop.signal.aborted)
      await runOnce(options, portions[next++]!, matches, stop.signal);
  };
  const abort = () => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    options.signal?.throwIfAborted();
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, portions.length) }, take));
    options.signal?.throwIfAborted();
    return matches;
  } finally {
    // One that failed must not leave the other running.
    stop.abort();
    options.signal?.removeEventListener('abort', abort);
  }
}

export function parametersOf({ pattern, regex, ignoreCase, wholeWord }: GrepPattern, limit: number): string[] {
  return [
    '--json',
    '--no-config',
    '--no-messages',
    // What is binary was left out when the files were chosen; a NUL byte late in a text hides nothing.
    '--text',
    ignoreCase ? '--ignore-case' : '--case-sensitive',
    ...(regex ? [] : ['--fixed-strings']),
    ...(wholeWord ? ['--word-regexp'] : []),
    ...(Number.isFinite(limit) ? ['--max-count', String(limit)] : []),
    // As one word, so that a pattern that starts with a dash is no option.
    `--regexp=${pattern}`,
    '--',
  ];
}

function portionsOf(files: readonly string[], platform: NodeJS.Platform): readonly (readonly string[])[] {
  const most = platform === 'win32' ? COMMAND_LINE.win32 : COMMAND_LINE.other;
  const portions: string[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    // `./` so that a file called `-` is no standard input.
    const argument = `./${file}`;
    // 9: the pointer and the end of each word count on Linux.
    bytes += Buffer.byteLength(argument) + 9;
    if (bytes > most) {
      portions.push([]);
      bytes = 0;
    }
    portions.at(-1)!.push(argument);
  }
  return portions;
}

function runOnce(
  options: RipgrepOptions,
  files: readonly string[],
  matches: FileMatch[],
  stopped: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = options.spawn(options.command, [...parametersOf(options.pattern, options.limit), ...files], {
      cwd: options.root,
      windowsHide: true,
    });
    const kill = () => child.kill('SIGKILL');
    stopped.addEventListener('abort', kill, { once: true });
    let rest: Buffer[] = [];
    let problem = '';
    let finished = false;
    child.stdout.on('data', (data: Buffer) => {
      let from = 0;
      for (let end = data.indexOf(10); end >= 0 && matches.length < options.limit; end = data.indexOf(10, from)) {
        const line = Buffer.concat([...rest, data.subarray(from, end)]).toString('utf8');
        rest = [];
        from = end + 1;
        if (line.startsWith('{"type":"match"')) matches.push(matchOf(JSON.parse(line) as MatchMessage));
        else if (line.includes('"type":"summary"')) finished = true;
      }
      rest.push(data.subarray(from));
      if (matches.length >= options.limit) kill();
    });
    child.stderr.on('data', (data: Buffer) => {
      if (problem.length < 4_000) problem += data.toString('utf8');
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT' || error.code === 'EACCES';
      reject(missing ? new RipgrepMissing(`${options.command}: ${error.message}`, { cause: error }) : error);
    });
    child.on('close', (code) => {
      stopped.removeEventListener('abort', kill);
      // Without its summary it did not search at all: what it says is about the pattern.
      if (code === 2 && !finished) reject(new GrepPatternError(problem.replace(/^rg: /, '').trim()));
      else if (code !== 0 && code !== 1 && code !== 2 && code !== null)
        reject(new RipgrepMissing(`${options.command} ended with ${code}: ${problem.trim()}`));
      else if (code === null && !stopped.aborted && matches.length < options.limit)
        reject(new RipgrepMissing(`${options.command} was killed`));
      else resolve();
    });
    child.stdin.on('error', () => {});
    child.stdin.end();
  });
}

type Text = { readonly text: string } | { readonly bytes: string };

interface MatchMessage {
  readonly data: {
    readonly path: Text;
    readonly lines: Text;
    readonly line_number: number;
    readonly submatches: readonly { readonly start: number; readonly end: number }[];
  };
}

function matchOf({ data }: MatchMessage): FileMatch {
  const ranges = data.submatches.map(({ start, end }) => [start, end] as const);
  const path = bytesOf(data.path).toString('utf8').slice(2);
  return lineMatch(path, data.line_number, bytesOf(data.lines), ranges);
}

const bytesOf = (text: Text): Buffer =>
  'text' in text ? Buffer.from(text.text, 'utf8') : Buffer.from(text.bytes, 'base64');
