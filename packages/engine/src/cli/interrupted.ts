import { ExitCode } from './io.ts';

/** A signal that Ctrl-C, or being asked to end, aborts; the second time the user means it, and the process ends. */
export function interrupted(): AbortSignal {
  const controller = new AbortController();
  const signalled = () => {
    if (controller.signal.aborted) process.exit(ExitCode.interrupted);
    controller.abort('signal');
  };
  process.on('SIGINT', signalled);
  process.on('SIGTERM', signalled);
  return controller.signal;
}
