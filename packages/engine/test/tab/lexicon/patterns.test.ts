import { expect, test } from 'vitest';
import { encode } from '../../../src/tab/lexicon/encode.ts';
import { PatternState, patternsOf } from '../../../src/tab/lexicon/patterns.ts';
import { FLIPPED, FRESH, REPEAT, wordOf } from '../../../src/tab/lexicon/symbols.ts';
import { Words } from '../../../src/tab/lexicon/words.ts';

function patterns(text: string, words = new Words()): number[] {
  const { symbols } = encode(text, words);
  const into = new Int32Array(symbols.length);
  patternsOf(symbols, words, into);
  return [...into];
}

function shown(text: string): string {
  const words = new Words();
  return patterns(text, words)
    .map((pattern) => {
      if (wordOf(pattern) >= 0) return words.text(wordOf(pattern));
      if (pattern >= FRESH && pattern < FRESH + 2) return 'new';
      if (pattern >= FLIPPED) return `flip${(pattern - FLIPPED) >> 1}`;
      return pattern >= REPEAT ? `same${(pattern - REPEAT) >> 1}` : '|';
    })
    .join(' ');
}

test.each([
  ['this.a = a', 'this . new = same0'],
  ['this.name = name', 'this . new = same0'],
  ['f(a, b, a)', 'new ( new , new , same1 )'],
  ['userService: UserService', 'new : flip0'],
  ['const User = new User()', 'const new = new same0 ( )'],
  ['a b\nb a', 'new new | same0 same1'],
])('%s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

test('two places that differ in names only are one pattern', () => {
  const words = new Words();
  expect(patterns('if (err) return callback(err);', words)).toEqual(
    patterns('if (failure) return done(failure);', words),
  );
});

test('a pattern resolves to the identifier it stands for here', () => {
  const words = new Words();
  const state = new PatternState(words);
  const { symbols } = encode('this.total = this.count; this.userId', words);
  for (const symbol of symbols) state.next(symbol);
  const text = (pattern: number) => words.text(wordOf(state.resolve(pattern)));
  expect(text(REPEAT)).toBe('userId');
  expect(text(REPEAT + 2)).toBe('count');
  expect(text(REPEAT + 4)).toBe('total');
  expect(text(FLIPPED)).toBe('UserId');
  expect(state.resolve(FRESH)).toBe(-1);
  expect(state.resolve(REPEAT + 2 * 9)).toBe(-1);
});
