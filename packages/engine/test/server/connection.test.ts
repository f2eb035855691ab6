import { PassThrough } from 'node:stream';
import { settle } from '@tabstop/testkit';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openConnection } from '../../src/server/connection.ts';
import { WIRE_LIMITS } from '../../src/server/limits.ts';
import { RequestError } from '../../src/server/request-error.ts';
import { frame, type Message } from './engine-process.ts';

/** Both ends in memory: what is sent, and what comes back. */
function wire(limits = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const events: string[] = [];
  const connection = openConnection({
    input,
    output,
    limits: { ...WIRE_LIMITS, ...limits },
    log: (level, message) => events.push(`${level}: ${message.split('\n')[0]}`),
    setTimeout: () => undefined,
    clearTimeout: () => {},
    onCutOff: (reason) => events.push(`cut off: ${reason}`),
    onClose: () => events.push('closed'),
  });
  const send = (message: object) => input.write(frame({ jsonrpc: '2.0', ...message }));
  const received = async (): Promise<Message[]> => {
    for (let turn = 0; turn < 12; turn++) await settle();
    const text = (output.read() as Buffer | null)?.toString() ?? '';
    return text
      .split(/Content-Length: \d+\r\n\r\n/)
      .filter((body) => body !== '')
      .map((body) => JSON.parse(body));
  };
  return { connection, input, send, received, events };
}
const Any = z.looseObject({});

describe('requests', () => {
  test('are checked by their schema, and answered with what the handler gives', async () => {
    const { connection, send, received } = wire();
    connection.onRequest('double', z.object({ of: z.number() }), ({ of }) => of * 2);
    connection.listen();
    send({ id: 1, method: 'double', params: { of: 21 } });
    send({ id: 2, method: 'double', params: { of: 'x' } });
    send({ id: 3, method: 'double' });
    expect(await received()).toEqual([
      { jsonrpc: '2.0', id: 1, result: 42 },
      { jsonrpc: '2.0', id: 2, error: { code: 3, message: expect.stringMatching(/^double: of: /) } },
      { jsonrpc: '2.0', id: 3, error: { code: 3, message: expect.stringMatching(/^double: of: /) } },
    ]);
  });
  test('that fail are answered: refusals with their sentence, faults without a word of their insides', async () => {
    const { connection, send, received, events } = wire();
    connection.onRequest('refuse', Any, () => {
      throw new RequestError(42, 'not today');
    });
    connection.onRequest('fault', Any, async () => {
      throw new TypeError('let secret = 1');
    });
    connection.listen();
    send({ id: 1, method: 'refuse' });
    send({ id: 2, method: 'fault' });
    const answers = await received();
    expect(answers.map(({ error }) => error)).toEqual([
      { code: 42, message: 'not today' },
      { code: -32603, message: "fault failed; the engine's log tells why" },
    ]);
    expect(events).toEqual(['error: fault failed: TypeError: let secret = 1']);
  });
  test('that are slow delay no other', async () => {
    const { connection, send, received } = wire();
    connection.onRequest('slow', Any, () => new Promise(() => {}));
    connection.onRequest('quick', Any, () => 'done');
    connection.listen();
    send({ id: 1, method: 'slow' });
    send({ id: 2, method: 'quick' });
    expect(await received()).toEqual([{ jsonrpc: '2.0', id: 2, result: 'done' }]);
  });
  test('that are cancelled are answered at once, and their handler hears of it', async () => {
    const { connection, send, received } = wire();
    let heard = 0;
    connection.onRequest('slow', Any, (_, signal) => {
      signal.addEventListener('abort', () => heard++);
      return new Promise(() => {});
    });
    connection.listen();
    send({ id: 'a', method: 'slow' });
    expect(await received()).toEqual([]);
    send({ method: '$/cancelRequest', params: { id: 'a' } });
    send({ method: '$/cancelRequest', params: { id: 'a' } });
    send({ method: '$/cancelRequest', params: { id: 'unknown' } });
    expect(await received()).toEqual([{ jsonrpc: '2.0', id: 'a', error: { code: -32800, message: 'cancelled' } }]);
    expect(heard).toBe(1);
  });
  test('beyond what may wait are refused, until some are answered', async () => {
    const { connection, send, received } = wire({ pendingRequests: 2 });
    const open: ((value: string) => void)[] = [];
    connection.onRequest('wait', Any, () => new Promise((resolve) => open.push(resolve)));
    connection.listen();
    for (const id of [1, 2, 3]) send({ id, method: 'wait' });
    expect(await received()).toEqual([
      { jsonrpc: '2.0', id: 3, error: { code: 4, message: '2 requests are waiting; ask again later' } },
    ]);
    open[0]!('first');
    await received();
    send({ id: 4, method: 'wait' });
    expect(await received()).toEqual([]);
    expect(open).toHaveLength(3);
  });
});

describe('notifications', () => {
  test('that do not fit, fail, or have no handler are told to the log, and the next one comes', async () => {
    const { connection, send, received, events } = wire();
    const heard: number[] = [];
    connection.onNotification('note', z.object({ at: z.number() }), ({ at }) => {
      if (at === 2) throw new Error('broken');
      heard.push(at);
    });
    connection.listen();
    for (const at of [1, 'secret', 2, 3]) send({ method: 'note', params: { at } });
    send({ method: 'nobody', params: { text: 'secret' } });
    expect(await received()).toEqual([]);
    expect(heard).toEqual([1, 3]);
    expect(events).toEqual([
      expect.stringMatching(/^warn: note: note: at: /),
      'error: note: Error: broken',
      'debug: no handler for notification nobody',
    ]);
    expect(events.join()).not.toContain('secret');
  });
});

describe('questions to the client', () => {
  test('resolve with its answer, and reject with its error', async () => {
    const { connection, send, received } = wire();
    connection.listen();
    const never = new AbortController().signal;
    const [first, second] = [connection.ask('q', { n: 1 }, never), connection.ask('q', { n: 2 }, never)];
    const [one, two] = await received();
    send({ id: two!.id, error: { code: 1, message: 'no' } });
    send({ id: one!.id, result: [1] });
    await Promise.all([expect(first).resolves.toEqual([1]), expect(second).rejects.toThrow('no')]);
  });
  test('given up tell the client, and leave a late answer alone', async () => {
    const { connection, send, received, events } = wire();
    connection.listen();
    const abort = new AbortController();
    const question = connection.ask('q', {}, abort.signal);
    const [asked] = await received();
    abort.abort();
    await expect(question).rejects.toThrow('aborted');
    expect(await received()).toEqual([{ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: asked!.id } }]);
    send({ id: asked!.id, result: 1 });
    send({ id: 999, result: 1 });
    send({ id: 5 });
    expect(await received()).toEqual([]);
    expect(events).toEqual(['debug: dropped an answer with neither result nor error']);
  });
  test('of a client that has gone reject', async () => {
    const { connection, input, received, events } = wire();
    connection.listen();
    input.end();
    await received();
    await expect(connection.ask('q', {}, new AbortController().signal)).rejects.toThrow('closed');
    connection.notify('note', {});
    expect(events).toEqual(['closed']);
  });
});
