import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Commit, coChangeModel, parseLog } from '../../src/workspace/co-change.ts';

const DAY = 86_400;
const NOW = 1_000 * DAY;

/** One commit a line, newest first: days ago, then its files. */
function commits(history: string): Commit[] {
  return history
    .trim()
    .split('\n')
    .map((line, index) => {
      const [days, ...paths] = line.trim().split(/\s+/);
      return { id: String(index), time: NOW - Number(days) * DAY, paths };
    });
}

const rendered = (history: string, path: string) =>
  coChangeModel(commits(history), NOW)
    .related(path)
    .map((one) => `${one.path} ${one.together}/${one.of} ${one.confidence.toFixed(2)} lift ${one.lift.toFixed(2)}`);

describe('files that change together', () => {
  test('are told with count, confidence and lift', () => {
    expect(rendered('0 a b\n0 a b\n0 a b c\n0 a\n0 c\n0 c', 'a')).toEqual(['b 3/4 0.75 lift 1.50']);
  });

  test('likeliest first; one time is no time', () => {
    expect(rendered('0 a b c\n0 a b c\n0 a c\n0 a d', 'a')).toEqual(['c 3/4 0.75 lift 1.00', 'b 2/4 0.50 lift 1.00']);
  });

  test('count less the longer ago it is', () => {
    const [recent] = rendered('0 a b\n0 a b\n960 a\n960 a', 'a');
    const [old] = rendered('0 a\n0 a\n960 a b\n960 a b', 'a');
    expect(recent).toBe('b 2/4 0.94 lift 1.00');
    expect(old).toContain('b 2/4 0.06');
  });

  test('a commit of many files binds none of them', () => {
    const many = Array.from({ length: 40 }, (_, index) => `f${index}`).join(' ');
    expect(rendered(`0 a b ${many}\n0 a b ${many}\n0 a`, 'a')).toEqual([]);
  });

  test('nothing for a file without a history', () => {
    expect(rendered('0 a b\n0 a b', 'x')).toEqual([]);
  });

  test('confidence is a probability, lift is symmetric', () => {
    const path = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const history = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 900 }), fc.array(path, { minLength: 1, maxLength: 4 })),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(history, (entries) => {
        const model = coChangeModel(
          entries.map(([days, paths], index) => ({ id: String(index), time: NOW - days * DAY, paths })),
          NOW,
        );
        for (const one of ['a', 'b', 'c', 'd', 'e'])
          for (const { path: other, confidence, lift, together, of } of model.related(one)) {
            expect(confidence).toBeGreaterThan(0);
            expect(confidence).toBeLessThanOrEqual(1 + 1e-9);
            expect(together).toBeLessThanOrEqual(of);
            const back = model.related(other).find((related) => related.path === one)!;
            expect(back.together).toBe(together);
            expect(back.lift).toBeCloseTo(lift, 6);
          }
      }),
      { seed: 1 },
    );
  });
});

test('the log of git', () => {
  const a = 'a'.repeat(40);
  const b = 'b'.repeat(40);
  expect(parseLog(`\0${a} 12\n\nsrc/x.ts\nä y.ts\n\0${b} 13\n\0broken\n`)).toEqual([
    { id: a, time: 12, paths: ['src/x.ts', 'ä y.ts'] },
    { id: b, time: 13, paths: [] },
  ]);
  expect(parseLog('fatal: not a git repository')).toEqual([]);
});
