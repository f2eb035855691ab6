import type { Readable, Writable } from 'node:stream';

/** What a command writes its answer to: a stream, or a file of the system without one. */
export interface TextOutput {
  readonly destroyed: boolean;
  readonly isTTY?: boolean;
  /** `false`: wait for `drain`. */
  write(text: string): boolean;
  on(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
  off(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
}

/** What a command of the command line works with: `process` in the shell, streams in memory in tests. */
export interface CliIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Relative paths on the command line start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts on SIGINT and SIGTERM, and when the reader of standard output has gone. */
  readonly signal: AbortSignal;
}

/** What the commands need that start with as little as they can. */
export interface QuickIo extends Pick<CliIo, 'cwd' | 'env' | 'signal'> {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

/** Exit codes of every command. A command that was interrupted ends with 130, as shells expect it. */
export const ExitCode = {
  done: 0,
  /** It could not be done; standard error says why. */
  failed: 1,
  /** The command line was wrong; standard error says how it should be. */
  usage: 2,
  interrupted: 130,
} as const;

/** The command line was wrong: told with a pointer to `--help`, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** It could not be done, for a reason the user can act upon: told without a stack trace, exit code 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Writes and waits while the reader is slower. Resolves, too, when the reader has gone: `signal` tells that. */
export async function write(stream: TextOutput, text: string): Promise<void> {
  if (stream.destroyed || stream.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error'] as const) stream.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error'] as const) stream.on(event, done);
  });
}
