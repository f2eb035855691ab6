import type { TokenCounter } from './counter.ts';

export type GptEncodingName = 'o200k' | 'cl100k';

// Text of a prompt is data: "<|endoftext|>" in a file must neither throw nor become a control token.
const AS_TEXT = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() };

/**
 * The exact tokenizers of OpenAI's models, from `gpt-tokenizer`. The ranks (about 2 MB) are loaded on first use: 230 ms for
 * o200k on the machine of docs/results/prompt.md.
 */
export async function gptCounter(name: GptEncodingName): Promise<TokenCounter> {
  const encoding =
    name === 'o200k'
      ? await import('gpt-tokenizer/encoding/o200k_base')
      : await import('gpt-tokenizer/encoding/cl100k_base');
  return {
    id: name,
    exact: true,
    cuts: 'gpt4',
    count: (text) => encoding.countTokens(text, AS_TEXT),
    encode: (text) => encoding.encode(text, AS_TEXT),
  };
}
