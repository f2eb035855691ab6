import type { Row } from '../edit.ts';
import { indentOf, type LineIndex, type LooseIndex, looseKey } from './line-index.ts';
import { isTelling, type Match } from './placement.ts';
import { findRuns } from './sequence.ts';
import { isRenaming, tokensOf } from './similarity.ts';
import { findWindows, MAX_ROWS, type Window } from './windows.ts';

/** A place that resembles the hunk this much is a rival of one that only fits but for white space. */
const RIVAL = 0.8;
/** … and has this share letter by letter: it may have been the hunk's text until a name in it changed. */
const RIVAL_EXACT = 0.3;

/**
 * Whether another place is so like the hunk that a tolerant match could be the wrong one of two near copies: the one that
 * the model saw may have changed since, and its copy be left.
 */
export function hasRival(index: LineIndex, rows: readonly Row[], match: Match): boolean {
  const old = rows.flatMap((row, i) => (row.op !== 'add' && row.text.trim() !== '' ? [i] : []));
  const keys = old.map((i) => looseKey(rows[i]!.text));
  if (keys.length === 0 || keys.length > MAX_ROWS) return false;
  if (isSplitByMatch(index, rows, match, false)) return true;
  const loose = index.loose();
  const telling = keys.filter(isTelling);
  if (telling.length <= THIN && telling.some((key) => standsRenamed(index, key, match))) return true;
  return findWindows(index, keys).some((window) => {
    const outside = loose.lines[window.first]! >= match.range.end || loose.lines[window.last]! < match.range.start;
    if (!outside || window.score < RIVAL || window.exact < RIVAL_EXACT) return false;
    return standsButForNames(loose, keys, match, window) && couldChange(index, rows, window);
  });
}

/**
 * Whether all telling lines of a hunk are in a window, letter by letter or with a name changed since, or close by, where what
 * was put in amid them has moved them. A place that lacks one is a twin that the model did not see: all it wrote is at the match.
 */
function standsButForNames(loose: LooseIndex, keys: readonly string[], match: Match, window: Window): boolean {
  const from = loose.lines[window.first]! - SPLIT;
  const to = loose.lines[window.last]! + SPLIT;
  const isClose = (line: number) => line >= from && line <= to && (line < match.range.start || line >= match.range.end);
  return keys.every((key, i) => {
    const there = loose.keys[window.partners[i]!];
    if (!isTelling(key) || there === key) return true;
    if (there !== undefined && isRenaming(tokensOf(key), tokensOf(there))) return true;
    return loose.positions.get(key)?.some((at) => isClose(loose.lines[at]!)) ?? false;
  });
}

/** Telling old lines so few that one other name in them hides the place. */
const THIN = 2;

/** Whether a line outside the match is the same but for a longer or shorter name: it may be the one meant, renamed since. */
function standsRenamed(index: LineIndex, key: string, match: Match): boolean {
  const loose = index.loose();
  const tokens = tokensOf(key);
  return loose.keys.some((other, i) => {
    if (Math.abs(other.length - key.length) > MAX_RENAMING || other === key) return false;
    const line = loose.lines[i]!;
    return (line < match.range.start || line >= match.range.end) && isRenaming(tokens, tokensOf(other));
  });
}

/** Characters by which a renamed line is longer or shorter. */
const MAX_RENAMING = 16;

/** Whether a place could be meant at all: what goes is there, and what new lines stand beside, if under another name. */
export function couldChange(index: LineIndex, rows: readonly Row[], window: Window): boolean {
  const loose = index.loose();
  const old = rows.flatMap((row, i) => (row.op !== 'add' && row.text.trim() !== '' ? [i] : []));
  const same = (k: number) => {
    const row = old[k];
    const partner = row === undefined ? -1 : window.partners[k]!;
    return partner >= 0 && loose.keys[partner] === looseKey(rows[row!]!.text);
  };
  const known = (k: number) => {
    const partner = k < 0 || k >= old.length ? -1 : window.partners[k]!;
    return same(k) || (partner >= 0 && isRenaming(tokensOf(rows[old[k]!]!.text), tokensOf(loose.keys[partner]!)));
  };
  return rows.every((row, i) => {
    if (row.op === 'keep' || row.text.trim() === '') return true;
    if (row.op === 'remove') return same(old.indexOf(i));
    return known(old.findLastIndex((line) => line < i)) || known(old.findIndex((line) => line > i));
  });
}

/** How far apart, in lines that are not blank, the two halves of a place are looked for. */
export const SPLIT = 120;
/** Lines of the other half that are looked for. */
const REST = 3;

