import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dotProducts } from '../../../src/index/retrieve/dot-products.ts';

/** As it is in the books. */
function plain(query: Float32Array, rows: Int8Array, count: number, scales: Float32Array): number[] {
  return Array.from({ length: count }, (_, row) => {
    const own = rows.subarray(row * query.length, (row + 1) * query.length);
    return own.reduce((sum, component, at) => sum + component * query[at]!, 0) * scales[row]!;
  });
}

/** Components of a unit vector, and rows as `packVectors` makes them: the largest component is 127. */
function unit(components: readonly number[]): Float32Array {
  const length = Math.hypot(...components) || 1;
  return Float32Array.from(components, (one) => one / length);
}

const dot = dotProducts();

test.each([
  ['a multiple of 16', 16],
  ['the model that ships', 256],
  ['a hosted one', 1_536],
  ['the most', 4_096],
  ['no multiple of 16', 100],
  ['more than fits', 8_192],
])('%s: as one by one, in any number of rows', (_, dimensions) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 300 }),
      fc.infiniteStream(fc.integer({ min: -128, max: 127 })),
      fc.constantFrom<(at: number) => number>(
        (at) => Math.sin(at * 7.3),
        () => 1,
        (at) => (at === 3 ? -1 : 0),
        () => 0,
      ),
      (count, numbers, shape) => {
        const query = unit(Array.from({ length: dimensions }, (_, at) => shape(at)));
        const some = Array.from({ length: 997 }, () => numbers.next().value as number);
        const rows = Int8Array.from({ length: (count + 1) * dimensions }, (_, at) => some[(at * 31) % 997]!);
        const scales = Float32Array.from({ length: count + 1 }, (_, row) => (row % 5 === 4 ? 0 : 1 / (127 * 8)));
        const target = new Float32Array(count + 1).fill(9);
        dot(query, rows, count, scales, target);
        const expected = plain(query, rows, count, scales);
        for (const [row, value] of expected.entries()) expect(Math.abs(target[row]! - value)).toBeLessThan(2e-3);
        // What lies behind is left alone.
        expect(target[count]).toBe(9);
      },
    ),
    { numRuns: 12, seed: 5 },
  );
});

test('all components at their ends do not overflow', () => {
  for (const dimensions of [16, 256, 1_536, 4_096]) {
    const query = unit(Array.from({ length: dimensions }, () => 1));
    const target = new Float32Array(2);
    dot(query, new Int8Array(2 * dimensions).fill(-128), 2, Float32Array.of(1, 0.5), target);
    const whole = -128 * Math.sqrt(dimensions);
    expect(target[0]! / whole).toBeCloseTo(1, 3);
    expect(target[1]! / whole).toBeCloseTo(0.5, 3);
  }
});

test('no rows are no work', () => {
  const target = new Float32Array(0);
  dot(unit([1, ...new Array<number>(15).fill(0)]), new Int8Array(0), 0, new Float32Array(0), target);
  expect(target).toHaveLength(0);
});
