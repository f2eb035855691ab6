import { interrupted } from './interrupted.ts';
import { ExitCode } from './io.ts';
import { run } from './run.ts';

/** `tabstop predict|tab|apply|search|grep|related|index|mcp|prompt …`: the engine's features from the shell. */
const signal = interrupted();
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader has gone (`tabstop predict | head -1`): the rest is not wanted, and that is no failure.
  process.exit(error.code === 'EPIPE' ? ExitCode.done : ExitCode.failed);
});
process.stderr.on('error', () => {});

// A command may wait for nothing that keeps a process: for another one to finish what it writes, by timers that keep none.
const running = setInterval(() => {}, 2 ** 30);
const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  env: process.env,
  signal,
});
clearInterval(running);
// Workers and an unread standard input must not keep the process; what was written must still get out.
process.exitCode = code;
process.stdout.write('', () => process.exit(code));
