import type { FailureReason, FileEdit, Hunk, ParseProblem, Row } from '../edit.ts';

/** Where a format's parser puts what it reads; `onHunk` hears of each hunk as soon as it is complete. */
export interface Sink {
  readonly files: MutableFile[];
  readonly problems: ParseProblem[];
  /** Number of the line being read, 0-based. */
  at: number;
  onHunk: (file: FileEdit, hunk: Hunk) => void;
}

export interface MutableFile {
  path?: string;
  action: FileEdit['action'];
  moveTo?: string;
  hunks: Hunk[];
  content?: string;
}

export function createSink(onHunk: (file: FileEdit, hunk: Hunk) => void = () => {}): Sink {
  return { files: [], problems: [], at: 0, onHunk };
}

export function openFile(sink: Sink, path: string | undefined, action: FileEdit['action']): MutableFile {
  const file: MutableFile = { action, hunks: [], ...(path === undefined ? {} : { path }) };
  sink.files.push(file);
  return file;
}

export function addHunk(sink: Sink, file: MutableFile, hunk: Hunk): void {
  file.hunks.push(hunk);
  sink.onHunk(file, hunk);
}

export function brokenHunk(reason: FailureReason, start: number, end: number, rows: readonly Row[] = []): Hunk {
  return { rows, broken: reason, source: { start, end } };
}
