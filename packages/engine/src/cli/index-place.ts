import type { IndexSettings } from '@tabstop/protocol';
import { readIndexSettings } from '../server/index-settings-file.ts';
import { type IndexRoots, type PlaceValues, rootsFrom } from './index-roots.ts';
import type { CliIo } from './io.ts';

export { PLACE_OPTIONS, PLACE_USAGE, shownPath, wholeNumber } from './index-roots.ts';

/** Which index a command works on. */
export interface IndexPlace extends IndexRoots {
  readonly settings: IndexSettings;
}

/** @throws CommandError for a folder that is none. */
export function placeFrom(values: PlaceValues, io: Pick<CliIo, 'cwd' | 'env'>): IndexPlace {
  const { roots, dataDir } = rootsFrom(values, io);
  const settings = readIndexSettings(dataDir);
  const { keyVariable } = settings.embedding;
  const key = (keyVariable && io.env[keyVariable]) || io.env.TABSTOP_EMBEDDING_KEY || '';
  return { roots, dataDir, settings: { ...settings, embedding: { ...settings.embedding, key } } };
}
