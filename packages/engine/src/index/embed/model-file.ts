import { readFile } from 'node:fs/promises';
import { decodeStaticModel, type StaticModel } from './static-model.ts';

export const MODEL_FILE = 'static-model.bin';

/**
 * Reads the model that ships: beside the module at `moduleUrl` (in the bundle) or where it lies in the sources.
 * @throws ModelFileError, or the file system's error when neither has it
 */
export async function readShippedModel(moduleUrl: string = import.meta.url): Promise<StaticModel> {
  try {
    return decodeStaticModel(await readFile(new URL(`./${MODEL_FILE}`, moduleUrl)));
  } catch (missing) {
    if ((missing as NodeJS.ErrnoException).code !== 'ENOENT') throw missing;
    return decodeStaticModel(await readFile(new URL(`./${MODEL_FILE}`, import.meta.url)));
  }
}
