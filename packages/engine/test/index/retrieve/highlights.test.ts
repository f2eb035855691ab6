import fc from 'fast-check';
import { expect, test } from 'vitest';
import { highlightsOf } from '../../../src/index/retrieve/highlights.ts';
import { parseQuery } from '../../../src/index/retrieve/query.ts';

/** The highlighted parts in brackets. */
function marked(text: string, query: string): string {
  let result = '';
  let from = 0;
  for (const [start, end] of highlightsOf(text, parseQuery(query))) {
    result += `${text.slice(from, start)}[${text.slice(start, end)}]`;
    from = end;
  }
  return result + text.slice(from);
}

test.each([
  ['retry', 'await retry(upload)', 'await [retry](upload)'],
  ['retry upload', 'retryUpload(retries)', '[retryUpload]([retries])'],
  ['where do we upload', 'we upload where', 'we [upload] where'],
  ['"Save All"', 'function save all the', 'function [save all] the'],
  ['path:src cache', 'src cached', 'src [cached]'],
  ['nothing', 'of it', 'of it'],
  ['größe', 'let Größe = 1', 'let [Größe] = 1'],
])('%s in %s', (query, text, expected) => expect(marked(text, query)).toBe(expected));

test('highlights are in order, apart, inside, and not without end', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 300, unit: fc.constantFrom(...'abc "_A.\n'.split('')) }),
      fc.string({ maxLength: 20, unit: fc.constantFrom(...'abc "A'.split('')) }),
      (text, query) => {
        let last = -1;
        const ranges = highlightsOf(text, parseQuery(query));
        for (const [start, end] of ranges) {
          expect(start).toBeGreaterThan(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          last = end;
        }
        expect(ranges.length).toBeLessThanOrEqual(100);
      },
    ),
    { seed: 62, numRuns: 1_000 },
  );
});
