import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createListEncoder, decodeList, keepListed, mostNumbers, union } from '../../../src/index/grep/posting-list.ts';

const numbers = (most: number) =>
  fc.uniqueArray(fc.nat(most), { maxLength: 300 }).map((list) => Uint32Array.from(list.sort((a, b) => a - b)));

test('what is decoded is what was encoded, sparse or dense', () => {
  const encoder = createListEncoder();
  fc.assert(
    fc.property(
      fc.constantFrom(40, 300, 5_000, 3_000_000).chain((most) => fc.tuple(fc.constant(most), numbers(most))),
      ([most, list]) => {
        const { bytes, dense } = encoder.encode(list, 0, list.length, most + 1);
        const into = new Uint32Array(mostNumbers(bytes, dense));
        const count = decodeList(bytes, dense, into);
        expect([...into.subarray(0, count)]).toEqual([...list]);
        expect(bytes.length).toBeLessThanOrEqual((most >>> 3) + 1);
      },
    ),
    { seed: 11 },
  );
});

test('a list that most files are in is a bit for each, one of few is a byte for each', () => {
  const encoder = createListEncoder();
  const even = Uint32Array.from({ length: 500 }, (_, index) => index * 2);
  expect(encoder.encode(even, 0, 500, 1_000)).toMatchObject({ dense: true, bytes: { length: 125 } });
  expect(encoder.encode(even, 0, 10, 1_000)).toMatchObject({ dense: false, bytes: { length: 10 } });
});

test('a part of an array can be encoded', () => {
  const { bytes, dense } = createListEncoder().encode(Uint16Array.from([9, 1, 4, 9, 2]), 1, 4, 1_000_000);
  const into = new Uint32Array(mostNumbers(bytes, dense));
  expect([...into.subarray(0, decodeList(bytes, dense, into))]).toEqual([1, 4, 9]);
});

test('those of some numbers that a list holds, sparse or dense', () => {
  const encoder = createListEncoder();
  fc.assert(
    fc.property(
      fc
        .constantFrom(40, 300, 5_000, 3_000_000)
        .chain((most) => fc.tuple(fc.constant(most), numbers(most), numbers(most), fc.nat(20))),
      ([most, some, list, shared]) => {
        const candidates = Uint32Array.from(new Set([...some, ...list.slice(0, shared)])).sort();
        const held = new Set(list);
        const { bytes, dense } = encoder.encode(list, 0, list.length, most + 1);
        expect([...keepListed(candidates, bytes, dense)]).toEqual([...candidates].filter((number) => held.has(number)));
      },
    ),
    { seed: 13 },
  );
});

test('either, as sets have it', () => {
  fc.assert(
    fc.property(numbers(400), numbers(400), (left, right) => {
      expect([...union(left, right)]).toEqual([...new Set([...left, ...right])].sort((a, b) => a - b));
    }),
    { seed: 12 },
  );
});
