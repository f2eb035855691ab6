import type { FailureReason, FileEdit, Hunk, ParseProblem, Row } from '../edit.ts';

/** What is heard of an edit while it arrives; with `auto` only once the format is known. */
export interface EditEvents {
  /** A hunk is complete. */
  readonly onHunk: (file: FileEdit, hunk: Hunk) => void;
  /** One more line of a fenced block that is the text of a file or a part of it. */
  readonly onText: (file: FileEdit, line: string) => void;
  /** Such a block, or a file's section of a patch, has ended. */
  readonly onSection: (file: FileEdit) => void;
}

/** Where a format's parser puts what it reads. */
export interface Sink extends EditEvents {
  readonly files: MutableFile[];
  readonly problems: ParseProblem[];
  /** Number of the line being read, 0-based. */
  at: number;
}

export interface MutableFile {
  path?: string;
  action: FileEdit['action'];
  moveTo?: string;
  hunks: Hunk[];
  content?: string;
}

export function createSink(events: Partial<EditEvents> = {}): Sink {
  const { onHunk = () => {}, onText = () => {}, onSection = () => {} } = events;
  return { files: [], problems: [], at: 0, onHunk, onText, onSection };
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
