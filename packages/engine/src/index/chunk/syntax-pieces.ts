import type { Node } from 'web-tree-sitter';
import { belongsToNext, type Definition, definitionOf, isImport } from './definitions.ts';
import { fits, LIMITS, type Lines, type Piece } from './pieces.ts';
import { windows } from './text-pieces.ts';

/** Rows that belong together, before small neighbours are joined. */
interface Part {
  from: number;
  to: number;
  readonly kind: Piece['kind'];
  readonly symbol: string | undefined;
  readonly heading: string | undefined;
  /** Stands as a piece of its own; others are joined with neighbours of the same owner. */
  readonly alone: boolean;
  /** What the part is of: parts of two owners are never joined. */
  readonly owner: number;
}

interface Scope {
  readonly symbol: string | undefined;
  readonly heading: string | undefined;
  readonly kind: Piece['kind'];
  readonly owner: number;
  readonly depth: number;
  /** Inside of a container that is cut: its body is taken apart even where it would fit. */
  readonly members: boolean;
}

/** Nodes looked at per file, and how deep: a file that is beyond (generated tables, endless chains of operators) is cut by lines there. */
const MOST_NODES = 200_000;
const MOST_DEPTH = 80;
/** Imports and what is around them share a piece up to so many lines. */
const SMALL = 12;
/** A function inside of a function that is cut stands alone from this many lines on. */
const INNER_FUNCTION = 6;

/** Pieces along the syntax: every row that is not blank lies in exactly one. */
export function syntaxPieces(root: Node, lines: Lines): Piece[] {
  const parts: Part[] = [];
  let nodes = 0;
  let owners = 0;
  let cursor = 0;

  /** Rows from the cursor on, as far as nothing has claimed them. */
  function claim(from: number, to: number, rest: Omit<Part, 'from' | 'to'>): void {
    const start = Math.max(from, cursor);
    if (to <= start) return;
    parts.push({ ...rest, from: start, to });
    cursor = to;
  }

  function divide(parent: Node, scope: Scope): void {
    let pending: number | undefined;
    let pendingEnd = 0;
    for (const child of parent.children) {
      if (!child || ++nodes > MOST_NODES) continue;
      const from = child.startPosition.row;
      const to = endRow(child);
      if (to <= cursor) continue;
      if (belongsToNext(child.type) && to - from <= LIMITS.lines) {
        // A comment that a blank line parts from what follows stands for itself.
        if (pending !== undefined && pendingEnd < from) claim(pending, pendingEnd, loose(scope));
        if (pending === undefined || pendingEnd < from) pending = from;
        pendingEnd = to;
        continue;
      }
      let start = from;
      if (pending !== undefined) {
        if (pendingEnd >= from) start = pending;
        else claim(pending, pendingEnd, loose(scope));
        pending = undefined;
      }
      place(child, start, to, scope);
    }
    if (pending !== undefined) claim(pending, pendingEnd, loose(scope));
  }

  function place(node: Node, from: number, to: number, scope: Scope): void {
    const start = Math.max(from, cursor);
    const definition = definitionOf(node);
    const whole =
      !(scope.members && BODIES.has(node.type)) &&
      fits(lines, start, to, definition?.container ? LIMITS.wholeClass : LIMITS.lines);
    if (definition) placeDefinition(definition, start, to, whole, scope);
    // Imports are looked for by nobody: they do not dilute what stands below them.
    else if (whole)
      claim(start, to, scope.depth === 0 && isImport(node.type) ? { ...loose(scope), owner: -1 } : loose(scope));
    else if (node.childCount > 0 && scope.depth < MOST_DEPTH && nodes < MOST_NODES) {
      divide(node, { ...scope, depth: scope.depth + 1 });
      claim(cursor, to, loose(scope));
    } else for (const piece of windows(lines, start, to, { kind: 'block' })) claim(piece.from, piece.to, loose(scope));
  }

  function placeDefinition(definition: Definition, from: number, to: number, whole: boolean, scope: Scope): void {
    const kind =
      definition.kind === 'function' && scope.kind === 'class'
        ? 'method'
        : // Ruby calls all of them methods.
          definition.inner.type === 'method' && scope.kind !== 'class' && scope.symbol === undefined
          ? 'function'
          : definition.kind;
    const symbol = [scope.symbol, definition.name].filter((part) => part !== undefined).join('.') || undefined;
    const inner = scope.kind === 'function' || scope.kind === 'method';
    if (whole && inner && to - from < INNER_FUNCTION) claim(from, to, loose(scope));
    else if (whole && kind === 'type' && to - from < 3) claim(from, to, { ...loose(scope), kind, symbol });
    else if (whole) claim(from, to, { kind, symbol, heading: scope.heading, alone: true, owner: ++owners });
    else {
      const own: Scope = {
        symbol,
        heading: [scope.heading, headingOf(definition.inner, lines)].filter((part) => part !== undefined).join('\n'),
        kind,
        owner: ++owners,
        depth: scope.depth + 1,
        members: definition.container,
      };
      // The comment above and the first line belong to the definition, not to its first child alone.
      claim(from, Math.max(from, definition.inner.startPosition.row) + 1, { ...loose(own), heading: scope.heading });
      if (own.depth < MOST_DEPTH && nodes < MOST_NODES) divide(definition.inner, own);
      else for (const piece of windows(lines, cursor, to, { kind: 'block' })) claim(piece.from, piece.to, loose(own));
      claim(cursor, to, loose(own));
    }
  }

  divide(root, TOP);
  claim(cursor, lines.count, loose(TOP));
  return joined(withoutGaps(parts, lines), lines);
}

