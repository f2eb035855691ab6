import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locate } from '../../../src/search/locate.ts';

const FILE = ['zero', 'one', 'two', 'three', 'two', 'five'];
const found = (startLine: number, text: string, lines = FILE) => {
  const { start, end } = locate(lines, { startLine, endLine: startLine + text.split('\n').length - 1, text });
  return lines.slice(start, end + 1).join('|') + ` at ${start}`;
};

describe('where a result stands now', () => {
  test.each([
    ['where it stood', 2, 'one\ntwo', 'one|two at 1'],
    ['of two equal places the one where it stood', 5, 'two', 'two at 4'],
    ['moved down', 1, 'three', 'three at 3'],
    ['moved up', 9, 'five', 'five at 5'],
    ['white space at line ends does not matter', 2, 'one  \r', 'one at 1'],
    ['changed within: its first line counts', 1, 'one\nTWO\nthree', 'one|two|three at 1'],
    ['a blank line in front is no first line', 4, '\ntwo!\nx', 'three|two|five at 3'],
    ['gone: about there', 3, 'nothing of it', 'two at 2'],
    ['gone, and the file is shorter: its end', 40, 'nothing', 'five at 5'],
  ])('%s', (_name, line, text, place) => {
    expect(found(line, text)).toBe(place);
  });
  test('in an empty document', () => {
    expect(locate([''], { startLine: 7, endLine: 9, text: 'a\nb\nc' })).toEqual({ start: 0, end: 0 });
  });
  test('lies in the document, whatever was edited; unedited text is found', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', 'd');
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 30 }),
        fc.array(line, { maxLength: 5 }),
        fc.nat(29),
        fc.integer({ min: 1, max: 6 }),
        (lines, added, from, length) => {
          const start = from % lines.length;
          const part = lines.slice(start, start + length);
          const now = [...added, ...lines];
          const place = locate(now, { startLine: start + 1, endLine: start + part.length, text: part.join('\n') });
          expect(place.start >= 0 && place.start <= place.end && place.end < now.length).toBe(true);
          expect(now.slice(place.start, place.start + part.length)).toEqual(part);
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });
});
