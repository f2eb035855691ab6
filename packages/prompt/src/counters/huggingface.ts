import { TokenizerError } from '../problems.ts';
import type { CutRule, TokenCounter } from './counter.ts';

/**
 * An exact counter from the content of a Hugging Face `tokenizer.json` (and, where there is one, `tokenizer_config.json`).
 * No special tokens are added: those of a chat template belong to `Overhead`. Throws `TokenizerError` on a content that the
 * library cannot use.
 */
export async function huggingFaceCounter(
  id: string,
  tokenizerJson: unknown,
  config: unknown = {},
): Promise<TokenCounter> {
  const { Tokenizer } = await import('@huggingface/tokenizers');
  if (typeof tokenizerJson !== 'object' || tokenizerJson === null || !('model' in tokenizerJson)) {
    throw new TokenizerError(`${id}: this is not the content of a tokenizer.json (it has no "model").`);
  }
  let tokenizer: InstanceType<typeof Tokenizer>;
  try {
    tokenizer = new Tokenizer(tokenizerJson, config as object);
    tokenizer.encode('probe', { add_special_tokens: false });
  } catch (cause) {
    throw new TokenizerError(`${id}: the tokenizer.json could not be used.`, { cause });
  }
  const encode = (text: string): number[] =>
    text === '' ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids;
  return { id, exact: true, cuts: cutRuleOf(tokenizerJson), count: (text) => encode(text).length, encode };
}

interface Step {
  readonly type?: string;
  readonly pretokenizers?: readonly Step[];
  readonly use_regex?: boolean;
  readonly add_prefix_space?: boolean;
  readonly behavior?: string;
  readonly invert?: boolean;
  readonly pattern?: { readonly Regex?: string };
}

/**
 * Which cuts a tokenizer.json allows. Only pipelines that are known to split before BPE count as known; everything else,
 * also a tokenizer with added tokens (they match across any border, and may strip blanks), is `none`: slower, never wrong.
 */
export function cutRuleOf(tokenizerJson: unknown): CutRule {
  const json = tokenizerJson as {
    normalizer?: Step | null;
    pre_tokenizer?: Step | null;
    added_tokens?: readonly { content: string; lstrip?: boolean; rstrip?: boolean; normalized?: boolean }[];
  };
  if (json.normalizer && json.normalizer.type !== 'NFC') return 'none';
  for (const token of json.added_tokens ?? []) {
    if (token.lstrip || token.rstrip || /\s/.test(token.content)) return 'none';
  }
  const steps =
    json.pre_tokenizer?.type === 'Sequence' ? (json.pre_tokenizer.pretokenizers ?? []) : [json.pre_tokenizer ?? {}];
  const [first, second, ...more] = steps;
  if (!first || more.length > 0 || first.add_prefix_space || second?.add_prefix_space) return 'none';
  if (first.type === 'ByteLevel' && !second) return first.use_regex === false ? 'none' : 'gpt2';
  if (first.type !== 'Split' || first.behavior !== 'Isolated' || first.invert || second?.type !== 'ByteLevel')
    return 'none';
  if (second.use_regex !== false) return 'none';
  const pattern = first.pattern?.Regex ?? '';
  // The tails of the published patterns of cl100k, o200k, Llama 3 and Qwen 2 and of GPT-2.
  if (
    /\|\\s\*\[\\r\\n\]\+\|\\s\+\(\?!\\S\)\|\\s\+$/.test(pattern) &&
    /\| \?\[\^\\s\\p\{L\}\\p\{N\}\]\+\+?\[\\r\\n\/?\]\*/.test(pattern)
  ) {
    return 'gpt4';
  }
  if (pattern === "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+") return 'gpt2';
  return 'none';
}
