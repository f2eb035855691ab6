import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  ENGINE_NODE_OPTIONS,
  Method,
  PROTOCOL_VERSION,
  type TabPredictResult,
  type TabStatus,
} from '@tabstop/protocol';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

/** What the probe inside the engine saw since it was last asked. */
export interface ProbeReading {
  readonly stallMs: number;
  readonly peakRssMb: number;
}

/** The engine that ships, over the wire that the editor uses. */
export interface EngineClient {
  notify(method: string, params: object): void;
  predict(params: { path: string; version: number; offset: number }): Promise<TabPredictResult>;
  /** Resolves when the token model is built. Rejects when that failed, or the engine ended. */
  readonly ready: Promise<TabStatus>;
  probe(): Promise<ProbeReading>;
  shutdown(): Promise<void>;
}

export async function startEngine(options: {
  readonly engine: string;
  readonly probe: string;
  readonly probeFile: string;
  readonly folder: string;
  readonly dataDir: string;
  /** With the index of the folder beside it. */
  readonly index: boolean;
}): Promise<EngineClient> {
  const child = spawn(process.execPath, [...ENGINE_NODE_OPTIONS, '--import', options.probe, options.engine], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, STALL_PROBE_FILE: options.probeFile },
  });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  connection.onRequest(Method.Ping, () => 'pong');
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`the engine ended (${signal ?? `exit code ${code}`})`)));
  });
  ended.catch(() => {});
  const built = new Promise<TabStatus>((resolve, reject) => {
    connection.onNotification(Method.TabStatus, (status: TabStatus) => {
      if (status.state === 'ready') resolve(status);
      if (status.state === 'failed') reject(new Error(`the model could not be built: ${status.message}`));
    });
  });
  const ready = Promise.race([built, ended]);
  ready.catch(() => {});
  connection.listen();
  await Promise.race([
    connection.sendRequest(Method.Initialize, {
      protocolVersion: PROTOCOL_VERSION,
      client: { name: 'bench', version: '0' },
      folders: [options.folder],
      dataDir: options.dataDir,
      settings: { index: { enabled: options.index } },
    }),
    ended,
  ]);
  let readings = 0;
  return {
    notify: (method, params) => void connection.sendNotification(method, params),
    predict: (params) => Promise.race([connection.sendRequest<TabPredictResult>(Method.TabPredict, params), ended]),
    ready,
    async probe() {
      child.kill('SIGUSR2');
      for (let tries = 0; tries < 500; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
        const lines = readLines(options.probeFile);
        if (lines.length > readings) {
          readings = lines.length;
          return JSON.parse(lines.at(-1)!) as ProbeReading;
        }
      }
      throw new Error('the probe in the engine did not answer within 5 s');
    },
    async shutdown() {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
      connection.sendRequest(Method.Shutdown).catch(() => {});
      await exit;
      clearTimeout(kill);
      connection.dispose();
    },
  };
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
