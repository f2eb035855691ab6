import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  createRenderer,
  Flex,
  Keep,
  PromptBudgetError,
  type PromptNode,
  PromptShapeError,
  Scope,
  Stable,
  System,
  Text,
  type TokenCounter,
  ToolOutput,
  User,
  estimateCounter,
  gptCounter,
} from '../src/index.ts';
import { content, prompt, SMALL_OVERHEAD as overhead } from './random-tree.ts';
import { greedyCounter } from './reference-counter.ts';
import { wordCounter } from './word-counter.ts';

const RUNS = { seed: 20_261, numRuns: Number(process.env.PROMPT_RUNS ?? 300) };
const counters: { o200k?: TokenCounter } = {};
beforeAll(async () => {
  counters.o200k = await gptCounter('o200k');
});

const ALL: readonly [string, () => TokenCounter][] = [
  ['o200k', () => counters.o200k!],
  ['a tokenizer without cuts', () => greedyCounter],
  ['the estimate', () => estimateCounter()],
];

/** All but the scratch of the search, which every search writes anew. */
function written(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === 'rank' ? undefined : inner));
}

/** What comes out, or the error in its place. */
function outcome(run: () => unknown): string {
  try {
    return written(run());
  } catch (error) {
    if (error instanceof PromptBudgetError || error instanceof PromptShapeError)
      return `${error.name}: ${error.message}`;
    throw error;
  }
}

/** One change of a list of children, as typing, adding, removing and sorting make them. */
type Change =
  | { readonly kind: 'replace' | 'insert'; readonly at: number; readonly node: PromptNode }
  | { readonly kind: 'remove' | 'twice' | 'toFront'; readonly at: number }
  | { readonly kind: 'text'; readonly at: number; readonly text: string };

function changes(node: fc.Arbitrary<PromptNode>): fc.Arbitrary<Change> {
  const at = fc.nat({ max: 1_000 });
  return fc.oneof(
    fc.record({ kind: fc.constantFrom('replace' as const, 'insert' as const), at, node }),
    fc.record({ kind: fc.constantFrom('remove' as const, 'twice' as const, 'toFront' as const), at }),
    fc.record({ kind: fc.constant('text' as const), at, text: fc.constantFrom('', 'x', ' y\n', 'more words\n') }),
  );
}

function apply(nodes: readonly PromptNode[], change: Change): readonly PromptNode[] {
  if (nodes.length === 0) return 'node' in change ? [change.node] : nodes;
  const at = change.at % nodes.length;
  const one = nodes[at]!;
  switch (change.kind) {
    case 'replace':
      return nodes.with(at, change.node);
    case 'insert':
      return nodes.toSpliced(at, 0, change.node);
    case 'remove':
      return nodes.toSpliced(at, 1);
    case 'twice':
      return nodes.toSpliced(at, 0, one);
    case 'toFront':
      return [one, ...nodes.toSpliced(at, 1)];
    case 'text':
      return nodes.with(at, changeText(one, change));
  }
}

/** Changes the text that stands `at`-th in a subtree: what one keystroke does. */
function changeText(node: PromptNode, { at, text }: { readonly at: number; readonly text: string }): PromptNode {
  let left = at % Math.max(1, textsIn(node));
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key !== 'text' && key !== 'content' && key !== 'children') return [key, visitOther(key, inner)];
        return [key, typeof inner === 'string' ? changed(inner) : visitTexts(inner)];
      }),
    );
  };
  const visitOther = (key: string, inner: unknown): unknown => (key === 'items' ? visit(inner) : inner);
  const visitTexts = (inner: unknown): unknown =>
    Array.isArray(inner)
      ? inner.map((child) => (typeof child === 'string' ? changed(child) : visitTexts(child)))
      : visit(inner);
  const changed = (old: string): string => {
    left -= 1;
    return left === -1 ? old + text : old;
  };
  return (typeof node === 'string' ? changed(node) : visitTexts(node)) as PromptNode;
}

