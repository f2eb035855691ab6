import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** Where the state of a root lies. */
export function stateFolder(dataDir: string, root: string): string {
  return join(dataDir, 'index', createHash('sha256').update(root).digest('hex').slice(0, 24));
}
