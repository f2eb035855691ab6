import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PROTOCOL_VERSION } from '@tabstop/protocol';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
const SOURCES = join(ROOT, 'packages', 'engine', 'src');
const BANNER = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** The engine and the command line as they ship, bundled into a folder of their own. `remove` when done. */
export async function bundleEngine(): Promise<{
  engine: string;
  cli: string;
  folder: string;
  remove(): Promise<void>;
}> {
  // Below the checkout, so that what stays outside of a bundle is found.
  const folder = await mkdtemp(join(ROOT, 'node_modules', '.tabstop-test-'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: [
      { in: join(SOURCES, 'server', 'main.ts'), out: 'engine' },
      { in: join(SOURCES, 'cli', 'main.ts'), out: 'cli' },
      { in: join(SOURCES, 'tab', 'lexicon', 'worker.ts'), out: 'lexicon-worker' },
      { in: join(SOURCES, 'workspace', 'typescript-worker.ts'), out: 'typescript-worker' },
      { in: join(SOURCES, 'index', 'worker.ts'), out: 'index-worker' },
    ],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    jsx: 'automatic',
    jsxImportSource: '@tabstop/prompt',
    external: ['typescript', '@parcel/watcher'],
    banner: { js: BANNER },
  });
  const model = join(SOURCES, 'index', 'embed', 'static-model.bin');
  if (existsSync(model)) await symlink(model, join(folder, 'static-model.bin'));
  return {
    engine: join(folder, 'engine.mjs'),
    cli: join(folder, 'cli.mjs'),
    folder,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

export interface Message {
  readonly id?: number | string | null;
  readonly method?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever comes over the wire
  readonly params?: any;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever comes over the wire
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface EngineProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Everything received so far. */
  readonly received: readonly Message[];
  readonly stderr: string;
  /** Resolves when the process is gone. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  raw(bytes: string | Uint8Array): void;
  send(message: object): void;
  notify(method: string, params: object): void;
  /** The answer: `result` or `error`. */
  request(method: string, params?: object, id?: number | string): Promise<Message>;
  /** The first message, received or still to come, that fits. */
  until(fits: (message: Message) => boolean): Promise<Message>;
  initialize(params?: object): Promise<Message>;
  /** Answers requests of the engine; unanswered unless set. */
  answer: ((message: Message) => object | undefined) | undefined;
  kill(): Promise<void>;
}

export function frame(message: unknown): string {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

let nextId = 1;

/** Starts the bundled engine and speaks to it in plain frames, so that tests can send what no library would. */
export function startEngine(engine: string, dataDir: string, env: Record<string, string> = {}): EngineProcess {
  const child = spawn(process.execPath, [engine], { env: { ...process.env, ...env } });
  const received: Message[] = [];
  const waiting = new Set<() => void>();
  let stderr = '';
  let buffer = Buffer.alloc(0);
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      if (end < 0) break;
      const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, end).toString())![1]);
      if (buffer.length < end + 4 + length) break;
      const message = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString()) as Message;
      buffer = buffer.subarray(end + 4 + length);
      received.push(message);
      if (message.method !== undefined && message.id !== undefined) {
        const result = engineProcess.answer?.(message);
        if (result) engineProcess.send({ id: message.id, ...result });
      }
    }
    for (const check of [...waiting]) check();
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => {
      resolve({ code, signal });
      for (const check of [...waiting]) check();
    }),
  );
  const engineProcess: EngineProcess = {
    child,
    received,
    get stderr() {
      return stderr;
    },
    ended,
    answer: undefined,
    raw: (bytes) => void child.stdin.write(bytes),
    send: (message) => engineProcess.raw(frame({ jsonrpc: '2.0', ...message })),
    notify: (method, params) => engineProcess.send({ method, params }),
    request(method, params = {}, id = nextId++) {
      engineProcess.send({ id, method, params });
      return engineProcess.until((message) => message.id === id && message.method === undefined);
    },
    until: (fits) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = received.find(fits);
          if (!found && child.exitCode === null && child.signalCode === null) return;
          waiting.delete(check);
          if (found) resolve(found);
          else reject(new Error(`the engine ended without an answer: ${stderr}`));
        };
        waiting.add(check);
        check();
      }),
    initialize: (params = {}) =>
      engineProcess.request('initialize', {
        protocolVersion: PROTOCOL_VERSION,
        client: { name: 'test', version: '1' },
        folders: [],
        dataDir,
        ...params,
      }),
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  return engineProcess;
}
