import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEPTH, narrow, sortContexts } from '../../../src/tab/lexicon/suffix-array.ts';

function orderOf(tokens: readonly number[]): { stream: Int32Array; order: Int32Array } {
  const stream = Int32Array.from(tokens);
  const order = new Int32Array(tokens.length);
  sortContexts(stream, order);
  return { stream, order };
}

/** The tokens before `at`, nearest first; before the text all is 0. */
function contextOf(tokens: readonly number[], at: number): number[] {
  return Array.from({ length: DEPTH }, (_, back) => tokens[at - 1 - back] ?? 0);
}

/** Positions before which `context` (newest last) stands, found by looking at each. */
function positionsAfter(tokens: readonly number[], context: readonly number[]): number[] {
  const found: number[] = [];
  for (let at = 0; at < tokens.length; at++)
    if (context.every((token, index) => (tokens[at - context.length + index] ?? 0) === token)) found.push(at);
  return found;
}

const text = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 80 });

test('positions are in order of the tokens before them, read backwards, to the full depth', () => {
  fc.assert(
    fc.property(text, (tokens) => {
      const { order } = orderOf(tokens);
      expect([...order].sort((a, b) => a - b)).toEqual(tokens.map((_, at) => at));
      for (let slot = 1; slot < order.length; slot++) {
        const before = contextOf(tokens, order[slot - 1]!);
        const after = contextOf(tokens, order[slot]!);
        const differs = before.findIndex((token, index) => token !== after[index]);
        if (differs >= 0) expect(before[differs]).toBeLessThan(after[differs]!);
      }
    }),
    { numRuns: 500, seed: 8 },
  );
});

test('narrowing finds exactly the places where a context occurs', () => {
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 6 }), (tokens, context) => {
      const { stream, order } = orderOf(tokens);
      let range = { from: 0, to: order.length };
      for (let depth = 1; depth <= context.length; depth++)
        range = narrow(stream, order, range, depth, context[context.length - depth]!);
      const found = [...order.subarray(range.from, range.to)].sort((a, b) => a - b);
      expect(found).toEqual(positionsAfter(tokens, context));
    }),
    { numRuns: 1_000, seed: 9 },
  );
});

test('a long run of one token and a large alphabet are sorted too', () => {
  const run = [...Array.from({ length: 300 }, () => 5), 7, ...Array.from({ length: 300 }, () => 5)];
  const { stream, order } = orderOf(run);
  const range = narrow(stream, order, { from: 0, to: order.length }, 1, 7);
  expect([...order.subarray(range.from, range.to)]).toEqual([301]);
  const distinct = Array.from({ length: 500 }, (_, at) => (at * 7919) % 500);
  const sorted = orderOf(distinct).order;
  expect([...sorted].map((at) => distinct[at - 1] ?? 0)).toEqual(
    [...sorted].map((at) => distinct[at - 1] ?? 0).sort((a, b) => a - b),
  );
});