const TOP: Scope = { symbol: undefined, heading: undefined, kind: 'block', owner: 0, depth: 0, members: false };

/** What holds the members of a container, in all grammars. */
const BODIES = new Set(
  'class_body interface_body object_type enum_body block declaration_list field_declaration_list body_statement statement_block compound_statement'.split(
    ' ',
  ),
);

function loose(scope: Scope): Omit<Part, 'from' | 'to'> {
  return { kind: scope.kind, symbol: scope.symbol, heading: scope.heading, alone: false, owner: scope.owner };
}

/** The row after the node's last; a node that ends with its line break does not reach into the next row. */
function endRow(node: Node): number {
  const end = node.endPosition;
  return end.column === 0 && end.row > node.startPosition.row ? end.row : end.row + 1;
}

/** The line that names a definition, without what opens its body. */
function headingOf(node: Node, lines: Lines): string {
  const line = lines.line(node.startPosition.row).trim();
  return line.length > 160 ? line.slice(0, 160) : line;
}

/** What no node covers (text that is no code, tokens that a grammar drops) goes with the part before it. */
function withoutGaps(parts: readonly Part[], lines: Lines): Part[] {
  const filled: Part[] = [];
  let at = 0;
  for (const part of parts) {
    let gap = false;
    for (let row = at; row < part.from && !gap; row++) gap = !lines.blank(row);
    const before = filled.at(-1);
    if (gap && before && !before.alone) before.to = part.from;
    else if (gap) filled.push({ ...part, from: at, to: part.from, alone: false });
    filled.push({ ...part });
    at = part.to;
  }
  return filled;
}

/** Joins neighbours of one owner up to the limits; blocks at the top level are kept shorter, so that each is about one thing. */
function joined(parts: readonly Part[], lines: Lines): Piece[] {
  const pieces: Part[] = [];
  for (const part of parts) {
    const before = pieces.at(-1);
    const most = part.owner === 0 ? LIMITS.lines / 2 : LIMITS.lines;
    if (before && onlyCloses(lines, part) && fits(lines, before.from, part.to, LIMITS.lines + 4)) before.to = part.to;
    else if (
      before &&
      !before.alone &&
      !part.alone &&
      (before.owner === part.owner ||
        (before.owner <= 0 && part.owner <= 0 && fits(lines, before.from, part.to, SMALL))) &&
      before.heading === part.heading &&
      before.kind === part.kind &&
      fits(lines, before.from, part.to, most)
    )
      before.to = part.to;
    // The head of a cut definition, which is read under other headings than its body, is still its beginning.
    else if (
      before &&
      !before.alone &&
      !part.alone &&
      part.owner > 0 &&
      before.owner === part.owner &&
      fits(lines, before.from, part.to, most)
    )
      before.to = part.to;
    else pieces.push({ ...part });
  }
  return withHeads(pieces, lines).map(({ from, to, kind, symbol, heading }) => ({ from, to, kind, symbol, heading }));
}

/** A head of a line or two (`class A:`, `namespace a {`) is no piece: it begins the first member's. */
function withHeads(pieces: readonly Part[], lines: Lines): Part[] {
  const kept: Part[] = [];
  for (const [index, piece] of pieces.entries()) {
    const next = pieces[index + 1];
    if (
      next?.alone &&
      !piece.alone &&
      piece.owner > 0 &&
      piece.to - piece.from <= 2 &&
      fits(lines, piece.from, next.to)
    )
      next.from = piece.from;
    else kept.push(piece);
  }
  return kept;
}

function onlyCloses(lines: Lines, part: Part): boolean {
  if (part.to - part.from > 3) return false;
  for (let row = part.from; row < part.to; row++)
    if (/[\p{L}\p{N}_]/u.test(lines.line(row).replace(/^\s*end\b/, ''))) return false;
  return true;
}
