/** A clock and timers that only move when the test says so. Milliseconds. */
export interface FakeClock {
  now(): number;
  setTimeout(callback: () => void, delay: number): number;
  clearTimeout(id: number | undefined): void;
  /** Moves on, firing due timers in order and letting promises settle after each. */
  advance(milliseconds: number): Promise<void>;
}

export function fakeClock(start = 0): FakeClock {
  let now = start;
  let nextId = 1;
  const timers = new Map<number, { at: number; callback: () => void }>();
  return {
    now: () => now,
    setTimeout(callback, delay) {
      timers.set(nextId, { at: now + Math.max(0, delay), callback });
      return nextId++;
    },
    clearTimeout(id) {
      if (id !== undefined) timers.delete(id);
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const due = [...timers]
          .filter(([, timer]) => timer.at <= until)
          .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].callback();
        await settle();
      }
      now = until;
    },
  };
}

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
}
