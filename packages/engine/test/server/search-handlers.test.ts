import { PassThrough } from 'node:stream';
import { ErrorCode, IndexSettings, Method, type IndexStatusParams } from '@tabstop/protocol';
import { fakeClock, settle } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import {
  createMessageConnection,
  CancellationTokenSource,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { openConnection } from '../../src/server/connection.ts';
import { createIndexService } from '../../src/server/index-service.ts';
import { WIRE_LIMITS } from '../../src/server/limits.ts';
import { handleSearch } from '../../src/server/search-handlers.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { fakeIndex } from '../search/fake-index.ts';

const FILES = {
  'src/upload.ts': 'export function retryUpload() {}\nconst limit = 3;',
  'src/queue.ts': 'export function enqueue() {\n  retryUpload();\n}',
};

/** A client and the handlers on two ends of a real wire, with an index in memory. */
function wire(options: { settings?: Partial<IndexSettings>; open?: () => void } = {}) {
  const clock = fakeClock();
  const index = fakeIndex(FILES);
  const told: IndexStatusParams[] = [];
  const service = createIndexService({
    async open() {
      options.open?.();
      return index;
    },
    folders: ['/project'],
    settings: IndexSettings.parse({ ...options.settings }),
    quiet: 1_000,
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number | undefined),
    onStatus: (status) => told.push(status),
    onProblem: () => {},
  });
  const snapshot = Snapshot.empty.withFolders(['/project']).open({
    path: '/project/src/queue.ts',
    languageId: 'typescript',
    version: 1,
    text: '',
  });
  const toEngine = new PassThrough();
  const toClient = new PassThrough();
  const server = openConnection({
    input: toEngine,
    output: toClient,
    limits: WIRE_LIMITS,
    log: () => {},
    setTimeout: () => 0,
    clearTimeout: () => {},
    onCutOff: () => {},
    onClose: () => {},
  });
  handleSearch({ connection: server, snapshot: () => snapshot, service: () => service });
  server.listen();
  const client = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toEngine));
  client.listen();
  return { client, index, service, told };
}

describe('over the wire', () => {
  test('a query answers with places, and tells the index what is open', async () => {
    const { client, index } = wire();
    const answer = await client.sendRequest(Method.SearchQuery, { text: 'retry limit', limit: 2 });
    expect(answer).toEqual({
      results: [
        {
          root: '/project',
          path: 'src/upload.ts',
          startLine: 1,
          endLine: 1,
          score: 0.5,
          text: 'export function retryUpload() {}',
          language: 'typescript',
          highlights: [[16, 21]],
          why: { words: ['retry'] },
        },
        expect.objectContaining({ path: 'src/upload.ts', startLine: 2, why: { words: ['limit'] } }),
      ],
      state: 'complete',
      ms: 1.5,
      notes: [],
    });
    expect(index.attention).toEqual({ open: ['/project/src/queue.ts'], edited: [] });
  });

  test('a query that is typed over is given up, here and in the index', async () => {
    const { client, index } = wire();
    const release = index.hold();
    const typedOver = new CancellationTokenSource();
    const first = client.sendRequest(Method.SearchQuery, { text: 'retr' }, typedOver.token);
    await settle();
    typedOver.cancel();
    await expect(first).rejects.toMatchObject({ code: -32800 });
    expect(index.signal?.aborted).toBe(true);
    release();
    expect(await client.sendRequest(Method.SearchQuery, { text: 'retry' })).toMatchObject({ state: 'complete' });
    expect(index.calls).toEqual(['search retr', 'search retry']);
  });

  test('a pattern answers with lines', async () => {
    const { client } = wire();
    expect(await client.sendRequest(Method.SearchGrep, { pattern: 'RETRY', ignoreCase: true, limit: 1 })).toEqual({
      matches: [
        {
          root: '/project',
          path: 'src/upload.ts',
          line: 1,
          ranges: [[16, 21]],
          text: 'export function retryUpload() {}',
        },
      ],
      candidates: 1,
      files: 2,
      truncated: true,
      ms: 0.5,
    });
  });

  test('related files, explanations and what was left out', async () => {
    const { client, index } = wire();
    expect(
      await client.sendRequest(Method.SearchRelated, { paths: ['/project/src/upload.ts'], prompt: 'queue' }),
    ).toEqual({
      files: [{ root: '/project', path: 'src/queue.ts', score: 0.5, why: 'changed together 3 times of 4' }],
    });
    expect(await client.sendRequest(Method.IndexExplain, { path: '/project/dist/x.js' })).toEqual({
      path: 'dist/x.js',
      indexed: false,
      reason: 'ignored by .gitignore:1 (dist)',
    });
    expect(await client.sendRequest(Method.IndexExplain, { path: '/elsewhere/x.js' })).toEqual({
      path: '/elsewhere/x.js',
      indexed: false,
      reason: 'it lies outside of the open folders',
    });
    expect(await client.sendRequest(Method.IndexSkipped, {})).toEqual({
      skipped: [{ reason: 'binary', count: 1, examples: ['logo.png'] }],
    });
    expect(index.calls).toEqual(['related /project/src/upload.ts "queue"', 'explain dist/x.js']);
  });

  test('pause, resume, rebuild, clear: answered when done, the status follows', async () => {
    const { client, index, told } = wire();
    for (const action of ['pause', 'resume', 'rebuild', 'clear'])
      expect(await client.sendRequest(Method.IndexControl, { action })).toBe(null);
    expect(index.calls).toEqual(['pause', 'resume', 'rebuild', 'clear']);
    expect(told.map(({ state, files }) => `${state} ${files}`)).toEqual([
      'waiting 0',
      'starting 0',
      'ready 2',
      'paused 2',
      'ready 2',
      'paused 0',
    ]);
  });

  test('rebuilding is how one tries again after a failure', async () => {
    let attempts = 0;
    const { client, index } = wire({
      open() {
        if (++attempts < 3) throw new Error('the disk is full');
      },
    });
    const failure = { code: ErrorCode.IndexUnavailable, message: 'The index could not be opened: the disk is full' };
    await expect(client.sendRequest(Method.SearchQuery, { text: 'x' })).rejects.toMatchObject(failure);
    await expect(client.sendRequest(Method.SearchQuery, { text: 'x' })).rejects.toMatchObject(failure);
    expect(attempts).toBe(1);
    await expect(client.sendRequest(Method.IndexControl, { action: 'rebuild' })).rejects.toMatchObject(failure);
    expect(await client.sendRequest(Method.IndexControl, { action: 'rebuild' })).toBe(null);
    expect([attempts, index.calls]).toEqual([3, ['rebuild']]);
  });

  test.each<[string, object]>([
    [Method.SearchQuery, { text: 1 }],
    [Method.SearchQuery, { text: 'x', limit: 0 }],
    [Method.SearchGrep, { pattern: '' }],
    [Method.SearchRelated, { paths: 'a' }],
    [Method.IndexControl, { action: 'destroy' }],
    [Method.IndexExplain, {}],
  ])('%s with %j is refused', async (method, params) => {
    const { client, index } = wire();
    await expect(client.sendRequest(method, params)).rejects.toMatchObject({ code: ErrorCode.BadParams });
    expect(index.calls).toEqual([]);
  });

  test('switched off: said in words', async () => {
    const { client } = wire({ settings: { enabled: false } });
    await expect(client.sendRequest(Method.SearchRelated, { paths: [] })).rejects.toMatchObject({
      code: ErrorCode.IndexUnavailable,
      message: 'The index is switched off (tabstop.index.enabled).',
    });
  });
});
