import * as fs from 'node:fs';
import type { TreeDisk } from '../../../src/index/files/disk.ts';
import type { FolderTree, TreeBatch } from '../../../src/index/parts.ts';
import type { TreeEffects } from '../../../src/index/tree/effects.ts';
import { type Mirror, openMirror } from '../../../src/index/tree/mirror.ts';
import { nodeTreeEffects } from '../../../src/index/tree/node-effects.ts';
import { MAX_FILE_BYTES, MAX_FILES, type OpenTreeOptions, openFolderTree } from '../../../src/index/tree/open-tree.ts';
import { runProcess } from '../../../src/server/node-history.ts';
import type { Sandbox } from '../files/git-sandbox.ts';

/** The real disk with some calls replaced; each replacement gets the real disk. */
export function diskWith(replace: (real: TreeDisk) => Partial<TreeDisk>): TreeDisk {
  return { ...fs, ...replace(fs) };
}

/** Real effects in the sandbox's home folder. */
export function effectsIn(box: Sandbox, over: Partial<TreeEffects> = {}): TreeEffects {
  const run: typeof runProcess = (command, parameters, given) =>
    runProcess(command, parameters, { ...given, env: { ...given.env, ...box.env } });
  return { ...nodeTreeEffects({ env: box.env, run }), ...over };
}

export function openIn(
  box: Sandbox,
  root: string,
  given: Partial<OpenTreeOptions> & { over?: Partial<TreeEffects> } = {},
): Promise<FolderTree> {
  const { over, ...options } = given;
  return openFolderTree({ root, stateDir: `${box.folder}/state`, effects: effectsIn(box, over), ...options });
}

/** The same without what is public, for tests that look at nodes. */
export function mirrorOf(box: Sandbox, root: string): Mirror {
  return openMirror({
    root,
    stateDir: undefined,
    maxFileBytes: MAX_FILE_BYTES,
    maxFiles: MAX_FILES,
    otherRoots: new Set(),
    effects: effectsIn(box),
  });
}

/** `+ path`, `~ path`, `- path`, sorted. */
export function changesOf({ changes }: TreeBatch): string[] {
  const sign = { added: '+', modified: '~', removed: '-' } as const;
  return changes.map((change) => `${sign[change.kind]} ${change.path}`).sort();
}

export function pathsOf(tree: FolderTree): string[] {
  return [...tree.files()].map((file) => file.path).sort();
}

/** Makes files look as if they had been written long ago, so that nothing is in doubt; the clock of the tree has to be set on likewise. */
export const LATER = 60_000;
export const laterClock = { now: () => Date.now() + LATER };
