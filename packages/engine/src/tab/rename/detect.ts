import type { ChangeSet, Text } from '@codemirror/state';
import type { HistoryEdit } from '../../workspace/history.ts';
import { isKeyword } from '../../workspace/languages.ts';

/** One identifier that became another at one place, in one edit or in several that touched the same word. */
export interface Rename {
  readonly path: string;
  /** Bare names: without the `$` of PHP. */
  readonly oldName: string;
  readonly newName: string;
  /** Names the word had on the way; places that were carried that far are places still. */
  readonly between: readonly string[];
  /** The document before the first of those edits, and where `oldName` starts in it. */
  readonly before: Text;
  readonly offset: number;
  /** From `before` to the document now. */
  readonly changes: ChangeSet;
  /** Where `newName` starts in the document now. */
  readonly now: number;
  /** Id of the first of those edits: other documents count as unchanged before it. */
  readonly firstId: number;
  /** Of the edit that gave the word its name. */
  readonly last: HistoryEdit;
  /** How many edits of something else were made since. */
  readonly age: number;
}

/** Edits looked back at. */
const LOOK_BACK = 16;
/** An edit with more places than this is a refactoring by a tool: nothing is left to do. */
const MAX_RANGES = 24;

/** Renames among the newest edits, newest first, one per pair of names. */
export function recentRenames(edits: readonly HistoryEdit[], languageOf: (path: string) => string): Rename[] {
  const renames: Rename[] = [];
  const oldest = Math.max(0, edits.length - LOOK_BACK);
  let age = 0;
  for (let index = edits.length - 1; index >= oldest; index--) {
    const edit = edits[index]!;
    const found = renamesOf(edits, index, languageOf(edit.path), age);
    const fresh = found.filter((rename) => !renames.some((other) => covers(other, rename)));
    if (found.length === 0 && edit.origin !== 'accept') age++;
    renames.push(...fresh);
  }
  return renames;
}

/** The same change again, seen at an older edit: the newer one's walk includes it. */
function covers(newer: Rename, older: Rename): boolean {
  if (newer.newName === older.newName) return newer.oldName === older.oldName || newer.between.includes(older.oldName);
  return newer.path === older.path && newer.now === older.now;
}

/** How many places `edit` changed from the old name (or one between) to the new one. */
export function placesMadeBy(edit: HistoryEdit, rename: Pick<Rename, 'oldName' | 'newName' | 'between'>): number {
  return pairsOf(edit).filter(
    ({ from, to }) => to === rename.newName && (from === rename.oldName || rename.between.includes(from)),
  ).length;
}

/** Renames by hand or by accepted suggestions that made the same change before, in any file, oldest first, and at last `newest` itself. */
export function alike(
  edits: readonly HistoryEdit[],
  newest: Rename,
  languageOf: (path: string) => string,
): readonly Rename[] {
  const found: Rename[] = [];
  for (let index = Math.max(0, edits.length - 4 * LOOK_BACK); index < edits.length && found.length < 3; index++) {
    const edit = edits[index]!;
    if (edit.id >= newest.firstId) break;
    if (placesMadeBy(edit, newest) === 0) continue;
    const older = renamesOf(edits, index, languageOf(edit.path), newest.age).find(
      (rename) => rename.oldName === newest.oldName && rename.newName === newest.newName,
    );
    if (older) found.push({ ...older, last: newest.last });
  }
  return [...found, newest];
}

const pairs = new WeakMap<HistoryEdit, readonly { readonly from: string; readonly to: string }[]>();

/** The identifiers that one edit turned into others, taken by itself. */
function pairsOf(edit: HistoryEdit): readonly { readonly from: string; readonly to: string }[] {
  const known = pairs.get(edit);
  if (known) return known;
  const found: { from: string; to: string }[] = [];
  const after = edit.changes.apply(edit.before);
  const words = new Set<number>();
  let ranges = 0;
  edit.changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    if (ranges++ > MAX_RANGES) return;
    const from = wordOver(edit.before, fromA, toA, '');
    const to = wordOver(after, fromB, toB, '');
    if (!from || !to || words.has(to.start)) return;
    words.add(to.start);
    found.push({ from: bare(from.name), to: bare(to.name) });
  }, true);
  pairs.set(edit, found);
  return found;
}

/** Without the sigil of PHP: a walk there compares names alone. */
function bare(name: string): string {
  return name.replace(/^\$(?=\p{L})/u, '');
}

