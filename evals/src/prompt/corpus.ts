import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CorpusFile {
  readonly path: string;
  readonly text: string;
}

/** Sources that every checkout has installed: the same text for the same lock file. Sorted, at most `characters` in all. */
export function readCorpus(root: string, characters: number): CorpusFile[] {
  const folders = [
    'node_modules/gpt-tokenizer/src',
    'node_modules/vite/types',
    'node_modules/zod/src/v4/classic',
    'node_modules/zod/src/v4/core',
    'node_modules/fast-check/lib',
  ];
  const files: CorpusFile[] = [];
  let total = 0;
  for (const folder of folders) {
    for (const name of existsSync(join(root, folder)) ? readdirSync(join(root, folder)).sort() : []) {
      if (!/\.(ts|js)$/.test(name)) continue;
      const text = readFileSync(join(root, folder, name), 'utf8');
      if (text.length < 500 || text.length > 60_000) continue;
      total += text.length;
      files.push({ path: `${folder.slice('node_modules/'.length)}/${name}`, text });
      if (total > characters) return files;
    }
  }
  return files;
}
