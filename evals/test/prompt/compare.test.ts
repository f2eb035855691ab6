import { createRenderer, gptCounter, textOf } from '@tabstop/prompt';
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/prompt/compare.ts';
import { ourTree, type PeerCase, renderPeer } from '../../src/prompt/peer.ts';
import { peerCases } from '../../src/prompt/peer-cases.ts';
import { measureSpeed, speedCases } from '../../src/prompt/speed.ts';

const counter = await gptCounter('o200k');
const overhead = { prompt: 0, message: 3, name: 0, toolCall: 0, tool: 0, image: () => 0 };
const chunk = (priority: number, text: string) => ({ priority, text });

const small: PeerCase = {
  name: 'small',
  messages: [
    { role: 'system', chunks: [chunk(100, 'Rules are rules.\n')] },
    {
      role: 'user',
      chunks: [chunk(3, 'alpha beta gamma\n'), chunk(1, 'delta epsilon\n'), chunk(2, 'zeta eta theta\n')],
    },
  ],
};

describe('the same tree for both libraries', () => {
  test('gives the same messages at every budget that fits something', async () => {
    const seen = new Set<string>();
    for (let budget = 15; budget <= 40; budget++) {
      const ours = createRenderer({ counter, overhead }).render(ourTree(small), { budget }).messages.map(textOf);
      const peer = (await renderPeer(small, budget, counter)).texts;
      expect(ours.map((text) => text.trim())).toEqual(peer.map((text) => text.trim()));
      seen.add(ours.join('|'));
    }
    expect(seen.size).toBeGreaterThan(2);
  });

  test('a text that fills the rest starts at its first line in both', async () => {
    const text = Array.from({ length: 60 }, (_, index) => `line ${index + 1} of a long text\n`).join('');
    const one: PeerCase = {
      name: 'fill',
      messages: [{ role: 'user', chunks: [chunk(9, 'Read:\n')], fill: { priority: 1, text } }],
    };
    const { ours, peer } = await compare(one, 150, counter, 1);
    expect(ours.overBudget).toBe(false);
    expect(ours.used).toBeGreaterThan(0.9);
    expect(peer.used).toBeGreaterThan(0.5);
    expect(ours.weighted).toBeGreaterThanOrEqual(peer.weighted);
  });
});

const files = [
  {
    path: 'a.ts',
    text: Array.from({ length: 700 }, (_, index) => `export const value${index} = ${index};\n`).join(''),
  },
  { path: 'b.ts', text: 'const b = 1;\n'.repeat(50) },
];

test('the trees have distinct priorities, so that both libraries have one order to follow', () => {
  for (const { messages, name } of peerCases(files)) {
    const priorities = messages.flatMap(({ chunks, fill }) => [
      ...chunks.map((one) => one.priority),
      ...(fill ? [fill.priority] : []),
    ]);
    expect(new Set(priorities).size, name).toBe(priorities.length);
  }
});

test('the speed cases fill their budget and change by a keystroke only', () => {
  for (const one of speedCases(files)) {
    const result = measureSpeed(one, counter, 9_000);
    expect(result.tokens, one.name).toBeGreaterThan(100);
    expect(result.tokens, one.name).toBeLessThanOrEqual(9_000);
    expect(result.rerenderMedian, one.name).toBeGreaterThan(0);
  }
});