function textsIn(node: PromptNode): number {
  return JSON.stringify(node ?? null).match(/"(?:text|content|children)"/g)?.length ?? 1;
}

describe.each(ALL)('with %s', (_name, counter) => {
  test('what one renderer gives after any changes is what a fresh one gives, errors included', () => {
    fc.assert(
      fc.property(
        fc.array(prompt(), { maxLength: 4 }),
        fc.array(fc.tuple(changes(prompt()), fc.integer({ min: 0, max: 60 })), { minLength: 1, maxLength: 6 }),
        fc.constantFrom(0, 500, 16_000_000),
        (start, steps, cacheCharacters) => {
          const kept = createRenderer({ counter: counter(), overhead, cacheCharacters });
          let nodes: readonly PromptNode[] = start;
          for (const [change, budget] of steps) {
            nodes = apply(nodes, change);
            // Users build their tree anew: no object is the same as in the last render.
            const rebuilt = JSON.parse(JSON.stringify(nodes)) as PromptNode;
            const fresh = createRenderer({ counter: counter(), overhead });
            expect(outcome(() => kept.render(rebuilt, { budget }))).toBe(
              outcome(() => fresh.render(nodes, { budget })),
            );
            expect(outcome(() => kept.trace(rebuilt, { budget }))).toBe(outcome(() => fresh.trace(nodes, { budget })));
          }
        },
      ),
      RUNS,
    );
  });

  test('long prompts: the search by chunks finds what the search over all levels finds, after every change', () => {
    const bare = content({ depth: 2, shares: false });
    const line = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.constantFrom('  return a(b);\n', '}\n', '\n', 'const value = 1;\n', '// y\n', 'x', ' '),
      },
      { weight: 1, arbitrary: bare },
    );
    const order = fc.integer({ min: 0, max: 400 });
    const long = fc
      .record({
        items: fc.array(fc.record({ order, content: line }), { minLength: 60, maxLength: 300, size: 'max' }),
        gap: fc.constantFrom(undefined, '⋯\n'),
        growPriority: fc.constantFrom(undefined, 2, 4),
        min: fc.constantFrom(undefined, 20),
      })
      .map((props) => Flex(props));
    const message = fc
      .tuple(fc.integer({ min: 1, max: 6 }), fc.array(fc.oneof(long, bare), { minLength: 1, maxLength: 3 }))
      .map(([priority, children]) => Scope({ priority, children: User({ children }) }));
    let rendered = 0;
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(changes(message), fc.integer({ min: 0, max: 1_500 })), { minLength: 1, maxLength: 4 }),
        (start, steps) => {
          const renderer = createRenderer({ counter: counter(), overhead });
          let nodes: readonly PromptNode[] = start;
          for (const [change, budget] of steps) {
            nodes = apply(nodes, change);
            const found = outcome(() => renderer.render(nodes, { budget }));
            expect(found).toBe(outcome(() => renderer.trace(nodes, { budget }).rendered));
            if (found.startsWith('{')) rendered += 1;
          }
        },
      ),
      { ...RUNS, numRuns: Math.ceil(RUNS.numRuns / 5) },
    );
    expect(rendered).toBeGreaterThan(RUNS.numRuns / 10);
  });
});

