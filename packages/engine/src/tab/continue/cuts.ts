import type { CursorContext } from '../lexicon/cursor.ts';
import type { Knowledge } from '../lexicon/predict.ts';
import { OPERATOR, WORD } from '../lexicon/scan.ts';
import { endsLine, isSpaced, wordOf } from '../lexicon/symbols.ts';
import { type Path, renderSteps, type Step } from './decode.ts';

/** A text that could be shown: a path up to some token. */
export interface Cut {
  readonly text: string;
  readonly steps: readonly Step[];
  /** P(exactly this text comes next), as the model sees it. */
  readonly probability: number;
  /** True where the text reaches the end of the line, or joins what stands behind the cursor. */
  readonly whole: boolean;
  /** Of all paths, 0 for the best. */
  readonly rank: number;
  /** P of the best path's same number of tokens less that of the runner-up's, in logs; how clear the choice is. */
  readonly path: Path;
}

const CLOSING = new Set([')', ']', '}', ';', ',', '"', "'", '`', '>']);
const QUOTES = /["'`]/g;

/**
 * Where a path may be cut off. What stands behind the cursor on the line decides: nothing, and it may end after any word; closers (as editors put them in by
 * themselves), and it has to stop before it would type them again; anything else, and it has to join that exactly, to the end of the line, or be the rest of a word.
 */
export function cutsOf(knowledge: Knowledge, at: CursorContext, path: Path, rank: number): Cut[] {
  const { words } = knowledge;
  const texts = path.steps.map(({ symbol }) => (wordOf(symbol) < 0 ? '\n' : words.text(wordOf(symbol))));
  const suffix = at.suffix.map((symbol) => words.text(wordOf(symbol)));
  const join = suffix.length > 0 ? joinOf(path, texts, suffix) : undefined;
  const closers = suffix.every((text) => CLOSING.has(text));
  // Where the line goes on in a way that the path does not meet, the word that is half typed can still be completed.
  if (suffix.length > 0 && !closers && !join && at.partial === '') return [];
  const cuts: Cut[] = [];
  const make = (length: number, through: number, whole: boolean): void => {
    const steps = path.steps.slice(0, length);
    const text = renderSteps(knowledge, steps, at);
    if (text.trim() === '') return;
    let probability = 1;
    for (let index = 0; index < through; index++) probability *= path.steps[index]!.probability;
    cuts.push({ text, steps: path.steps.slice(0, through), probability, whole, rank, path });
  };
  const end = join ? join.at : path.closed ? path.steps.length - 1 : path.steps.length;
  if (closers || suffix.length === 0) {
    let open = 0;
    for (let length = 1; length < end; length++) {
      const text = texts[length - 1]!;
      if (/^[([{]$/.test(text)) open++;
      else if (/^[)\]}]$/.test(text)) open--;
      if (open > 0 || (open < 0 && suffix.length > 0)) continue;
      if (isNaturalEnd(knowledge, path.steps, length, texts)) make(length, length, false);
    }
  }
  if (!closers && !join && path.steps.length > 0 && words.kind(wordOf(path.steps[0]!.symbol)) === WORD)
    make(1, 1, false);
  if (join) make(join.at, join.through, true);
  else if (path.closed && suffix.length === 0) make(path.steps.length - 1, path.steps.length, true);
  return cuts;
}

/** After a word, number or closer, outside of quotes begun here, and not right before something that belongs to it. */
function isNaturalEnd({ words }: Knowledge, steps: readonly Step[], length: number, texts: readonly string[]): boolean {
  const word = wordOf(steps[length - 1]!.symbol);
  if (word < 0) return false;
  const text = texts[length - 1]!;
  if (words.kind(word) === OPERATOR && !/^[)\]};"'`]$/.test(text)) return false;
  if ((texts.slice(0, length).join('').match(QUOTES)?.length ?? 0) % 2 === 1) return false;
  const next = steps[length];
  if (!next || endsLine(next.symbol)) return true;
  return words.kind(word) !== WORD || isSpaced(next.symbol) || words.kind(wordOf(next.symbol)) === OPERATOR;
}

/** Where the path comes to what stands behind the cursor: the number of steps before it, and through it. */
function joinOf(
  path: Path,
  texts: readonly string[],
  suffix: readonly string[],
): { at: number; through: number } | undefined {
  const trivial = suffix.every((text) => CLOSING.has(text));
  let open = 0;
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at]!;
    if (open === 0 && text === suffix[0] && agrees(texts, suffix, at)) {
      // Closers alone: what follows them is typed behind them later. Real text has to be met to the end of the line.
      if (trivial) return { at, through: Math.min(texts.length, at + 1) };
      if (path.closed && at + suffix.length === texts.length - 1) return { at, through: texts.length };
    }
    if (/^[([{]$/.test(text)) open++;
    else if (/^[)\]}]$/.test(text)) open--;
    if (open < 0) return undefined;
  }
  return undefined;
}

function agrees(texts: readonly string[], suffix: readonly string[], at: number): boolean {
  for (let index = 0; index < suffix.length && at + index < texts.length - 1; index++)
    if (texts[at + index] !== suffix[index]) return false;
  return true;
}
