import { setFlagsFromString } from 'node:v8';
import { indexConfig } from '../server/index-config.ts';
import type { OpenIndex } from './index-open.ts';
import type { IndexPlace } from './index-place.ts';
import type { CliIo } from './io.ts';

/** The index in this process. Its parts are loaded when there is something to do: the command line starts without them. */
export const openIndexHere: OpenIndex = async (place, io, onProblem) => {
  // The heap of a process doubles and more before it is cleaned, that of the engine's thread grows by a third, because its limit is low: 90 MB less here.
  setFlagsFromString('--heap-growing-percent=35');
  const { openNodeIndex } = await import('../index/node-index.ts');
  return openNodeIndex(configOf(place, io, false), { env: io.env, onProblem });
};

/** The index in a thread that follows the disk, for a process that stays and has to answer meanwhile. */
export const openIndexBeside: OpenIndex = async (place, io, onProblem) => {
  const { openIndexInThread } = await import('../index/start-thread.ts');
  return openIndexInThread(configOf(place, io, true), onProblem);
};

function configOf({ roots, dataDir, settings }: IndexPlace, { env }: Pick<CliIo, 'env'>, follow: boolean) {
  return indexConfig({ folders: roots, dataDir, settings, env, follow });
}
