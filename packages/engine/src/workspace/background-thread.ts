import { constants, setPriority } from 'node:os';

/**
 * Called at the start of a thread that works in the background: where both cores are busy, whoever answers keys goes first. On Linux a thread has a priority of its own, and 0 names
 * the calling one (setpriority(2)); elsewhere it would be the whole process, so nothing is done. A system that refuses changes nothing but that.
 */
export function lowerThreadPriority(platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'linux') return;
  try {
    setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // The work is the same, only its neighbours notice.
  }
}
