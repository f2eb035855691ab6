import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stem } from '../../../src/index/lexical/stem.ts';

describe('forms of a word have one stem', () => {
  test.each([
    ['cache caches cached caching'],
    ['file files'],
    ['query queries'],
    ['copy copies copied copying'],
    ['run runs running'],
    ['parse parses parsed parsing'],
    ['class classes'],
    ['process processes processed processing'],
    ['match matches matched matching'],
    ['index indexes indexed indexing'],
    ['call calls called calling'],
    ['add adds added adding'],
    ['embed embeds embedded embedding'],
    ['create creates created creating'],
    ['serialize serializes serialized serializing serialization'],
    ['connect connects connected connecting connection'],
    ['validate validates validating validation'],
    ['iterate iterates iterating iterator'],
    ['retry retries retried retrying'],
    ['box boxes'],
  ])('%s', (words) => {
    const stems = new Set(words.split(' ').map(stem));
    expect([...stems]).toHaveLength(1);
  });
});

describe('words that only look like forms stay as they are', () => {
  test.each([
    'string',
    'thing',
    'ring',
    'bus',
    'status',
    'this',
    'alias',
    'need',
    'seed',
    'bed',
    'class',
    'pass',
    'os',
    'is',
    'ping',
    'tree',
    'action',
  ])('%s', (word) => expect(stem(word)).toBe(word));
});

test.each([
  ['string', 'str'],
  ['status', 'stat'],
  ['process', 'proces'],
  ['speed', 'spe'],
  ['option', 'opt'],
])('%s and %s stay apart', (one, other) => expect(stem(one)).not.toBe(stem(other)));

test('a stem is never empty, never longer than its word, and begins as it does', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{1,20}$/), (word) => {
      const stemmed = stem(word);
      expect(stemmed.length).toBeGreaterThan(0);
      expect(stemmed.length).toBeLessThanOrEqual(word.length);
      expect(stemmed.slice(0, 2)).toBe(word.slice(0, Math.min(2, stemmed.length)));
    }),
    { seed: 11, numRuns: 3_000 },
  );
});
