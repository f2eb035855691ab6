import { applyEdit, filesFor } from './apply.ts';
import { changeLines, type LineChange } from './document.ts';
import type { EditFormat, Hunk, HunkResult, ParsedEdit } from './edit.ts';
import { createEditParser } from './parse/parser.ts';
import { samePath } from './parse/path.ts';
import { indexLines, type LineIndex } from './place/line-index.ts';
import { placeHunk } from './place/place.ts';
import type { ApplyOptions, ApplyResult } from './result.ts';

/** A line of a decorated diff; numbers are 0-based, absent on the side that has no such line. */
export interface DiffLine {
  readonly op: 'keep' | 'remove' | 'add';
  readonly text: string;
  readonly before?: number;
  readonly after?: number;
}

/** One file while its edit is still arriving. */
export interface FileProgress {
  readonly path: string;
  /** In the order of their arrival. */
  readonly hunks: readonly HunkResult[];
  /** Changes of the hunks that are placed so far, in document order; later hunks add to them, none is taken back while
   * the text arrives. */
  readonly changes: readonly LineChange[];
  /** The document with these changes. */
  text(): string;
  /** The same as a diff with `context` lines (3) around each change. */
  diff(context?: number): readonly DiffLine[];
}

export interface ApplyStream {
  /** The next piece of the answer, cut anywhere; returns the files that a hunk of this piece was placed in (or failed in). */
  push(text: string): readonly FileProgress[];
  progress(): readonly FileProgress[];
  /** No more text. The final results, which alone know of all hunks: an ambiguous one may be settled by the others. */
  end(): { readonly parsed: ParsedEdit; readonly results: ReadonlyMap<string, ApplyResult> };
}

/**
 * Places hunks as they complete. Each document is indexed once, when the first hunk for it arrives, and each hunk placed
 * once, so that the cost is linear in answer and documents. Whole files and lazy snippets are only settled by `end`.
 */
export function createApplyStream(
  files: ReadonlyMap<string, string>,
  format: EditFormat = 'auto',
  options: Omit<ApplyOptions, 'path'> = {},
): ApplyStream {
  const open = new Map<string, { index: LineIndex; hunks: HunkResult[]; changes: LineChange[] }>();
  let touched = new Set<string>();
  const fileFor = (path: string | undefined): string | undefined => {
    if (path === undefined) return files.size === 1 ? [...files.keys()][0] : undefined;
    return [...files.keys()].find((known) => samePath(known, path));
  };
  const place = (path: string, hunk: Hunk) => {
    let file = open.get(path);
    if (!file) {
      file = { index: indexLines(files.get(path)!), hunks: [], changes: [] };
      open.set(path, file);
    }
    touched.add(path);
    const placement = placeHunk(file.index, hunk);
    const clash =
      placement.placed && placement.changes.some((change) => file.changes.some((other) => overlaps(change, other)));
    if (!placement.placed || clash) {
      const reason = placement.placed ? 'overlap' : placement.reason;
      file.hunks.push({ status: 'failed', reason, range: { start: 0, end: 0 }, confidence: 0 });
      return;
    }
    const { match } = placement;
    file.hunks.push({ status: match.rank === 0 ? 'exact' : 'fuzzy', range: match.range, confidence: match.confidence });
    for (const change of placement.changes) insertSorted(file.changes, change);
  };
  const parser = createEditParser(format, (file, hunk) => {
    const path = fileFor(file.path);
    if (path !== undefined) place(path, hunk);
  });
  const progressOf = (path: string): FileProgress => {
    const file = open.get(path)!;
    const changes = [...file.changes];
    const { document } = file.index;
    return {
      path,
      hunks: [...file.hunks],
      changes,
      text: () => changeLines(document, changes),
      diff: (context = 3) => decorate(document.lines, changes, context),
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

const overlaps = (a: LineChange, b: LineChange) =>
  (a.from < b.to && b.from < a.to) || (a.from === b.from && (a.from === a.to || b.from === b.to));

function insertSorted(changes: LineChange[], change: LineChange): void {
  let at = changes.length;
  while (at > 0 && changes[at - 1]!.from > change.from) at--;
  changes.splice(at, 0, change);
}
