import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrationOf } from '../../src/tab/calibration.ts';
import type { FeedbackEntry, Outcome } from '../../src/tab/feedback.ts';

const entry = (confidence: number, outcome: Outcome): FeedbackEntry => ({
  at: 0,
  source: 'rename',
  language: 'typescript',
  outcome,
  confidence,
  score: confidence,
  features: {},
});

describe('calibration', () => {
  test.each<[string, readonly FeedbackEntry[], readonly (readonly [number, number, number, number])[]]>([
    ['nothing shown, nothing to say', [], []],
    ['one bin', [entry(0.25, 'accepted'), entry(0.29, 'rejected')], [[0.2, 2, 0.27, 0.5]]],
    ['accepted in part counts in part', [entry(0.5, 'accepted-part')], [[0.5, 1, 0.5, 0.7]]],
    ['ignored is not accepted', [entry(0.95, 'ignored'), entry(0.95, 'accepted')], [[0.9, 2, 0.95, 0.5]]],
    ['a sure one is in the last bin', [entry(1, 'accepted')], [[0.9, 1, 1, 1]]],
    [
      'bins in rising order',
      [entry(0.81, 'accepted'), entry(0.31, 'rejected')],
      [
        [0.3, 1, 0.31, 0],
        [0.8, 1, 0.81, 1],
      ],
    ],
  ])('%s', (_what, entries, expected) => {
    const bins = calibrationOf(entries).map(({ from, shown, expected: mean, accepted }) => [
      from,
      shown,
      mean,
      accepted,
    ]);
    expect(bins).toEqual(
      expected.map(([from, shown, mean, accepted]) => [from, shown, expect.closeTo(mean), expect.closeTo(accepted)]),
    );
  });

  test('each suggestion is in one bin, between whose ends its estimate lies', () => {
    const outcome = fc.constantFrom<Outcome>('accepted', 'accepted-part', 'rejected', 'ignored');
    const shown = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), outcome).map(([at, what]) => entry(at, what));
    fc.assert(
      fc.property(fc.array(shown), fc.integer({ min: 1, max: 20 }), (entries, count) => {
        const bins = calibrationOf(entries, count);
        expect(bins.reduce((sum, bin) => sum + bin.shown, 0)).toBe(entries.length);
        for (const { from, to, expected, accepted } of bins) {
          expect(expected).toBeGreaterThanOrEqual(from - 1e-9);
          expect(expected).toBeLessThanOrEqual(to + 1e-9);
          expect(accepted >= 0 && accepted <= 1).toBe(true);
        }
      }),
      { seed: 5 },
    );
  });
});
