import { CommandError, ExitCode, type QuickIo, UsageError, write } from './io.ts';

/** Runs a command to its exit code; what it throws is told on standard error. Never throws. */
export async function exitCodeOf(
  name: string,
  io: Pick<QuickIo, 'stderr' | 'signal'>,
  command: () => Promise<number>,
): Promise<number> {
  try {
    const code = await command();
    return io.signal.aborted ? ExitCode.interrupted : code;
  } catch (error) {
    if (io.signal.aborted) return ExitCode.interrupted;
    if (error instanceof UsageError) {
      await write(io.stderr, `tabstop ${name}: ${error.message}\nTry tabstop ${name} --help.\n`);
      return ExitCode.usage;
    }
    const message =
      error instanceof CommandError ? error.message : error instanceof Error ? error.stack : String(error);
    await write(io.stderr, `tabstop ${name}: ${message}\n`);
    return ExitCode.failed;
  }
}
