import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CutRule,
  estimateCounter,
  gptCounter,
  huggingFaceCounter,
  isCut,
  type TokenCounter,
  TokenizerError,
} from '../src/index.ts';
import { cutRuleOf } from '../src/counters/huggingface.ts';
import { createTextCounts, isBorderCut } from '../src/text-count.ts';
import { text as awkward } from './random-tree.ts';

const json = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`fixtures/tokenizers/${name}.json`, import.meta.url), 'utf8'));
const source = (name: string): string => readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8');

const counters: [string, () => Promise<TokenCounter>][] = [
  ['o200k', () => gptCounter('o200k')],
  ['cl100k', () => gptCounter('cl100k')],
  ['a Hugging Face tokenizer of the Llama 3 kind', () => huggingFaceCounter('llama3-tiny', json('llama3-tiny'))],
  ['a Hugging Face tokenizer of the GPT-2 kind', () => huggingFaceCounter('gpt2-tiny', json('gpt2-tiny'))],
  ['the estimate', async () => estimateCounter()],
];

const texts = fc.array(
  fc.oneof(
    awkward,
    fc.constantFrom(
      '\n',
      ' ',
      '  ',
      '\t',
      '/',
      '//',
      '\r',
      '\n\n',
      '…',
      'ﬀ',
      '\u0301',
      '\u3000',
      '\ufeff',
      '\u200b',
      'x\u0000y',
      '\ud800',
    ),
  ),
  { maxLength: 14 },
);

describe.each(counters)('%s', (_name, make) => {
  test('no token crosses a cut, whatever stands around it', async () => {
    const counter = await make();
    let cuts = 0;
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        for (let at = 1; at < text.length; at++) {
          if (!isCut(counter.cuts, text, at)) continue;
          cuts += 1;
          expect(counter.count(text.slice(0, at)) + counter.count(text.slice(at))).toBe(counter.count(text));
        }
      }),
      { seed: 7, numRuns: 3_000 },
    );
    expect(cuts).toBeGreaterThan(2_000);
  });

  test('texts counted by their parts, and joined, are counted exactly', async () => {
    const counter = await make();
    const counts = createTextCounts(counter, 2_000);
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const left = counts.of(one.join(''));
        const right = counts.of(other.join(''));
        expect(left.total).toBe(counter.count(left.text));
        if (left.text !== '' && right.text !== '' && isBorderCut(left, right)) {
          expect(left.total + right.total).toBe(counter.count(left.text + right.text));
        }
      }),
      { seed: 8, numRuns: 2_000 },
    );
  });

  test('a whole file is counted exactly in chunks', async () => {
    const counter = await make();
    for (const name of ['compile.ts', 'cutoff.ts', 'builtins.ts']) {
      expect(createTextCounts(counter).of(source(name)).total).toBe(counter.count(source(name)));
    }
  });
});

test('text that looks like a control token is text', async () => {
  for (const name of ['o200k', 'cl100k'] as const) {
    const counter = await gptCounter(name);
    expect(counter.count('<|endoftext|>')).toBeGreaterThan(3);
    expect(counter.encode!('<|endoftext|>')).toHaveLength(counter.count('<|endoftext|>'));
  }
});

test('an edit in a long text counts one chunk again', async () => {
  const counter = await gptCounter('o200k');
  let counted = 0;
  const counts = createTextCounts({
    ...counter,
    count(text) {
      counted += text.length;
      return counter.count(text);
    },
  });
  const text = source('compile.ts');
  counts.of(text);
  counted = 0;
  counts.of(`${text.slice(0, 5_000)}x${text.slice(5_000)}`);
  expect(counted).toBeLessThan(4_000);
  expect(text.length).toBeGreaterThan(12_000);
});

test('the cache is bounded, and what leaves it is counted again with the same result', () => {
  let counted = 0;
  const counter = {
    ...estimateCounter(),
    count(text: string) {
      counted += 1;
      return estimateCounter().count(text);
    },
  };
  const counts = createTextCounts(counter, 1_000);
  const first = counts.of('first text').total;
  counts.of('first text');
  const before = counted;
  for (let index = 0; index < 100; index++) counts.of(`text ${index} ${'x'.repeat(30)}`);
  expect(counts.of('first text').total).toBe(first);
  expect(counted).toBeGreaterThan(before + 100);
});

test('the estimate stays above o200k on code and prose, by less than half', async () => {
  const exact = await gptCounter('o200k');
  const prose = readFileSync(new URL('../../../docs/architecture.md', import.meta.url), 'utf8');
  for (const text of [
    source('compile.ts'),
    source('cutoff.ts'),
    source('stability.ts'),
    prose,
    '日本語のテキストです。'.repeat(20),
    '😀🎉'.repeat(30),
  ]) {
    const ratio = estimateCounter().count(text) / exact.count(text);
    expect(ratio, text.slice(0, 40)).toBeGreaterThanOrEqual(1);
    expect(ratio, text.slice(0, 40)).toBeLessThan(text.length > 1_000 ? 1.5 : 4);
  }
});

describe('the cuts that a tokenizer.json allows', () => {
  const llama = json('llama3-tiny') as Record<string, unknown>;
  const cases: [string, unknown, CutRule][] = [
    ['of the Llama 3 kind', llama, 'gpt4'],
    ['of the GPT-2 kind', json('gpt2-tiny'), 'gpt2'],
    ['SentencePiece', { model: {}, pre_tokenizer: { type: 'Metaspace' } }, 'none'],
    ['nothing before BPE', { model: {}, pre_tokenizer: null }, 'none'],
    ['a normalizer that changes text', { ...llama, normalizer: { type: 'Replace' } }, 'none'],
    [
      'a space put before the text',
      { ...llama, pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, use_regex: true } },
      'none',
    ],
    ['an added token that eats blanks', { ...llama, added_tokens: [{ content: '<mask>', lstrip: true }] }, 'none'],
    [
      'an unknown pattern',
      { ...llama, pre_tokenizer: { type: 'Split', behavior: 'Isolated', pattern: { Regex: '.' } } },
      'none',
    ],
  ];
  test.each(cases)('%s', (_name, tokenizer, rule) => {
    expect(cutRuleOf(tokenizer)).toBe(rule);
  });
});

test('what is no tokenizer.json is a TokenizerError', async () => {
  for (const wrong of [null, 'x', {}, { model: { type: 'Nonsense' } }])
    await expect(huggingFaceCounter('wrong', wrong)).rejects.toThrow(TokenizerError);
});
