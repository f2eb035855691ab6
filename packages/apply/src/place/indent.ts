import { indentOf, indentUnit } from './line-index.ts';

/** A line that the model wrote and the line of the document that it stands for. */
export interface Pair {
  readonly written: string;
  readonly actual: string;
}

/** How new lines go as deep as their neighbours; undefined for a line whose depth cannot be known. */
export type Reindent = (line: string) => string | undefined;

/**
 * Finds how the indentation of an edit maps to that of the document. A depth that was seen in the pairs maps to what it was
 * seen as; others follow one rule that fits all pairs (a prefix more, a prefix less, other units) and stay on the
 * document's grid. No rule, no line: a wrong depth would be a wrong edit.
 */
export function reindentFrom(
  pairs: readonly Pair[],
  written: readonly string[],
  documentUnit: string | undefined,
): Reindent {
  const seen = new Map<string, string | null>();
  for (const { written: from, actual: to } of pairs) {
    if (from.trim() === '' || to.trim() === '') continue;
    const a = indentOf(from);
    const b = indentOf(to);
    const known = seen.get(a);
    if (known === undefined) seen.set(a, b);
    else if (known !== b) seen.set(a, null);
  }
  const entries = [...seen].filter((entry): entry is [string, string] => entry[1] !== null);
  const clean = entries.length === seen.size;
  if (clean && entries.every(([a, b]) => a === b)) return (line) => line;
  const byPrefix = clean ? prefixRule(entries) : undefined;
  const byLevel = clean ? levelRule(entries, indentUnit(fromLeft(written)), documentUnit) : undefined;
  const onGrid = (indent: string, rest: string) => isOnGrid(indent + rest, documentUnit);
  return (line) => {
    if (line.trim() === '') return line;
    const indent = indentOf(line);
    const rest = line.slice(indent.length);
    const known = seen.get(indent);
    if (known) return known + rest;
    if (known === '') return rest;
    const star = isCommentStar(rest) && indent.endsWith(' ');
    const under = (rule: Rule | undefined): string | undefined => {
      const plain = rule?.(indent);
      if (plain !== undefined || !star) return plain;
      const outer = rule?.(indent.slice(0, -1));
      return outer === undefined ? undefined : `${outer} `;
    };
    const prefixed = under(byPrefix);
    const leveled = under(byLevel);
    if (prefixed === undefined) return leveled === undefined ? undefined : leveled + rest;
    if (leveled === undefined || prefixed === leveled) return prefixed + rest;
    if (onGrid(prefixed, rest) !== onGrid(leveled, rest)) return (onGrid(prefixed, rest) ? prefixed : leveled) + rest;
    return undefined;
  };
}

/** Without what all lines are indented by: how deep a fragment begins says nothing about its levels. */
function fromLeft(lines: readonly string[]): string[] {
  const solid = lines.filter((line) => line.trim() !== '');
  const shallowest = Math.min(...solid.map((line) => indentOf(line).length));
  return solid.map((line) => line.slice(shallowest));
}

/** Whether a line is a whole number of levels deep; the star of a block comment stands one space further in. */
export function isOnGrid(line: string, unit: string | undefined): boolean {
  if (unit === undefined) return true;
  const indent = indentOf(line);
  const star = isCommentStar(line.slice(indent.length));
  if (unit === '\t') return /^\t*$/.test(star ? indent.replace(/ $/, '') : indent);
  return !indent.includes('\t') && (indent.length - (star ? 1 : 0)) % unit.length === 0;
}

const isCommentStar = (rest: string) => /^\*(?:\s|\/|$)/.test(rest);

type Rule = (indent: string) => string | undefined;

function prefixRule(entries: readonly (readonly [string, string])[]): Rule | undefined {
  const [first] = entries;
  if (!first) return undefined;
  const [a, b] = first;
  if (b.endsWith(a)) {
    const prefix = b.slice(0, b.length - a.length);
    if (entries.every(([x, y]) => y === prefix + x)) return (indent) => prefix + indent;
  }
  if (a.endsWith(b)) {
    const prefix = a.slice(0, a.length - b.length);
    if (entries.every(([x, y]) => x === prefix + y)) {
      return (indent) => (indent.startsWith(prefix) ? indent.slice(prefix.length) : undefined);
    }
  }
  return undefined;
}

function levelRule(
  entries: readonly (readonly [string, string])[],
  from: string | undefined,
  to: string | undefined,
): Rule | undefined {
  // One space is the depth of a block comment's stars, or of lost marks, not a level.
  if (!from || !to || from === to || from === ' ') return undefined;
  let shift: number | undefined;
  for (const [a, b] of entries) {
    const x = levels(a, from);
    const y = levels(b, to);
    if (x === undefined || y === undefined) return undefined;
    if (shift !== undefined && y - x !== shift) return undefined;
    shift = y - x;
  }
  return (indent) => {
    const level = levels(indent, from);
    return level === undefined || level + shift! < 0 ? undefined : to.repeat(level + shift!);
  };
}

function levels(indent: string, unit: string): number | undefined {
  if (unit === '\t') return /^\t*$/.test(indent) ? indent.length : undefined;
  return /^ *$/.test(indent) && indent.length % unit.length === 0 ? indent.length / unit.length : undefined;
}
