import type { SearchQueryResult, WireSearchResult } from '@tabstop/protocol';

/** A line of a snippet, cut into what matches and what does not. */
export interface SnippetLine {
  /** From 1. */
  readonly number: number;
  readonly parts: readonly (readonly [text: string, match: boolean])[];
}

export interface ResultRow {
  /** Place in the answer, which is how views and extension speak of a result. */
  readonly index: number;
  readonly startLine: number;
  readonly endLine: number;
  readonly symbol: string;
  readonly lines: readonly SnippetLine[];
  /** In words: `words 62 % · meaning 30 %`. */
  readonly why: string;
}

export interface FileRows {
  readonly root: string;
  readonly path: string;
  readonly name: string;
  /** `src/net`; with the root's name before it where there are several. */
  readonly folder: string;
  readonly rows: readonly ResultRow[];
}

/** Lines of a snippet at most. */
export const SNIPPET_LINES = 5;
const LINE_LENGTH = 240;

/** Pure: results under their files; files in the order of their best result, results in the order of the answer. */
export function fileRows({ results }: SearchQueryResult, roots: readonly string[]): readonly FileRows[] {
  const files = new Map<string, FileRows & { rows: ResultRow[] }>();
  for (const [index, result] of results.entries()) {
    const key = `${result.root}\0${result.path}`;
    const file = files.get(key) ?? { ...nameOf(result, roots.length > 1), rows: [] };
    files.set(key, file);
    file.rows.push(rowOf(result, index));
  }
  return [...files.values()];
}

export function nameOf({ root, path }: Pick<WireSearchResult, 'root' | 'path'>, severalRoots: boolean) {
  const slash = path.lastIndexOf('/');
  const below = slash < 0 ? '' : path.slice(0, slash);
  const rootName = root.split(/[\\/]/).at(-1) ?? root;
  const folder = severalRoots ? (below === '' ? rootName : `${rootName} • ${below}`) : below;
  return { root, path, name: path.slice(slash + 1), folder };
}

function rowOf(result: WireSearchResult, index: number): ResultRow {
  const { startLine, endLine, symbol = '' } = result;
  return { index, startLine, endLine, symbol, lines: snippet(result), why: whyText(result.why) };
}

/** Pure: the lines of a result with most of what matches, without the indentation they have in common. */
export function snippet({
  text,
  startLine,
  highlights,
}: Pick<WireSearchResult, 'text' | 'startLine' | 'highlights'>): readonly SnippetLine[] {
  const lines = linesOf(text);
  const marked = lines.map(({ start, end }) => highlights.filter(([from, to]) => from < end && to > start));
  const first = bestWindow(
    lines.map(({ text: line }) => line),
    marked.map((own) => own.length),
  );
  const shown = lines.slice(first, first + SNIPPET_LINES);
  while (shown.length > 1 && shown.at(-1)!.text.trim() === '') shown.pop();
  const indents = shown
    .filter(({ text: line }) => line.trim() !== '')
    .map(({ text: line }) => /^[ \t]*/.exec(line)![0].length);
  const indent = Math.min(...indents, LINE_LENGTH);
  return shown.map(({ text: line, start }, at) => ({
    number: startLine + first + at,
    parts: cut(
      line,
      marked[first + at]!.map(([from, to]) => [from - start, to - start] as const),
      Math.min(indent, line.length),
    ),
  }));
}

/** Pure: the line to put the cursor on: the first with a match among those that are shown, else the first of the result. */
export function matchedLine(result: Pick<WireSearchResult, 'text' | 'startLine' | 'highlights'>): number {
  const line = snippet(result).find(({ parts }) => parts.some(([, match]) => match));
  return line?.number ?? result.startLine;
}

function linesOf(text: string): readonly { readonly text: string; readonly start: number; readonly end: number }[] {
  let start = 0;
  return text.split('\n').map((raw) => {
    const line = { text: raw.replace(/\r$/, ''), start, end: start + raw.length };
    start += raw.length + 1;
    return line;
  });
}

/** Where the lines begin that hold most matches; the first such, from its first line with anything in it. */
function bestWindow(lines: readonly string[], counts: readonly number[]): number {
  let best = 0;
  let most = -1;
  for (let at = 0; at === 0 || at + SNIPPET_LINES <= lines.length; at++) {
    const many = counts.slice(at, at + SNIPPET_LINES).reduce((sum, count) => sum + count, 0);
    if (many <= most) continue;
    best = at;
    most = many;
  }
  while (best < lines.length - 1 && lines[best]!.trim() === '' && counts[best] === 0) best++;
  return best;
}

function cut(line: string, ranges: readonly (readonly [number, number])[], from: number): SnippetLine['parts'] {
  const parts: (readonly [string, boolean])[] = [];
  const end = Math.min(line.length, from + LINE_LENGTH);
  let at = from;
  for (const [start, stop] of ranges) {
    const first = Math.max(start, at);
    const last = Math.min(stop, end);
    if (last <= first) continue;
    if (first > at) parts.push([line.slice(at, first), false]);
    parts.push([line.slice(first, last), true]);
    at = last;
  }
  if (at < end) parts.push([line.slice(at, end), false]);
  if (end < line.length) parts.push(['…', false]);
  return parts;
}

/** Pure: signals in words, the strongest first; numbers are their share of the score. */
export function whyText(why: WireSearchResult['why']): string {
  const shares = Object.entries(why)
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0.005)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([name, share]) => `${name} ${share <= 1 ? `${Math.round(share * 100)} %` : share.toFixed(1)}`);
  // The words that matched are marked in the text; here they would be stems.
  const words = Object.entries(why)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')
    .map(([name, value]) => `${name}: ${value}`);
  return [...shares, ...words].join(' · ');
}
