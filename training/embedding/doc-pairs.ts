import type { Node } from 'web-tree-sitter';
import { definitionOf } from '../../packages/engine/src/index/chunk/definitions.ts';
import { spokenPart } from './doc-text.ts';

/** Code and what its author says that it does. */
export interface Pair {
  /** Of the function; empty for a step inside of one. */
  readonly name: string;
  /** First paragraph of the doc comment, or the comment above a step; empty for a function without. */
  readonly doc: string;
  /** The function without its doc comment, or the lines of the step. */
  readonly code: string;
}

const FUNCTIONS = [
  'function_definition',
  'function_declaration',
  'generator_function_declaration',
  'method_definition',
  'method_declaration',
  'function_item',
  'lexical_declaration',
];

/** Longer ones are cut as chunks are. */
const MOST_CHARACTERS = 3_600;
const LEAST_LINES = 2;

/** The functions of a file. Those inside of other functions are left out: their text would be in two pairs. */
export function pairsOf(root: Node, text: string): Pair[] {
  const pairs: Pair[] = [];
  let end = -1;
  for (const node of root.descendantsOfType(FUNCTIONS)) {
    if (!node || node.startIndex < end) continue;
    const definition = definitionOf(node);
    if (!definition?.name || (definition.kind !== 'function' && definition.kind !== 'method')) continue;
    if (node.type === 'lexical_declaration' && definition.inner.endPosition.row === node.startPosition.row) continue;
    end = node.endIndex;
    const inside = docstringOf(node);
    const doc = inside ? inside.text : commentAbove(node, text);
    const code = (
      inside
        ? text.slice(node.startIndex, inside.startIndex).trimEnd() +
          '\n' +
          text.slice(inside.endIndex, node.endIndex).replace(/^\s*\n/, '')
        : text.slice(node.startIndex, node.endIndex)
    ).slice(0, MOST_CHARACTERS);
    if (code.split('\n').filter((line) => /\w/.test(line)).length < LEAST_LINES || isEmptyBody(code)) continue;
    pairs.push({ name: definition.name, doc: (doc === undefined ? undefined : spokenPart(doc)) ?? '', code });
  }
  return pairs;
}

function docstringOf(node: Node): Node | undefined {
  if (node.type !== 'function_definition') return undefined;
  const first = node.childForFieldName('body')?.firstNamedChild;
  const string = first?.type === 'expression_statement' ? first.firstNamedChild : first;
  return string?.type === 'string' ? string : undefined;
}

/** The comment right above a node, or above what wraps it (`export`, decorators, attributes). */
function commentAbove(node: Node, text: string): string | undefined {
  let at: Node = node;
  for (let parent = at.parent; parent && parent.startIndex === at.startIndex && parent.parent; parent = at.parent)
    at = parent;
  if (at.parent?.type === 'export_statement') at = at.parent;
  let before = at.previousSibling;
  while (before?.type === 'attribute_item' || before?.type === 'decorator') before = before.previousSibling;
  let first: Node | undefined;
  let row = (before ?? at).endPosition.row;
  if (!before || node.startPosition.row - endRowOf(before) > 6) return undefined;
  for (; before?.type.endsWith('comment') && endRowOf(before) >= row - 1; before = before.previousSibling) {
    first = before;
    row = before.startPosition.row;
    if (before.text.startsWith('/*')) break;
  }
  if (!first) return undefined;
  const above = text.slice(first.startIndex, node.startIndex);
  const end = /\n\s*\n\s*$/.test(above) ? undefined : above;
  return end?.replace(/\n\s*(#\[|@|export\b|pub\b|async\b|static\b)[\s\S]*$/, '');
}

function endRowOf(node: Node): number {
  return node.endPosition.column === 0 ? node.endPosition.row - 1 : node.endPosition.row;
}

function isEmptyBody(code: string): boolean {
  return (
    /(\n\s*(pass|\.\.\.|raise NotImplementedError(\([^)]*\))?)\s*|\{\s*\})\s*$/.test(code) &&
    code.split('\n').length < 4
  );
}

/** Of one step, which ends at a blank line, the next comment, or where the indentation falls below the comment's. */
const STEP_LINES = 12;

/**
 * Comments between statements and the lines they stand above: short, imperative, about everyday programming ("check if the value is iterable"),
 * as people ask, where doc comments speak the language of their library.
 */
export function stepsOf(root: Node, text: string): Pair[] {
  const lines = text.split('\n');
  const commented = new Set<number>();
  for (const node of root.descendantsOfType(['comment', 'line_comment']))
    if (node && /^\s*(#|\/\/)(?![!/])/.test(lines[node.startPosition.row]!)) commented.add(node.startPosition.row);
  const pairs: Pair[] = [];
  for (const first of commented) {
    const indent = indentOf(lines[first]!);
    if (commented.has(first - 1) || indent === 0) continue;
    let row = first;
    while (commented.has(row)) row++;
    const doc = spokenPart(lines.slice(first, row).join('\n'));
    if (doc === undefined || doc.length > 240 || /[={}[\];\\]|\w\(|->|#|\d{4}/.test(doc)) continue;
    const from = row;
    while (
      row < lines.length &&
      row - from < STEP_LINES &&
      !commented.has(row) &&
      lines[row]!.trim() !== '' &&
      indentOf(lines[row]!) >= indent
    )
      row++;
    const code = lines.slice(from, row).join('\n');
    if (code.replace(/\W/g, '').length >= 20) pairs.push({ name: '', doc, code: code.slice(0, MOST_CHARACTERS) });
  }
  return pairs;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}
