import type { OpenIndex } from './index-open.ts';

/** The index in this process. Loaded only when there is something to do: the command line starts without it. */
export const openIndexHere: OpenIndex = async () => {
  throw new Error('this build has no index yet');
};

/** The index in a worker, for a process that has to answer meanwhile; it follows the disk by itself. */
export const openIndexBeside: OpenIndex = async () => {
  throw new Error('this build has no index yet');
};
