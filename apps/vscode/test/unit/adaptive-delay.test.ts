import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adaptiveDelay } from '../../src/tab/adaptive-delay.ts';

const OUTCOMES = { a: 'accepted', p: 'accepted-part', r: 'rejected', i: 'ignored', s: 'shown' } as const;

/** The delay after each of the outcomes, by their first letters. */
function delays(outcomes: string, most = 600): number[] {
  const delay = adaptiveDelay(() => most);
  return [...outcomes].map((letter) => {
    delay.ended(OUTCOMES[letter as keyof typeof OUTCOMES]);
    return delay.milliseconds;
  });
}

test.each<[what: string, outcomes: string, expected: number[]]>([
  ['one or two rejections are forgiven; then it grows, up to the bound', 'rrrrrrr', [0, 0, 75, 150, 300, 600, 600]],
  ['ignoring counts half', 'iiiiiiii', [0, 0, 0, 0, 75, 75, 150, 150]],
  ['what is accepted brings it down', 'rrrrrar', [0, 0, 75, 150, 300, 0, 75]],
  ['right after an acceptance nothing waits', 'rrrrrrrrra', [0, 0, 75, 150, 300, 600, 600, 600, 600, 0]],
  ['one acceptance is felt after any number of rejections', `${'r'.repeat(20)}ar`, [...delays('r'.repeat(20)), 0, 300]],
  ['accepting a part is accepting', 'rrrpr', [0, 0, 75, 0, 0]],
  ['that something is shown says nothing', 'rrrsss', [0, 0, 75, 75, 75, 75]],
  ['who takes most and ignores some never waits', 'aiaiaiiaiai', Array(11).fill(0)],
])('%s', (_what, outcomes, expected) => {
  expect(delays(outcomes)).toEqual(expected);
});

test('0 switches it off, at once', () => {
  let most = 600;
  const delay = adaptiveDelay(() => most);
  for (let step = 0; step < 5; step++) delay.ended('rejected');
  expect(delay.milliseconds).toBe(300);
  most = 0;
  expect(delay.milliseconds).toBe(0);
});

test('it stays within its bounds, never falls by a rejection and never grows by an acceptance', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'r', 'i', 'p'), { maxLength: 60 }), fc.nat(5_000), (letters, most) => {
      const made = delays(letters.join(''), most);
      for (const [index, milliseconds] of made.entries()) {
        expect(milliseconds).toBeGreaterThanOrEqual(0);
        expect(milliseconds).toBeLessThanOrEqual(most);
        if (index === 0) continue;
        const outcome = letters[index];
        if (outcome === 'r') expect(milliseconds).toBeGreaterThanOrEqual(made[index - 1]!);
        if (outcome === 'a') expect(milliseconds).toBe(0);
      }
    }),
    { seed: 7 },
  );
});
