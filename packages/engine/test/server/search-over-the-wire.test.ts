import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleEngine, type EngineProcess, type Message, startEngine } from './engine-process.ts';

let bundle: Awaited<ReturnType<typeof bundleEngine>>;
let home: string;
const running: EngineProcess[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  bundle = await bundleEngine();
  home = await realpath(await mkdtemp(join(tmpdir(), 'tabstop-search-wire-')));
}, 120_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.kill()));
  for (const server of servers.splice(0)) server.close();
});
afterAll(async () => {
  await bundle.remove();
  await rm(home, { recursive: true, force: true });
});

const UPLOAD = 'export function retryUpload() {\n  return send();\n}\n';

async function write(project: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), text);
}

/** An engine over a project of two files. */
async function opened(name: string, settings: object = {}, env: Record<string, string> = {}) {
  const project = join(home, name);
  const dataDir = join(home, `${name}-data`);
  await write(project, 'src/upload.ts', UPLOAD);
  await write(project, 'src/queue.ts', 'export class Queue {}\n');
  const engine = startEngine(bundle.engine, dataDir, env);
  running.push(engine);
  await engine.initialize({ folders: [project], dataDir, settings: { index: settings } });
  return { engine, project, dataDir };
}
const states = (engine: EngineProcess) =>
  engine.received.filter(({ method }) => method === 'index/status').map(({ params }) => params.state as string);
const until = (engine: EngineProcess, fits: (status: Message['params']) => boolean) =>
  engine.until(({ method, params }) => method === 'index/status' && fits(params));
const ready = (engine: EngineProcess) => until(engine, ({ state }) => state === 'ready');

describe('the index of a session', () => {
  test('opens by itself, tells how it goes, and answers', async () => {
    const { engine, project } = await opened('answers');
    await ready(engine);
    expect(states(engine)[0]).toBe('waiting');
    const { result } = await engine.request('search/query', { text: 'retry upload', limit: 1 });
    expect(result.results).toEqual([
      expect.objectContaining({
        root: project,
        path: 'src/upload.ts',
        startLine: 1,
        endLine: 3,
        language: 'typescript',
      }),
    ]);
    const grep = await engine.request('search/grep', { pattern: 'retryUpload' });
    expect(grep.result.matches).toEqual([
      { root: project, path: 'src/upload.ts', line: 1, ranges: [[16, 27]], text: 'export function retryUpload() {' },
    ]);
    const explained = await engine.request('index/explain', { path: join(project, 'src/upload.ts') });
    expect(explained.result).toMatchObject({ path: 'src/upload.ts', indexed: true });
  }, 120_000);

  test('a question in the first second does not wait for the quiet time to end', async () => {
    const { engine } = await opened('early');
    const { result } = await engine.request('search/query', { text: 'Queue' });
    expect(Array.isArray(result.results)).toBe(true);
    expect(states(engine).slice(0, 2)).toEqual(['waiting', 'starting']);
  }, 120_000);

  test('follows the disk, is paused and resumed, and is empty after a clear', async () => {
    const { engine, project } = await opened('follows');
    await ready(engine);
    await write(project, 'src/lizard.ts', 'export const chameleon = 1;\n');
    await until(engine, ({ files }) => files === 3);
    await engine.request('index/control', { action: 'pause' });
    await until(engine, ({ state }) => state === 'paused');
    await engine.request('index/control', { action: 'clear' });
    await until(engine, ({ state, files }) => state === 'paused' && files === 0);
    const before = engine.received.length;
    await engine.request('index/control', { action: 'resume' });
    await engine.until(
      (message) =>
        engine.received.indexOf(message) >= before &&
        message.method === 'index/status' &&
        message.params.state === 'ready' &&
        message.params.files === 3,
    );
  }, 120_000);

  test('follows the folders: those of now, none, and off by the setting', async () => {
    const { engine } = await opened('folders');
    await ready(engine);
    const other = join(home, 'other');
    await write(other, 'only.md', '# Only this\n');
    engine.notify('folders/changed', { folders: [other] });
    await until(engine, ({ state, files }) => state === 'ready' && files === 1);
    const { result } = await engine.request('search/query', { text: 'retryUpload path:upload' });
    expect(result.results).toEqual([]);
    engine.notify('folders/changed', { folders: [] });
    await until(engine, ({ state }) => state === 'no-folder');
    const none = await engine.request('search/query', { text: 'x' });
    expect(none.error).toEqual({ code: 7, message: 'No folder is open, so there is nothing to search.' });
    engine.notify('settings/changed', { index: { enabled: false } });
    await until(engine, ({ state }) => state === 'off');
  }, 120_000);

  test('shuts down in order while it works', async () => {
    const { engine, project } = await opened('shutdown');
    for (let at = 0; at < 300; at++) await write(project, `many/m${at}.ts`, `export const many${at} = ${at};\n`);
    await until(engine, ({ state }) => state !== 'waiting');
    await engine.request('shutdown');
    expect({ ...(await engine.ended), stderr: engine.stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  }, 120_000);
});

describe('an embedding service', () => {
  /** Answers what it is asked with vectors of a kind; `seen` are the keys that came, `texts` what it was asked about. */
  async function service() {
    const seen: (string | undefined)[] = [];
    const texts: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push(request.headers.authorization);
        const { input } = JSON.parse(body) as { input: string | string[] };
        const inputs = typeof input === 'string' ? [input] : input;
        texts.push(...inputs);
        const data = inputs.map((text, index) => ({ index, embedding: [text.length % 7, 1, text.length % 3, 2] }));
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ data, model: 'm' }));
      });
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, seen, texts };
  }
  const embedded = ({ state, chunks, embedded }: Message['params']) =>
    state === 'ready' && chunks > 0 && embedded === chunks;

  test('is asked with the key from the variable that the setting names; the key is nowhere kept or logged', async () => {
    const { address, seen, texts } = await service();
    const secret = 'sk-wire-1234567890';
    const { engine, dataDir } = await opened(
      'service',
      { embedding: { address, model: 'm', keyVariable: 'MY_EMBEDDING_KEY' } },
      { MY_EMBEDDING_KEY: secret, TABSTOP_LOG: 'trace' },
    );
    await until(engine, embedded);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${secret}`]));
    expect(texts.some((text) => text.includes('retryUpload'))).toBe(true);
    const kept = await readFile(join(dataDir, 'index-settings.json'), 'utf8');
    expect(JSON.parse(kept)).toMatchObject({ embedding: { address, model: 'm', keyVariable: 'MY_EMBEDDING_KEY' } });
    expect(JSON.stringify(engine.received) + engine.stderr + kept).not.toContain(secret);
  }, 120_000);

  test('a key from the secret storage of the editor goes before, and is not kept either', async () => {
    const { address, seen } = await service();
    const secret = 'sk-from-the-editor';
    const { engine, dataDir } = await opened(
      'secret',
      { embedding: { address, model: 'm', key: secret } },
      { TABSTOP_LOG: 'trace' },
    );
    await until(engine, embedded);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${secret}`]));
    const kept = await readFile(join(dataDir, 'index-settings.json'), 'utf8');
    expect(JSON.stringify(engine.received) + engine.stderr + kept).not.toContain(secret);
  }, 120_000);

  test('one that is not there is a problem that is told; words are found all the same', async () => {
    const { engine } = await opened('gone', { embedding: { address: 'http://127.0.0.1:9/v1', model: 'm' } });
    await until(engine, ({ files }) => files === 2);
    const { result } = await engine.request('search/query', { text: 'retryUpload' });
    expect(result.results[0]).toMatchObject({ path: 'src/upload.ts' });
  }, 120_000);
});
