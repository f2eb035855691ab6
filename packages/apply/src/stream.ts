import { applyEdit, filesFor } from './apply.ts';
import { changeLines, type LineChange } from './document.ts';
import type { EditFormat, FileEdit, Hunk, HunkResult, ParsedEdit } from './edit.ts';
import { createEditParser } from './parse/parser.ts';
import { samePath } from './parse/path.ts';
import { indexLines, type LineIndex } from './place/line-index.ts';
import { placeHunk } from './place/place.ts';
import type { ApplyOptions, ApplyResult } from './result.ts';
import { createLazyProgress, createWholeProgress, type TextProgress } from './text-progress.ts';

/** A line of a decorated diff; numbers are 0-based, absent on the side that has no such line. */
export interface DiffLine {
  readonly op: 'keep' | 'remove' | 'add';
  readonly text: string;
  readonly before?: number;
  readonly after?: number;
}

/** One file while its edit is still arriving: a view of what is known when it is read, so that hearing of it costs nothing. */
export interface FileProgress {
  readonly path: string;
  /** What the edit does with the file, as far as it is known. */
  readonly action: FileEdit['action'];
  readonly moveTo: string | undefined;
  /** Whether the file's section of a patch, or its block of text, has ended. */
  readonly ended: boolean;
  /** In the order of their arrival. */
  readonly hunks: readonly HunkResult[];
  /** Changes of the hunks that are placed so far, in document order; later hunks add to them, none is taken back while
   * the text arrives. Those of a lazy snippet alone are provisional. */
  readonly changes: readonly LineChange[];
  /** Of a whole file that arrives: lines of the document before this one will not change any more. */
  readonly settled: number;
  /** The document with these changes; '' for a file that is deleted, its text for one that is added. */
  text(): string;
  /** The same as a diff with `context` lines (3) around each change. */
  diff(context?: number): readonly DiffLine[];
}

export interface ApplyStream {
  /** The next piece of the answer, cut anywhere; returns the files that something became known of: a hunk was placed or
   * failed, more text settled, or a section ended, and with it that the file is added, deleted or moved. */
  push(text: string): readonly FileProgress[];
  progress(): readonly FileProgress[];
  /** No more text. The final results, which alone know of all hunks: an ambiguous one may be settled by the others. */
  end(): { readonly parsed: ParsedEdit; readonly results: ReadonlyMap<string, ApplyResult> };
}

interface OpenFile {
  readonly index: LineIndex;
  action: FileEdit['action'];
  moveTo?: string;
  ended: boolean;
  readonly hunks: HunkResult[];
  readonly changes: LineChange[];
  /** Of a file whose text arrives. */
  text?: TextProgress;
  /** What its ended section says, all of it known. */
  final?: { readonly changes: readonly LineChange[]; readonly text: string };
}

const sectionOf = (file: FileEdit): ParsedEdit => ({
  format: file.action === 'whole' || file.action === 'lazy' ? file.action : 'patch',
  files: [file],
  problems: [],
});

/**
 * Places hunks as they complete. Each document is indexed once, when the first hunk for it arrives, and each hunk placed
 * once, so that the cost is linear in answer and documents. Whole files settle line by line where the format is given and the
 * text is fenced, lazy snippets are previewed; `end` has the last word on both.
 */
