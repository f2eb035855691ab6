/** Waits before each restart in a row, in milliseconds; the last one repeats. The first is short: one crash should not be felt. */
export const RESTART_DELAYS = [100, 500, 2_000, 5_000, 15_000, 30_000] as const;
/** An engine that lived this long starts the row anew. */
export const STEADY_AFTER = 60_000;

/** Pure: the delay before restart number `crashes` (from 1), and the count to go on with, after a run of `uptime` milliseconds. */
export function nextRestart(crashes: number, uptime: number): { readonly crashes: number; readonly delay: number } {
  const count = uptime >= STEADY_AFTER ? 1 : crashes + 1;
  return { crashes: count, delay: RESTART_DELAYS[Math.min(count, RESTART_DELAYS.length) - 1]! };
}
