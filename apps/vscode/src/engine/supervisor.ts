import { nextRestart } from './backoff.ts';
import type { Timers } from './timers.ts';

/** One running engine process with its connection, as the supervisor sees it. */
export interface EngineRun {
  readonly pid: number | undefined;
  /** Settles when the engine has answered `initialize`; rejects with `EngineRefusal` when starting again cannot help. */
  readonly ready: Promise<void>;
  /** Settles once, when the process is gone or could not be started. */
  readonly gone: Promise<{ readonly reason: string }>;
  ping(): Promise<unknown>;
  kill(): void;
}

/** The engine answered that it will not work with this client; starting it again would not change that. */
export class EngineRefusal extends Error {
  override readonly name = 'EngineRefusal';
}

export type EngineState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly pid: number | undefined }
  | { readonly kind: 'waiting'; readonly delay: number; readonly crashes: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'stopped' };

export interface SupervisorPorts {
  start(): EngineRun;
  readonly timers: Timers;
  onState(state: EngineState): void;
  onReady(run: EngineRun): void;
  onGone(run: EngineRun): void;
}

export interface Supervisor {
  readonly state: EngineState;
  /** Starts at once, whatever the back-off says; what runs is ended. */
  start(): void;
  stop(): void;
}

/** Pings, in milliseconds: how often, and how long an answer may take before the engine counts as dead. */
export const PING = { every: 10_000, patience: 15_000 } as const;
/** How long `initialize` may take, in milliseconds. */
export const START_PATIENCE = 20_000;

/** Keeps one engine alive from the first `start` on: starts it, pings it, starts it again with back-off when it dies. */
export function supervise(ports: SupervisorPorts): Supervisor {
  const { timers } = ports;
  let state: EngineState = { kind: 'starting' };
  let run: EngineRun | undefined;
  let crashes = 0;
  let startedAt = 0;
  let timer: unknown;

  const become = (next: EngineState) => {
    state = next;
    ports.onState(next);
  };

  const schedule = (delay: number, action: () => void) => {
    timers.clearTimeout(timer);
    timer = timers.setTimeout(action, delay);
  };

  const ping = (current: EngineRun) => {
    schedule(PING.patience, () => current.kill());
    current.ping().then(
      () => {
        if (run === current) schedule(PING.every, () => ping(current));
      },
      // A refused ping is followed by `gone`, or by the patience running out.
      () => undefined,
    );
  };

  const begin = () => {
    become({ kind: 'starting' });
    startedAt = timers.now();
    const current = ports.start();
    run = current;
    schedule(START_PATIENCE, () => current.kill());
    let refusal: EngineRefusal | undefined;
    current.ready.then(
      () => {
        if (run !== current) return;
        schedule(PING.every, () => ping(current));
        become({ kind: 'ready', pid: current.pid });
        ports.onReady(current);
      },
      (error: unknown) => {
        if (error instanceof EngineRefusal) refusal = error;
        current.kill();
      },
    );
    current.gone.then(({ reason }) => {
      if (run !== current) return;
      run = undefined;
      timers.clearTimeout(timer);
      ports.onGone(current);
      if (refusal) return become({ kind: 'refused', reason: refusal.message });
      const next = nextRestart(crashes, timers.now() - startedAt);
      crashes = next.crashes;
      become({ kind: 'waiting', delay: next.delay, crashes, reason });
      schedule(next.delay, begin);
    });
  };

  const drop = () => {
    timers.clearTimeout(timer);
    const current = run;
    run = undefined;
    if (!current) return;
    ports.onGone(current);
    current.kill();
  };

  return {
    get state() {
      return state;
    },
    start() {
      drop();
      crashes = 0;
      begin();
    },
    stop() {
      drop();
      become({ kind: 'stopped' });
    },
  };
}
