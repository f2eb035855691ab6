/** Collects what happens in quick succession and hands it over as one, never two at a time. */
export interface Bursts {
  add(paths: Iterable<string>): void;
  /** Something was missed: the next burst is about everything. */
  addEverything(): void;
  /** Nothing is handed over any more; resolves when a running hand-over has ended. */
  stop(): Promise<void>;
}

export interface BurstOptions {
  /** Milliseconds without anything new after which a burst is over, and at most from its start. */
  readonly quiet: number;
  readonly most: number;
  /** While this says so, the burst goes on: git has the working tree in its hands. */
  readonly busy: () => boolean;
  /** At most so long, in milliseconds. */
  readonly mostBusy: number;
  readonly monotonic: () => number;
  readonly schedule: (run: () => void, milliseconds: number) => () => void;
  /** Handed to `onBurst` is a set of paths, or `everything`. It has to take care of its errors. */
  readonly onBurst: (paths: ReadonlySet<string> | 'everything') => Promise<void>;
}

export function collectBursts(options: BurstOptions): Bursts {
  const { monotonic, schedule, quiet } = options;
  let pending = new Set<string>();
  let everything = false;
  let started: number | undefined;
  let newest = 0;
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  function touch(): void {
    newest = monotonic();
    started ??= newest;
    if (!cancel && !running && !stopped) cancel = schedule(look, quiet);
  }

  function look(): void {
    cancel = undefined;
    if (stopped || started === undefined) return;
    const now = monotonic();
    const waited = now - started;
    const over = now - newest >= quiet || waited >= options.most;
    if (!over || (waited < options.mostBusy && options.busy())) {
      cancel = schedule(look, Math.max(1, over ? quiet : Math.min(quiet - (now - newest), options.most - waited)));
      return;
    }
    const paths = everything ? 'everything' : pending;
    pending = new Set();
    everything = false;
    started = undefined;
    running = options.onBurst(paths).finally(() => {
      running = undefined;
      // What came meanwhile has waited long enough to be looked at after a short quiet.
      if (started !== undefined && !stopped) cancel = schedule(look, quiet);
    });
  }

  return {
    add(paths) {
      let any = false;
      for (const path of paths) {
        pending.add(path);
        any = true;
      }
      if (any) touch();
    },
    addEverything() {
      everything = true;
      touch();
    },
    async stop() {
      stopped = true;
      cancel?.();
      await running;
    },
  };
}
