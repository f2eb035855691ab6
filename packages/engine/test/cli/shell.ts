import { PassThrough } from 'node:stream';
import { run } from '../../src/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. `stdin` may be cut into pieces. */
export async function tabstop(
  argv: readonly string[],
  stdin: string | readonly string[] = '',
  more: { cwd?: string; env?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<Ran> {
  const input = new PassThrough();
  const stdout = collector();
  const stderr = collector();
  for (const piece of typeof stdin === 'string' ? [stdin] : stdin) input.write(piece);
  input.end();
  const code = await run(argv, {
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

function collector() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return { stream, text: () => text };
}
