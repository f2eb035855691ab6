import { type ChildProcess, spawn } from 'node:child_process';
import {
  ENGINE_NODE_OPTIONS,
  ErrorCode,
  type InitializeParams,
  type InitializeResult,
  type LogLevel,
  Method,
  PROTOCOL_VERSION,
} from '@tabstop/protocol';
import {
  type CancellationToken,
  createMessageConnection,
  type MessageConnection,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { EngineRefusal, type EngineRun } from './supervisor.ts';

export interface EngineProcess extends EngineRun {
  readonly connection: MessageConnection;
}

export interface EngineProcessOptions {
  /** The engine's bundle, run by the editor's own Node. */
  readonly modulePath: string;
  readonly initialize: Omit<InitializeParams, 'protocolVersion'>;
  readonly logLevel: LogLevel;
  log(level: LogLevel, message: string): void;
  /** Registers what the engine may ask and tell, before the first message is read. */
  prepare(connection: MessageConnection): void;
}

/** Starts the engine and shakes hands. Never throws: a process that cannot start is `gone`. */
export function startEngine({ modulePath, initialize, logLevel, log, prepare }: EngineProcessOptions): EngineProcess {
  const child = spawn(process.execPath, [...ENGINE_NODE_OPTIONS, modulePath, '--stdio'], {
    // The editor's own binary is Electron on the desktop; this makes it plain Node. VS Code's server is plain Node already.
    env: { ...cleanEnvironment(process.env), ELECTRON_RUN_AS_NODE: '1', TABSTOP_LOG: logLevel },
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let failure: string | undefined;
  connection.onError(([error]) => log('warn', `The wire to the engine: ${error.message}`));
  // Writes to a process that just died fail here, not as an exception in the editor.
  child.stdin.on('error', (error) => log('debug', `Writing to the engine failed: ${error.message}`));
  child.on('error', (error) => {
    failure = error.message;
  });
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2_000);
    for (const line of text.split('\n')) if (line.trim()) log('warn', `engine: ${line.trimEnd()}`);
  });
  const gone = new Promise<{ reason: string }>((resolve) => {
    child.once('close', (code, signal) => {
      const exit = failure ?? (signal ? `killed by ${signal}` : `exit code ${code}`);
      const said = lastWords.trim().split('\n').at(-1);
      resolve({ reason: said ? `${exit}: ${said}` : exit });
      connection.dispose();
    });
  });
  prepare(connection);
  connection.listen();
  return {
    pid: child.pid,
    connection,
    gone,
    ready: shakeHands(connection, initialize, gone),
    ping: () => connection.sendRequest(Method.Ping),
    kill: () => end(child, connection),
  };
}

async function shakeHands(
  connection: MessageConnection,
  initialize: EngineProcessOptions['initialize'],
  gone: Promise<{ reason: string }>,
): Promise<void> {
  const params: InitializeParams = { ...initialize, protocolVersion: PROTOCOL_VERSION };
  try {
    const result = await Promise.race([
      connection.sendRequest<InitializeResult>(Method.Initialize, params),
      gone.then(({ reason }) => {
        throw new Error(reason);
      }),
    ]);
    if (result.protocolVersion !== PROTOCOL_VERSION) {
      throw new EngineRefusal(
        `The engine speaks version ${result.protocolVersion} of the wire, this extension version ${PROTOCOL_VERSION}.`,
      );
    }
  } catch (error) {
    if (error instanceof ResponseError && error.code === ErrorCode.VersionMismatch) {
      throw new EngineRefusal(error.message, { cause: error });
    }
    throw error;
  }
}

/** Asks the engine to finish, and ends it when it does not within a second. */
function end(child: ChildProcess, connection: MessageConnection): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const force = setTimeout(() => child.kill('SIGKILL'), 1_000);
  child.once('close', () => clearTimeout(force));
  try {
    connection.sendRequest(Method.Shutdown).then(
      () => child.kill(),
      () => child.kill(),
    );
  } catch {
    child.kill('SIGKILL');
  }
}

/** The extension host's own switches would change how the engine runs (a debugger's port taken twice, preloaded scripts). */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = { ...environment };
  for (const name of Object.keys(kept)) if (/^(VSCODE_|NODE_OPTIONS$|ELECTRON_)/.test(name)) delete kept[name];
  return kept;
}

/** Sends a request; the answer, or `undefined` when the engine is gone or the token was cancelled. Other errors are thrown. */
export async function ask<T>(
  connection: MessageConnection | undefined,
  method: string,
  params: unknown,
  token?: CancellationToken,
): Promise<T | undefined> {
  if (!connection) return undefined;
  try {
    return token
      ? await connection.sendRequest<T>(method, params, token)
      : await connection.sendRequest<T>(method, params);
  } catch (error) {
    if (error instanceof ResponseError && !IGNORED_ERRORS.has(error.code)) throw error;
    return undefined;
  }
}

/** Cancelled, content modified, connection closed, and what a restart or a resend heals. */
const IGNORED_ERRORS = new Set<number>([-32800, -32801, -32097, -32099, ErrorCode.NotInitialized, ErrorCode.Desync]);
