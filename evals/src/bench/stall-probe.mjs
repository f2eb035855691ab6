// Loaded into the engine (`node --import`): on SIGUSR2 appends a line to $STALL_PROBE_FILE with the longest event-loop stall since the last
// one and the peak memory, both of the main thread's process. Measured inside, since from outside a stall cannot be told from a busy machine's pipe.
import { appendFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const resolution = 5;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  process.on('SIGUSR2', () => {
    const stallMs = delay.count === 0 ? 0 : Math.max(0, delay.max / 1e6 - resolution);
    const peakRssMb = process.resourceUsage().maxRSS / 1024;
    appendFileSync(process.env.STALL_PROBE_FILE, `${JSON.stringify({ stallMs, peakRssMb })}\n`);
    delay.reset();
  });
}
