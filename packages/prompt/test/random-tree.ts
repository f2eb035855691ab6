import fc from 'fast-check';
import type { FlexItem, PromptNode, Role } from '../src/index.ts';

/** Texts whose tokens like to merge over borders, or to come apart when joined. */
export const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b ',
    ' c',
    'foo',
    'Bar',
    ' ',
    '\n',
    '\n\n',
    '  x',
    '}\n',
    '// y',
    '/',
    '1',
    '23',
    '456',
    "'s",
    '.',
    '...',
    '\t',
    '\r\n',
    'é',
    '你好',
    '😀',
    '\u00a0',
  ),
  fc.constantFrom(
    'const value = 1;\n',
    '  return foo(bar);\n',
    'import a from "b";\n',
    'The quick brown fox',
    ' jumps over\n',
    '}\n\n',
    '\n    // done\n',
  ),
  fc.string({ maxLength: 6, unit: 'grapheme' }),
);

const priority = fc.integer({ min: 1, max: 6 });

export interface TreeOptions {
  /** Depth of nesting. */
  readonly depth?: number;
  readonly shares?: boolean;
  /** Parts that stand for others: without them, less budget leaves a subset. */
  readonly fallbacks?: boolean;
  readonly messages?: boolean;
}

/** What stands in one message, or in a prompt without messages. */
export function content(options: TreeOptions = {}): fc.Arbitrary<PromptNode> {
  const { depth = 3, shares = true, fallbacks = true } = options;
  const leaf: fc.Arbitrary<PromptNode> = fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 1, arbitrary: fc.constant<PromptNode>({ kind: 'break' }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 4 }).map((tokens): PromptNode => ({ kind: 'empty', tokens })) },
    {
      weight: 1,
      arbitrary: text.map((value): PromptNode => ({ kind: 'text', text: value, source: { uri: 'a.ts', start: 7 } })),
    },
  );
  if (depth === 0) return leaf;
  const inner = content({ ...options, depth: depth - 1 });
  const children = fc.array(inner, { minLength: 1, maxLength: 4 });
  const scope = fc.oneof(
    fc.record({ priority, children }).map((value): PromptNode => ({ kind: 'scope', ...value })),
    fc
      .record({ relative: fc.integer({ min: -4, max: 1 }), children })
      .map((value): PromptNode => ({ kind: 'scope', ...value })),
  );
  const limit = shares
    ? fc.oneof(
        fc.integer({ min: 0, max: 12 }),
        fc.constantFrom(0.1, 0.25).map((share) => ({ share })),
      )
    : fc.integer({ min: 0, max: 12 });
  const item: fc.Arbitrary<FlexItem> = fc.record({
    order: fc.integer({ min: 0, max: 4 }),
    content: fc.oneof({ weight: 4, arbitrary: text }, inner),
  });
  const flex = fc
    .record({
      items: fc.array(item, { maxLength: 4 }),
      grow: fc.constantFrom(1, 0.5, 3),
      growPriority: fc.option(priority, { nil: undefined }),
      min: fc.constantFrom(0, 2),
      max: fc.option(fc.integer({ min: 1, max: 20 }), { nil: undefined }),
      gap: fc.constantFrom(undefined, '…', '\n...\n'),
    })
    .map((value): PromptNode => ({ kind: 'flex', ...value }));
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 4, arbitrary: scope },
    { weight: 2, arbitrary: children },
    { weight: 1, arbitrary: children.map((value): PromptNode => ({ kind: 'keep', children: value })) },
    {
      weight: 1,
      arbitrary: fc.record({ limit, children }).map((value): PromptNode => ({ kind: 'isolate', ...value })),
    },
    { weight: 1, arbitrary: children.map((value): PromptNode => ({ kind: 'stable', name: 's', children: value })) },
    { weight: 2, arbitrary: flex },
    ...(fallbacks
      ? [{ weight: 2, arbitrary: children.map((value): PromptNode => ({ kind: 'first', children: value })) }]
      : []),
  );
}

/** A whole prompt: bare, or of messages in scopes, fallbacks and groups, with tools. */
export function prompt(options: TreeOptions = {}): fc.Arbitrary<PromptNode> {
  const bare = content(options);
  if (options.messages === false) return bare;
  const role = fc.constantFrom<Role>('system', 'user', 'assistant', 'tool');
  const message = fc
    .record({
      role,
      name: fc.option(fc.constantFrom('ann', 'bob'), { nil: undefined }),
      toolCallId: fc.option(fc.constant('call_1'), { nil: undefined }),
      children: fc.array(
        fc.oneof(
          { weight: 6, arbitrary: content({ ...options, depth: 2 }) },
          {
            weight: 1,
            arbitrary: fc.constant<PromptNode>({ kind: 'image', src: 'x', width: 1, height: 1, detail: 'low' }),
          },
          {
            weight: 1,
            arbitrary: fc.constant<PromptNode>({ kind: 'toolCall', id: 'call_1', name: 'read', arguments: '{}' }),
          },
        ),
        { maxLength: 3 },
      ),
    })
    .map((value): PromptNode => ({ kind: 'message', ...value }));
  const tool = fc.constant<PromptNode>({ kind: 'tool', name: 'read', description: 'Reads.', parameters: {} });
  const wrapped = fc.oneof(
    { weight: 3, arbitrary: message },
    {
      weight: 3,
      arbitrary: fc
        .record({ priority, children: fc.oneof(message, tool) })
        .map((value): PromptNode => ({ kind: 'scope', ...value })),
    },
    {
      weight: 1,
      arbitrary: fc.array(message, { maxLength: 2 }).map((children): PromptNode => ({ kind: 'keep', children })),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          limit:
            options.shares === false
              ? fc.integer({ min: 5, max: 40 })
              : fc.oneof(fc.integer({ min: 5, max: 40 }), fc.constant({ share: 0.2 })),
          children: fc.array(message, { maxLength: 3 }),
        })
        .map((value): PromptNode => ({ kind: 'isolate', ...value })),
    },
    ...(options.fallbacks === false
      ? []
      : [
          {
            weight: 1,
            arbitrary: fc
              .array(message, { minLength: 1, maxLength: 2 })
              .map((children): PromptNode => ({ kind: 'first', children })),
          },
        ]),
  );
  return fc.oneof(bare, fc.array(wrapped, { maxLength: 5 }));
}

/** Overheads small enough that small budgets are interesting. */
export const SMALL_OVERHEAD = { prompt: 1, message: 2, name: 1, toolCall: 1, tool: 1, image: () => 3 };
