import { describe, expect, test } from 'vitest';
import {
  Break,
  comparePrefix,
  type PromptNode,
  render,
  Stable,
  StableFirst,
  System,
  Tool,
  textOf,
  User,
} from '../src/index.ts';
import { wordCounter } from './word-counter.ts';

const prompt = (tree: PromptNode) => render(tree, { counter: wordCounter, budget: 500 });
const lines: TokenCounterLike = { ...wordCounter, cuts: 'line' };
type TokenCounterLike = typeof wordCounter;
const compare = (before: PromptNode, after: PromptNode) => comparePrefix(prompt(before), prompt(after), lines);

const rules = System({ children: 'one two\nthree four\n' });

describe('comparePrefix', () => {
  const cases: [string, PromptNode, PromptNode, object][] = [
    ['the same prompt', [rules], [rules], { commonTokens: 5, tokens: 5, share: 1, divergence: null }],
    ['a message more', [rules], [rules, User({ children: 'five' })], { commonTokens: 5, tokens: 6, divergence: null }],
    ['a message less', [rules, User({ children: 'x' })], [rules], { divergence: { message: 1, offset: 0 } }],
    [
      'a changed end',
      [User({ children: 'a b\nc d' })],
      [User({ children: 'a b\nc e' })],
      { commonTokens: 3, tokens: 4, divergence: { message: 0, offset: 6 } },
    ],
    [
      'a changed start',
      [User({ children: 'a b\nc d' })],
      [User({ children: 'x b\nc d' })],
      { commonTokens: 0, divergence: { message: 0, offset: 0 } },
    ],
    [
      'another role',
      [rules],
      [User({ children: 'one two\nthree four\n' })],
      { commonTokens: 0, divergence: { message: 0, offset: 0 } },
    ],
    [
      'other tools stand before all',
      [rules],
      [rules, Tool({ name: 't', description: '', parameters: {} })],
      { commonTokens: 0, divergence: { part: 'tools' } },
    ],
    [
      'a break more',
      [User({ children: ['a b', Break({}), ' c'] })],
      [User({ children: ['a b', Break({}), ' c', Break({}), ' d'] })],
      { commonTokens: 3, tokens: 4, divergence: null },
    ],
  ];
  test.each(cases)('%s', (_name, before, after, expected) => {
    expect(compare(before, after)).toMatchObject(expected);
  });

  test('says which stable parts are still served', () => {
    const at = (project: string, cursor: string) =>
      User({
        children: [
          Stable({ name: 'rules', children: 'r r\n' }),
          Stable({ name: 'project', children: project }),
          cursor,
        ],
      });
    expect(compare(at('p p\n', 'x'), at('p p\n', 'y'))).toMatchObject({
      stableKept: ['rules', 'project'],
      stableLost: [],
    });
    expect(compare(at('p p\n', 'x'), at('p q\n', 'x'))).toMatchObject({
      stableKept: ['rules'],
      stableLost: ['project'],
    });
  });
});

test('the end of each stable part is given, as a place for a cache breakpoint', () => {
  const rendered = prompt([
    System({ children: [Stable({ name: 'rules', children: 'r r' }), ' now'] }),
    User({ children: [' a', Stable({ name: 'late', children: ' b' })] }),
  ]);
  expect(rendered.stable).toEqual([
    { name: 'rules', message: 0, content: 0, offset: 3 },
    { name: 'late', message: 1, content: 0, offset: 4 },
  ]);
});

test('a stable part keeps its bytes whatever happens around it, until it goes as a whole', () => {
  const tree = (noise: number) => [
    Stable({
      name: 'map',
      limit: 3,
      children: [{ kind: 'flex', items: [' a', ' b', ' c', ' d'].map((content, order) => ({ order, content })) }],
    }),
    { kind: 'scope', priority: 5, children: ' noise'.repeat(noise) } as PromptNode,
  ];
  const texts = [0, 1, 5, 40, 400].map((noise) =>
    textOf(render(tree(noise), { counter: wordCounter, budget: 50 })).slice(0, 6),
  );
  expect(new Set(texts)).toEqual(new Set([' a b c']));
});

test('StableFirst moves stable children to the front and keeps the order otherwise', () => {
  const stable = (name: string) => Stable({ name, children: name });
  const tree = StableFirst({
    children: ['x', stable('A'), 'y', { kind: 'scope', priority: 3, children: stable('B') }, 'z'],
  });
  expect(textOf(prompt(tree))).toBe('ABxyz');
});
