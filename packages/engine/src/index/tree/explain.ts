import { join } from 'node:path';
import type { TreeDisk } from '../files/disk.ts';
import type { FolderRules } from '../files/folder-rules.ts';
import { gitDirOf } from '../files/git-layout.ts';
import { leftOutByName } from '../files/left-out.ts';
import { classify } from './classify.ts';
import { readSteady } from './read-file.ts';
import { sizeText } from './scan.ts';

/** Why a file of the folder is in or out, from the disk as it is now. `path` is relative, with `/` between parts. */
export function explainPath(options: {
  readonly disk: TreeDisk;
  readonly root: string;
  readonly rules: FolderRules;
  readonly path: string;
  readonly maxFileBytes: number;
  readonly otherRoots: ReadonlySet<string>;
}): { indexed: boolean; reason: string } {
  const { disk, root, path, maxFileBytes } = options;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const out = (reason: string): { indexed: boolean; reason: string } => ({ indexed: false, reason });
  if (parts.length === 0) return { indexed: true, reason: 'the folder itself' };
  if (parts.includes('..') || path.startsWith('/')) return out('outside the folder');
  let rules = options.rules;
  let below = '';
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    below = below === '' ? part : `${below}/${part}`;
    const absolute = join(root, below);
    const stats = stat(disk, absolute);
    const isFolder = !last || (stats?.isDirectory() ?? false);
    const where = last ? '' : `${below}/: `;
    const verdict = rules.judge(part, isFolder) ?? (isFolder ? undefined : leftOutByName(part));
    if (verdict) return out(`${where}${verdict.reason} (${verdict.detail})`);
    if (!stats) return out(`${where}does not exist`);
    if (stats.isSymbolicLink()) return out(where + linkReason(disk, root, absolute));
    if (isFolder) {
      if (!stats.isDirectory()) return out(`${where}not a folder`);
      if (options.otherRoots.has(absolute) || gitDirOf(disk, absolute) !== undefined) {
        return out(`${where}a root of its own, with its own tree`);
      }
      rules = rules.enter(part);
      continue;
    }
    if (!stats.isFile()) return out('not a regular file');
    if (stats.size > maxFileBytes) return out(`larger than ${sizeText(maxFileBytes)} (${sizeText(stats.size)})`);
    try {
      const content = classify(part, readSteady(disk, absolute, maxFileBytes).bytes);
      if ('leftOut' in content) return out(`${content.leftOut} (by its content)`);
      return { indexed: true, reason: `text in ${content.label}, ${sizeText(stats.size)}` };
    } catch (error) {
      return out(`cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
    }
  }
  return { indexed: true, reason: 'a folder that no rule leaves out' };
}

function stat(disk: TreeDisk, path: string): ReturnType<TreeDisk['lstatSync']> | undefined {
  try {
    return disk.lstatSync(path);
  } catch {
    return undefined;
  }
}

function linkReason(disk: TreeDisk, root: string, path: string): string {
  try {
    const target = disk.realpathSync(path);
    return target === root || target.startsWith(`${root}/`)
      ? `a link; what it points to is indexed as ${target.slice(root.length + 1)}, if at all`
      : 'a link that leaves the folder';
  } catch {
    return 'a link that leads nowhere';
  }
}