function renamesOf(edits: readonly HistoryEdit[], index: number, languageId: string, age: number): Rename[] {
  const last = edits[index]!;
  const after = last.changes.apply(last.before);
  const ranges: [number, number][] = [];
  last.changes.iterChangedRanges((_fromA, _toA, fromB, toB) => ranges.push([fromB, toB]), true);
  if (ranges.length > MAX_RANGES) return [];
  const later = edits.slice(index + 1).filter((edit) => edit.path === last.path);
  const found: Rename[] = [];
  for (const [from, to] of ranges) {
    const word = wordOver(after, from, to, languageId);
    if (!word || found.some((rename) => rename.newName === word.name)) continue;
    const rename = traceBack(edits, index, word, languageId);
    if (!rename) continue;
    let changes = rename.changes;
    for (const edit of later) changes = changes.compose(edit.changes);
    const now = mapThrough(later, word.start);
    found.push({ ...rename, path: last.path, newName: word.name, changes, now, last, age });
  }
  return found;
}

interface Word {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Goes back through the edits that made this word what it is, to the oldest name it had. */
function traceBack(
  edits: readonly HistoryEdit[],
  index: number,
  word: Word,
  languageId: string,
): Pick<Rename, 'oldName' | 'between' | 'before' | 'offset' | 'changes' | 'firstId'> | undefined {
  const { path } = edits[index]!;
  let range: { start: number; end: number } = word;
  let changes: ChangeSet | undefined;
  let best: ReturnType<typeof traceBack>;
  const names: string[] = [];
  for (let at = index; at >= Math.max(0, index - LOOK_BACK); at--) {
    const edit = edits[at]!;
    if (edit.path !== path) continue;
    const back = mapBack(edit.changes, range.start, range.end);
    changes = changes ? edit.changes.compose(changes) : edit.changes;
    range = back;
    if (!back.touched) continue;
    if (back.end > edit.before.length) break;
    const old = wordOver(edit.before, back.start, back.end, languageId);
    if (old) {
      range = old;
      if (old.name !== word.name && !isKeyword(languageId, old.name)) {
        best = {
          oldName: old.name,
          between: names.filter((name) => name !== old.name),
          before: edit.before,
          offset: old.start,
          changes,
          firstId: edit.id,
        };
        names.push(old.name);
      }
    } else if (back.start !== back.end) break;
  }
  return best && !isKeyword(languageId, word.name) ? best : undefined;
}

/** `[start, end)` after the changes, before them; `touched` where they changed it. */
function mapBack(changes: ChangeSet, start: number, end: number): { start: number; end: number; touched: boolean } {
  let from = start;
  let to = end;
  let shift = 0;
  let touched = false;
  changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    if (fromB > end) return;
    if (toB < start) {
      shift = toA - toB;
      from = start + shift;
      to = end + shift;
      return;
    }
    // A neighbour that only touches the word and holds no part of it (a line inserted right behind) does not change it.
    if ((fromB === end && toB > end && toA > fromA) || (toB === start && fromB < start && toA > fromA)) {
      if (toB === start) {
        shift = toA - toB;
        from = start + shift;
        to = end + shift;
      }
      return;
    }
    if (!touched) from = Math.min(start + shift, fromA);
    touched = true;
    shift = toA - toB;
    to = Math.max(end + shift, toA);
  }, true);
  return { start: from, end: to, touched };
}

function mapThrough(edits: readonly HistoryEdit[], offset: number): number {
  return edits.reduce((at, edit) => edit.changes.mapPos(at, -1), offset);
}

/** An identifier with a letter in it: `_` names nothing. */
const WORD = /^(?=.*[\p{L}\p{Nl}])[\p{L}\p{Nl}_$][\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$]*$/u;
const WORD_PART = /[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$]/u;

/** The one identifier that `[from, to)` lies in, or `undefined` where the range holds anything else. */
function wordOver(text: Text, from: number, to: number, languageId: string): Word | undefined {
  const line = text.lineAt(from);
  if (to > line.to) return undefined;
  let start = from - line.from;
  let end = to - line.from;
  while (start > 0 && WORD_PART.test(line.text[start - 1]!)) start--;
  while (end < line.length && WORD_PART.test(line.text[end]!)) end++;
  if (languageId === 'php' && line.text[start] === '$') start++;
  const name = line.text.slice(start, end);
  return WORD.test(name) ? { name, start: line.from + start, end: line.from + end } : undefined;
}
