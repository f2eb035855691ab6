import { describe, expect, test } from 'vitest';
import {
  Assistant,
  Break,
  countRendered,
  Empty,
  estimateCounter,
  First,
  Flex,
  Fragment,
  Image,
  Isolate,
  Keep,
  parsePrompt,
  PromptBudgetError,
  type PromptNode,
  PromptShapeError,
  render,
  Scope,
  Stable,
  System,
  Text,
  textOf,
  Tool,
  ToolCall,
  ToolResult,
  User,
} from '../src/index.ts';
import { wordCounter } from './word-counter.ts';

const counter = wordCounter;
const free = { prompt: 0, message: 0, name: 0, toolCall: 0, tool: 0, image: () => 0 };
const shown = (tree: PromptNode, budget: number): string => textOf(render(tree, { counter, budget, overhead: free }));

/** Every word is a token; what comes out at each budget, from all to what is required. */
function byBudget(tree: PromptNode, budgets: readonly number[]): Record<number, string> {
  return Object.fromEntries(budgets.map((budget) => [budget, shown(tree, budget)]));
}

test('JSX text, line breaks, numbers, nothing and components', () => {
  const Greeting = ({ name, children }: { name: string; children?: PromptNode }) => (
    <>
      Hello {name},<br />
      {children}
    </>
  );
  const tree = <Greeting name="Ann">{[1, null, false, undefined, ' two']}</Greeting>;
  expect(shown(tree, 10)).toBe('Hello Ann,\n1 two');
  expect(tree).toMatchObject({ kind: 'part', name: 'Greeting' });
});

test('absolute priorities are global: a scope deep in the tree competes with one at the top', () => {
  const tree = (
    <>
      <Scope priority={1}> low</Scope>
      <Scope>
        <Keep>
          <Scope priority={3}> high</Scope>
        </Keep>
        <Scope priority={2}> middle</Scope>
      </Scope>
      {' required'}
    </>
  );
  expect(byBudget(tree, [4, 3, 2, 1])).toEqual({
    4: ' low high middle required',
    3: ' high middle required',
    2: ' high required',
    1: ' required',
  });
});

test('relative priorities count from the enclosing scope, and nothing outlives the scope around it', () => {
  const tree = (
    <Scope priority={10}>
      {' a'}
      <Scope relative={-5}>
        {' b'}
        <Scope relative={-1}> c</Scope>
      </Scope>
      <Scope relative={+50}> d</Scope>
      <Scope priority={7}> e</Scope>
    </Scope>
  );
  // Levels: c 4, b 5, e 7, and a with d (clamped) 10.
  expect(byBudget(tree, [5, 4, 3, 2, 1])).toEqual({ 5: ' a b c d e', 4: ' a b d e', 3: ' a d e', 2: ' a d', 1: '' });
});

test('what is below the cut-off stays out even where it would fit', () => {
  const tree = (
    <>
      <Scope priority={2}> two words</Scope>
      <Scope priority={1}> one</Scope>
    </>
  );
  expect(byBudget(tree, [3, 2, 1])).toEqual({ 3: ' two words one', 2: ' two words', 1: '' });
});

describe('First', () => {
  test('without priorities its children are fallbacks just below its own priority', () => {
    const tree = (
      <>
        <Scope priority={5}>
          <First>
            {' the whole long story'}
            {' the story'}
            {' s'}
          </First>
        </Scope>
        <Scope priority={1}> extra</Scope>
      </>
    );
    expect(byBudget(tree, [5, 4, 3, 2, 1, 0])).toEqual({
      5: ' the whole long story extra',
      4: ' the whole long story',
      3: ' the story',
      2: ' the story',
      1: ' s',
      0: '',
    });
  });

  test('required, it falls back before rendering fails', () => {
    expect(byBudget(<First>{[' a b c', ' d']}</First>, [3, 2, 1])).toEqual({ 3: ' a b c', 2: ' d', 1: ' d' });
  });

  test('with priorities its children compete with the rest of the prompt', () => {
    const tree = (
      <>
        <First>
          <Scope priority={3}> long long</Scope>
          <Scope priority={9}> short</Scope>
        </First>
        <Scope priority={5}> other</Scope>
      </>
    );
    expect(byBudget(tree, [3, 2, 1])).toEqual({ 3: ' long long other', 2: ' short other', 1: ' short' });
  });

  test('a fallback that is longer than what it replaces is not taken for one that fits', () => {
    const tree = (
      <First>
        <Scope priority={1}> a</Scope>
        <Scope priority={2}> b b b b</Scope>
      </First>
    );
    expect(byBudget(tree, [4, 2, 1])).toEqual({ 4: ' a', 2: ' a', 1: ' a' });
  });

  test('nested, the inner steps lie between the outer ones', () => {
    const tree = (
      <First>
        {' a a a a'}
        <First>
          {' b b b'}
          {' c c'}
        </First>
      </First>
    );
    expect(byBudget(tree, [4, 3, 2])).toEqual({ 4: ' a a a a', 3: ' b b b', 2: ' c c' });
  });
});

