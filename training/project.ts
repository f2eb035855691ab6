import * as fs from 'node:fs/promises';
import type { Lexicon } from '../packages/engine/src/tab/lexicon/lexicon.ts';
import { lexiconOfTexts } from '../packages/engine/src/tab/lexicon/texts.ts';
import { listFiles, textOfBytes } from '../packages/engine/src/workspace/disk-files.ts';
import type { WorkspaceFiles } from '../packages/engine/src/workspace/files.ts';

/** A folder read into memory. */
export interface Project {
  /** By key. */
  readonly texts: ReadonlyMap<string, string>;
  readonly lexicon: Lexicon;
  readonly files: WorkspaceFiles;
}

/** Reads a folder as the engine would: ignore rules, limits, absolute keys. */
export async function projectOf(root: string): Promise<Project> {
  const texts = new Map<string, string>();
  for (const { path, absolute } of await listFiles(root, { disk: fs })) {
    const text = textOfBytes(await fs.readFile(absolute));
    if (text !== undefined) texts.set(path, text);
  }
  const files: WorkspaceFiles = { read: async (path) => texts.get(path) };
  return { texts, lexicon: lexiconOfTexts([...texts].map(([path, text]) => ({ path, text }))), files };
}