export function createApplyStream(
  files: ReadonlyMap<string, string>,
  format: EditFormat = 'auto',
  options: Omit<ApplyOptions, 'path'> = {},
): ApplyStream {
  const open = new Map<string, OpenFile>();
  let touched = new Set<string>();
  const fileFor = (path: string | undefined): string | undefined => {
    if (path === undefined) return files.size === 1 ? [...files.keys()][0] : undefined;
    return [...files.keys()].find((known) => samePath(known, path));
  };
  const openFor = (path: string, action: FileEdit['action']): OpenFile => {
    touched.add(path);
    let file = open.get(path);
    if (!file) {
      file = { index: indexLines(files.get(path) ?? ''), action, ended: false, hunks: [], changes: [] };
      open.set(path, file);
    }
    return file;
  };
  const place = (path: string, hunk: Hunk) => {
    const file = openFor(path, 'update');
    const placement = placeHunk(file.index, hunk);
    const clash = placement.placed && placement.changes.some((change) => clashes(file.changes, change));
    if (!placement.placed || clash) {
      const reason = placement.placed ? 'overlap' : placement.reason;
      file.hunks.push({ status: 'failed', reason, range: { start: 0, end: 0 }, confidence: 0 });
      return;
    }
    const { match } = placement;
    file.hunks.push({ status: match.rank === 0 ? 'exact' : 'fuzzy', range: match.range, confidence: match.confidence });
    for (const change of placement.changes) insertSorted(file.changes, change);
  };
  const parser = createEditParser(format, {
    onHunk: (edit, hunk) => {
      const path = fileFor(edit.path);
      if (path !== undefined) place(path, hunk);
    },
    onText: (edit, line) => {
      const path = fileFor(edit.path);
      if (path === undefined) return;
      const file = openFor(path, edit.action);
      file.text ??=
        edit.action === 'whole'
          ? createWholeProgress(file.index)
          : createLazyProgress(file.index.document.text, { ...options, path });
      file.text.push(line);
    },
    onSection: (edit) => {
      // A file that is added is none of those that are known.
      const path = fileFor(edit.path) ?? (edit.action === 'add' ? edit.path : undefined);
      if (path === undefined) return;
      const file = openFor(path, edit.action);
      file.action = edit.action;
      file.ended = true;
      if (edit.moveTo !== undefined) file.moveTo = edit.moveTo;
      if (edit.content === undefined && edit.action !== 'delete') return;
      const whole = applyEdit(file.index.document.text, sectionOf(edit), { ...options, path });
      file.final = { changes: whole.changes, text: whole.text };
      if (file.text) file.hunks.push(...whole.hunks);
    },
  });
  const progressOf = (path: string): FileProgress => {
    const file = open.get(path)!;
    const { document } = file.index;
    const changes = () => file.final?.changes ?? file.text?.changes ?? file.changes;
    return {
      path,
      get action() {
        return file.action;
      },
      get moveTo() {
        return file.moveTo;
      },
      get ended() {
        return file.ended;
      },
      get hunks() {
        return [...file.hunks];
      },
      get changes() {
        return [...changes()];
      },
      get settled() {
        return file.final ? document.lines.length : (file.text?.settled ?? 0);
      },
      text: () => file.final?.text ?? changeLines(document, changes()),
      diff: (context = 3) => decorate(document.lines, changes(), context),
    };
  };
  return {
    push(text) {
      touched = new Set();
      parser.push(text);
      return [...touched].map(progressOf);
    },
    progress: () => [...open.keys()].map(progressOf),
    end() {
      const parsed = parser.end();
      const results = new Map<string, ApplyResult>();
      for (const [path, original] of files) {
        if (
          files.size > 1 &&
          filesFor(parsed, path).every((file) => file.path === undefined || !samePath(file.path, path))
        )
          continue;
        results.set(path, applyEdit(original, parsed, { ...options, path }));
      }
      return { parsed, results };
    },
  };
}

/** Changed lines with `context` lines around them; a jump in the numbers is a gap. */
export function decorate(lines: readonly string[], changes: readonly LineChange[], context = 3): DiffLine[] {
  const out: DiffLine[] = [];
  let at = 0;
  let shift = 0;
  for (const [i, change] of changes.entries()) {
    for (let line = Math.max(at, change.from - context); line < change.from; line++) {
      out.push({ op: 'keep', text: lines[line]!, before: line, after: line + shift });
    }
    for (let line = change.from; line < change.to; line++) out.push({ op: 'remove', text: lines[line]!, before: line });
    for (const [k, text] of change.insert.entries()) out.push({ op: 'add', text, after: change.from + shift + k });
    shift += change.insert.length - (change.to - change.from);
    const next = changes[i + 1]?.from ?? lines.length;
    at = Math.min(change.to + context, next, lines.length);
    for (let line = change.to; line < at; line++)
      out.push({ op: 'keep', text: lines[line]!, before: line, after: line + shift });
  }
  return out;
}

/** Whether a change meets one of those that are sorted and apart: only its neighbours can. */
function clashes(changes: readonly LineChange[], change: LineChange): boolean {
  const at = firstFrom(changes, change.from);
  const before = changes[at - 1];
  if (before && before.to > change.from) return true;
  for (let i = at; i < changes.length && changes[i]!.from <= change.to; i++)
    if (overlaps(change, changes[i]!)) return true;
  return false;
}

const overlaps = (a: LineChange, b: LineChange) =>
  (a.from < b.to && b.from < a.to) || (a.from === b.from && (a.from === a.to || b.from === b.to));

function insertSorted(changes: LineChange[], change: LineChange): void {
  let at = firstFrom(changes, change.from);
  while (changes[at]?.from === change.from) at++;
  changes.splice(at, 0, change);
}

/** Index of the first change at or behind a line. */
function firstFrom(changes: readonly LineChange[], line: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (changes[middle]!.from < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
