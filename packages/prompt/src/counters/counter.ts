/**
 * How a text's tokens may be counted piece by piece. A rule names the places ("cuts") that no token crosses, whatever
 * stands around them; it is what makes re-counting one change cheap and still exact.
 *
 * - `gpt4`: pre-tokenizers of the cl100k kind (cl100k, o200k, Llama 3, Qwen 2): a run of blanks that ends in a line break
 *   is closed by that line break. Cuts: before a blank that follows a visible ASCII character, and before a non-blank line.
 * - `gpt2`: pre-tokenizers of the GPT-2 kind: cuts before a blank as above, and before a line that starts unindented.
 * - `line`: before a non-blank line, nowhere else; what the estimate rounds by.
 * - `none`: nothing is known (SentencePiece and the like): the text between two breaks is counted as one.
 */
export type CutRule = 'gpt4' | 'gpt2' | 'line' | 'none';

/** Counts the tokens of a text that is tokenised on its own. Must be a pure function of the text. */
export interface TokenCounter {
  /** Names the tokenizer in reports, such as `o200k`. */
  readonly id: string;
  /** Exact, or an upper estimate: the budget is kept in these units. */
  readonly exact: boolean;
  readonly cuts: CutRule;
  count(text: string): number;
  /** Token ids, where the counter knows them: makes the common prefix of two prompts exact. */
  encode?(text: string): readonly number[];
}

/** Whether no token crosses `offset` under `rule`. Looks only at `text` around the offset, never beyond its ends. */
export function isCut(rule: CutRule, text: string, offset: number): boolean {
  if (rule === 'none' || offset <= 0 || offset >= text.length) return false;
  const before = text.charCodeAt(offset - 1);
  const at = text.charCodeAt(offset);
  if (at === SPACE || at === TAB) {
    if (before > SPACE && before < DELETE) return rule !== 'line';
    return before === NEWLINE && rule !== 'gpt2' && opensLine(rule, text, offset);
  }
  if (before !== NEWLINE) return false;
  return opensLine(rule, text, offset) && (rule !== 'gpt2' || endsLine(rule, text, offset));
}

/**
 * Whether the line break before `offset` is closed by whatever opens a line after it. In GPT-2's pattern the last blank of
 * a run belongs to what follows ("\n\n" is one token at the end of a text, two before a word), so there the line break
 * must stand behind a visible character.
 */
export function endsLine(rule: CutRule, text: string, offset: number): boolean {
  if (rule === 'none' || text.charCodeAt(offset - 1) !== NEWLINE) return false;
  const before = text.charCodeAt(offset - 2);
  return rule !== 'gpt2' || (before > SPACE && before < DELETE);
}

/** Whether a line that starts at `offset` is cut from a line break before it: it is not blank and does not start with "/". */
export function opensLine(rule: CutRule, text: string, offset: number): boolean {
  if (rule === 'none') return false;
  let at = offset;
  if (rule !== 'gpt2') while (text.charCodeAt(at) === SPACE || text.charCodeAt(at) === TAB) at += 1;
  if (at >= text.length) return false;
  const code = text.charCodeAt(at);
  // o200k takes slashes after punctuation and line breaks into one token ("}\n//"), but only where no blank comes between.
  if (code === SLASH) return at > offset;
  return code > SPACE && code < DELETE ? true : code > DELETE && !isUnicodeBlank(code);
}

const TAB = 9;
const NEWLINE = 10;
const SPACE = 32;
const SLASH = 47;
const DELETE = 127;

function isUnicodeBlank(code: number): boolean {
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    code === 0x180e ||
    (code >= 0x2000 && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202f) ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  );
}