test('Keep drops its children together, at the lowest of their priorities', () => {
  const tree = (
    <>
      <Keep>
        <Scope priority={9}> question</Scope>
        <Scope priority={2}> answer</Scope>
      </Keep>
      <Scope priority={3}> other</Scope>
    </>
  );
  expect(byBudget(tree, [3, 2, 1])).toEqual({ 3: ' question answer other', 2: ' other', 1: ' other' });
});

test('Empty reserves tokens at its priority', () => {
  const tree = (
    <>
      {' a'}
      <Scope priority={2}>
        <Empty tokens={3} />
      </Scope>
      <Scope priority={1}> b</Scope>
    </>
  );
  const at = (budget: number) => {
    const { tokens, reserved } = render(tree, { counter, budget });
    return { tokens, reserved };
  };
  expect([at(5), at(4), at(3)]).toEqual([
    { tokens: 2, reserved: 3 },
    { tokens: 1, reserved: 3 },
    { tokens: 1, reserved: 0 },
  ]);
});

describe('Isolate', () => {
  const body = [
    <Scope key={1} priority={2}>
      {' x y'}
    </Scope>,
    <Scope key={2} priority={1}>
      {' z'}
    </Scope>,
  ];

  test('has a cut-off of its own, whatever room there is outside', () => {
    expect(shown([<Isolate limit={2}>{body}</Isolate>, ' end'], 100)).toBe(' x y end');
  });

  test('priorities outside and inside do not meet', () => {
    const tree = [
      <Scope priority={5}>
        <Isolate limit={3}>{body}</Isolate>
      </Scope>,
      <Scope priority={4}> outside</Scope>,
    ];
    expect(byBudget(tree, [4, 3, 2])).toEqual({ 4: ' x y z outside', 3: ' x y z', 2: '' });
  });

  test('what cannot fit its own limit is left out and said so', () => {
    const renderer = render([<Isolate limit={1}> a b</Isolate>, ' end'], { counter, budget: 10 });
    expect(textOf(renderer)).toBe(' end');
  });

  test('a share is of what the required rest leaves, and is charged whether used or not', () => {
    const tree = [' r r', <Isolate limit={{ share: 0.5 }}>{body}</Isolate>, <Scope priority={1}> w w</Scope>];
    const at = (budget: number) => {
      const rendered = render(tree, { counter, budget });
      return [textOf(rendered), rendered.tokens, rendered.reserved];
    };
    expect(at(8)).toEqual([' r r x y z w w', 7, 0]);
    expect(at(12)).toEqual([' r r x y z w w', 7, 2]);
    // 5 tokens: 3 are left, a share of 1 (charged 2); nothing of it fits, and the other text does not either.
    expect(at(5)).toEqual([' r r', 2, 2]);
  });
});

describe('Flex', () => {
  const items = (word: string, count: number) =>
    Array.from({ length: count }, (_, order) => ({ order, content: ` ${word}${order}` }));

  test('grows piece by piece in order, with a mark for what is left out', () => {
    const tree = (
      <Flex
        gap=" …"
        items={[
          { order: 1, content: ' b' },
          { order: 0, content: ' a' },
          { order: 2, content: ' c' },
          { order: 3, content: ' d' },
        ]}
      />
    );
    expect(byBudget(tree, [4, 3, 2])).toEqual({ 4: ' b a c d', 3: ' b a …', 2: '' });
  });

  test('two of one priority share the room by their weights', () => {
    const tree = [<Flex items={items('p', 9)} />, <Flex grow={2} items={items('q', 9)} />];
    expect(shown(tree, 9).match(/p/g)).toHaveLength(3);
    expect(shown(tree, 9).match(/q/g)).toHaveLength(6);
  });

  test('min belongs to the part, max ends it, growPriority ranks the rest', () => {
    const tree = [<Flex min={2} max={4} growPriority={1} items={items('f', 9)} />, <Scope priority={2}> other</Scope>];
    expect(byBudget(tree, [99, 4, 3, 2])).toEqual({
      99: ' f0 f1 f2 f3 other',
      4: ' f0 f1 f2 other',
      3: ' f0 f1 other',
      2: ' f0 f1',
    });
  });
});