describe('what is kept between renders', () => {
  const lines = (count: number, changed = ''): string =>
    Array.from({ length: count }, (_, index) => `line ${index} of many${index === 7 ? changed : ''}\n`).join('');
  const both = (tree: PromptNode, before: PromptNode): [string, string] => {
    const renderer = createRenderer({ counter: wordCounter });
    renderer.render(before, { budget: 400 });
    return [
      outcome(() => renderer.render(tree, { budget: 400 })),
      outcome(() => createRenderer({ counter: wordCounter }).render(tree, { budget: 400 })),
    ];
  };
  const output = (changed = ''): PromptNode => ToolOutput({ text: lines(40, changed) });
  const cases: readonly [string, PromptNode, PromptNode][] = [
    [
      'two equal messages stay two',
      [User({ children: 'a b' }), User({ children: 'a b' })],
      [User({ children: 'a b' })],
    ],
    [
      'two equal messages that hold long parts stay two',
      [User({ children: output() }), User({ children: output() })],
      [User({ children: output() })],
    ],
    [
      'two equal stable parts stay two',
      User({ children: [Stable({ name: 's', children: 'a' }), Stable({ name: 's', children: 'a' })] }),
      User({ children: Stable({ name: 's', children: 'a' }) }),
    ],
    ['another role', System({ children: output() }), User({ children: output() })],
    ['another name of a message', User({ name: 'bob', children: output() }), User({ name: 'ann', children: output() })],
    ['another priority around it', [Scope({ priority: 1, children: output() }), 'x '.repeat(390)], output()],
    ['another name around it', Scope({ name: 'new', children: output() }), Scope({ name: 'old', children: output() })],
    ['a text that looks like an element', Keep({ children: ['break'] }), Keep({ children: [{ kind: 'break' }] })],
    ['a number that was a text', Keep({ children: [1, '1'] }), Keep({ children: ['1', 1] })],
    ['children that were nested', Keep({ children: [['a'], 'b'] }), Keep({ children: ['a', ['b']] })],
    [
      'another source',
      Keep({ children: Text({ text: 'a', source: { uri: 'b', start: 1 } }) }),
      Keep({ children: Text({ text: 'a' }) }),
    ],
    ['a changed line', User({ children: output('!') }), User({ children: output() })],
    [
      'another weight',
      Flex({ grow: 2, items: [{ order: 0, content: 'a' }] }),
      Flex({ items: [{ order: 0, content: 'a' }] }),
    ],
  ];
  test.each(cases)('%s', (_name, tree, before) => {
    const [again, fresh] = both(tree, before);
    expect(again).toBe(fresh);
  });

  test.each<[string, PromptNode, number, number]>([
    ['short messages', [User({ children: 'a b' }), User({ children: 'a b' })], 2, 0],
    ['messages of long parts', [User({ children: output() }), User({ children: output() })], 2, 0],
    ['long parts of one message', User({ children: [output(), output()] }), 1, 0],
    ['stable parts', User({ children: [1, 2].map(() => Stable({ name: 's', children: 'a' })) }), 1, 2],
  ])('equal %s are not taken for one, at once or again', (_name, tree, messages, stable) => {
    const renderer = createRenderer({ counter: wordCounter });
    for (let run = 0; run < 3; run++) {
      const rendered = renderer.render(tree, { budget: 1_000 });
      expect([rendered.messages.length, rendered.stable.length]).toEqual([messages, stable]);
    }
  });

  test('a tree that was changed in place is rendered as it is now', () => {
    const items = [{ order: 0, content: 'first ' }];
    const tree = User({ children: Flex({ items }) });
    const renderer = createRenderer({ counter: wordCounter });
    renderer.render(tree, { budget: 400 });
    items[0]!.content = 'second ';
    items.push({ order: 1, content: 'third' });
    expect(JSON.stringify(renderer.render(tree, { budget: 400 }).messages)).toContain('second third');
  });

  test('a result is not touched by later renders', () => {
    const renderer = createRenderer({ counter: wordCounter });
    const first = renderer.trace(User({ children: output() }), { budget: 60 });
    const before = written(first);
    renderer.render(User({ children: output('!') }), { budget: 90 });
    renderer.trace(User({ children: output() }), { budget: 20 });
    expect(written(first)).toBe(before);
  });

  test('a long part that did not change is not counted again, wherever it stands now', () => {
    const renderer = createRenderer({ counter: wordCounter });
    renderer.render([User({ children: [output(), 'Why?'] })], { budget: 400 });
    const { hits, misses } = renderer.statistics;
    renderer.render([System({ children: 'New.' }), User({ children: [output(), 'Why not?'] })], { budget: 400 });
    // The texts and the joins of what is new, and those at the cut-off.
    expect(renderer.statistics.hits + renderer.statistics.misses - hits - misses).toBeLessThan(40);
  });
});
