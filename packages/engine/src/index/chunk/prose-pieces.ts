import { fits, LIMITS, type Lines, type Piece } from './pieces.ts';
import { windows } from './text-pieces.ts';

export interface Section {
  readonly from: number;
  readonly to: number;
  readonly level: number;
  readonly title: string;
}

/** Sections of Markdown by their headings (`#` and underlined), not inside fences; the part above the first heading has level 0 and no title. */
export function markdownSections(lines: Lines): Section[] {
  const heads: { row: number; level: number; title: string }[] = [];
  let fence: string | undefined;
  const front = lines.count > 1 && lines.line(0) === '---' ? frontMatterEnd(lines) : 0;
  for (let row = front; row < lines.count; row++) {
    const line = lines.line(row);
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
      continue;
    }
    if (fence !== undefined) continue;
    const head = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line);
    if (head) heads.push({ row, level: head[1]!.length, title: head[2]! });
    else if (
      row > front &&
      /^(=+|-{2,})\s*$/.test(line) &&
      /^[^\s>|#*-]/.test(lines.line(row - 1)) &&
      !lines.blank(row - 1)
    )
      heads.push({ row: row - 1, level: line.startsWith('=') ? 1 : 2, title: lines.line(row - 1).trim() });
  }
  const sections = heads.map((head, index) => ({
    from: head.row,
    to: heads[index + 1]?.row ?? lines.count,
    level: head.level,
    title: head.title,
  }));
  const first = heads[0]?.row ?? lines.count;
  return first > 0 ? [{ from: 0, to: first, level: 0, title: '' }, ...sections] : sections;
}

function frontMatterEnd(lines: Lines): number {
  for (let row = 1; row < Math.min(lines.count, 200); row++) if (lines.line(row) === '---') return row + 1;
  return 0;
}

/** One piece per section, under the headings above it; a heading with nothing below it goes with the section it opens. */
export function markdownPieces(lines: Lines): Piece[] {
  const pieces: Piece[] = [];
  const above: Section[] = [];
  let waiting: number | undefined;
  for (const section of markdownSections(lines)) {
    while (above.length > 0 && above[above.length - 1]!.level >= section.level) above.pop();
    if (section.level > 0) above.push(section);
    const symbol = above.map(({ title }) => title).join(' > ') || undefined;
    let text = 0;
    for (let row = section.from + 1; row < section.to; row++) if (!lines.blank(row)) text++;
    if (text === 0 && section.to < lines.count && section.level > 0) {
      waiting ??= section.from;
      continue;
    }
    const from = waiting ?? section.from;
    waiting = undefined;
    pieces.push(...windows(lines, from, section.to, { kind: 'section', symbol }));
  }
  if (waiting !== undefined) pieces.push(...windows(lines, waiting, lines.count, { kind: 'section' }));
  return pieces;
}

/** TOML, INI and their like: a table with its keys. */
export function tablePieces(lines: Lines): Piece[] {
  return startedPieces(lines, (line) => /^\s*\[{1,2}([^\]]+)\]{1,2}\s*([#;].*)?$/.exec(line)?.[1]?.trim());
}

/** SQL by statements, each with the comments above it. */
export function sqlPieces(lines: Lines): Piece[] {
  const statement =
    /^\s*(?:create\s+(?:or\s+replace\s+)?(?:unique\s+|temp(?:orary)?\s+|materialized\s+|global\s+)*(table|view|index|function|procedure|trigger|type|schema|sequence|database|extension|policy|role)\s+(?:if\s+not\s+exists\s+)?([^\s(;]+)|alter\s+(table|view|index|type)\s+(?:only\s+|if\s+exists\s+)*([^\s(;]+)|(insert\s+into|update|delete\s+from|drop\s+\w+(?:\s+if\s+exists)?|grant|comment\s+on\s+\w+|select|with)\s+([^\s(;]+))/i;
  return startedPieces(lines, (line) => {
    const match = statement.exec(line);
    // An indented `select` belongs to the statement around it.
    if (!match || (/^\s/.test(line) && match[1] === undefined && match[3] === undefined)) return undefined;
    // What is granted says nothing; whom the statement is about stands further on.
    if (/^grant/i.test(match[5] ?? '')) return '';
    return (match[2] ?? match[4] ?? match[6])!.replace(/["`[\]]/g, '');
  });
}

/** Pieces that begin at the lines `nameOf` knows (with the comments right above); small neighbours share a piece. */
function startedPieces(lines: Lines, nameOf: (line: string) => string | undefined): Piece[] {
  const starts: { row: number; name: string }[] = [];
  for (let row = 0; row < lines.count; row++) {
    const name = nameOf(lines.line(row));
    if (name === undefined) continue;
    let first = row;
    while (first > 0 && first - 1 > (starts.at(-1)?.row ?? -1) && /^\s*(--|#|;)/.test(lines.line(first - 1))) first--;
    starts.push({ row: first, name });
  }
  const pieces: Piece[] = [];
  if ((starts[0]?.row ?? lines.count) > 0)
    pieces.push(...windows(lines, 0, starts[0]?.row ?? lines.count, { kind: 'block' }));
  let open: { from: number; to: number; names: string[] } | undefined;
  const close = () => {
    if (open)
      pieces.push(
        ...windows(lines, open.from, open.to, {
          kind: 'block',
          symbol: open.names.filter(Boolean).slice(0, 3).join(', ') || undefined,
        }),
      );
    open = undefined;
  };
  for (const [index, { row, name }] of starts.entries()) {
    const to = starts[index + 1]?.row ?? lines.count;
    if (open && !fits(lines, open.from, to, LIMITS.lines / 4)) close();
    open ??= { from: row, to, names: [] };
    open.to = to;
    open.names.push(name);
  }
  close();
  return pieces;
}
