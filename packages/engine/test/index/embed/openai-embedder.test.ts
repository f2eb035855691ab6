import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbedError } from '../../../src/index/embed/embed-error.ts';
import { type OpenAiOptions, openAiEmbedder } from '../../../src/index/embed/openai-embedder.ts';
import { hangUp, json, type LoopbackServer, never, openLoopbackServer, vectors } from './loopback-server.ts';

let server: LoopbackServer;
let waits: number[];
let time: number;

beforeEach(async () => {
  server = await openLoopbackServer();
  waits = [];
  time = 0;
});
afterEach(() => server.close());

/** A clock that jumps: a wait is noted and over at once. */
const effects = () => ({
  fetch,
  now: () => time,
  random: () => 1,
  sleep: async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    waits.push(Math.round(ms));
    time += ms;
  },
});

const open = (options: Partial<OpenAiOptions> = {}, signal?: AbortSignal) =>
  openAiEmbedder(
    { url: server.url, model: 'small', dimensions: 3, key: 'sk-secret-1', concurrency: 1, ...options },
    effects(),
    signal,
  );

async function failure(promise: Promise<unknown>): Promise<EmbedError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(EmbedError);
  expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('sk-secret');
  return error as EmbedError;
}

describe('what is asked and what comes back', () => {
  test('batches in order, unit vectors in the order of the texts, model and key sent', async () => {
    const embedder = await open({ batch: 2 });
    const found = await embedder.embed(['a', 'bbbb', 'cc'], 'passage');
    expect(server.seen.map(({ body }) => body.input)).toEqual([['a', 'bbbb'], ['cc']]);
    expect(server.seen[0]).toMatchObject({
      url: '/v1/embeddings',
      authorization: 'Bearer sk-secret-1',
      body: { model: 'small' },
    });
    expect(found.map(([x, y]) => Math.round(x! / y!))).toEqual([1, 4, 2]);
    for (const vector of found) expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
  });

  test('several lanes keep the order; the limit on a call fills them', async () => {
    const embedder = await open({ batch: 1, concurrency: 4 });
    expect(embedder.limits.batch).toBe(4);
    const texts = Array.from({ length: 20 }, (_, index) => 'x'.repeat(index + 1));
    const found = await embedder.embed(texts, 'passage');
    expect(found.map(([x, y]) => Math.round(x! / y!))).toEqual(texts.map((text) => text.length));
  });

  test.each(['/v1', '/v1/', '/v1/embeddings', '/v1/embeddings/'])('an address that ends with %s', async (path) => {
    const embedder = await open({ url: new URL(path, server.url).href });
    await embedder.embed(['a'], 'query');
    expect(server.seen[0]!.url).toBe('/v1/embeddings');
  });

  test('no key, no header; nothing to embed, no request', async () => {
    const embedder = await open({ key: undefined });
    expect(await embedder.embed([], 'query')).toEqual([]);
    await embedder.embed(['a'], 'query');
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  test('the length of vectors is asked for once where it is not told, and is part of the id', async () => {
    const embedder = await open({ dimensions: undefined });
    expect(embedder.dimensions).toBe(3);
    expect(embedder.id).toBe(`openai/${new URL(server.url).host}/small/3`);
    expect(server.seen).toHaveLength(1);
  });

  test('shorter vectors are asked for only where they are wanted', async () => {
    await (await open()).embed(['a'], 'query');
    await (await open({ shorten: true })).embed(['a'], 'query');
    expect(server.seen.map(({ body }) => body.dimensions)).toEqual([undefined, 3]);
  });

  test('texts are cut, made well-formed and never empty; prefixes stand before them', async () => {
    const embedder = await open({ characters: 6, prefixes: { query: 'q: ', passage: '' } });
    await embedder.embed(['abcdef'], 'query');
    await embedder.embed(['', 'abcde😀'], 'passage');
    expect(server.seen.map(({ body }) => body.input)).toEqual([['q: abc'], [' ', 'abcde\uFFFD']]);
  });

  test('vectors may come as base64 and out of order', async () => {
    const packed = Buffer.from(new Float32Array([0, 3, 4]).buffer).toString('base64');
    server.next(
      json(200, {
        data: [
          { index: 1, embedding: packed },
          { index: 0, embedding: [1, 0, 0] },
        ],
      }),
    );
    const [first, second] = await (await open()).embed(['a', 'b'], 'query');
    expect([...first!]).toEqual([1, 0, 0]);
    expect([...second!].map((value) => value.toFixed(1))).toEqual(['0.0', '0.6', '0.8']);
  });

  test('an address of no server is refused at once', async () => {
    await expect(open({ url: 'file:///etc' })).rejects.toThrow(TypeError);
    await expect(open({ url: 'nonsense' })).rejects.toThrow(TypeError);
  });
});

describe('faults that pass', () => {
  test('5xx and broken connections are tried again, after waits that grow', async () => {
    server.next(json(503, {}), hangUp, json(500, {}));
    const found = await (await open()).embed(['a'], 'passage');
    expect(found).toHaveLength(1);
    expect(waits).toEqual([500, 1_000, 2_000]);
  });

  test('429 with Retry-After in seconds is waited for, by every lane', async () => {
    server.next(json(429, {}, { 'retry-after': '7' }));
    await (await open()).embed(['a'], 'passage');
    expect(waits).toEqual([7_000]);
  });

  test('429 with Retry-After as a date', async () => {
    server.next(
      json(429, {}, { date: 'Wed, 21 Oct 2026 07:28:00 GMT', 'retry-after': 'Wed, 21 Oct 2026 07:28:09 GMT' }),
    );
    await (await open()).embed(['a'], 'passage');
    expect(waits).toEqual([9_000]);
  });

  test('a request that is not answered in time is tried again', async () => {
    server.next(never);
    expect(await (await open({ timeout: 1_000 })).embed(['a'], 'passage')).toHaveLength(1);
    expect(server.seen.length).toBeGreaterThanOrEqual(2);
  });

  test('a batch that is too large for the server is halved, a text that is refused alone is cut', async () => {
    const tooLarge = json(413, {});
    server.next(tooLarge, tooLarge);
    const found = await (await open()).embed(['a', 'bb', 'ccc'], 'passage');
    expect(server.seen.map(({ body }) => body.input.length)).toEqual([3, 2, 1, 1, 1]);
    expect(found.map(([x, y]) => Math.round(x! / y!))).toEqual([1, 2, 3]);

    server.next(json(400, { error: { message: 'input is too long' } }));
    const [long] = await (await open()).embed(['x'.repeat(2_000)], 'passage');
    expect(Math.round(long![0]! / long![1]!)).toBe(1_000);
  });

  test('no more requests a minute than allowed', async () => {
    const embedder = await open({ requestsPerMinute: 30, batch: 1 });
    await embedder.embed(['a', 'b', 'c'], 'passage');
    expect(waits).toEqual([2_000, 2_000]);
  });
});

describe('faults that stay come as EmbedError and say what to do', () => {
  test.each([
    [401, 'unauthorized', /key/],
    [403, 'unauthorized', /key/],
    [404, 'not-found', /ollama pull small/],
    [400, 'refused', /refused the request \(400\)/],
  ] as const)('%d is %s, asked once', async (status, kind, words) => {
    server.next(json(status, { error: { message: 'Incorrect API key provided: sk-secret-1.' } }));
    const error = await failure((await open()).embed(['a'], 'passage'));
    expect(error.failure).toBe(kind);
    expect(error.status).toBe(status);
    expect(error.isRetryable).toBe(false);
    expect(error.message).toMatch(words);
    expect(server.seen).toHaveLength(1);
  });

  test('after its retries a failing server is reported', async () => {
    server.next(...Array.from({ length: 3 }, () => json(502, { error: 'bad\n\ngateway' })));
    const error = await failure((await open({ retries: 2 })).embed(['a'], 'passage'));
    expect(error).toMatchObject({ failure: 'server', status: 502, isRetryable: true });
    expect(error.message).toContain(': bad gateway');
    expect(server.seen).toHaveLength(3);
  });

  test('a server that asks to wait for an hour is not waited for', async () => {
    server.next(json(429, {}, { 'retry-after': '3600' }));
    expect((await failure((await open()).embed(['a'], 'passage'))).failure).toBe('rate-limited');
    expect(waits).toEqual([]);
  });

  test('nobody listens', async () => {
    await server.close();
    const error = await failure((await open({ retries: 0 })).embed(['a'], 'passage'));
    expect(error.failure).toBe('network');
    expect(error.message).toContain('check that the server runs');
  });

  test('a redirect is not followed: it would carry key and code elsewhere', async () => {
    server.next(json(307, {}, { location: `${server.url}/elsewhere` }));
    expect((await failure((await open({ retries: 0 })).embed(['a'], 'passage'))).failure).toBe('network');
    expect(server.seen).toHaveLength(1);
  });

  const answers: readonly (readonly [name: string, body: unknown])[] = [
    ['no JSON of vectors', { hello: 'world' }],
    ['too few vectors', { data: [] }],
    [
      'two of one place',
      {
        data: [
          { index: 0, embedding: [1, 0, 0] },
          { index: 0, embedding: [1, 0, 0] },
        ],
      },
    ],
    [
      'a place out of range',
      {
        data: [
          { index: 5, embedding: [1, 0, 0] },
          { index: 0, embedding: [1, 0, 0] },
        ],
      },
    ],
    ['a zero vector', { data: [{ embedding: [0, 0, 0] }, { embedding: [1, 0, 0] }] }],
    ['vectors of two lengths', { data: [{ embedding: [1, 0, 0] }, { embedding: [1, 0] }] }],
    ['vectors of another length than before', { data: [{ embedding: [1, 0] }, { embedding: [1, 0] }] }],
  ];
  test.each(answers)('an answer with %s', async (_, body) => {
    server.next(json(200, body));
    expect((await failure((await open()).embed(['a', 'b'], 'passage'))).failure).toBe('bad-answer');
  });

  test('a page of a proxy instead of JSON', async () => {
    server.next((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'));
    expect((await failure((await open()).embed(['a'], 'passage'))).failure).toBe('bad-answer');
  });
});

describe('cancelling', () => {
  test('ends a request that is under way, with the reason given', async () => {
    const stop = new AbortController();
    server.next((request, response) => {
      stop.abort(new Error('closed'));
      vectors()(request, response);
    });
    await expect((await open()).embed(['a'], 'passage', stop.signal)).rejects.toThrow('closed');
  });

  test('ends a wait, and no request follows', async () => {
    const stop = new AbortController();
    const embedder = await openAiEmbedder(
      { url: server.url, model: 'small', dimensions: 3 },
      {
        ...effects(),
        sleep: async (_ms, signal) => {
          stop.abort(new Error('closed'));
          signal?.throwIfAborted();
        },
      },
    );
    server.next(json(503, {}));
    await expect(embedder.embed(['a'], 'passage', stop.signal)).rejects.toThrow('closed');
    expect(server.seen).toHaveLength(1);
  });

  test('the first failure ends the other lanes', async () => {
    server.next(never, json(401, {}));
    const embedder = await open({ batch: 1, concurrency: 2 });
    expect((await failure(embedder.embed(['a', 'b', 'c', 'd'], 'passage'))).failure).toBe('unauthorized');
    expect(server.seen.length).toBeLessThanOrEqual(2);
  });
});
