import type { LineNumbers, Row } from '../edit.ts';
import { dropTrailingBlank, readRow } from './diff-rows.ts';
import { closesFence, type Fence, readFence } from './fence.ts';
import type { LineParser } from './line-reader.ts';
import { pathInDiffHeader } from './path.ts';
import { addHunk, type MutableFile, openFile, type Sink } from './sink.ts';

const NUMBERS = /^@@+\s*-?(\d+)(?:,(\d+))?\s+\+?(\d+)(?:,(\d+))?\s*@*(.*)$/;

/** `@@ -1,3 +1,4 @@ heading`; numbers are undefined in `@@ ... @@` and `@@`. */
export function readHunkHeader(line: string): { numbers?: LineNumbers; heading?: string } | undefined {
  if (!line.startsWith('@@')) return undefined;
  const match = NUMBERS.exec(line);
  if (!match) {
    const text = line
      .replace(/^@@+/, '')
      .replace(/^\s*\.{0,3}\s*@@+/, '')
      .replace(/@@+\s*$/, '')
      .trim();
    return /^[-+.,\d\s]*$/.test(text) ? {} : { heading: text };
  }
  const [, oldStart, oldCount, newStart, newCount, rest] = match;
  const heading = rest!.trim();
  return {
    numbers: {
      oldStart: Number(oldStart),
      newStart: Number(newStart),
      ...(oldCount === undefined ? {} : { oldCount: Number(oldCount) }),
      ...(newCount === undefined ? {} : { newCount: Number(newCount) }),
    },
    ...(heading ? { heading } : {}),
  };
}

/**
 * Unified diffs, with the deviations of models: counts and line numbers wrong or absent, `@@` bare or absent, file headers
 * absent, context lines without their leading space, prose and fences around.
 */
