import { writeSync } from 'node:fs';
import { exitCodeOf } from './exit-code.ts';
import { runGrep } from './grep.ts';
import { interrupted } from './interrupted.ts';
import { ExitCode, type TextOutput } from './io.ts';
import { isPlainOutput, type QuickOutput, quickOutput } from './quick-output.ts';

/** `tabstop grep …` alone: the same command as in `main.ts`, in a bundle of its own that loads nothing that most of its answers do without. */
const signal = interrupted();

/** Characters: a call of the system for each line would take longer than finding it. */
const HELD = 64 * 1024;

const quick: QuickOutput[] = [];
// The reader has gone (`tabstop grep x | head -1`): the rest is not wanted, and that is no failure.
const closed = (): never => process.exit(ExitCode.done);

function streamOf(name: 'stdout' | 'stderr'): NodeJS.WriteStream {
  const stream = process[name];
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (name === 'stdout') process.exit(error.code === 'EPIPE' ? ExitCode.done : ExitCode.failed);
  });
  return stream;
}

function outputOf(name: 'stdout' | 'stderr', descriptor: number): TextOutput {
  if (!isPlainOutput(descriptor, process.platform)) return streamOf(name);
  const output = quickOutput({
    write: (bytes) => writeSync(descriptor, bytes),
    stream: () => streamOf(name),
    closed,
    held: name === 'stdout' ? HELD : 0,
  });
  quick.push(output);
  return output;
}

async function main(): Promise<void> {
  // It may wait for nothing that keeps a process.
  const running = setInterval(() => {}, 2 ** 30);
  const io = {
    stdout: outputOf('stdout', 1),
    stderr: outputOf('stderr', 2),
    cwd: process.cwd(),
    env: process.env,
    signal,
  };
  const code = await exitCodeOf('grep', io, () => runGrep(process.argv.slice(3), io));
  clearInterval(running);
  for (const output of quick) await output.flush();
  if (quick.length === 2) process.exit(code);
  process.exitCode = code;
  process.stdout.write('', () => process.exit(code));
}

void main();
