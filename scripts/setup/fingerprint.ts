import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const SKIPPED = new Set(['node_modules', 'dist', 'test', '.git', '.cache']);

/** One hash over files and whole folders (tests and built files left out), names included; what is missing counts as such. */
export async function fingerprint(root: string, places: readonly string[], extra = ''): Promise<string> {
  const hash = createHash('sha256').update(extra);
  for (const place of places) {
    for (const path of (await listFiles(root, place)).sort()) {
      hash.update(`\0${path}\0`);
      hash.update(await readFile(join(root, path)).catch(() => 'missing'));
    }
  }
  return hash.digest('hex');
}

async function listFiles(root: string, place: string): Promise<string[]> {
  let entries: import('node:fs').Dirent[];
  try {
    entries = await readdir(join(root, place), { withFileTypes: true });
  } catch {
    return [place];
  }
  const nested = await Promise.all(
    entries
      .filter((entry) => !SKIPPED.has(entry.name))
      .map((entry) => {
        const path = `${place}/${entry.name}`;
        if (entry.isDirectory()) return listFiles(root, path);
        return entry.isFile() ? [path] : [];
      }),
  );
  return nested.flat();
}
