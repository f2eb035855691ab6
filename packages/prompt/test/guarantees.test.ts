import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  countRendered,
  createRenderer,
  estimateCounter,
  gptCounter,
  PromptBudgetError,
  type PromptNode,
  PromptShapeError,
  type Rendered,
  type RenderTrace,
  type TokenCounter,
} from '../src/index.ts';
import { bruteForce } from './brute-force.ts';
import { prompt, SMALL_OVERHEAD } from './random-tree.ts';
import { greedyCounter } from './reference-counter.ts';

const RUNS = { seed: 20_260, numRuns: Number(process.env.PROMPT_RUNS ?? 600) };
const counters: { o200k?: TokenCounter; cl100k?: TokenCounter } = {};
beforeAll(async () => {
  counters.o200k = await gptCounter('o200k');
  counters.cl100k = await gptCounter('cl100k');
});

const ALL: readonly [string, () => TokenCounter][] = [
  ['o200k', () => counters.o200k!],
  ['cl100k', () => counters.cl100k!],
  ['a tokenizer without cuts', () => greedyCounter],
  ['the estimate', () => estimateCounter()],
];

const overhead = SMALL_OVERHEAD;
const budget = fc.integer({ min: 0, max: 60 });

/** null where the required does not fit, or a tree breaks a rule (bare text beside messages). */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof PromptBudgetError || error instanceof PromptShapeError) return null;
    throw error;
  }
}

describe.each(ALL)('with %s', (_name, counter) => {
  test('the budget is never exceeded, and the tokens are those of the output counted anew', () => {
    fc.assert(
      fc.property(prompt(), budget, (tree, tokens) => {
        const rendered = attempt(() =>
          createRenderer({ counter: counter(), overhead }).render(tree, { budget: tokens }),
        );
        if (rendered === null) return;
        expect(rendered.tokens + rendered.reserved).toBeLessThanOrEqual(tokens);
        expect(countRendered(rendered, counter(), overhead)).toBe(rendered.tokens);
        expect(rendered.reserved).toBeGreaterThanOrEqual(0);
      }),
      RUNS,
    );
  });

  test('the cut-off is the lowest that fits, as trying every one of them shows', () => {
    let compared = 0;
    fc.assert(
      fc.property(prompt({ shares: false }), budget, (tree, tokens) => {
        const best = bruteForce(tree, counter(), overhead, tokens);
        const rendered = attempt(() =>
          createRenderer({ counter: counter(), overhead }).render(tree, { budget: tokens }),
        );
        if (best === 'bare text beside messages') return;
        expect(rendered === null).toBe(best === null);
        if (rendered === null || best === null) return;
        compared += 1;
        expect({ text: outline(rendered), tokens: rendered.tokens + rendered.reserved }).toEqual(best);
      }),
      RUNS,
    );
    expect(compared).toBeGreaterThan(RUNS.numRuns / 4);
  });

  test('less budget never adds content', () => {
    fc.assert(
      fc.property(prompt({ fallbacks: false }), budget, fc.integer({ min: 1, max: 10 }), (tree, tokens, less) => {
        const renderer = createRenderer({ counter: counter(), overhead });
        const small = attempt(() => renderer.trace(tree, { budget: Math.max(0, tokens - less) }));
        if (small === null) return;
        const large = renderer.trace(tree, { budget: tokens });
        expect(isSubsequence(contentOf(small), contentOf(large))).toBe(true);
      }),
      RUNS,
    );
  });

  test('the same input gives the same bytes, also from a renderer that rendered other things before', () => {
    fc.assert(
      fc.property(prompt(), prompt(), budget, (tree, other, tokens) => {
        const used = createRenderer({ counter: counter(), overhead, cacheCharacters: 500 });
        attempt(() => used.render(other, { budget: tokens + 3 }));
        attempt(() => used.render(tree, { budget: tokens + 7 }));
        const again = attempt(() =>
          used.render(JSON.parse(JSON.stringify(tree ?? null)) as PromptNode, { budget: tokens }),
        );
        const fresh = attempt(() => createRenderer({ counter: counter(), overhead }).render(tree, { budget: tokens }));
        expect(JSON.stringify(again)).toBe(JSON.stringify(fresh));
      }),
      RUNS,
    );
  });
});

test('with fallbacks, less budget moves every First to the same or a later alternative and drops the rest in order', () => {
  fc.assert(
    fc.property(prompt(), budget, fc.integer({ min: 1, max: 10 }), (tree, tokens, less) => {
      const renderer = createRenderer({ counter: counters.o200k!, overhead });
      const small = attempt(() => renderer.render(tree, { budget: Math.max(0, tokens - less) }));
      if (small === null) return;
      const large = renderer.render(tree, { budget: tokens });
      const order = large.cutoff.priority - small.cutoff.priority || large.cutoff.step - small.cutoff.step;
      expect(order).toBeLessThanOrEqual(0);
    }),
    RUNS,
  );
});

test('every character that came out is covered by exactly one span', () => {
  fc.assert(
    fc.property(prompt(), budget, (tree, tokens) => {
      const rendered = attempt(() =>
        createRenderer({ counter: estimateCounter(), overhead }).render(tree, { budget: tokens }),
      );
      for (const message of rendered?.messages ?? []) {
        for (const content of message.content) {
          if (content.type !== 'text') continue;
          let at = 0;
          for (const span of content.spans) {
            expect(span.start).toBe(at);
            expect(span.end).toBeGreaterThan(at);
            at = span.end;
          }
          expect(at).toBe(content.text.length);
        }
      }
    }),
    RUNS,
  );
});

function outline(rendered: Rendered): string {
  const lines = rendered.messages.map((message) =>
    [
      message.role,
      ...message.content.map((content) => (content.type === 'text' ? JSON.stringify(content.text) : content.type)),
    ].join(' '),
  );
  return [...lines, ...rendered.tools.map((tool) => `tool ${tool.name}`)].join('\n');
}

/** What came out but marks of gaps, in document order. */
function contentOf(trace: RenderTrace): string[] {
  return trace.leaves.flatMap(({ leaf, dropped }) => {
    if (dropped !== null || leaf.role === 'gap' || leaf.kind === 'break' || leaf.kind === 'empty') return [];
    return [leaf.kind === 'text' ? JSON.stringify([leaf.message?.role, leaf.count.text]) : leaf.kind];
  });
}

function isSubsequence(small: readonly string[], large: readonly string[]): boolean {
  let at = 0;
  for (const item of large) if (item === small[at]) at += 1;
  return at === small.length;
}
