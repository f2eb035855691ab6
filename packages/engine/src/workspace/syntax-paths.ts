import type { Tree, TreeCursor } from 'web-tree-sitter';

/** A node on the way from the root to a leaf. The same node is the same object on every path of one call. */
export interface Step {
  readonly type: string;
  /** Its field in its parent; empty where it has none. */
  readonly field: string;
  /** UTF-16 code units of the text, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/**
 * For each offset (ascending) the nodes around it, root first, the leaf that holds it last.
 * One walk that leaves out every subtree without an offset. Going down by cursor, as `Node.parent` starts at the root again for each step, and
 * `gotoFirstChildForIndex` of web-tree-sitter 0.27 stays at the first child.
 */
export function pathsTo(tree: Tree, offsets: readonly number[]): Step[][] {
  const paths: Step[][] = [];
  const cursor = tree.walk();
  const trail: Step[] = [stepAt(cursor)];
  let next = 0;

  /** Emits the paths of all offsets inside the cursor's node. */
  function visit(): void {
    const { end } = trail.at(-1)!;
    if (cursor.gotoFirstChild()) {
      do {
        const childEnd = cursor.endIndex;
        while (next < offsets.length && offsets[next]! < cursor.startIndex) emit();
        if (next >= offsets.length || offsets[next]! >= end) break;
        if (offsets[next]! >= childEnd) continue;
        trail.push(stepAt(cursor));
        visit();
        trail.pop();
      } while (cursor.gotoNextSibling());
      cursor.gotoParent();
    }
    while (next < offsets.length && offsets[next]! < end) emit();
  }

  function emit(): void {
    paths.push([...trail]);
    next++;
  }

  visit();
  while (next < offsets.length) emit();
  cursor.delete();
  return paths;
}

function stepAt(cursor: TreeCursor): Step {
  return {
    type: cursor.nodeType,
    field: cursor.currentFieldName ?? '',
    start: cursor.startIndex,
    end: cursor.endIndex,
  };
}
