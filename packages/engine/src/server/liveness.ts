export interface LivenessOptions {
  /** Asks the client for a sign of life; any answer is one, an error too. */
  readonly ping: () => void;
  /** The process that started this one is still the parent. */
  readonly parentAlive: () => boolean;
  readonly onDead: (reason: string) => void;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

/** Milliseconds between looks, and of silence after which the client counts as gone. A client halted in a debugger for longer starts a new engine. */
export const LIVENESS = { interval: 10_000, pingAfter: 30_000, silence: 180_000 } as const;

export interface Liveness {
  /** Something came from the client. */
  heard(): void;
  stop(): void;
}

/**
 * Notices a client that is gone though its end of the pipe is still open (held by a process it had started, or hung). The silence is counted in looks
 * rather than in time, so that a laptop that slept for hours does not lose its engine on waking.
 */
export function watchClient(options: LivenessOptions): Liveness {
  let silentLooks = 0;
  let stopped = false;
  let timer: unknown;

  function look(): void {
    if (stopped) return;
    silentLooks++;
    const silence = silentLooks * LIVENESS.interval;
    if (!options.parentAlive()) die('the process that started the engine is gone');
    else if (silence > LIVENESS.silence) die(`the client has been silent for ${LIVENESS.silence / 1000} s`);
    if (stopped) return;
    if (silence >= LIVENESS.pingAfter) options.ping();
    timer = options.setTimeout(look, LIVENESS.interval);
  }

  function die(reason: string): void {
    stopped = true;
    options.onDead(reason);
  }

  timer = options.setTimeout(look, LIVENESS.interval);
  return {
    heard() {
      silentLooks = 0;
    },
    stop() {
      stopped = true;
      options.clearTimeout(timer);
    },
  };
}
