import { seededRandom } from '@tabstop/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineStarts } from '../../src/sync/line-starts.ts';

test.each<[text: string, line: number, character: number, offset: number]>([
  ['one\ntwo', 1, 1, 5],
  ['one\r\ntwo', 1, 1, 6],
  ['one\rtwo', 1, 1, 5],
  ['a\n\r\n\nb', 3, 0, 5],
  ['\u{1F600}x\ny', 0, 2, 2],
  // A byte order mark counts in the file and in no position.
  ['\ufeffone\ntwo', 0, 0, 1],
  ['\ufeffone\ntwo', 1, 0, 5],
  // Beyond the line, beyond the text, before it.
  ['one\r\ntwo', 0, 99, 3],
  ['one', 7, 0, 3],
  ['one', -1, 5, 0],
  ['one', 0, -2, 0],
])('%j %d:%d is %d', (text, line, character, offset) => {
  expect(lineStarts(text).offsetAt(line, character)).toBe(offset);
});

test('property: offsets grow with positions and stay in the text', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r\n', '\r', '\u{1F600}') });
  fc.assert(
    fc.property(text, (whole) => {
      const { offsetAt } = lineStarts(whole);
      let last = 0;
      whole.split(/\r\n|\n|\r/).forEach((content, line) => {
        const start = offsetAt(line, 0);
        expect(whole.slice(start, offsetAt(line, content.length))).toBe(content);
        expect(start).toBeGreaterThanOrEqual(last);
        last = start;
      });
    }),
    { seed: Math.floor(seededRandom(3)() * 1e9) },
  );
});
