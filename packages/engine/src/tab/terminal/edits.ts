import { stringOf } from '../../workspace/text-edit.ts';
import type { HistoryEdit } from '../../workspace/history.ts';
import type { Document } from '../../workspace/document.ts';
import type { TabContext } from '../source.ts';

/** Edits this much older than the newest no longer call for anything. Milliseconds. */
const FRESH = 120_000;
/** A pause that begins a new piece of work on the same file. Milliseconds. */
const PAUSE = 60_000;

/** What was done to one document lately in one go. */
export interface Run {
  readonly path: string;
  readonly languageId: string;
  /** Name of the run: the same while it goes on. */
  readonly id: number;
  readonly before: string;
  readonly now: string;
  readonly newest: HistoryEdit;
}

/** The newest edit and those before it that belong together; `undefined` when it was an undo, a redo, or made by a tool. */
export function runOf(context: TabContext): Run | undefined {
  const { history, documents } = context.snapshot;
  const newest = history.latest;
  const document = newest && documents.get(newest.path);
  if (!newest || !document || document.exclusion || !isOwn(newest)) return undefined;
  if (newest.path !== context.cursor.path || context.now() - newest.endedAt > FRESH) return undefined;
  let first = newest;
  for (const edit of history.edits.toReversed()) {
    if (edit.path !== newest.path || !isOwn(edit) || first.startedAt - edit.endedAt > PAUSE) break;
    first = edit;
  }
  return {
    path: newest.path,
    languageId: document.languageId,
    id: first.id,
    before: stringOf(first.before),
    now: document.content,
    newest,
  };
}

/** A formatter, a checkout or the package manager itself writing its manifest calls for nothing. */
function isOwn({ origin }: HistoryEdit): boolean {
  return origin === 'typed' || origin === 'paste' || origin === 'accept';
}

/** The lines that the newest edit touched, as they are now; from 1. */
export function editedLines(edit: HistoryEdit): readonly [first: number, last: number] {
  const after = edit.changes.apply(edit.before);
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  edit.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => {
    first = Math.min(first, after.lineAt(fromB).number);
    last = Math.max(last, after.lineAt(toB).number);
  });
  return [first, last];
}

/**
 * The user does not seem to be in the middle of something: the cursor has left the edited lines, or stands where a statement (or, in a list, an entry) ends; and the
 * edited lines hold no broken syntax, as far as there is a grammar. On an empty line it is never so: Tab indents there.
 */
export function looksFinished(context: TabContext, { newest }: Run, kind: 'code' | 'list'): boolean {
  const { document, cursor } = context;
  const line = document.text.lineAt(Math.min(cursor.offset, document.length));
  const before = line.text.slice(0, cursor.offset - line.from);
  const behind = line.text.slice(cursor.offset - line.from);
  if (before.trim() === '' || !/^[\s)\]};,>]*$/.test(behind)) return false;
  const [first, last] = editedLines(newest);
  const left = line.number < first || line.number > last;
  if (!left && !(kind === 'code' ? STATEMENT_END : ENTRY_END).test(before)) return false;
  if (!left && kind === 'code' && !hasItsSemicolon(document, line.number, before + behind)) return false;
  const tree = context.syntax.tree(document);
  return !tree?.rootNode.hasError || !hasErrorWithin(tree.rootNode, first - 1, last - 1);
}

/** Where other lines of the file end statements with semicolons, one without is not all there yet. */
function hasItsSemicolon({ text, languageId }: Document, number: number, line: string): boolean {
  if (!/^(?:type|java)script/.test(languageId) || /[;{}]\s*$/.test(line)) return true;
  let lines = 0;
  for (const other of text.iterLines(Math.max(1, number - 20), Math.min(text.lines + 1, number + 20)))
    if (/;\s*$/.test(other)) lines++;
  return lines === 0;
}

const STATEMENT_END = /[;)\]}'"`\d]\s*$|^\s*(?:assert|import|use|from)\b.*\w\s*$/;
const ENTRY_END = /["'\]},;\d]\s*$/;

interface Node {
  readonly hasError: boolean;
  readonly isError: boolean;
  readonly isMissing: boolean;
  readonly startPosition: { readonly row: number };
  readonly endPosition: { readonly row: number };
  readonly children: readonly (Node | null)[];
}

function hasErrorWithin(node: Node, first: number, last: number): boolean {
  if (!node.hasError && !node.isMissing) return false;
  if (node.endPosition.row < first || node.startPosition.row > last) return false;
  if (node.isError || node.isMissing) return true;
  return node.children.some((child) => child !== null && hasErrorWithin(child, first, last));
}
