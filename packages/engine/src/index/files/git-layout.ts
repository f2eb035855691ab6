import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readSmall, type TreeDisk } from './disk.ts';

/** Where the repository of a folder lies. Absolute paths. */
export interface GitLayout {
  /** The top of the working tree. */
  readonly top: string;
  /** Of this working tree: index, HEAD. */
  readonly gitDir: string;
  /** Shared by all working trees: info/exclude, config. */
  readonly commonDir: string;
  /** From the top to the folder, `/` between parts, empty at the top. */
  readonly prefix: string;
}

/** Finds the repository that the folder lies in, as git does: upwards, `.git` being a folder or a file that names one (worktrees, submodules). */
export function findGit(disk: TreeDisk, folder: string): GitLayout | undefined {
  for (let top = folder; ; top = dirname(top)) {
    const gitDir = gitDirOf(disk, top);
    if (gitDir !== undefined) {
      const common = text(readSmall(disk, join(gitDir, 'commondir'), { follow: true }))?.trim();
      const commonDir = common ? resolve(gitDir, common) : gitDir;
      return { top, gitDir, commonDir, prefix: relative(top, folder).split(sep).join('/') };
    }
    if (dirname(top) === top) return undefined;
  }
}

/** The git folder of a working tree whose top this is. */
export function gitDirOf(disk: TreeDisk, top: string): string | undefined {
  const dotGit = join(top, '.git');
  try {
    if (disk.lstatSync(disk.realpathSync(dotGit)).isDirectory()) return isGitDir(disk, dotGit) ? dotGit : undefined;
  } catch {
    return undefined;
  }
  const target = /^gitdir: (.*?)[\r\n]*$/s.exec(text(readSmall(disk, dotGit, { follow: true })) ?? '')?.[1];
  if (target === undefined) return undefined;
  const gitDir = isAbsolute(target) ? target : resolve(top, target);
  return isGitDir(disk, gitDir) ? gitDir : undefined;
}

/** An empty `.git` folder is no repository; HEAD is what git looks for. */
function isGitDir(disk: TreeDisk, gitDir: string): boolean {
  try {
    disk.lstatSync(join(gitDir, 'HEAD'));
    return true;
  } catch {
    return false;
  }
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}
