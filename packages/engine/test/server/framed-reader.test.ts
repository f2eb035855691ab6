import { PassThrough } from 'node:stream';
import { fakeClock, settle } from '@tabstop/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FramedReader, type FramingFault } from '../../src/server/framed-reader.ts';
import { WIRE_LIMITS } from '../../src/server/limits.ts';
import { frame } from './engine-process.ts';

function reading(limits = {}) {
  const input = new PassThrough();
  const clock = fakeClock();
  const messages: unknown[] = [];
  const faults: FramingFault[] = [];
  let closed = false;
  const reader = new FramedReader(input, {
    limits: { ...WIRE_LIMITS, ...limits },
    onFault: (fault) => faults.push(fault),
    setTimeout: clock.setTimeout,
    clearTimeout: (timer) => clock.clearTimeout(timer as number | undefined),
  });
  reader.onClose(() => {
    closed = true;
  });
  reader.listen((message) => messages.push(message));
  return { input, clock, reader, messages, faults, isClosed: () => closed };
}

/** Long enough for one message per turn. */
async function settled(turns = 40): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await settle();
}

describe('messages', () => {
  test('are the same however the bytes are cut', async () => {
    const message = fc.record({ text: fc.string({ unit: 'grapheme', maxLength: 30 }), at: fc.nat() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(message, { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 12 }),
        async (sent, cuts) => {
          const { input, messages, faults } = reading();
          const bytes = Buffer.from(sent.map(frame).join(''));
          let from = 0;
          for (const cut of [...cuts].sort((a, b) => a - b)) {
            if (cut <= from) continue;
            input.write(bytes.subarray(from, cut));
            from = Math.min(cut, bytes.length);
            await settle();
          }
          input.write(bytes.subarray(from));
          await settled(4);
          expect(messages).toEqual(sent);
          expect(faults).toEqual([]);
        },
      ),
      { seed: 11, numRuns: 60 },
    );
  });
  test('that arrive together are handed on in order', async () => {
    const { input, messages } = reading();
    input.write([1, 2, 3].map((at) => frame({ at })).join(''));
    await settled();
    expect(messages).toEqual([{ at: 1 }, { at: 2 }, { at: 3 }]);
  });
  test('wait while held', async () => {
    const { input, reader, messages } = reading();
    reader.hold();
    input.write(frame({ at: 1 }));
    await settled();
    expect(messages).toEqual([]);
    reader.release();
    await settled();
    expect(messages).toEqual([{ at: 1 }]);
  });
  test('before the end of the stream are handed on, then it closes', async () => {
    const { input, messages, isClosed } = reading();
    input.end(frame({ at: 1 }) + frame({ at: 2 }));
    await settled();
    expect([messages, isClosed()]).toEqual([[{ at: 1 }, { at: 2 }], true]);
  });
  test('may have other headers, in any case', async () => {
    const { input, messages } = reading();
    input.write('Content-Type: application/json\r\ncontent-length:  2 \r\n\r\n{}');
    await settled();
    expect(messages).toEqual([{}]);
  });
});

describe('what is too much', () => {
  test('is read over, with the id where it can be found', async () => {
    const { input, messages, faults } = reading({ messageBytes: 50, skippedBytes: 10_000 });
    const large = (id: unknown) => frame(`{"jsonrpc":"2.0","id":${id},"method":"m","params":"${'x'.repeat(2_000)}"}`);
    for (const chunk of (large(7) + large('"a"') + frame({ ok: 1 }) + large('null')).match(/[\s\S]{1,97}/g)!)
      input.write(chunk);
    await settled();
    const bytes = (id: string) => large(id).length - large(id).indexOf('{');
    expect(faults).toEqual([
      { kind: 'too-large', bytes: bytes('7'), id: 7 },
      { kind: 'too-large', bytes: bytes('"a"'), id: 'a' },
      { kind: 'too-large', bytes: bytes('null'), id: undefined },
    ]);
    expect(messages).toEqual([{ ok: 1 }]);
  });
  test('beyond any patience is cut off, and nothing after it is read', async () => {
    const { input, messages, faults } = reading({ messageBytes: 50, skippedBytes: 1_000 });
    input.write(`Content-Length: 1001\r\n\r\n${frame({ at: 1 })}`);
    await settled();
    expect(faults).toEqual([{ kind: 'cut-off', reason: 'a message of 1001 bytes' }]);
    expect(messages).toEqual([]);
  });
  test('half a message is cut off after 30 s without a byte', async () => {
    const { input, clock, faults } = reading();
    input.write('Content-Length: 10\r\n\r\n{"a"');
    await settled();
    await clock.advance(29_000);
    input.write(':');
    await settled();
    await clock.advance(29_000);
    expect(faults).toEqual([]);
    await clock.advance(1_000);
    expect(faults).toEqual([{ kind: 'cut-off', reason: 'a message stayed half-sent' }]);
  });
  test('silence between messages is no fault', async () => {
    const { input, clock, faults } = reading();
    input.write(frame({ at: 1 }));
    await settled();
    await clock.advance(3_600_000);
    expect(faults).toEqual([]);
  });
});

test('random bytes never throw: they are messages, faults, or waited for', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc
      .constantFrom('Content-Length: 2\r\n\r\n', '{}', '\r\n\r\n', 'Content-Length: ', '3', frame({}), 'é')
      .map((text) => Buffer.from(text)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(bytes, { maxLength: 10 }), async (chunks) => {
      const { input, faults } = reading();
      for (const chunk of chunks) input.write(chunk);
      await settled(3);
      expect(faults.filter((fault) => fault.kind === 'cut-off').length).toBeLessThanOrEqual(1);
    }),
    { seed: 5, numRuns: 300 },
  );
});
