import type { FolderTree } from '../parts.ts';
import { nodeTreeEffects } from '../tree/node-effects.ts';
import { type OpenTreeOptions, openFolderTree } from '../tree/open-tree.ts';

/** The mirror of a folder on the real disk. A file of its own, because `tabstop grep` loads it only where its index cannot answer alone. */
export function openNodeTree({
  env,
  ...options
}: Omit<OpenTreeOptions, 'effects'> & {
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<FolderTree> {
  return openFolderTree({ ...options, effects: nodeTreeEffects({ env }) });
}
