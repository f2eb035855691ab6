import { type FolderNode, isIn, OWN_ROOT, reasonOf } from './folder-node.ts';

const EXAMPLES = 10;

/** What was left out, by reason, most first. A folder that is left out counts once and ends with a slash. */
export function skippedFiles(root: FolderNode): { reason: string; count: number; examples: string[] }[] {
  const all = new Map<string, { reason: string; count: number; examples: string[] }>();
  const add = (reason: string, count: number, examples: readonly string[]): void => {
    const told = all.get(reason) ?? { reason, count: 0, examples: [] };
    told.count += count;
    told.examples.push(...examples.slice(0, Math.max(0, EXAMPLES - told.examples.length)));
    all.set(reason, told);
  };
  walk(root, '', (node, prefix) => {
    for (const [reason, { count, examples }] of node.leftOut ?? []) {
      add(
        reason,
        count,
        examples.map((name) => prefix + name),
      );
    }
    for (let index = 0; index < node.names.length; index++) {
      if (!isIn(node, index)) add(reasonOf(node, index), 1, [prefix + node.names[index]!]);
    }
  });
  return [...all.values()].sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

/** Folders that are roots of their own (repositories, submodules, other roots), relative to this one. */
export function nestedRoots(root: FolderNode): string[] {
  const found: string[] = [];
  walk(root, '', (node, prefix) => {
    for (const name of node.leftOut?.get(OWN_ROOT)?.examples ?? []) found.push(prefix + name.slice(0, -1));
  });
  return found;
}

/** All folders that are left out, relative to this one. */
export function foldersLeftOut(root: FolderNode): string[] {
  const found: string[] = [];
  walk(root, '', (node, prefix) => {
    for (const { examples } of node.leftOut?.values() ?? []) {
      for (const name of examples) if (name.endsWith('/')) found.push(prefix + name.slice(0, -1));
    }
  });
  return found;
}

function walk(node: FolderNode, prefix: string, visit: (node: FolderNode, prefix: string) => void): void {
  visit(node, prefix);
  for (const [index, name] of node.folderNames.entries()) walk(node.folders[index]!, `${prefix}${name}/`, visit);
}
