import type { IndexSettings } from '@tabstop/protocol';
import type { EmbeddingChoice, IndexConfig } from '../index/index-config.ts';

export interface IndexConfigOptions {
  readonly folders: readonly string[];
  readonly dataDir: string;
  readonly settings: IndexSettings;
  /** Where `settings.embedding.keyVariable` is looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly follow: boolean;
  /** As `IndexConfig` has it. */
  readonly yieldTo?: SharedArrayBuffer;
}

/** Pure: what the settings say, as the index takes it. */
export function indexConfig({ folders, dataDir, settings, env, follow, yieldTo }: IndexConfigOptions): IndexConfig {
  const embedding = embeddingFrom(settings, env);
  return { folders, dataDir, maxFileBytes: settings.maxFileSize, embedding, follow, ...(yieldTo && { yieldTo }) };
}

function embeddingFrom({ embedding }: IndexSettings, env: IndexConfigOptions['env']): EmbeddingChoice {
  const { address, model, dimensions, keyVariable, key } = embedding;
  if (address === '') return { kind: 'shipped' };
  const secret = key || (keyVariable && env[keyVariable]) || '';
  return {
    kind: 'service',
    address,
    model,
    ...(dimensions > 0 ? { dimensions } : {}),
    ...(secret === '' ? {} : { key: secret }),
  };
}