export function createUnifiedParser(sink: Sink): LineParser {
  let file: MutableFile | undefined;
  let rows: Row[] | undefined;
  let header: { numbers?: LineNumbers; heading?: string } = {};
  let noNewline = { old: false, new: false };
  let remaining = { old: 0, new: 0 };
  let fence: Fence | undefined;
  let start = 0;
  /** `--- x` (and `+++ y`) inside a hunk: a file header or changed lines, known one line later. */
  let held: string[] = [];
  let lostMarks = false;
  /** How many rows the counts allow, where lines follow that may be context without marks or prose. */
  let certain: number | undefined;

  const flushHunk = () => {
    if (file && rows) {
      const kept = dropTrailingBlank(rows);
      if (kept.some((row) => row.op !== 'keep')) {
        if (file.action === 'add') {
          const added = kept.filter((row) => row.op === 'add').map((row) => row.text);
          file.content = (file.content ?? '') + added.join('\n') + (noNewline.new || added.length === 0 ? '' : '\n');
        } else {
          addHunk(sink, file, {
            ...(certain === undefined ? { rows: kept } : { rows: rows.slice(0, certain), tail: kept.slice(certain) }),
            ...header,
            ...(noNewline.old || noNewline.new ? { noNewline } : {}),
            ...(kept.length < rows.length ? { blankEnds: { before: false, after: true } } : {}),
            source: { start, end: sink.at },
          });
        }
      }
    }
    rows = undefined;
    certain = undefined;
    header = {};
    noNewline = { old: false, new: false };
    remaining = { old: 0, new: 0 };
  };
  const openHunk = () => {
    rows = [];
    lostMarks = false;
    start = sink.at;
  };
  const pushRow = (text: string) => {
    if (text.startsWith('\\')) {
      const op = rows?.at(-1)?.op;
      if (op !== 'add') noNewline.old = true;
      if (op !== 'remove') noNewline.new = true;
      return;
    }
    if (!file) file = openFile(sink, undefined, 'update');
    if (!rows) openHunk();
    const row = readRow(text);
    rows!.push(row);
    if (text !== '' && !/^[ +\-\\]/.test(text)) lostMarks = true;
    if (row.op !== 'add') remaining.old--;
    if (row.op !== 'remove') remaining.new--;
  };
  const releaseHeld = () => {
    const lines = held;
    held = [];
    for (const line of lines) pushRow(line);
  };
  const openFromHeader = (oldHeader: string, newHeader: string) => {
    flushHunk();
    const before = pathInDiffHeader(oldHeader.slice(4));
    const after = pathInDiffHeader(newHeader.slice(4));
    const action = /^\/dev\/null/.test(oldHeader.slice(4).trim())
      ? 'add'
      : after === undefined && before !== undefined
        ? 'delete'
        : 'update';
    // `diff --git` or `rename from` opened the same file one line before.
    if (
      file &&
      file.hunks.length === 0 &&
      file.content === undefined &&
      (file.path === before || file.path === after)
    ) {
      file.action = action;
      file.path = action === 'add' ? (after ?? file.path) : (before ?? file.path);
    } else {
      file = openFile(sink, action === 'add' ? after : (before ?? after), action);
    }
    if (action === 'update' && before && after && before !== after) file.moveTo = after;
    if (action === 'delete') file.moveTo = undefined;
  };

  /** Whether a fence is text of the document: it stands behind the mark of a context line, where marks were not lost so far. */
  const isContext = (open: Fence, text: string) =>
    !lostMarks && (rows?.length ?? 0) > 0 && readFence(text)!.indent.length > open.indent.length;

  return {
    line(text) {
      if (held.length > 0) {
        if (held.length === 1 && text.startsWith('+++ ')) {
          held.push(text);
          if (rows && (remaining.old > 0 || remaining.new > 0)) return;
          openFromHeader(held[0]!, held[1]!);
          held = [];
          return;
        }
        if (held.length === 2 && text.startsWith('@@')) {
          openFromHeader(held[0]!, held[1]!);
          held = [];
        } else if (rows || file) releaseHeld();
        else held = [];
      }
      if (text.startsWith('diff --git ') || text.startsWith('Index: ')) {
        flushHunk();
        const match = /^diff --git (?:"?a\/)?(.+?)"? "?b\/(.+?)"?$/.exec(text);
        file = openFile(sink, match?.[2] ?? text.replace(/^Index: /, '').trim(), 'update');
        return;
      }
      if (text.startsWith('--- ')) {
        held = [text];
        return;
      }
      if (text.startsWith('+++ ') && !rows) {
        const path = pathInDiffHeader(text.slice(4));
        file = openFile(sink, path, 'update');
        return;
      }
      const hunkHeader = readHunkHeader(text);
      if (hunkHeader) {
        flushHunk();
        if (!file) file = openFile(sink, undefined, 'update');
        header = hunkHeader;
        openHunk();
        remaining = { old: header.numbers?.oldCount ?? 0, new: header.numbers?.newCount ?? 0 };
        return;
      }
      if (rows) {
        if (fence && closesFence(fence, text) && !isContext(fence, text)) {
          fence = undefined;
          flushHunk();
          return;
        }
        const marked = /^[ +\-\\]/.test(text);
        // Without a mark it is context that lost its space, unless the counts say that the hunk is over and no fence does.
        const counted = remaining.old <= 0 && remaining.new <= 0 && header.numbers !== undefined;
        // Counts are made up as well: among context without marks, an indented line is one more of it and no prose. One that
        // is not indented is one or the other, up to the next blank line: the document will tell.
        const doubtful = !marked && !fence && counted && !(lostMarks && /^\s/.test(text));
        const isFence = readFence(text) !== undefined;
        if (doubtful && text !== '' && !isFence) certain ??= rows.length;
        else if (/^[+-]/.test(text)) certain = undefined;
        if ((doubtful && isFence) || (certain !== undefined && text.trim() === '')) flushHunk();
        else {
          pushRow(text);
          return;
        }
      }
      const extended = /^(rename to|rename from|deleted file mode|new file mode) ?(.*)$/.exec(text);
      if (extended && file) {
        if (extended[1] === 'rename from') file.path = extended[2]!;
        if (extended[1] === 'rename to') file.moveTo = extended[2]!;
        if (extended[1] === 'deleted file mode') file.action = 'delete';
        if (extended[1] === 'new file mode') file.action = 'add';
        return;
      }
      const mark = readFence(text);
      if (mark) {
        fence = fence && closesFence(fence, text) ? undefined : mark;
        return;
      }
      // A hunk whose `@@` line was left out, right below the file header or alone in a diff fence.
      if (/^[+-]/.test(text) || (/^ /.test(text) && (fence || file))) {
        if (file || fence?.info === 'diff' || fence?.info === 'patch') pushRow(text);
      }
    },
    end() {
      if (held.length > 0) releaseHeld();
      sink.at++;
      flushHunk();
    },
  };
}
