import { pick } from '@tabstop/testkit';
import { diffArrays } from 'diff';

/** One changed place of a file: old lines `from` to `to` (end exclusive) became `lines`. */
export interface Change {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

/** A file as it was and what people changed in it; both without byte order mark and with LF. */
export interface RealEdit {
  readonly path: string;
  readonly before: readonly string[];
  readonly changes: readonly Change[];
}

const MOST_LINES = 2500;
/** Lines that a change takes out and brings in, at most. */
export const MOST_CHANGED = 60;

/** The changes between two versions of a file; undefined where it was rewritten rather than edited. */
export function realEdit(path: string, before: string, after: string): RealEdit | undefined {
  if (before === after || /\r|\uFEFF/.test(before + after) || !before.endsWith('\n') || !after.endsWith('\n'))
    return undefined;
  const old = before.slice(0, -1).split('\n');
  const fresh = after.slice(0, -1).split('\n');
  if (old.length > MOST_LINES || old.length < 4) return undefined;
  const parts = diffArrays(old, fresh, { maxEditLength: 600 });
  if (!parts) return undefined;
  const changes: { from: number; to: number; lines: string[] }[] = [];
  let at = 0;
  let open: { from: number; to: number; lines: string[] } | undefined;
  for (const part of parts) {
    if (!part.added && !part.removed) {
      open = undefined;
      at += part.value.length;
      continue;
    }
    if (!open) {
      open = { from: at, to: at, lines: [] };
      changes.push(open);
    }
    if (part.added) open.lines.push(...part.value);
    else {
      at += part.value.length;
      open.to = at;
    }
  }
  const sound = changes.filter((c) => c.to - c.from + c.lines.length <= MOST_CHANGED && !onlyLineEnds(old, c));
  return sound.length === 0 ? undefined : { path, before: old, changes: sound };
}

/** White space at the ends of lines is what models lose and editors strip: no answer says such a change for certain. */
const onlyLineEnds = (old: readonly string[], change: Change) =>
  change.to - change.from === change.lines.length &&
  change.lines.every((line, i) => line.trimEnd() === old[change.from + i]!.trimEnd());

/** One to five neighbouring changes of a real edit, as one answer of a model would hold. */
export function sampleChanges(random: () => number, edit: RealEdit): readonly Change[] {
  const count = Math.min(edit.changes.length, pick(random, [1, 1, 1, 2, 2, 3, 4, 5]));
  const start = Math.floor(random() * (edit.changes.length - count + 1));
  return edit.changes.slice(start, start + count);
}

export function applyChanges(before: readonly string[], changes: readonly Change[]): string[] {
  const out: string[] = [];
  let at = 0;
  for (const change of changes) {
    out.push(...before.slice(at, change.from), ...change.lines);
    at = change.to;
  }
  out.push(...before.slice(at));
  return out;
}

/** A block that a model would show: some changes with lines around them; `rows` as in a diff. */
export interface Block {
  readonly changes: readonly Change[];
  /** Old lines of the block in the document. */
  readonly from: number;
  readonly to: number;
  readonly rows: readonly { readonly op: ' ' | '-' | '+'; readonly text: string }[];
}

/** Groups changes whose context would touch, and gives each group `context` lines on both sides. */
export function blocksOf(before: readonly string[], changes: readonly Change[], context: number): Block[] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const last = groups.at(-1)?.at(-1);
    if (last && change.from - last.to <= context * 2) groups.at(-1)!.push(change);
    else groups.push([change]);
  }
  return groups.map((group) => {
    const from = Math.max(0, group[0]!.from - context);
    const to = Math.min(before.length, group.at(-1)!.to + context);
    const rows: { op: ' ' | '-' | '+'; text: string }[] = [];
    let at = from;
    for (const change of group) {
      for (; at < change.from; at++) rows.push({ op: ' ', text: before[at]! });
      for (; at < change.to; at++) rows.push({ op: '-', text: before[at]! });
      for (const text of change.lines) rows.push({ op: '+', text });
    }
    for (; at < to; at++) rows.push({ op: ' ', text: before[at]! });
    return { changes: group, from, to, rows };
  });
}

/** How often the old lines of a block stand in a document, white space aside. */
export function occurrences(document: readonly string[], lines: readonly string[]): number {
  const keys = lines.map((line) => line.replace(/\s+/g, ' ').trim());
  const first = keys[0];
  if (first === undefined) return document.length + 1;
  let count = 0;
  search: for (let i = 0; i + keys.length <= document.length; i++) {
    for (let k = 0; k < keys.length; k++) if (document[i + k]!.replace(/\s+/g, ' ').trim() !== keys[k]) continue search;
    count++;
  }
  return count;
}
