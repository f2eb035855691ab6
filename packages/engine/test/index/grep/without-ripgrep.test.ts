import { expect, test } from 'vitest';
import { type GrepPattern, RipgrepMissing } from '../../../src/index/grep/grep-match.ts';
import { type MatchOptions, matchFiles } from '../../../src/index/grep/match-files.ts';

const PLAIN: GrepPattern = { pattern: 'newt', regex: false, ignoreCase: false, wholeWord: false };
const pathOf = (number: number) => `${String(number).padStart(4, '0')}.ts`;

/** Files `0000.ts`, `0001.ts`, … where ripgrep is not installed; each third holds the word. */
function search(count: number, more: Partial<MatchOptions> = {}) {
  let turns = 0;
  const files = Array.from({ length: count }, (_, number) => ({ path: pathOf(number), size: 30 }));
  const answer = matchFiles({
    root: '/none',
    files,
    pattern: PLAIN,
    limit: 10_000,
    effects: {
      readFile: (path) => Buffer.from(Number(path.slice(0, 4)) % 3 === 0 ? `a newt\nin ${path}\n` : 'a frog\n'),
      spawn: () => expect.fail('there is nothing to start'),
      ripgrep: () => undefined,
      async turn() {
        turns++;
      },
    },
    ...more,
  });
  return answer.then((found) => ({ ...found, turns }));
}

test('plain text is found in however many files there are, and others get their turn', async () => {
  const { matches, truncated, turns } = await search(3_000);
  expect(matches.map(({ path }) => path)).toEqual(Array.from({ length: 1_000 }, (_, number) => pathOf(number * 3)));
  expect(matches[1]).toEqual({ path: '0003.ts', line: 1, text: 'a newt', ranges: [[2, 6]] });
  expect(truncated).toBe(false);
  expect(turns).toBeGreaterThan(5);
});

test('no more than was asked for', async () => {
  const { matches, truncated } = await search(3_000, { limit: 5 });
  expect([matches.length, truncated]).toEqual([5, true]);
});

test('it can be interrupted', async () => {
  const controller = new AbortController();
  const waiting = search(3_000, {
    signal: controller.signal,
    effects: {
      readFile: () => Buffer.from('a frog\n'),
      spawn: () => expect.fail('there is nothing to start'),
      ripgrep: () => undefined,
      turn: async () => controller.abort(new Error('enough')),
    },
  });
  await expect(waiting).rejects.toThrow('enough');
});

test.each([
  ['an expression', { ...PLAIN, pattern: 'n.wt', regex: true }],
  ['a word with letters whose case is not for us to say', { ...PLAIN, pattern: 'Äsche', ignoreCase: true }],
])('%s needs it, and that is said', async (_, pattern) => {
  await expect(search(10, { pattern })).rejects.toThrow(RipgrepMissing);
  await expect(search(10, { pattern })).rejects.toThrow(/ripgrep was not found.*only plain text/);
});
