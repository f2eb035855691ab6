import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachPosting, PostingsWriter } from '../../../src/index/lexical/postings.ts';

const uses = fc
  .uniqueArray(fc.integer({ min: 0, max: 2 ** 30 }), { maxLength: 200 })
  .map((ids) => ids.sort((a, b) => a - b))
  .chain((ids) =>
    fc.tuple(...ids.map((chunk) => fc.record({ chunk: fc.constant(chunk), count: fc.nat(1_000), fields: fc.nat(7) }))),
  );

function written(items: readonly { chunk: number; count: number; fields: number }[]): Uint8Array {
  const writer = new PostingsWriter();
  for (const { chunk, count, fields } of items) writer.add(chunk, { count, fields });
  return writer.bytes();
}

function read(bytes: Uint8Array) {
  const items: { chunk: number; count: number; fields: number }[] = [];
  eachPosting(bytes, (chunk, count, fields) => items.push({ chunk, count, fields }));
  return items;
}

test('what is written is read', () => {
  fc.assert(
    fc.property(uses, (items) => {
      expect(read(written(items))).toEqual(items);
    }),
    { seed: 21, numRuns: 500 },
  );
});

test('a common word takes two bytes a chunk', () => {
  const items = Array.from({ length: 1_000 }, (_, index) => ({ chunk: index * 3, count: 2, fields: 1 }));
  expect(written(items)).toHaveLength(2_000);
});

test('what occurs more than a thousand times is as good as a thousand', () => {
  expect(read(written([{ chunk: 5, count: 70_000, fields: 2 }]))).toEqual([{ chunk: 5, count: 1_000, fields: 2 }]);
});

test('bytes that are cut off are refused or end early, never read past their end', () => {
  fc.assert(
    fc.property(uses, fc.nat(400), (items, cut) => {
      const bytes = written(items);
      const part = bytes.subarray(0, Math.min(cut, bytes.length));
      let got: ReturnType<typeof read> = [];
      try {
        got = read(part);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
      expect(got).toEqual(items.slice(0, got.length));
    }),
    { seed: 22, numRuns: 500 },
  );
});
