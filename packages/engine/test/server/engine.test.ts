import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumOf, PROTOCOL_VERSION } from '@tabstop/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { bundleEngine, type EngineProcess, frame, startEngine } from './engine-process.ts';

let bundle: Awaited<ReturnType<typeof bundleEngine>>;
let dataDir: string;
const running: EngineProcess[] = [];

beforeAll(async () => {
  bundle = await bundleEngine();
  dataDir = await mkdtemp(join(tmpdir(), 'tabstop-engine-'));
}, 60_000);
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.kill()));
});
afterAll(async () => {
  await bundle.remove();
  await rm(dataDir, { recursive: true, force: true });
});

function start(env?: Record<string, string>): EngineProcess {
  const engine = startEngine(bundle.engine, dataDir, env);
  running.push(engine);
  return engine;
}

async function ready(params?: object): Promise<EngineProcess> {
  const engine = start();
  await engine.initialize(params);
  return engine;
}

/** The most memory the process ever had resident, where the system tells. */
async function peakMegabytes(engine: EngineProcess): Promise<number> {
  const status = await readFile(`/proc/${engine.child.pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

const open = (path: string, text: string, version = 1) => ({ path, languageId: 'typescript', version, text });
const predict = (path: string, version: number, offset: number) => ({ path, version, offset });

describe('the handshake', () => {
  test('tells the version of the protocol, of the engine, and the process', async () => {
    const engine = start();
    const { result } = await engine.initialize();
    expect(result).toEqual({ protocolVersion: PROTOCOL_VERSION, engineVersion: '0.1.0', pid: engine.child.pid });
  });
  test('refuses another version in a sentence', async () => {
    const { error } = await start().initialize({ protocolVersion: PROTOCOL_VERSION + 1, folders: 'of another shape' });
    expect(error).toEqual({
      code: 2,
      message: `This engine (0.1.0) speaks version ${PROTOCOL_VERSION} of the protocol, the client version ${PROTOCOL_VERSION + 1}. Install both from the same release.`,
    });
  });
  test('comes first: requests before it are refused, notifications dropped', async () => {
    const engine = start();
    engine.notify('document/open', open('/a.ts', 'a'));
    const early = await engine.request('tab/predict', predict('/a.ts', 1, 0));
    expect(early.error).toEqual({ code: 1, message: 'the first request must be initialize' });
    expect((await engine.request('ping')).result).toBe('pong');
    await engine.initialize();
    const late = await engine.request('tab/predict', predict('/a.ts', 1, 0));
    expect(late.result.silence).toBe('resyncing');
  });
  test('happens once', async () => {
    const engine = await ready();
    expect((await engine.initialize()).error?.message).toBe('initialize was answered already');
  });
  test('names the parameter that is wrong', async () => {
    const { error } = await start().initialize({ folders: [1] });
    expect(error).toEqual({ code: 3, message: expect.stringMatching(/^initialize: folders\.0: /) });
  });
});

describe('documents', () => {
  test('are followed change by change', async () => {
    const engine = await ready();
    engine.notify('document/open', open('/a.ts', 'let a\r\nlet b'));
    const text = 'let aaa\r\nlet b😀';
    engine.notify('document/change', {
      path: '/a.ts',
      baseVersion: 1,
      version: 2,
      edits: [
        [12, 12, '😀'],
        [5, 5, 'aa'],
      ],
      origin: 'typed',
      length: text.length,
      checksum: checksumOf(text),
    });
    const { result } = await engine.request('tab/predict', predict('/a.ts', 2, 7));
    expect(result.silence).not.toBe('resyncing');
    expect(engine.received.filter((message) => message.method === 'document/resend')).toEqual([]);
  });

  const change = (part: object) => ({
    path: '/a.ts',
    baseVersion: 1,
    version: 2,
    edits: [[0, 1, 'b']],
    origin: 'typed',
    length: 1,
    ...part,
  });
  test.each([
    ['a lost change', change({ baseVersion: 2, version: 3 }), '/a.ts: change is based on version 2, known is 1'],
    ['another length', change({ length: 4 }), '/a.ts: is 4 long at the client, 1 here'],
    ['another checksum', change({ checksum: 1 }), "/a.ts: the text of version 2 is not the client's"],
    ['an edit outside', change({ edits: [[7, 9, '']] }), '/a.ts: edit [7, 9] is outside a text of 1 code units'],
  ])('%s is told once, silences that document alone, and is healed by sending it again', async (_name, bad, reason) => {
    const engine = await ready();
    engine.notify('document/open', open('/a.ts', 'a'));
    engine.notify('document/open', open('/b.ts', 'b'));
    engine.notify('document/change', bad);
    engine.notify('document/change', bad);
    const resend = await engine.until((message) => message.method === 'document/resend');
    expect(resend.params).toEqual({ path: '/a.ts', reason });
    expect((await engine.request('tab/predict', predict('/a.ts', 3, 0))).result.silence).toBe('resyncing');
    expect((await engine.request('tab/predict', predict('/b.ts', 1, 0))).result.silence).not.toBe('resyncing');
    engine.notify('document/open', open('/a.ts', 'abc', 3));
    expect((await engine.request('tab/predict', predict('/a.ts', 3, 3))).result.silence).not.toBe('resyncing');
    expect(engine.received.filter((message) => message.method === 'document/resend')).toHaveLength(1);
  });
  test('a version the engine has never seen is asked for', async () => {
    const engine = await ready();
    engine.notify('document/open', open('/a.ts', 'a'));
    expect((await engine.request('tab/predict', predict('/a.ts', 5, 0))).result.silence).toBe('resyncing');
    expect((await engine.until((message) => message.method === 'document/resend')).params.path).toBe('/a.ts');
  });
  test('over 1,000,000 code units are left alone until they shrink', async () => {
    const engine = await ready();
    engine.notify('document/open', open('/a.ts', 'x'.repeat(1_000_001)));
    engine.notify('document/open', { ...open('/b.ts', ''), length: 30_000_000 });
    for (const path of ['/a.ts', '/b.ts'])
      expect((await engine.request('tab/predict', predict(path, 1, 0))).result.silence).toBe('left alone: too-large');
    engine.notify('document/change', change({ path: '/b.ts', edits: [], length: 10, origin: 'tool' }));
    const resend = await engine.until((message) => message.method === 'document/resend');
    expect(resend.params.reason).toBe('/b.ts: has shrunk to 10 code units; its text is not known here');
  });
  test('with over 20,000 lines are left alone', async () => {
    const engine = await ready();
    engine.notify('document/open', open('/a.ts', '\n'.repeat(20_000)));
    const { result } = await engine.request('tab/predict', predict('/a.ts', 1, 0));
    expect(result.silence).toBe('left alone: too-many-lines');
  });
});

describe('a client that misbehaves', () => {
  test('garbage is cut off with a line in the log', async () => {
    const engine = await ready();
    engine.raw(Buffer.from([0, 255, 1, 2, 3, 250, 13, 10]));
    expect(await engine.ended).toEqual({ code: 2, signal: null });
    expect(engine.stderr).toBe('tabstop engine: cut the client off: the bytes are no header of a message\n');
    expect(engine.received.at(-1)).toMatchObject({ method: 'log', params: { level: 'error' } });
  });
  test.each([
    ['a header without a length', 'Content-Type: text\r\n\r\n{}', /without a usable Content-Length/],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}', /without a usable Content-Length/],
    ['a negative length', 'Content-Length: -5\r\n\r\n{}', /without a usable Content-Length/],
    ['an absurd length', 'Content-Length: 999999999999\r\n\r\n{}', /a message of 999999999999 bytes/],
    [
      'a header that does not end',
      `Content-Length: 2\r\n${'X-A: b\r\n'.repeat(1_000)}`,
      /no end of a header within 4096 bytes/,
    ],
  ])('%s is cut off', async (_name, bytes, reason) => {
    const engine = await ready();
    engine.raw(bytes);
    expect((await engine.ended).code).toBe(2);
    expect(engine.stderr).toMatch(reason);
  });
  test.each([
    ['no JSON', frame('{"jsonrpc": '), { code: -32700, message: 'the message is no JSON' }],
    ['no object', frame('[]'), { code: -32600, message: 'a message is a JSON object (batches are not supported)' }],
    ['null', frame('null'), { code: -32600, message: 'a message is a JSON object (batches are not supported)' }],
    ['no version', frame('{}'), { code: -32600, message: 'jsonrpc must be "2.0"' }],
    [
      'an odd id',
      frame('{"jsonrpc":"2.0","id":{},"method":"ping"}'),
      { code: -32600, message: 'the id of a request must be a short string or an integer' },
    ],
    [
      'positions',
      frame('{"jsonrpc":"2.0","method":"ping","params":[1]}'),
      { code: -32600, message: 'ping: parameters must be an object' },
    ],
  ])('a message that is %s is answered, and the next one too', async (_name, bytes, error) => {
    const engine = await ready();
    engine.raw(bytes);
    expect((await engine.until((message) => message.id === null)).error).toEqual(error);
    expect((await engine.request('ping')).result).toBe('pong');
  });
  test('messages in a row that are none are cut off', async () => {
    const engine = await ready();
    engine.raw(frame('nonsense').repeat(150));
    expect((await engine.ended).code).toBe(2);
    expect(engine.stderr).toMatch(/101 messages in a row are no JSON-RPC/);
  });
  test('unknown methods, wrong parameters and reused ids are refused', async () => {
    const engine = await ready();
    expect((await engine.request('nonsense')).error).toMatchObject({ code: -32601 });
    expect((await engine.request('tab/predict', { path: '' })).error).toMatchObject({
      code: 3,
      message: expect.stringMatching(/^tab\/predict: path: /),
    });
    engine.raw(frame({ jsonrpc: '2.0', id: 'x', method: 'ping' }).repeat(2));
    await engine.until((message) => message.id === 'x' && message.error !== undefined);
    await engine.until((message) => message.id === 'x' && message.result === 'pong');
  });
  test('a message sent byte by byte is read', async () => {
    const engine = await ready();
    for (const byte of Buffer.from(frame({ jsonrpc: '2.0', id: 'slow', method: 'ping' }))) {
      engine.raw(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await engine.until((message) => message.id === 'slow')).result).toBe('pong');
  });
  test('half a message and then the end of the pipe is an end like any other', async () => {
    const engine = await ready();
    engine.raw(frame({ jsonrpc: '2.0', id: 1, method: 'ping' }).slice(0, -5));
    engine.child.stdin.end();
    expect(await engine.ended).toEqual({ code: 0, signal: null });
  });
  test('a message over 8 MB is answered with TooLarge and read over', async () => {
    const engine = await ready();
    engine.send({ id: 'big', method: 'tab/predict', params: { path: 'x'.repeat(9_000_000) } });
    expect((await engine.until((message) => message.id === 'big')).error).toEqual({
      code: 6,
      message: expect.stringMatching(/^the message is 9\d{6} bytes long; 8 MB are allowed$/),
    });
    expect((await engine.request('ping')).result).toBe('pong');
  });
  test('a flood of 20,000 requests is answered, every one, in bounded memory', async () => {
    const engine = await ready();
    engine.notify('document/open', open('/a.ts', 'a'));
    const batch = Array.from({ length: 20_000 }, (_, index) =>
      frame({ jsonrpc: '2.0', id: `f${index}`, method: 'tab/predict', params: predict('/a.ts', 1, 1) }),
    );
    engine.raw(batch.join(''));
    await engine.until((message) => message.id === 'f19999');
    await engine.request('ping');
    const answers = engine.received.filter((message) => typeof message.id === 'string' && message.id.startsWith('f'));
    expect(answers).toHaveLength(20_000);
    const refused = answers.filter((message) => message.error);
    expect(refused.every((message) => message.error!.code === 4)).toBe(true);
    expect(refused.length).toBeLessThan(20_000);
    expect(await peakMegabytes(engine)).toBeLessThan(300);
  });
  test('a flood that nobody reads the answers of stops being read', async () => {
    const engine = await ready();
    engine.child.stdout.pause();
    let sent = 0;
    let blocked = false;
    while (!blocked && sent < 1_000_000) {
      const pings = Array.from({ length: 5_000 }, () => frame({ jsonrpc: '2.0', id: `p${sent++}`, method: 'ping' }));
      blocked = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(() => resolve(true), 1_500);
        engine.child.stdin.write(pings.join(''), () => {
          clearTimeout(timer);
          resolve(false);
        });
      });
    }
    // The pipe is full and the engine waits, instead of keeping ever more answers.
    expect(blocked).toBe(true);
    expect(await peakMegabytes(engine)).toBeLessThan(300);
    engine.child.stdout.resume();
    // What is still in the pipe is answered first, or refused as too much: then it is there again.
    let answer = await engine.request('ping', {}, 'after0');
    for (let attempt = 1; answer.error?.code === 4; attempt++)
      answer = await engine.request('ping', {}, `after${attempt}`);
    expect(answer.result).toBe('pong');
  });
});

describe('the end', () => {
  test('shutdown is answered, then the process ends with 0', async () => {
    const engine = await ready();
    expect((await engine.request('shutdown')).result).toBe(null);
    expect(await engine.ended).toEqual({ code: 0, signal: null });
    expect(engine.stderr).toBe('');
  });
  test('a client that is gone takes the engine along', async () => {
    const engine = await ready();
    engine.child.stdin.end();
    expect(await engine.ended).toEqual({ code: 0, signal: null });
  });
  test('a client whose pipes break takes the engine along', async () => {
    const engine = await ready();
    engine.child.stdin.destroy();
    engine.child.stdout.destroy();
    expect((await engine.ended).code).toBe(0);
  });
  test('a client that is killed takes the engine along, though another process holds its pipe', async () => {
    // The shell is the client, `sleep` holds the pipe.
    const script = '(printf "%s" "$2"; sleep 25) | "$0" "$1"';
    const ping = frame({ jsonrpc: '2.0', id: 1, method: 'ping' });
    const shell = spawn('sh', ['-c', script, process.execPath, bundle.engine, ping], { detached: true });
    try {
      await once(shell.stdout, 'data');
      shell.kill('SIGKILL');
      const [said] = await once(shell.stderr, 'data');
      expect(String(said)).toBe('tabstop engine: the process that started the engine is gone\n');
    } finally {
      process.kill(-shell.pid!, 'SIGKILL');
    }
  });
  test('SIGTERM ends it with 0', async () => {
    const engine = await ready();
    engine.child.kill('SIGTERM');
    expect(await engine.ended).toEqual({ code: 0, signal: null });
  });
  test('killed while typing goes on, a fresh one takes over from the documents sent again', async () => {
    const first = await ready();
    first.notify('document/open', open('/a.ts', 'let a'));
    let text = 'let a';
    for (let version = 1; version < 50; version++) {
      if (version === 25) await first.kill();
      first.notify('document/change', {
        path: '/a.ts',
        baseVersion: version,
        version: version + 1,
        edits: [[text.length, text.length, 'x']],
        origin: 'typed',
        length: text.length + 1,
      });
      text += 'x';
    }
    expect((await first.ended).signal).toBe('SIGKILL');
    const second = await ready();
    second.notify('document/open', open('/a.ts', text, 50));
    const edit = {
      path: '/a.ts',
      baseVersion: 50,
      version: 51,
      edits: [[0, 3, 'const']],
      origin: 'typed',
      length: text.length + 2,
    };
    second.notify('document/change', { ...edit, checksum: checksumOf(`const${text.slice(3)}`) });
    expect((await second.request('tab/predict', predict('/a.ts', 51, 5))).result.silence).not.toBe('resyncing');
    expect(second.received.filter((message) => message.method === 'document/resend')).toEqual([]);
  });
});

test('nothing of a document ever reaches the log', async () => {
  const engine = start({ TABSTOP_LOG: 'trace' });
  await engine.initialize();
  const secret = 'c0ffee-secret';
  engine.notify('document/open', open('/a.ts', secret));
  engine.notify('document/change', {
    path: '/a.ts',
    baseVersion: 9,
    version: 10,
    edits: [[0, 99, secret]],
    origin: 'typed',
    length: 1,
  });
  engine.notify('document/change', { path: '/a.ts', version: 10, edits: [[0, secret, secret]], origin: secret });
  engine.raw(frame({ jsonrpc: '2.0', text: secret }));
  engine.raw(frame({ jsonrpc: '2.0', id: 77, result: undefined, secret }));
  engine.raw(frame(`{"text": "${secret}`));
  await engine.request('document/nonsense', { text: secret });
  await engine.request('ping');
  expect(JSON.stringify(engine.received)).not.toContain(secret);
  expect(engine.stderr).not.toContain(secret);
});
