import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../src/cli/lines.ts';

async function lines(chunks: Iterable<Uint8Array | string>, limit = 1_000): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = [];
  async function* input() {
    yield* chunks;
  }
  for await (const line of linesOf(input(), limit)) found.push(line);
  return found;
}

test.each<[string, string[], (string | undefined)[]]>([
  ['nothing', [''], []],
  ['one line', ['a\n'], ['a']],
  ['a last line without a break', ['a\nb'], ['a', 'b']],
  ['empty lines', ['\n\na\n'], ['', '', 'a']],
  ['\\r\\n', ['a\r\nb\r\n'], ['a', 'b']],
  ['\\r\\n in two pieces', ['a\r', '\nb'], ['a', 'b']],
  ['a \\r inside', ['a\rb\n'], ['a\rb']],
  [
    'a line that is too long, between others',
    ['ab\n', 'x'.repeat(9), 'x'.repeat(9), '\ncd\n'],
    ['ab', undefined, 'cd'],
  ],
  ['a last line that is too long', ['x'.repeat(20)], [undefined]],
])('%s', async (_name, chunks, expected) => {
  expect(await lines(chunks, 10)).toEqual(expected);
});

test('lines are the same however the bytes are cut, inside of characters too', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ' ', '\u2028', '\r\t'), maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.array(fc.nat(200)), async (sent, cuts) => {
      const bytes = Buffer.from(`${sent.join('\n')}\n`);
      const chunks: Uint8Array[] = [];
      let from = 0;
      for (const cut of [...cuts, bytes.length].sort((a, b) => a - b)) {
        chunks.push(bytes.subarray(from, cut));
        from = Math.max(from, cut);
      }
      expect(await lines(chunks)).toEqual(sent.map((text) => text.replace(/\r$/, '')));
    }),
    { seed: 3, numRuns: 300 },
  );
});
