import { Flex } from '../builtins.ts';
import type { FlexItem, PromptElement } from '../element.ts';
import { type Growth, growthOf } from './lines.ts';
import { compareText } from './snippets.ts';

export interface DirectoryTreeProps extends Growth {
  /** Files, with "/" between folders. */
  readonly paths: readonly string[];
  /** A path whose folders open first. */
  readonly focus?: string;
}

interface Entry {
  readonly name: string;
  readonly path: string;
  readonly children: Map<string, Entry>;
}

/** A tree of files, outermost entries first; the folders that lead to the focus count as outermost. */
export function DirectoryTree(props: DirectoryTreeProps): PromptElement {
  const root: Entry = { name: '', path: '', children: new Map() };
  for (const path of props.paths) {
    let at = root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      let child = at.children.get(name);
      if (!child) {
        child = { name, path: at.path === '' ? name : `${at.path}/${name}`, children: new Map() };
        at.children.set(name, child);
      }
      at = child;
    }
  }
  const items: FlexItem[] = [];
  const visit = (entry: Entry, depth: number, cost: number): void => {
    const sorted = [...entry.children.values()].sort(
      (a, b) => Number(b.children.size > 0) - Number(a.children.size > 0) || compareText(a.name, b.name),
    );
    // What stands in a folder of the focus costs no depth: siblings of the focus are what a reader asks for next.
    const onTheWay = entry.path === '' || (props.focus ?? '').startsWith(`${entry.path}/`);
    const inner = onTheWay ? 0 : cost + 1;
    for (const child of sorted) {
      const folder = child.children.size > 0;
      items.push({ order: inner, content: `${'  '.repeat(depth)}${child.name}${folder ? '/' : ''}\n` });
      if (folder) visit(child, depth + 1, inner);
    }
  };
  visit(root, 0, 0);
  // Entries of one folder and depth come one by one, not all at once.
  const spread = items.map((item, index) => ({ ...item, order: item.order + index / (items.length + 1) }));
  return Flex({ name: 'directory tree', gap: '…\n', items: spread, ...growthOf(props) });
}
