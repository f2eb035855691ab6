import type { TreeDisk } from '../files/disk.ts';
import { type FolderRules, RULE_FILE_NAMES } from '../files/folder-rules.ts';
import { leftOutByName } from '../files/left-out.ts';
import { findFolder, type FolderNode, locate, OWN_ROOT } from './folder-node.ts';

export type Concern = 'file' | 'folder' | 'rules';

/**
 * Which of the changed paths (relative) can change the tree. Build output that is ignored and files that are left out by name cost one `lstat` here and
 * nothing else. What is gone concerns the tree only if the tree has it.
 */
export function concernedPaths(options: {
  readonly disk: TreeDisk;
  readonly root: string;
  readonly rules: FolderRules;
  readonly node: FolderNode;
  readonly paths: ReadonlySet<string>;
}): Map<string, Concern> {
  const { disk, root, node } = options;
  const rulesByFolder = new Map<string, FolderRules | 'out'>([['', options.rules]]);
  function rulesOf(folder: string): FolderRules | 'out' {
    const known = rulesByFolder.get(folder);
    if (known) return known;
    const slash = folder.lastIndexOf('/');
    const parent = rulesOf(folder.slice(0, Math.max(0, slash)));
    const name = folder.slice(slash + 1);
    const isOwnRoot = findFolder(node, folder.slice(0, Math.max(0, slash)))
      ?.leftOut?.get(OWN_ROOT)
      ?.examples.includes(`${name}/`);
    const rules = parent === 'out' || isOwnRoot || parent.judge(name, true) ? 'out' : parent.enter(name);
    rulesByFolder.set(folder, rules);
    return rules;
  }
  const concerned = new Map<string, Concern>();
  for (const path of options.paths) {
    const slash = path.lastIndexOf('/');
    const name = path.slice(slash + 1);
    const isKnownFolder = findFolder(node, path) !== undefined;
    const isKnown = isKnownFolder || (locate(node, path)?.index ?? -1) >= 0;
    const rules = rulesOf(path.slice(0, Math.max(0, slash)));
    if (rules === 'out') {
      if (isKnown) concerned.set(path, isKnownFolder ? 'folder' : 'file');
      continue;
    }
    // A folder that becomes a repository is a root of its own from now on.
    if (name === '.git' && slash > 0) concerned.set(path.slice(0, slash), 'folder');
    else if (RULE_FILE_NAMES.has(name)) concerned.set(path, 'rules');
    else if (isKnownFolder) concerned.set(path, 'folder');
    else if (isKnown || mayBeIn(disk, `${root}/${path}`, name, rules)) concerned.set(path, 'file');
  }
  return concerned;
}

function mayBeIn(disk: TreeDisk, absolute: string, name: string, rules: FolderRules): boolean {
  try {
    const stats = disk.lstatSync(absolute);
    if (stats.isDirectory()) return rules.judge(name, true) === undefined;
    return stats.isFile() && rules.judge(name, false) === undefined && leftOutByName(name) === undefined;
  } catch {
    // Gone already, and never in the tree.
    return false;
  }
}
