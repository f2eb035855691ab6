import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sealed, unsealed } from '../../../src/index/store/file-row.ts';
import { packedLength, packVectors, unpackVector } from '../../../src/index/store/vectors.ts';

const unit = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 64, maxLength: 64 })
  .map((components) => {
    const norm = Math.hypot(...components) || 1;
    return Float32Array.from(components, (component) => component / norm);
  });

test('cosines of packed vectors are off by less than .01', () => {
  fc.assert(
    fc.property(fc.array(unit, { minLength: 1, maxLength: 5 }), unit, (vectors, query) => {
      const bytes = packVectors(vectors, 64);
      expect(bytes).toHaveLength(packedLength(vectors.length, 64));
      const components = new Int8Array(64 * 8);
      const scales = new Float32Array(8);
      for (const [index, vector] of vectors.entries()) {
        unpackVector(bytes, index, 64, components, scales, 7 - index);
        let packed = 0;
        let exact = 0;
        for (let at = 0; at < 64; at++) {
          packed += query[at]! * components[(7 - index) * 64 + at]! * scales[7 - index]!;
          exact += query[at]! * vector[at]!;
        }
        expect(Math.abs(packed - exact)).toBeLessThan(0.01);
      }
    }),
    { seed: 41, numRuns: 300 },
  );
});

test('the zero vector stays zero', () => {
  const scales = new Float32Array(1);
  const components = new Int8Array(4).fill(9);
  unpackVector(packVectors([new Float32Array(4)], 4), 0, 4, components, scales, 0);
  expect([...components, scales[0]]).toEqual([0, 0, 0, 0, 0]);
});

test('a seal breaks with any bit', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.nat(1_000), fc.nat(7), (content, at, bit) => {
      const bytes = sealed(content);
      expect(unsealed(bytes)).toEqual(content);
      bytes[at % bytes.length]! ^= 1 << bit;
      expect(() => unsealed(bytes)).toThrow(expect.objectContaining({ fault: 'corrupt' }));
    }),
    { seed: 42, numRuns: 500 },
  );
});
