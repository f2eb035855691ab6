import { type FileHandle, open } from 'node:fs/promises';
import { decodeStaticModel, MODEL_HEADER, type StaticModel, staticModelHeader } from './static-model.ts';

export const MODEL_FILE = 'static-model.bin';

/**
 * Reads the model that ships: beside the module at `moduleUrl` (in the bundle) or where it lies in the sources.
 * @throws ModelFileError, or the file system's error when neither has it
 */
export async function readShippedModel(moduleUrl: string = import.meta.url): Promise<StaticModel> {
  return inShippedModel(moduleUrl, async (file) => decodeStaticModel(await file.readFile()));
}

/** What the model is, without reading all of it: 20 MB to read and to check take 50 ms. @throws as `readShippedModel` */
export async function readShippedModelHeader(
  moduleUrl: string = import.meta.url,
): Promise<Pick<StaticModel, 'id' | 'dimensions'>> {
  return inShippedModel(moduleUrl, async (file) => {
    const header = new Uint8Array(MODEL_HEADER);
    const { bytesRead } = await file.read(header, 0, MODEL_HEADER, 0);
    return staticModelHeader(header.subarray(0, bytesRead));
  });
}

async function inShippedModel<T>(moduleUrl: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const beside = open(new URL(`./${MODEL_FILE}`, moduleUrl));
  const file = await beside.catch((missing: NodeJS.ErrnoException) => {
    if (missing.code !== 'ENOENT') throw missing;
    return open(new URL(`./${MODEL_FILE}`, import.meta.url));
  });
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
