import type { FileEdit, LineNumbers, Row } from '../edit.ts';
import { dropTrailingBlank, readRow } from './diff-rows.ts';
import { closesFence, type Fence, readFence } from './fence.ts';
import type { LineParser } from './line-reader.ts';
import { addHunk, type MutableFile, openFile, type Sink } from './sink.ts';
import { readHunkHeader } from './unified.ts';

const SECTION = /^\s?\*{2,5}\s*(Add|Create|Update|Modify|Edit|Delete|Remove) File:\s*(.+?)\s*(?:\*{2,5})?\s*$/i;
const MOVE = /^\s?\*{2,5}\s*(?:Move|Rename)(?: File)? to:\s*(.+?)\s*$/i;
const BEGIN = /^\s*\*{2,5}\s*Begin Patch\b/i;
const END = /^\s?\*{2,5}\s*End Patch\b/i;
const END_OF_FILE = /^\s?\*{2,5}\s*End of File\b/i;

export const isPatchMarker = (line: string) => line.length < 1000 && (BEGIN.test(line) || SECTION.test(line));

/**
 * The `*** Begin Patch` format of OpenAI's apply_patch, as its models write it and as other models imitate it: begin or end
 * line missing, stacked `@@` anchors, unified headers in place of anchors, context lines without their leading space.
 */
export function createPatchParser(sink: Sink): LineParser {
  let file: MutableFile | undefined;
  let rows: Row[] = [];
  let anchors: string[] = [];
  let numbers: LineNumbers | undefined;
  let heading: string | undefined;
  let content: string[] | undefined;
  let fence: Fence | undefined;
  let start = 0;
  let atEnd = false;

  const flushHunk = () => {
    if (file?.action === 'update' && rows.length > 0) {
      const kept = dropTrailingBlank(rows);
      if (kept.some((row) => row.op !== 'keep')) {
        addHunk(sink, file, {
          rows: kept,
          ...(anchors.length > 0 ? { anchors } : {}),
          ...(numbers ? { numbers } : {}),
          ...(heading ? { heading } : {}),
          ...(atEnd ? { atEnd } : {}),
          ...(kept.length < rows.length ? { blankEnds: { before: false, after: true } } : {}),
          source: { start, end: sink.at },
        });
      }
    }
    rows = [];
    anchors = [];
    numbers = undefined;
    heading = undefined;
    atEnd = false;
    start = sink.at;
  };
  const flushFile = () => {
    flushHunk();
    if (file?.action === 'add' && content) file.content = content.map((line) => line + '\n').join('');
    if (file) sink.onSection(file);
    content = undefined;
    file = undefined;
  };

  return {
    line(text) {
      // No marker is this long, and looking for one in such a line would cost its square.
      const marker = text.length < 1000 ? text : '';
      const section = SECTION.exec(marker);
      if (section) {
        flushFile();
        const verb = section[1]!.toLowerCase();
        const action: FileEdit['action'] =
          verb === 'add' || verb === 'create' ? 'add' : verb === 'delete' || verb === 'remove' ? 'delete' : 'update';
        file = openFile(sink, section[2]!.replace(/^[`"']|[`"']$/g, ''), action);
        if (action === 'add') content = [];
        start = sink.at;
        return;
      }
      if (BEGIN.test(marker) || END.test(marker)) {
        flushFile();
        return;
      }
      if (!file) {
        const mark = readFence(text);
        if (mark) fence = fence && closesFence(fence, text) ? undefined : mark;
        return;
      }
      if (fence && closesFence(fence, text) && text.trim() === text) {
        fence = undefined;
        flushFile();
        return;
      }
      const move = MOVE.exec(marker);
      if (move) {
        file.moveTo = move[1]!;
        return;
      }
      if (content) {
        content.push(text.startsWith('+') ? text.slice(1) : text);
        return;
      }
      if (END_OF_FILE.test(text)) {
        atEnd = true;
        flushHunk();
        return;
      }
      if (marker.startsWith('@@')) {
        if (rows.length > 0) flushHunk();
        const header = readHunkHeader(text);
        if (header?.numbers) {
          numbers = header.numbers;
          heading = header.heading;
        } else {
          const anchor = text.slice(2).replace(/\s*@@\s*$/, '');
          for (const part of anchor.split(/\s@@\s/)) if (part.trim() !== '') anchors.push(part.trim());
        }
        return;
      }
      rows.push(readRow(text));
    },
    end() {
      sink.at++;
      flushFile();
    },
  };
}
