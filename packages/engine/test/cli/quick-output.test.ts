import { PassThrough } from 'node:stream';
import { openSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPlainOutput, type OutputEffects, quickOutput } from '../../src/cli/quick-output.ts';

class Closed extends Error {}

const failure = (code: string) => Object.assign(new Error(code), { code });

/** A file of the system that takes `portions` of bytes, then fails with `code`, if any. */
function system(portions: readonly number[] = [], code?: string) {
  const written: Buffer[] = [];
  const stream = new PassThrough();
  const left = [...portions];
  let calls = 0;
  const effects: OutputEffects = {
    write(bytes) {
      calls++;
      const most = left.shift();
      if (most === undefined && code !== undefined) throw failure(code);
      const taken = bytes.subarray(0, most ?? bytes.length);
      written.push(Buffer.from(taken));
      return taken.length;
    },
    stream: () => stream,
    closed() {
      throw new Closed();
    },
    held: 10,
  };
  const bytes = () => Buffer.concat([...written, (stream.read() as Buffer | null) ?? Buffer.alloc(0)]);
  return { effects, calls: () => calls, text: () => bytes().toString('utf8') };
}

test('little is held back until the end, much goes out at once', async () => {
  const { effects, calls, text } = system();
  const output = quickOutput(effects);
  expect(output.write('12345')).toBe(true);
  expect(calls()).toBe(0);
  output.write('67890');
  expect(calls()).toBe(1);
  output.write('end');
  await output.flush();
  expect(text()).toBe('1234567890end');
  await output.flush();
  expect(calls()).toBe(2);
});

test('whatever the system takes at a time, and wherever it is full, nothing is lost, doubled or out of order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 20 }),
      fc.boolean(),
      async (texts, portions, full) => {
        const { effects, text } = system(portions, full ? 'EAGAIN' : undefined);
        const output = quickOutput(effects);
        for (const one of texts) output.write(one);
        await output.flush();
        expect(text()).toBe(texts.join(''));
      },
    ),
    { seed: 11, numRuns: 300 },
  );
});

test('a reader that has gone ends it', () => {
  const output = quickOutput(system([3], 'EPIPE').effects);
  expect(() => output.write('much too long')).toThrow(Closed);
});

test('a full disk is told', () => {
  const output = quickOutput(system([], 'ENOSPC').effects);
  expect(() => output.write('much too long')).toThrow('ENOSPC');
});

test.skipIf(process.platform === 'win32')('a file, and nowhere, is written to directly, a device by its stream', () => {
  const device = openSync('/dev/zero', 'r');
  const nowhere = openSync('/dev/null', 'w');
  const folder = openSync(tmpdir(), 'r');
  const file = openSync(import.meta.filename, 'r');
  try {
    expect(isPlainOutput(file, process.platform)).toBe(true);
    expect(isPlainOutput(file, 'win32')).toBe(false);
    expect(isPlainOutput(nowhere, process.platform)).toBe(true);
    expect(isPlainOutput(device, process.platform)).toBe(false);
    expect(isPlainOutput(folder, process.platform)).toBe(false);
    expect(isPlainOutput(999_999, process.platform)).toBe(false);
  } finally {
    for (const descriptor of [device, nowhere, folder, file]) closeSync(descriptor);
  }
});
