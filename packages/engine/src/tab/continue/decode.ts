import type { CursorContext } from '../lexicon/cursor.ts';
import { type Context, type Knowledge, type Prediction, predict } from '../lexicon/predict.ts';
import { WORD } from '../lexicon/scan.ts';
import { endsLine, isSpaced, symbolOf, wordOf } from '../lexicon/symbols.ts';
import { looksSecret } from './secret.ts';

/** One token of a decoded text. */
export interface Step {
  readonly symbol: number;
  /** P(this token | those before); for the end of a line, of any kind of end. */
  readonly probability: number;
  readonly order: number;
  readonly count: number;
  /** Which views of the model have seen it here, as bits. */
  readonly experts: number;
}

/** One way the line goes on. */
export interface Path extends Context {
  readonly steps: readonly Step[];
  /** P(exactly these tokens), the product of the steps. */
  readonly probability: number;
  /** Brackets that the steps opened and did not close, as the characters that would. */
  readonly open: string;
  /** Brackets that are open before the cursor and that the steps have not closed, in the same form. */
  readonly outer: string;
  /** True when the last step is the end of the line. */
  readonly closed: boolean;
}

export interface DecodeLimits {
  /** Hypotheses kept per step. */
  readonly beam: number;
  /** Tokens. */
  readonly length: number;
  /** Predictions of one token, in all: what bounds the time of an answer (each takes about 0.1 ms). */
  readonly calls: number;
  /** Probability below which a hypothesis is given up. */
  readonly floor: number;
}

export const LINE_LIMITS: DecodeLimits = { beam: 3, length: 28, calls: 48, floor: 0.03 };
/** A path this much less likely than the best open one is given up: it is hardly ever chosen in the end, and costs as much. */
const RELATIVE_FLOOR = 0.1;

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Tokens of context a hypothesis carries along: as many as the model compares, and some. */
const CARRIED = 24;

/**
 * The likeliest ways the line goes on: beam search, a step per token. Those that reached the end of the line come first, best first; then those that
 * were given up on the way, for what they are worth as beginnings.
 */
export function decodeLine(knowledge: Knowledge, at: CursorContext, limits: DecodeLimits = LINE_LIMITS): Path[] {
  const { symbols, patterns, state } = at;
  let beam: Path[] = [{ symbols, patterns, state, steps: [], probability: 1, open: '', outer: at.open, closed: false }];
  let calls = 0;
  const ended: Path[] = [];
  const stuck: Path[] = [];
  for (let depth = 0; depth < limits.length && beam.length > 0; depth++) {
    const grown: Path[] = [];
    for (const path of beam) {
      if (++calls > limits.calls) {
        stuck.push(path);
        continue;
      }
      const options =
        depth === 0
          ? predict(knowledge, path, at.accepts, at.partial ? knownWords(knowledge, at) : undefined)
          : predict(knowledge, path);
      const before = grown.length;
      const end = endOf(options);
      if (end && path.probability * end.probability >= limits.floor && path.steps.length > 0)
        grown.push(closeLine(path, end));
      let taken = 0;
      for (const option of options) {
        if (taken === limits.beam || path.probability * option.probability < limits.floor) break;
        if (endsLine(option.symbol)) continue;
        const next = extendPath(knowledge, path, option);
        if (!next) continue;
        grown.push(next);
        taken++;
      }
      if (grown.length === before && path.steps.length > 0) stuck.push(path);
    }
    grown.sort((a, b) => b.probability - a.probability);
    beam = [];
    for (const path of grown) {
      if (path.closed) ended.push(path);
      else if (beam.length < limits.beam && path.probability >= RELATIVE_FLOOR * (beam[0]?.probability ?? 0))
        beam.push(path);
      else stuck.push(path);
    }
    // Half of the best ended: what is left can still be right, but would hardly be chosen over it.
    const best = ended.reduce((most, path) => Math.max(most, path.probability), 0);
    if (beam.length > 0 && beam[0]!.probability <= best * 0.5) {
      stuck.push(...beam);
      beam = [];
    }
  }
  ended.sort((a, b) => b.probability - a.probability);
  stuck.push(...beam);
  stuck.sort((a, b) => b.probability - a.probability);
  return [...ended, ...stuck];
}

/** The end of the line among options, of its likeliest kind, with the probability of all kinds. */
export function endOf(options: readonly Prediction[]): Prediction | undefined {
  let best: Prediction | undefined;
  let probability = 0;
  for (const option of options) {
    if (!endsLine(option.symbol)) continue;
    probability += option.probability;
    best ??= option;
  }
  return best && { ...best, probability };
}

export function closeLine(path: Path, end: Prediction): Path {
  const state = path.state.fork();
  return {
    ...path,
    steps: [...path.steps, stepOf(end)],
    probability: path.probability * end.probability,
    symbols: [...path.symbols.slice(-CARRIED), end.symbol],
    patterns: [...path.patterns.slice(-CARRIED), state.next(end.symbol)],
    state,
    closed: true,
  };
}

/** The path with one more token; `undefined` where it would close another bracket than the one that is open, or spell a secret. */
export function extendPath({ words }: Knowledge, path: Path, option: Prediction): Path | undefined {
  const text = words.text(wordOf(option.symbol));
  let { open, outer } = path;
  if (CLOSER[text] !== undefined) open += CLOSER[text];
  else if (text === ')' || text === ']' || text === '}') {
    if (open.endsWith(text)) open = open.slice(0, -1);
    else if (open !== '') return undefined;
    // Quotes are not told apart, so brackets in strings count too: anything open of this kind will do.
    else if (!outer.includes(text)) return undefined;
    else outer = outer.slice(0, outer.lastIndexOf(text));
  }
  if (text.length >= 16 && looksSecret(text)) return undefined;
  const state = path.state.fork();
  return {
    steps: [...path.steps, stepOf(option)],
    probability: path.probability * option.probability,
    symbols: [...path.symbols.slice(-CARRIED), option.symbol],
    patterns: [...path.patterns.slice(-CARRIED), state.next(option.symbol)],
    state,
    open,
    outer,
    closed: false,
  };
}

function stepOf({ symbol, probability, order, count, experts }: Prediction): Step {
  return { symbol, probability, order, count, experts };
}

/** Words of this document that go on from what is typed: they count even where no context like this was seen. */
function* knownWords({ self, words }: Knowledge, at: CursorContext): Iterable<number> {
  for (const word of self.counts.keys()) {
    if (words.kind(word) !== WORD || !words.text(word).startsWith(at.partial)) continue;
    yield symbolOf(word, at.blankBefore);
  }
}

/** The text of steps as it stands in the line, from the cursor on. */
export function renderSteps({ words }: Knowledge, steps: readonly Step[], at: CursorContext): string {
  let text = '';
  steps.forEach(({ symbol }, index) => {
    const word = wordOf(symbol);
    if (word < 0) return;
    const token = words.text(word);
    if (index > 0) text += (isSpaced(symbol) ? ' ' : '') + token;
    else text += (isSpaced(symbol) && !at.blankBefore ? ' ' : '') + token.slice(at.partial.length);
  });
  return text;
}