/**
 * Whether the match may be a copy that was put in amid the place that is meant: then a beginning of the hunk's old lines
 * stands somewhere else and the rest further on, and one of the two parts has a change and the line beside it. Where the
 * match is not all of the hunk (`partial`), such a part alone is enough.
 */
export function isSplitByMatch(
  index: LineIndex,
  rows: readonly Row[],
  match: Pick<Match, 'lines'>,
  partial: boolean,
): boolean {
  const { before, after } = partsWithChange(rows);
  const loose = index.loose();
  const old = rows.flatMap((row, i) =>
    row.op !== 'add' && row.text.trim() !== '' ? [{ key: looseKey(row.text), line: match.lines[i]! }] : [],
  );
  const keys = old.map((line) => line.key);
  const runs = (part: readonly string[]) => findRuns(part, loose.keys, loose.positions, 16);
  /** Whether some of the keys stand together in a stretch, and not as lines of the match itself. */
  const near = (first: number, end: number, from: number, to: number) =>
    runs(keys.slice(first, end)).some(
      (at) => at >= from && at + end - first <= to && loose.lines[at] !== old[first]!.line,
    );
  if (before > 0 && keys.slice(0, before).some(isTelling)) {
    for (const at of runs(keys.slice(0, before))) {
      if (old[before - 1]!.line === loose.lines[at + before - 1]) continue;
      let length = before;
      while (length < keys.length && loose.keys[at + length] === keys[length]) length++;
      if (partial || length === keys.length) return true;
      if (near(length, Math.min(keys.length, length + REST), at + length, at + length + SPLIT)) return true;
      if (isCopiedOn(loose, looseLineAt(loose, old[0]!.line), at + length, -1, at)) return true;
    }
  }
  if (after < keys.length && keys.slice(after).some(isTelling)) {
    for (const at of runs(keys.slice(after))) {
      if (old[after]!.line === loose.lines[at]) continue;
      let start = after;
      while (start > 0 && loose.keys[at - (after - start) - 1] === keys[start - 1]) start--;
      if (partial || start === 0) return true;
      const end = at - (after - start);
      if (near(Math.max(0, start - REST), start, end - SPLIT, end)) return true;
      if (isCopiedOn(loose, looseLineAt(loose, old.at(-1)!.line), end - 1, 1, end + keys.length - start - 1))
        return true;
    }
  }
  return old.length > 0 && (isHeadCopied(index, old, before) || isTailCopied(index, old, after));
}

interface OldLine {
  readonly key: string;
  readonly line: number;
}

/**
 * The same for a part of mere brackets, which stands in too many places to be looked for: only near the match, at the very
 * depth, and where all in between goes on as the text beyond that part.
 */
function isTailCopied(index: LineIndex, old: readonly OldLine[], after: number): boolean {
  const loose = index.loose();
  const size = old.length - after;
  const edge = looseLineAt(loose, old.at(-1)!.line);
  if (edge < 0 || size < 1 || old.slice(after).some((line) => isTelling(line.key))) return false;
  for (let at = edge + 1; at <= edge + SPLIT && at + size <= loose.keys.length; at++)
    if (standsAgain(index, edge - size + 1, at, size) && isCopiedOn(loose, edge, at - 1, 1, at + size - 1)) return true;
  return false;
}

function isHeadCopied(index: LineIndex, old: readonly OldLine[], before: number): boolean {
  const loose = index.loose();
  const edge = looseLineAt(loose, old[0]!.line);
  if (edge < 0 || before < 1 || old.slice(0, before).some((line) => isTelling(line.key))) return false;
  for (let at = edge - before; at >= Math.max(0, edge - SPLIT); at--)
    if (standsAgain(index, edge, at, before) && isCopiedOn(loose, edge, at + before, -1, at)) return true;
  return false;
}

/** Whether lines stand a second time, as deep as there. */
function standsAgain(index: LineIndex, from: number, at: number, size: number): boolean {
  const { keys, lines } = index.loose();
  const depth = (i: number) => indentOf(index.document.lines[lines[i]!]!);
  for (let k = 0; k < size; k++) if (keys[at + k] !== keys[from + k] || depth(at + k) !== depth(from + k)) return false;
  return true;
}

/**
 * Whether all between the match and a part of it that stands elsewhere goes on as the text beyond that part does: then the
 * match is one half of the place with a copy of the other half, put in between with its neighbours. `edge` is the match's end
 * on that side, `to` the last line between, `twin` the end of the part.
 */
function isCopiedOn(loose: LooseIndex, edge: number, to: number, step: 1 | -1, twin: number): boolean {
  const length = (to - edge) * step;
  if (edge < 0 || length < 0 || length > SPLIT) return false;
  for (let k = 1; k <= length; k++) if (loose.keys[edge + k * step] !== loose.keys[twin + k * step]) return false;
  return true;
}

