import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/index/sha256.ts';

const ofNode = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('the examples of FIPS 180-4: %j', (text, expected) => {
  expect(sha256(text)).toBe(expected);
});

test('every length around the borders of blocks is as Node has it', () => {
  for (let length = 0; length < 200; length++) expect(sha256('x'.repeat(length))).toBe(ofNode('x'.repeat(length)));
});

test('every text is as Node has it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(ofNode(text));
    }),
    { seed: 4, numRuns: 500 },
  );
});
