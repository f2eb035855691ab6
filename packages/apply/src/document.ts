/** A document as lines without their breaks. Everything that has to survive an edit (byte order mark, breaks, final break)
 * is kept beside them. Splits on `\n`, `\r\n` and lone `\r` only: form feeds and U+2028 stay inside their line. */
export interface Document {
  readonly text: string;
  readonly lines: readonly string[];
  /** The break behind each line, '' behind a last line that has none. */
  readonly breaks: readonly string[];
  readonly mark: string;
  /** The break that most lines have; `\n` where there is none. */
  readonly lineBreak: string;
  readonly finalBreak: boolean;
}

export function readDocument(text: string): Document {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines: string[] = [];
  const breaks: string[] = [];
  let crlf = 0;
  let lf = 0;
  let cr = 0;
  let start = mark.length;
  // A lone \r is a break only in files that have no \n at all (old Mac); elsewhere it is a character of its line.
  const loneReturns = !text.includes('\n') && text.includes('\r');
  const stop = loneReturns ? '\r' : '\n';
  while (start < text.length) {
    const at = text.indexOf(stop, start);
    if (at < 0) {
      lines.push(text.slice(start));
      breaks.push('');
      break;
    }
    if (!loneReturns && at > start && text.charCodeAt(at - 1) === 13) {
      lines.push(text.slice(start, at - 1));
      breaks.push('\r\n');
      crlf++;
    } else {
      lines.push(text.slice(start, at));
      breaks.push(stop);
      if (loneReturns) cr++;
      else lf++;
    }
    start = at + 1;
  }
  const lineBreak = crlf > lf ? '\r\n' : cr > lf ? '\r' : '\n';
  return { text, lines, breaks, mark, lineBreak, finalBreak: breaks.length > 0 && breaks.at(-1) !== '' };
}

/** Lines `from` to `to` (end exclusive) are replaced by `insert`. */
export interface LineChange {
  readonly from: number;
  readonly to: number;
  readonly insert: readonly string[];
  /** For two insertions at one point: text that follows the line before goes first. */
  readonly leans: 'before' | 'after' | 'both';
}

/**
 * Puts non-overlapping changes, sorted by place, into a document. A new line takes the break of the line it replaces, or of
 * its neighbour; whether the text ends with a break stays as it was unless `finalBreak` says otherwise.
 */
export function changeLines(document: Document, changes: readonly LineChange[], finalBreak?: boolean): string {
  const parts: string[] = [document.mark];
  const { lines, breaks, lineBreak } = document;
  let last = '';
  const push = (line: string, lineEnd: string) => {
    if (parts.length > 1 && last === '') parts.push(lineBreak);
    parts.push(line, lineEnd);
    last = lineEnd;
  };
  let at = 0;
  let trailing = false;
  for (const change of changes) {
    for (; at < change.from; at++) push(lines[at]!, breaks[at]!);
    for (const [i, line] of change.insert.entries()) {
      const replaced = change.from + i < change.to ? breaks[change.from + i] : undefined;
      const lineEnd = replaced || breaks[change.from - 1] || breaks[change.to] || lineBreak;
      push(line, lineEnd);
    }
    at = Math.max(at, change.to);
    trailing = at >= lines.length && (change.insert.length > 0 || change.to > change.from);
  }
  for (; at < lines.length; at++) push(lines[at]!, breaks[at]!);
  const wanted = finalBreak ?? (lines.length === 0 || document.finalBreak);
  if (parts.length > 1 && (trailing || finalBreak !== undefined)) {
    if (wanted && last === '') parts.push(lineBreak);
    if (!wanted && last !== '') parts.pop();
  }
  return parts.join('');
}

/** UTF-16 offset of the start of each line, plus one entry for the end of the text. */
export function lineOffsets(document: Document): readonly number[] {
  const offsets: number[] = [];
  let at = document.mark.length;
  for (const [i, line] of document.lines.entries()) {
    offsets.push(at);
    at += line.length + document.breaks[i]!.length;
  }
  offsets.push(at);
  return offsets;
}