/** Index of a document line among those that are not blank, by bisection; -1 for a blank one. */
function looseLineAt(loose: LooseIndex, line: number): number {
  let low = 0;
  let high = loose.lines.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (loose.lines[middle]! < line) low = middle + 1;
    else high = middle;
  }
  return loose.lines[low] === line ? low : -1;
}

/** How many old lines reach to behind the first change, and where those from the last change on begin; blank ones aside. */
function partsWithChange(rows: readonly Row[]): { before: number; after: number } {
  const firstChange = rows.findIndex((row) => row.op !== 'keep');
  let end = Math.max(0, firstChange);
  while (end < rows.length && rows[end]!.op !== 'keep') end++;
  let start = rows.findLastIndex((row) => row.op !== 'keep');
  while (start >= 0 && rows[start]!.op !== 'keep') start--;
  const solid = (part: readonly Row[]) => part.filter((row) => row.op !== 'add' && row.text.trim() !== '').length;
  return { before: solid(rows.slice(0, end + 1)), after: solid(rows.slice(0, Math.max(0, start))) };
}

/** Equal lines beyond two equal places, on both sides together, that make one a copy of the other; half of them do where the
 * places themselves say next to nothing. */
const COPIED = 4;
/** Equal lines in and beyond the places, more than twins by nature have in a row. */
const LONG_COPY = 9;

/** Whether two equal places are so for more than the hunk's lines: anchors by depth then say little about which is meant. */
export function isCopy(index: LineIndex, a: Match, b: Match): boolean {
  if (a === b) return false;
  const run = (step: 1 | -1) => {
    let solid = 0;
    for (
      let i = step < 0 ? a.range.start - 1 : a.range.end, k = step < 0 ? b.range.start - 1 : b.range.end;
      ;
      i += step, k += step
    ) {
      const line = index.trimmed[i];
      if (line === undefined || line !== index.trimmed[k]) return solid;
      if (isTelling(line) && ++solid >= COPIED) return solid;
    }
  };
  const telling = index.trimmed.slice(a.range.start, a.range.end).filter(isTelling).length;
  const beyond = run(-1) + run(1);
  return beyond >= (telling > 1 ? COPIED : COPIED / 2) || (beyond > 0 && telling + beyond >= LONG_COPY);
}

/** What changes, with the old lines right beside it, must stand at the match or nowhere: elsewhere the rest may just differ. */
export function coresAreUnique(index: LineIndex, rows: readonly Row[], lines: readonly number[]): boolean {
  const loose = index.loose();
  const old: { key: string; changed: boolean; row: number }[] = [];
  let pending = false;
  for (const [at, row] of rows.entries()) {
    if (row.op === 'add') {
      pending = true;
      const last = old.at(-1);
      if (last) last.changed = true;
    } else if (row.text.trim() !== '') {
      old.push({ key: looseKey(row.text), changed: pending || row.op === 'remove', row: at });
      pending = false;
    }
  }
  for (let i = 0; i < old.length; i++) {
    if (!old[i]!.changed) continue;
    let end = i;
    while (end + 1 < old.length && old[end + 1]!.changed) end++;
    const core = old.slice(Math.max(0, i - 1), end + 2).map((line) => line.key);
    const wide = findRuns(core, loose.keys, loose.positions, 2);
    const tight = old.slice(i, end + 1);
    const found =
      wide.length > 0
        ? wide
        : findRuns(
            tight.map((line) => line.key),
            loose.keys,
            loose.positions,
            2,
          );
    if (found.length > 1) return false;
    // Beside a copy of the change that lacks one side of the context, this place lacks something as well.
    const above = old[i - 1]?.key;
    const below = old[end + 1]?.key;
    const size = end + 1 - i;
    const copies = tight.some((line) => isTelling(line.key))
      ? findRuns(
          tight.map((line) => line.key),
          loose.keys,
          loose.positions,
          16,
        )
      : [];
    if (
      copies.some(
        (at) =>
          tight.some((line, k) => loose.lines[at + k] !== lines[line.row]) &&
          (above === undefined ||
            loose.keys[at - 1] === above ||
            below === undefined ||
            loose.keys[at + size] === below),
      )
    )
      return false;
    const first = lines[(wide.length > 0 ? old[Math.max(0, i - 1)]! : tight[0]!).row]!;
    if (found.length === 1 && first >= 0 && loose.lines[found[0]!] !== first) return false;
    i = end;
  }
  return true;
}
