import type { LogLevel } from '@tabstop/protocol';

/** Where the engine tells what happens. Messages never hold text of documents: paths, sizes, versions and causes only. */
export type Log = (level: LogLevel, message: string) => void;

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error'];

/** The level a setting names; `info` where it names none. */
export function levelFrom(name: string | undefined): LogLevel {
  return LEVELS.find((level) => level === name) ?? 'info';
}

export function levelAtLeast(level: LogLevel, threshold: LogLevel): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(threshold);
}

/** An error for the log, with its stack: what comes here is a fault of ours. */
export function described(error: unknown): string {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);
}