describe('messages, images and tools', () => {
  const overhead = { prompt: 2, message: 3, name: 1, toolCall: 4, tool: 5, image: () => 7 };
  const tree = (
    <>
      <System>Rules</System>
      <Scope priority={5}>
        <Tool name="read" description="Reads" parameters={{ type: 'object' }} />
      </Scope>
      <User name="ann">
        Look
        <Image src="data" width={10} height={10} />
        here
      </User>
      <Keep>
        <Scope priority={4}>
          <Assistant>
            <ToolCall id="1" name="read" arguments='{"path":"a"}' />
          </Assistant>
        </Scope>
        <Scope priority={8}>
          <ToolResult callId="1">content</ToolResult>
        </Scope>
      </Keep>
    </>
  );

  test('everything is there and counted when there is room', () => {
    const rendered = render(tree, { counter, budget: 1000, overhead });
    expect(
      rendered.messages.map((message) => [message.role, ...message.content.map((content) => content.type)]),
    ).toEqual([
      ['system', 'text'],
      ['user', 'text', 'image', 'text'],
      ['assistant', 'toolCall'],
      ['tool', 'text'],
    ]);
    expect(rendered.tools).toHaveLength(1);
    expect(rendered.tokens).toBe(countRendered(rendered, counter, overhead));
  });

  test('a call and its result leave together, and empty messages cost nothing', () => {
    const full = render(tree, { counter, budget: 1000, overhead });
    const less = render(tree, { counter, budget: full.tokens - 1, overhead });
    expect(less.messages.map((message) => message.role)).toEqual(['system', 'user']);
    expect(less.tools).toHaveLength(1);
  });
});

test('a break keeps tokens apart, and the count honours it', () => {
  expect(render('ab', { counter, budget: 9 }).tokens).toBe(1);
  const rendered = render(
    <>
      a<Break />b
    </>,
    { counter, budget: 9 },
  );
  expect(rendered.tokens).toBe(2);
  expect(rendered.messages[0]!.content[0]).toMatchObject({ text: 'ab', breaks: [1] });
});

test('spans point each character at its source', () => {
  const rendered = render(
    <User>
      before <Text text="const x" source={{ uri: 'a.ts', start: 120 }} />
    </User>,
    { counter, budget: 99 },
  );
  expect(rendered.messages[0]!.content[0]).toMatchObject({
    text: 'before const x',
    spans: [
      { start: 0, end: 7 },
      { start: 7, end: 14, source: { uri: 'a.ts', start: 120 } },
    ],
  });
});

test('a tree survives JSON, and a wrong one names the place', () => {
  const tree = (
    <User>
      <Scope priority={3}>
        <Stable name="rules" limit={9}>
          Be brief.
        </Stable>
      </Scope>
      <Flex items={[{ order: 0, content: 'x' }]} />
    </User>
  );
  expect(parsePrompt(JSON.parse(JSON.stringify(tree)))).toEqual(JSON.parse(JSON.stringify(tree)));
  const wrong: [unknown, string][] = [
    [{ kind: 'scoop' }, 'Unknown kind "scoop" (in $)'],
    [{ kind: 'toString' }, 'Unknown kind "toString" (in $)'],
    [{ kind: 'user', children: [] }, 'Unknown kind "user" (in $)'],
    [
      ['a', { kind: 'fragment', children: [{ kind: 'empty', tokens: '3' }] }],
      '"tokens" of "empty" is wrong or missing (in $[1].children[0])',
    ],
    [{ kind: 'flex', items: [{ content: 'a' }] }, 'A piece has a numeric "order" (in $.items[0])'],
  ];
  for (const [value, message] of wrong) expect(() => parsePrompt(value)).toThrow(message);
});

test('what breaks the rules of the language is a PromptShapeError, what does not fit a PromptBudgetError', () => {
  const shape: [string, PromptNode][] = [
    [
      'a message within a message',
      <User>
        <System>x</System>
      </User>,
    ],
    ['text beside messages', [<User>x</User>, 'y']],
    ['a priority that is no number', <Scope priority={Number.NaN}>x</Scope>],
    [
      'both priorities',
      <Scope priority={1} relative={1}>
        x
      </Scope>,
    ],
    ['half a token', <Empty tokens={0.5} />],
    ['a share above 1', <Isolate limit={{ share: 1.5 }}>x</Isolate>],
    [
      'shares above 1 in all',
      [<Isolate limit={{ share: 0.6 }}>x</Isolate>, <Isolate limit={{ share: 0.6 }}>x</Isolate>],
    ],
    ['no growth', <Flex grow={0} items={[{ order: 0, content: 'x' }]} />],
    ['an image outside of messages', <Image src="x" width={1} height={1} />],
  ];
  for (const [name, tree] of shape)
    expect(() => render(tree, { counter: estimateCounter(), budget: 500 }), name).toThrow(PromptShapeError);
  expect(() => render(<Fragment>a b c</Fragment>, { counter, budget: 2 })).toThrow(PromptBudgetError);
  expect(() => render(<Fragment>a b c</Fragment>, { counter, budget: 2 })).toThrow('take 3 tokens, the budget is 2');
});
