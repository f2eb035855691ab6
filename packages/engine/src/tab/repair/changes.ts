import type { ChangeSet, Text } from '@codemirror/state';
import type { Document } from '../../workspace/document.ts';
import type { HistoryEdit } from '../../workspace/history.ts';
import { lex } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';

/** Edits looked back at, and documents of them that are repaired. */
const LOOK_BACK = 6;
const DOCUMENTS = 3;
/** Longer documents are left to the language's own server: reading them through takes more than a moment. */
const MAX_UNITS = 200_000;

/** What the newest edits did to one document. */
export interface RecentChange {
  readonly document: Document;
  readonly before: Text;
  readonly changes: ChangeSet;
  /** In the text now. */
  readonly produced: readonly (readonly [start: number, end: number])[];
  /** Words in what was written, and of what was removed; a word in both was only moved. */
  readonly introduced: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  /** 0 for the document of the newest edit. */
  readonly age: number;
  readonly edits: readonly HistoryEdit[];
}

const known = new WeakMap<HistoryEdit, readonly RecentChange[]>();

/** The documents that were edited lately, newest first; empty right after undo and redo. */
export function recentChanges(context: TabContext): readonly RecentChange[] {
  const { latest, edits } = context.snapshot.history;
  if (!latest || latest.origin === 'undo' || latest.origin === 'redo') return [];
  const cached = known.get(latest);
  if (cached) return cached;
  const recent = edits.slice(-LOOK_BACK);
  const paths = [...new Set(recent.map(({ path }) => path).reverse())].slice(0, DOCUMENTS);
  const changes = paths.flatMap((path, age): RecentChange[] => {
    const document = context.snapshot.documents.get(path);
    if (!document || document.exclusion || document.length > MAX_UNITS) return [];
    const own = recent.filter((edit) => edit.path === path);
    let composed = own[0]!.changes;
    for (const edit of own.slice(1)) {
      if (edit.changes.length !== composed.newLength) return [];
      composed = composed.compose(edit.changes);
    }
    if (composed.newLength !== document.length) return [];
    return [{ ...wordsOf(own[0]!.before, document, composed), age, edits: own }];
  });
  known.set(latest, changes);
  return changes;
}

function wordsOf(before: Text, document: Document, changes: ChangeSet): Omit<RecentChange, 'age' | 'edits'> {
  const produced: (readonly [number, number])[] = [];
  const introduced = new Set<string>();
  const removed = new Set<string>();
  changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    const old = before.sliceString(fromA, toA, '\n');
    const made = document.text.sliceString(fromB, toB, '\n');
    const touches = [
      PART.test(old[0] ?? '') || PART.test(made[0] ?? ''),
      PART.test(old.at(-1) ?? '') || PART.test(made.at(-1) ?? ''),
    ] as const;
    const [oldFrom, oldTo] = wholeWords(before, [fromA, toA], touches);
    const [from, to] = wholeWords(document.text, [fromB, toB], touches);
    produced.push([from, to]);
    for (const word of words(document.text, from, to)) introduced.add(word);
    for (const word of words(before, oldFrom, oldTo)) removed.add(word);
  });
  for (const word of [...introduced])
    if (removed.has(word)) {
      introduced.delete(word);
      removed.delete(word);
    }
  return { document, before, changes, produced, introduced, removed };
}

function words(text: Text, from: number, to: number): string[] {
  if (to - from > 20_000) return [];
  return lex(text.sliceString(from, to, '\n'))
    .filter(({ kind }) => kind === 'word')
    .map(({ text: word }) => word);
}

const PART = /[\p{L}\p{Nd}_$]/u;

/** Where words go on beyond a range, `[from, to)`, at its ends; a line that ends where the next one's word begins does not touch that word. */
function wholeWords(
  text: Text,
  [from, to]: readonly [number, number],
  touches: readonly [left: boolean, right: boolean],
): readonly [number, number] {
  let start = from;
  let end = to;
  if (touches[0]) while (start > 0 && PART.test(text.sliceString(start - 1, start))) start--;
  if (touches[1]) while (end < text.length && PART.test(text.sliceString(end, end + 1))) end++;
  return [start, end];
}
