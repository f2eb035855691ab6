import { PassThrough } from 'node:stream';
import type { CliIo } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShellOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** Standard output and standard error are a terminal. */
  readonly terminal?: boolean;
}

/** Runs a command line in this process. `stdin` may be cut into pieces. */
export async function tabstop(
  argv: readonly string[],
  stdin: string | readonly string[] = '',
  more: ShellOptions = {},
): Promise<Ran> {
  return inShell((io) => run(argv, io), stdin, more);
}

/** Runs one command, as given, with streams in memory. */
export async function inShell(
  command: (io: CliIo) => Promise<number>,
  stdin: string | readonly string[] = '',
  more: ShellOptions = {},
): Promise<Ran> {
  const input = new PassThrough();
  const stdout = collector(more.terminal);
  const stderr = collector(more.terminal);
  for (const piece of typeof stdin === 'string' ? [stdin] : stdin) input.write(piece);
  input.end();
  const code = await command({
    stdin: input,
    stdout: stdout.stream,
    stderr: stderr.stream,
    cwd: more.cwd ?? '/',
    env: more.env ?? {},
    signal: more.signal ?? new AbortController().signal,
  });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** As a transcript: what was called, what came out on which stream, the exit code. */
export async function transcript(...args: Parameters<typeof tabstop>): Promise<string> {
  const { code, stdout, stderr } = await tabstop(...args);
  const mark = (text: string, prefix: string) =>
    text
      .split('\n')
      .filter((line, index, all) => line !== '' || index < all.length - 1)
      .map((line) => `${prefix} ${line}`.trimEnd());
  return [`$ tabstop ${args[0].join(' ')}`, ...mark(stdout, '|'), ...mark(stderr, '!'), `= ${code}`].join('\n');
}

function collector(terminal = false) {
  const stream = Object.assign(new PassThrough(), terminal ? { isTTY: true } : {});
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return { stream, text: () => text };
}
