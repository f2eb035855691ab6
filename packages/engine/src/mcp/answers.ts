import type { GrepAnswer, OutlineItem, RelatedFile, SearchAnswer } from '../index/code-index.ts';

/** An answer of a tool at most, in UTF-16 code units: about 6,000 tokens. What is beyond is left out, and said. */
export const MAX_ANSWER = 24_000;
/** Lines of one result that are shown; the rest is there for `read_range`. */
const RESULT_LINES = 40;
/** Longest line that is shown; minified code would fill the answer. */
const LINE_LENGTH = 400;

/** How a path is told: relative where there is one root. */
export type TellPath = (root: string, path: string) => string;

/** Pure: results as an agent reads them, best first, with the lines to ask `read_range` for. */
export function searchText(answer: SearchAnswer, path: TellPath, notes: readonly string[] = []): string {
  const blocks = answer.results.map((result) => {
    const { root, startLine, endLine, symbol, text } = result;
    const lines = text.split('\n');
    const shown = lines.slice(0, RESULT_LINES).map((line, at) => numbered(startLine + at, line));
    if (lines.length > RESULT_LINES) shown.push(`… ${lines.length - RESULT_LINES} more lines`);
    return `${path(root, result.path)}:${startLine}-${endLine}${symbol ? `  ${symbol}` : ''}\n${shown.join('\n')}`;
  });
  const state =
    answer.state === 'lexical'
      ? ['Found by words alone so far: meaning is still being indexed.']
      : answer.state === 'stale'
        ? ['Some of the newest changes are not indexed yet.']
        : [];
  const remarks = [...notes, ...answer.notes, ...state];
  if (blocks.length === 0)
    return bounded([['Nothing was found. Try other words, or grep for a literal.', ...remarks].join('\n')], '\n\n');
  return bounded([...blocks, ...(remarks.length > 0 ? [remarks.join('\n')] : [])], '\n\n', remarks.length > 0 ? 1 : 0);
}

/** Pure: `PATH:LINE: text`, as grep has it. */
export function grepText(answer: GrepAnswer, path: TellPath): string {
  if (answer.matches.length === 0)
    return `No line matches (${answer.files} files are searched; ignored and generated files are not).`;
  const lines = answer.matches.map(
    ({ root, path: file, line, text }) => `${path(root, file)}:${line}: ${cut(text.trimEnd())}`,
  );
  return bounded(
    [...lines, ...(answer.truncated ? ['… there are more: narrow it with globs or a longer pattern'] : [])],
    '\n',
  );
}

export function relatedText(files: readonly RelatedFile[], path: TellPath): string {
  if (files.length === 0)
    return 'No related files are known: there is no history of these files, and no file fits the words.';
  return bounded(
    files.map((file) => `${path(file.root, file.path)}  (${file.why})`),
    '\n',
  );
}

export function outlineText(items: readonly OutlineItem[]): string {
  const lines: string[] = [];
  const add = (item: OutlineItem, depth: number) => {
    lines.push(`${'  '.repeat(depth)}${item.kind} ${item.name}  ${item.startLine}-${item.endLine}`);
    for (const child of item.children) add(child, depth + 1);
  };
  for (const item of items) add(item, 0);
  return bounded(lines, '\n');
}

/** Pure: lines `start` to `end` (from 1, both included) of a text, with their numbers. */
export function rangeText(text: string, start: number, end: number): string {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '' && lines.length > 1) lines.pop();
  if (start > lines.length) return `The file has ${lines.length} ${lines.length === 1 ? 'line' : 'lines'}.`;
  const last = Math.min(end, lines.length);
  const shown = lines.slice(start - 1, last).map((line, at) => numbered(start + at, line));
  return bounded(
    [...shown, ...(last < lines.length ? [`… ${lines.length - last} more lines`] : [])],
    '\n',
    last < lines.length ? 1 : 0,
  );
}

function numbered(number: number, line: string): string {
  return `${String(number).padStart(5)}  ${cut(line.replace(/\r$/, ''))}`;
}

function cut(line: string): string {
  return line.length > LINE_LENGTH ? `${line.slice(0, LINE_LENGTH)}… (${line.length} characters)` : line;
}

/** Parts, joined, as many as fit; the last `kept` come always. */
function bounded(parts: readonly string[], separator: string, kept = 0): string {
  const tail = kept > 0 ? parts.slice(-kept) : [];
  const head = kept > 0 ? parts.slice(0, -kept) : parts;
  let room = MAX_ANSWER - tail.join(separator).length;
  const taken: string[] = [];
  for (const part of head) {
    room -= part.length + separator.length;
    if (room < 0 && taken.length > 0) break;
    taken.push(room < 0 ? part.slice(0, MAX_ANSWER) : part);
  }
  const left = head.length - taken.length;
  if (left > 0) taken.push(`… ${left} more were left out: the answer would be too long`);
  return [...taken, ...tail].join(separator);
}
