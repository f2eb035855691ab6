import type { Hunk } from '../edit.ts';
import { rowsFrom } from '../place/rows.ts';
import { closesFence, type Fence, readFence, withoutFence } from './fence.ts';
import type { LineParser } from './line-reader.ts';
import { pathInInfo, pathInLine } from './path.ts';
import { addHunk, brokenHunk, type MutableFile, openFile, type Sink } from './sink.ts';

const OLD_LABEL =
  /^(?! {4}|\t)[#*_>\-\d.\s]*(FIND|SEARCH|OLD|BEFORE|ORIGINAL)(?: (?:this|text|code|block))?\s*[*_]*\s*:\s*[*_]*\s*$/i;
const NEW_LABEL =
  /^(?! {4}|\t)[#*_>\-\d.\s]*(REPLACE(?: WITH)?|NEW|AFTER|UPDATED|WITH|REPLACEMENT)(?: (?:this|text|code|block))?\s*[*_]*\s*:\s*[*_]*\s*$/i;
// Upper case and unindented: `end` closes blocks in a dozen languages.
const END_LABEL = /^[#*_ ]{0,3}(?:END|End)(?: (?:FIND|REPLACE|EDIT)|(?: (?:find|replace|edit)))?[*_]*\s*:?\s*$/;
const OLD_TAG =
  /<(find|search|old|old_str|old_string|old_text|original|before)>|<parameter name="(?:old_str|old_string)">/i;
const NEW_TAG =
  /<(replace|replacement|new|new_str|new_string|new_text|updated|after)>|<parameter name="(?:new_str|new_string)">/i;
const PATH_TAG =
  /<(path|file|file_path|filename)>\s*(.*?)\s*<\/\1>|<parameter name="(?:path|file_path)">\s*(.*?)\s*<\/parameter>/i;
const ALL_TAG = /<(replace_all)>\s*true\s*<\/\1>|<parameter name="replace_all">\s*true/i;

const isOldLabel = (line: string) => OLD_LABEL.test(line) || /^(?:FIND|SEARCH)\s*$/.test(line);
const isNewLabel = (line: string) => NEW_LABEL.test(line) || /^REPLACE(?: WITH)?\s*$/.test(line);
export const isFindLabel = isOldLabel;
export const isOldTag = (line: string) => OLD_TAG.test(line);

/**
 * FIND / REPLACE in labels (`FIND:` and `REPLACE WITH:`, text fenced or not) and in tags (`<old_str>…</old_str>`,
 * `<parameter name="old_str">`). A label or closing tag ends a part; a fence inside a label's part delimits it.
 */
export function createFindReplaceParser(sink: Sink): LineParser {
  let file: MutableFile | undefined;
  let near: string | undefined;
  let part:
    | { side: 'old' | 'new'; lines: string[]; closing?: string; fence?: Fence; nested: number; done: boolean }
    | undefined;
  let before: readonly string[] | undefined;
  let tagged = false;
  let all = false;
  let start = 0;

  const target = () => {
    if (!file || (near !== undefined && near !== file.path)) file = openFile(sink, near, 'update');
    return file;
  };
  const endPart = () => {
    if (!part) return;
    const lines = part.closing ? part.lines : withoutFence(part.lines);
    const loose = !part.closing && lines === part.lines;
    if (part.side === 'old') before = lines;
    else if (before) {
      const [old, fresh] = loose ? trimBoth(before, lines) : [before, lines];
      addHunk(sink, target(), {
        rows: rowsFrom(old, fresh),
        ...(tagged || (old.length === 1 && fresh.length <= 1)
          ? { literal: { old: old.join('\n'), new: fresh.join('\n'), all } }
          : {}),
        ...(loose ? blankEndsOf(before, old) : {}),
        source: { start, end: sink.at + 1 },
      });
      before = undefined;
      all = false;
    }
    part = undefined;
  };
  const beginTagged = (side: 'old' | 'new', text: string, match: RegExpExecArray) => {
    tagged = true;
    const name = match[1] ?? 'parameter';
    part = { side, lines: [], closing: `</${name}>`, nested: 0, done: false };
    if (side === 'old') start = sink.at;
    const rest = text.slice(match.index + match[0].length);
    feedTagged(rest, rest === '');
  };
  const feedTagged = (text: string, leading = false) => {
    const at = text.toLowerCase().indexOf(part!.closing!.toLowerCase());
    if (at < 0) {
      // `<old_str>` alone on its line: the text starts below it.
      if (!leading) part!.lines.push(text);
      return;
    }
    if (at > 0) part!.lines.push(text.slice(0, at));
    const rest = text.slice(at + part!.closing!.length);
    endPart();
    outside(rest);
  };
  const outside = (text: string) => {
    const path = PATH_TAG.exec(text);
    if (path) near = path[2] ?? path[3];
    if (ALL_TAG.test(text)) all = true;
    const oldTag = OLD_TAG.exec(text);
    if (oldTag) return beginTagged('old', text, oldTag);
    const newTag = NEW_TAG.exec(text);
    if (newTag && before) return beginTagged('new', text, newTag);
    if (isOldLabel(text)) {
      endPart();
      start = sink.at;
      tagged = false;
      part = { side: 'old', lines: [], nested: 0, done: false };
      return;
    }
    if (isNewLabel(text) && (part?.side === 'old' || before)) {
      endPart();
      part = { side: 'new', lines: [], nested: 0, done: false };
      return;
    }
    const mark = readFence(text);
    const named = mark ? pathInInfo(mark.info) : pathInLine(text);
    if (named) near = named;
  };

  return {
    line(text) {
      if (part?.closing) return feedTagged(text);
      if (part && !part.done) {
        // A fence in the text may have thrown the count off; a closing one right above the other label is the part's own.
        const ended = part.fence !== undefined && closesFence(part.fence, lastSolid(part.lines));
        if (part.fence && !(ended && (part.side === 'old' ? isNewLabel : isOldLabel)(text))) {
          part.lines.push(text);
          if (closesFence(part.fence, text)) part.done = part.nested-- === 0;
          else if (readFence(text)?.mark === part.fence.mark) part.nested++;
          return;
        }
        if (END_LABEL.test(text)) return endPart();
        if (!(part.side === 'old' ? isNewLabel : isOldLabel)(text)) {
          const mark = part.lines.every((line) => line.trim() === '') ? readFence(text) : undefined;
          if (mark) part.fence = mark;
          part.lines.push(text);
          return;
        }
      }
      if (part?.done && part.side === 'new') {
        // Where the old text has fences of its own the new one may: what stands behind one is then text or prose.
        const { fence, lines } = part;
        if (fence && before?.some((line) => closesFence(fence, line))) {
          if (text.trim() === '' || closesFence(fence, text)) {
            lines.push(text);
            return;
          }
          if (!isOldLabel(text) && pathInLine(text) === undefined) {
            addHunk(sink, target(), brokenHunk('malformed', start, sink.at));
            part = undefined;
            before = undefined;
          }
        }
        endPart();
      }
      // Text behind what looked like the end of the old part: that fence was one of the text's own.
      if (part?.done && part.side === 'old' && !isNewLabel(text) && !isOldLabel(text)) {
        part.lines.push(text);
        part.done = text.trim() === '' || closesFence(part.fence!, text);
        return;
      }
      outside(text);
    },
    end() {
      if (part?.closing) {
        addHunk(sink, target(), brokenHunk('truncated', start, sink.at));
        part = undefined;
        return;
      }
      if (part?.side === 'old') before = part.lines;
      if (part?.side === 'new') endPart();
      if (before) addHunk(sink, target(), brokenHunk('malformed', start, sink.at));
    },
  };
}

const lastSolid = (lines: readonly string[]) =>
  lines.length > 1 ? (lines.findLast((line) => line.trim() !== '') ?? '') : '';

/** Blank lines that both parts have at an end are the layout of the answer. */
function trimBoth(old: readonly string[], fresh: readonly string[]): [readonly string[], readonly string[]] {
  let [a, b] = [old, fresh];
  while (a.length > 1 && b.length > 1 && a[0]!.trim() === '' && b[0]!.trim() === '') [a, b] = [a.slice(1), b.slice(1)];
  while (a.length > 1 && b.length > 1 && a.at(-1)!.trim() === '' && b.at(-1)!.trim() === '')
    [a, b] = [a.slice(0, -1), b.slice(0, -1)];
  return [a, b];
}

function blankEndsOf(written: readonly string[], kept: readonly string[]): Pick<Hunk, 'blankEnds'> {
  if (written.length === kept.length) return {};
  const blank = (line: string | undefined) => line?.trim() === '';
  return {
    blankEnds: { before: blank(written[0]) && !blank(kept[0]), after: blank(written.at(-1)) && !blank(kept.at(-1)) },
  };
}
