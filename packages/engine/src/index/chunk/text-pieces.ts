import { fits, LIMITS, type Lines, type Piece } from './pieces.ts';

/**
 * Rows cut into windows without overlap, ended at the blank line (else the least indented line) that lies latest in the second half of each.
 */
export function windows(lines: Lines, from: number, to: number, like: Omit<Piece, 'from' | 'to'>): Piece[] {
  const pieces: Piece[] = [];
  let start = from;
  while (start < to) {
    if (fits(lines, start, to)) {
      pieces.push({ ...like, from: start, to });
      break;
    }
    let end = start + 1;
    while (end < to && fits(lines, start, end + 1)) end++;
    const cut = bestCut(lines, start + Math.max(1, Math.floor((end - start) / 2)), end);
    pieces.push({ ...like, from: start, to: cut });
    start = cut;
  }
  return pieces;
}

/** The row in `least..most` that a new piece had best begin with. */
function bestCut(lines: Lines, least: number, most: number): number {
  let best = most;
  let cost = Number.POSITIVE_INFINITY;
  for (let row = most; row >= least; row--) {
    const line = lines.line(row);
    const here = lines.blank(row - 1) ? 0 : line.trim() === '' ? 1 : 2 + indentOf(line);
    if (here < cost) {
      best = row;
      cost = here;
    }
  }
  return best;
}

export function indentOf(line: string): number {
  let indent = 0;
  for (const character of line) {
    if (character === ' ') indent++;
    else if (character === '\t') indent += 4;
    else break;
  }
  return indent;
}

/**
 * Config and markup by indentation: a block is a line and what is indented deeper (with the closing line at its own depth). A block that is too
 * long is cut into its inner blocks; small neighbours of one depth share a piece. `nameOf` gives the key or tag that a line begins.
 */
export function indentedPieces(lines: Lines, nameOf: (line: string) => string | undefined): Piece[] {
  const pieces: Piece[] = [];

  function cut(from: number, to: number, path: readonly string[], depth: number): void {
    const blocks = blocksOf(lines, from, to);
    if (depth > 12 || (blocks.length === 1 && to - from <= 2)) {
      pieces.push(...windows(lines, from, to, { kind: 'block', symbol: path.join('.') || undefined }));
      return;
    }
    let open: { from: number; to: number; names: string[] } | undefined;
    const close = () => {
      if (open)
        pieces.push({
          from: open.from,
          to: open.to,
          kind: 'block',
          symbol: [...path, open.names.slice(0, 3).join(', ')].filter((part) => part !== '').join('.') || undefined,
        });
      open = undefined;
    };
    for (const block of blocks) {
      const name = nameOf(lines.line(afterComments(lines, block)));
      if (!fits(lines, block.from, block.to, LIMITS.lines / 2)) {
        close();
        const inner = name === undefined ? path : [...path, name];
        // The line that opens the block goes with the first of what is in it.
        if (block.to - block.from > 2) cutInner(block.from, block.to, inner, depth + 1);
        else
          pieces.push(...windows(lines, block.from, block.to, { kind: 'block', symbol: inner.join('.') || undefined }));
        continue;
      }
      if (open && !fits(lines, open.from, block.to, LIMITS.lines / 2)) close();
      open ??= { from: block.from, to: block.to, names: [] };
      open.to = block.to;
      if (name !== undefined) open.names.push(name);
    }
    close();
  }

  function cutInner(from: number, to: number, path: readonly string[], depth: number): void {
    const before = pieces.length;
    cut(from + 1, to, path, depth);
    const first = pieces[before];
    if (first && fits(lines, from, first.to)) pieces[before] = { ...first, from };
    else pieces.splice(before, 0, { from, to: from + 1, kind: 'block', symbol: path.join('.') || undefined });
  }

  cut(0, lines.count, [], 0);
  return pieces;
}

interface Block {
  readonly from: number;
  readonly to: number;
}

/** Blocks at the least depth that occurs; a line that only closes (`}`, `</div>`, `]`) belongs to the block before it. */
function blocksOf(lines: Lines, from: number, to: number): Block[] {
  const closes = (line: string) => /^\s*([\])}]|<\/|-->|---\s*$|\{\{-?\s*end|\{%-?\s*end|end\b)/.test(line);
  let least = Number.POSITIVE_INFINITY;
  for (let row = from; row < to; row++) {
    const line = lines.line(row);
    if (line.trim() !== '' && !closes(line)) least = Math.min(least, indentOf(line));
  }
  const starts: number[] = [];
  for (let row = from; row < to; row++) {
    const line = lines.line(row);
    if (line.trim() !== '' && indentOf(line) === least && !closes(line)) starts.push(row);
  }
  if (starts.length === 0) return [{ from, to }];
  // A comment right above belongs to what it is above of.
  const merged = starts.filter(
    (row, index) => !(index > 0 && isComment(lines.line(starts[index - 1]!)) && starts[index - 1] === row - 1),
  );
  return merged.map((start, index) => ({ from: index === 0 ? from : start, to: merged[index + 1] ?? to }));
}

function afterComments(lines: Lines, { from, to }: Block): number {
  let row = from;
  while (row < to - 1 && (isComment(lines.line(row)) || lines.blank(row))) row++;
  return row;
}

function isComment(line: string): boolean {
  return /^\s*(#|\/\/|--|<!--|;)/.test(line);
}

export const keyOf = (line: string): string | undefined => /^\s*(?:- )?["']?([\w@$./-]+)["']?\s*[:=]/.exec(line)?.[1];

export const tagOf = (line: string): string | undefined => {
  const tag = /^\s*<([a-z][\w-]*)([^>]*)/i.exec(line);
  if (!tag) return undefined;
  const id = /\b(?:id|name|class)="([^"]+)"/.exec(tag[2]!)?.[1];
  return id === undefined ? tag[1]! : `${tag[1]}#${id}`;
};
