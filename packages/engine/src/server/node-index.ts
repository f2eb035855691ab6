import type { IndexSettings } from '@tabstop/protocol';
import type { CodeIndex } from '../index/code-index.ts';

export interface OpenIndexInWorker {
  readonly folders: readonly string[];
  readonly dataDir: string;
  readonly settings: IndexSettings;
  /** Where `settings.embedding.keyVariable` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function openIndexInWorker(_options: OpenIndexInWorker): Promise<CodeIndex> {
  throw new Error('this build has no index yet');
}
