import { join } from 'node:path';
import { sha256 } from './sha256.ts';

/** Where the state of a root lies. */
export function stateFolder(dataDir: string, root: string): string {
  return join(dataDir, 'index', sha256(root).slice(0, 24));
}
