import type { Hunk, Row } from '../edit.ts';
import { rowsFrom } from '../place/rows.ts';
import { closesFence, type Fence, readFence, withoutFence } from './fence.ts';
import type { LineParser } from './line-reader.ts';
import { pathInInfo, pathInLine } from './path.ts';
import { addHunk, brokenHunk, type MutableFile, openFile, type Sink } from './sink.ts';

const OPEN =
  /^\s*(?:(<{2,})\s*(?:SEARCH|ORIGINAL|FIND|BEFORE|OLD|HEAD|CURRENT)\b>?|(<{7,})(?=\s*$)|(-{5,})\s*SEARCH\b)\s*:?\s*(.*)$/i;
const DIVIDER = /^\s*(={3,})\s*(?:>>+|REPLACE|UPDATED)?\s*$/i;
const CLOSE = /^\s*(?:>{2,}\s*(?:REPLACE|UPDATED?|AFTER|NEW)\b|\+{5,}\s*REPLACE\b)\s*:?\s*(.*)$/i;
/** An end marker without its word, at most a file name behind it: as long as the block's other markers, else it may be text. */
const BARE_CLOSE = /^\s*(>{5,})\s*(?:(?<=\s)(\S+))?\s*$/;
/** Roo and Cline put line hints between the marker and the text. */
const HINT = /^:(?:start|end)_line:\s*\d+\s*$|^-{5,9}\s*$/;

export const isSearchMarker = (line: string) => OPEN.test(line);

interface Block {
  readonly start: number;
  readonly markerLength: number;
  readonly lines: string[];
  readonly fence: Fence | undefined;
}

/**
 * SEARCH/REPLACE blocks as aider, Cline and Roo define them, and what models make of them: markers of other lengths, fences
 * missing, doubled or inside the block, file name above, on the marker, below or absent.
 */
export function createSearchReplaceParser(sink: Sink): LineParser {
  let file: MutableFile | undefined;
  let block: Block | undefined;
  let fence: Fence | undefined;
  let nearPath: { path: string; line: number } | undefined;
  let lastBlockEnd = -10;
  /** Whether names stand below their block: known once the first block has none above and one follows. */
  let below = false;

  const begin = (markerLength: number, behind: string) => {
    const named = pathInLine(behind);
    const above = nearPath && sink.at - nearPath.line <= 4 ? nearPath.path : undefined;
    if (!named && above && file && file.path === undefined && lastBlockEnd >= 0 && nearPath!.line - lastBlockEnd <= 2) {
      below = true;
    }
    if (below && above && file && !named) {
      if (file.path === undefined) file.path = above;
      file = openFile(sink, undefined, 'update');
    } else {
      const path = named ?? above;
      if (!file || (path !== undefined && path !== file.path)) file = openFile(sink, path, 'update');
    }
    nearPath = undefined;
    block = { start: sink.at, markerLength, lines: [], fence };
  };

  const finish = (closed: boolean) => {
    if (!block) return;
    const hunk = hunkFrom(block, closed, sink.at + 1);
    addHunk(sink, file!, hunk);
    if (hunk.broken) sink.problems.push({ line: block.start, message: `search/replace block is ${hunk.broken}` });
    lastBlockEnd = sink.at;
    block = undefined;
  };

  return {
    line(text) {
      if (block) {
        const behind = behindClose(text, block.markerLength);
        if (behind !== undefined && block.lines.some((line) => DIVIDER.test(line))) {
          finish(true);
          const named = pathInLine(behind);
          if (named && file && file.path === undefined) file.path = named;
          return;
        }
        if (OPEN.test(text) && !/^\s*<{2,}\s*HEAD/.test(text)) {
          finish(false);
        } else {
          if (block.lines.length > 0 || !HINT.test(text)) block.lines.push(text);
          return;
        }
      }
      const open = OPEN.exec(text);
      if (open) {
        begin((open[1] ?? open[2] ?? open[3])!.length, open[4] ?? '');
        return;
      }
      const mark = readFence(text);
      if (mark) {
        if (fence && closesFence(fence, text)) fence = undefined;
        else {
          fence = mark;
          const path = pathInInfo(mark.info);
          if (path) nearPath = { path, line: sink.at };
        }
        return;
      }
      const path = pathInLine(text);
      if (path) nearPath = { path, line: sink.at };
    },
    end() {
      finish(false);
      if (file && file.path === undefined && nearPath && nearPath.line - lastBlockEnd <= 3) file.path = nearPath.path;
    },
  };
}

/** What stands behind the end marker that a line is; undefined for any other line. */
function behindClose(text: string, markerLength: number): string | undefined {
  const close = CLOSE.exec(text);
  if (close) return close[1] ?? '';
  const bare = BARE_CLOSE.exec(text);
  return bare && bare[1]!.length === markerLength ? (bare[2] ?? '') : undefined;
}

/** The one end marker of a wrong length that a block without a right one ends with; -1 where there is text behind it. */
function looseClose(block: Block, divider: number): number {
  const at = block.lines.findIndex((line, i) => i > divider && /^\s*>{5,}\s*$/.test(line));
  const rest = block.lines.slice(at + 1);
  const ends = rest.every(
    (line) => line.trim() === '' || (block.fence !== undefined && closesFence(block.fence, line)),
  );
  return at >= 0 && ends ? at : -1;
}

function hunkFrom(block: Block, closed: boolean, end: number): Hunk {
  let lines = block.lines;
  if (!closed) {
    // The end marker was forgotten: the closing fence around the block ends it. Without one nobody knows where it ends.
    const divider = lines.findIndex((line) => DIVIDER.test(line));
    const loose = looseClose(block, divider);
    const fenced = block.fence ? lines.findIndex((line, i) => i > divider && closesFence(block.fence!, line)) : -1;
    const stop = loose >= 0 ? loose : fenced;
    if (divider < 0 || stop < 0) return brokenHunk(divider < 0 ? 'malformed' : 'truncated', block.start, end);
    lines = lines.slice(0, stop);
  }
  const dividers = lines.flatMap((line, i) =>
    DIVIDER.test(line) ? [{ i, length: line.trim().match(/^=+/)![0].length }] : [],
  );
  if (dividers.length === 0) return brokenHunk('malformed', block.start, end);
  let chosen = dividers.filter((d) => d.length === block.markerLength);
  if (chosen.length === 0) chosen = dividers.filter((d) => d.length === 7);
  if (chosen.length === 0) chosen = dividers;
  const readings: Row[][] = [];
  for (const { i } of chosen.slice(0, 8)) {
    const search = lines.slice(0, i);
    const replace = lines.slice(i + 1);
    const bareSearch = withoutFence(search);
    const bareReplace = withoutFence(replace);
    readings.push(rowsFrom(search, replace));
    if (bareSearch !== search && (bareReplace !== replace || replace.length === 0)) {
      readings.push(rowsFrom(bareSearch, bareReplace));
    }
  }
  const [rows, ...others] = readings;
  return { rows: rows!, ...(others.length > 0 ? { readings: others } : {}), source: { start: block.start, end } };
}
