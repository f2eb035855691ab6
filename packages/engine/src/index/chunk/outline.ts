import type { Node } from 'web-tree-sitter';
import { Document } from '../../workspace/document.ts';
import type { Syntax } from '../../workspace/syntax.ts';
import type { OutlineItem } from '../code-index.ts';
import type { SourceText } from './chunk-file.ts';
import { type Definition, definitionOf } from './definitions.ts';
import { type Lines, linesOf } from './pieces.ts';
import { markdownSections } from './prose-pieces.ts';

/** Nodes looked at, and how deep definitions are looked for in what is none. */
const MOST_NODES = 100_000;
const MOST_DEPTH = 6;

/**
 * The definitions of a file, or the headings of Markdown, as a tree in the order of the text. Functions inside of functions are left out. Empty where
 * there is no grammar for the language (load it first: `await syntax.warm(languageId)`). Never throws.
 */
export function outlineOf(file: SourceText, syntax: Syntax): OutlineItem[] {
  const lines = linesOf(file.text);
  if (file.languageId === 'markdown') return headingsOf(lines);
  try {
    const tree = syntax.tree(
      Document.open({ path: file.path, languageId: file.languageId, version: 0, text: file.text }),
    );
    return tree ? definitionsOf(tree.rootNode) : [];
  } catch {
    // As in `chunkFile`: a grammar may trap on a broken file.
    return [];
  }
}

function definitionsOf(root: Node): OutlineItem[] {
  let nodes = 0;

  function within(parent: Node, depth: number, of: string): OutlineItem[] {
    const items: OutlineItem[] = [];
    for (const child of parent.namedChildren) {
      if (!child || ++nodes > MOST_NODES) continue;
      const definition = definitionOf(child);
      if (definition?.name === undefined) {
        if (definition || (depth < MOST_DEPTH && !child.type.endsWith('comment')))
          items.push(...within(child, depth + 1, of));
        continue;
      }
      items.push({
        name: definition.name,
        kind: kindOf(definition, of),
        startLine: child.startPosition.row + 1,
        endLine: Math.max(
          child.startPosition.row + 1,
          child.endPosition.row + (child.endPosition.column === 0 ? 0 : 1),
        ),
        children: definition.container ? within(definition.inner, 0, definition.kind) : [],
      });
    }
    return items;
  }

  return within(root, 0, 'block');
}

function kindOf({ kind, inner }: Definition, of: string): string {
  if (kind === 'block') return 'module';
  if (kind === 'function' && of === 'class') return 'method';
  // Ruby calls all of them methods.
  return inner.type === 'method' && of !== 'class' ? 'function' : kind;
}

function headingsOf(lines: Lines): OutlineItem[] {
  type Open = {
    level: number;
    item: { -readonly [Key in keyof OutlineItem]: OutlineItem[Key] };
    children: OutlineItem[];
  };
  const top: OutlineItem[] = [];
  const open: Open[] = [];
  const close = (level: number, row: number) => {
    while (open.length > 0 && open[open.length - 1]!.level >= level) {
      const { item } = open.pop()!;
      let end = row;
      while (end > item.startLine && lines.blank(end - 1)) end--;
      item.endLine = end;
    }
  };
  for (const { from, level, title } of markdownSections(lines)) {
    if (level === 0) continue;
    close(level, from);
    const children: OutlineItem[] = [];
    const item = { name: title, kind: 'heading', startLine: from + 1, endLine: from + 1, children };
    (open.at(-1)?.children ?? top).push(item);
    open.push({ level, item, children });
  }
  close(0, lines.count);
  return top;
}
