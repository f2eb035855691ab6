import {
  type DocumentResend,
  type IndexStatusParams,
  type LogLevel,
  type LogMessage,
  Method,
  type Settings,
  type TabStatus,
} from '@tabstop/protocol';
import type { CancellationToken, MessageConnection } from 'vscode-jsonrpc/node';
import { ask, type EngineProcess, startEngine } from './engine-process.ts';
import { type EngineRun, type EngineState, supervise } from './supervisor.ts';
import type { Timers } from './timers.ts';

export interface EngineClientOptions {
  readonly modulePath: string;
  readonly version: string;
  readonly dataDir: string;
  readonly timers: Timers;
  folders(): readonly string[];
  settings(): Settings;
  logLevel(): LogLevel;
  log(level: LogLevel, message: string): void;
  /** Answers `facts/*`; registered on every new connection. */
  prepare(connection: MessageConnection): void;
}

export interface EngineClientEvents {
  onState(state: EngineState): void;
  onReady(): void;
  onGone(): void;
  onResend(resend: DocumentResend): void;
  onStatus(status: TabStatus): void;
  onIndex(status: IndexStatusParams): void;
  /** The engine knows something now that it did not when it was asked. */
  onRefresh(): void;
}

/** The engine, whatever process stands behind it at the moment. */
export interface EngineClient {
  readonly state: EngineState;
  /** The answer; `undefined` while there is no engine, or when the request was cancelled. */
  request<T>(method: string, params: unknown, token?: CancellationToken): Promise<T | undefined>;
  /** Dropped while there is no engine. */
  notify(method: string, params: unknown): void;
  /** Starts a fresh process, ending the one that runs. */
  start(): void;
  stop(): void;
}

export function engineClient(options: EngineClientOptions, events: EngineClientEvents): EngineClient {
  let live: EngineProcess | undefined;
  const processes = new WeakMap<EngineRun, EngineProcess>();
  const { log } = options;

  const start = (): EngineRun => {
    const started = startEngine({
      modulePath: options.modulePath,
      initialize: {
        client: { name: 'tabstop-vscode', version: options.version },
        folders: [...options.folders()],
        dataDir: options.dataDir,
        settings: options.settings(),
        facts: true,
      },
      logLevel: options.logLevel(),
      log,
      prepare(connection) {
        connection.onNotification(Method.Log, ({ level, message }: LogMessage) => log(level, message));
        connection.onNotification(Method.TabStatus, (status: TabStatus) => events.onStatus(status));
        connection.onNotification(Method.IndexStatus, (status: IndexStatusParams) => events.onIndex(status));
        connection.onNotification(Method.DocumentResend, (resend: DocumentResend) => events.onResend(resend));
        connection.onNotification(Method.TabRefresh, () => events.onRefresh());
        connection.onRequest(Method.Ping, () => 'pong');
        options.prepare(connection);
      },
    });
    processes.set(started, started);
    return started;
  };

  const supervisor = supervise({
    start,
    timers: options.timers,
    onState(state) {
      if (state.kind === 'waiting')
        log('warn', `The engine stopped (${state.reason}). Starting it again in ${state.delay} ms.`);
      if (state.kind === 'refused') log('error', `The engine refused to work: ${state.reason}`);
      if (state.kind === 'ready') log('info', `The engine runs (process ${state.pid}).`);
      events.onState(state);
    },
    onReady(run) {
      live = processes.get(run);
      events.onReady();
    },
    onGone() {
      live = undefined;
      events.onGone();
    },
  });

  return {
    get state() {
      return supervisor.state;
    },
    request: (method, params, token) => ask(live?.connection, method, params, token),
    notify(method, params) {
      // A process that died a moment ago rejects; its end is reported by `gone`.
      live?.connection.sendNotification(method, params).catch(() => undefined);
    },
    start: () => supervisor.start(),
    stop: () => supervisor.stop(),
  };
}
