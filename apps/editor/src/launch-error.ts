/** Exit codes of the `tabstop` command. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

/**
 * What the user is told when a start cannot go on: one sentence that says what to do, no stack trace.
 * `code` is the exit code: 2 when the command line was wrong, 1 when the machine was.
 */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  readonly code: number;

  constructor(message: string, code: number = EXIT.failure, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
