import type { CursorContext } from '../lexicon/cursor.ts';
import { type Knowledge, type Prediction, predict } from '../lexicon/predict.ts';
import type { PatternState } from '../lexicon/patterns.ts';
import { endsLine, isSpaced, wordOf } from '../lexicon/symbols.ts';
import { WORD } from '../lexicon/scan.ts';

/** One token of a decoded text. */
export interface Step {
  readonly symbol: number;
  readonly probability: number;
  readonly order: number;
  readonly count: number;
}

/** One way the line goes on. */
export interface Path {
  readonly steps: readonly Step[];
  /** P(exactly these tokens), the product of the steps. */
  readonly probability: number;
  /** True when the last step is the end of the line (or the text that stands there already). */
  readonly closed: boolean;
}

interface Hypothesis {
  readonly steps: readonly Step[];
  readonly probability: number;
  readonly symbols: readonly number[];
  readonly patterns: readonly number[];
  readonly state: PatternState;
  /** Brackets opened by these steps and not closed, as closing characters. */
  readonly open: string;
  readonly closed: boolean;
}

export interface DecodeLimits {
  /** Hypotheses kept per step. */
  readonly beam: number;
  /** Tokens. */
  readonly length: number;
  /** Probability below which a hypothesis is given up. */
  readonly floor: number;
}

export const LINE_LIMITS: DecodeLimits = { beam: 3, length: 24, floor: 0.03 };

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * The likeliest ways the line goes on, best first: beam search, a step per token. Beams that end are kept aside; the search stops when no open one can
 * overtake the best that ended.
 */
export function decodeLine(
  knowledge: Knowledge,
  at: CursorContext,
  limits: DecodeLimits,
  unigrams?: Iterable<number>,
): Path[] {
  let beam: Hypothesis[] = [
    { steps: [], probability: 1, symbols: at.symbols, patterns: at.patterns, state: at.state, open: '', closed: false },
  ];
  const ended: Hypothesis[] = [];
  const stuck: Hypothesis[] = [];
  for (let depth = 0; depth < limits.length && beam.length > 0; depth++) {
    const grown: Hypothesis[] = [];
    for (const hypothesis of beam) {
      const options =
        depth === 0
          ? predict(knowledge, hypothesis, at.accepts, at.partial ? unigrams : undefined)
          : predict(knowledge, hypothesis);
      const before = grown.length;
      let lineEnd = 0;
      let best: Prediction | undefined;
      for (const option of options) {
        if (endsLine(option.symbol)) {
          lineEnd += option.probability;
          best ??= option;
        }
      }
      if (best && hypothesis.probability * lineEnd >= limits.floor)
        grown.push({
          ...hypothesis,
          steps: [
            ...hypothesis.steps,
            { symbol: best.symbol, probability: lineEnd, order: best.order, count: best.count },
          ],
          probability: hypothesis.probability * lineEnd,
          closed: true,
        });
      let taken = 0;
      for (const option of options) {
        if (taken === limits.beam || hypothesis.probability * option.probability < limits.floor) break;
        if (endsLine(option.symbol)) continue;
        const next = extend(knowledge, hypothesis, option);
        if (!next) continue;
        grown.push(next);
        taken++;
      }
      if (grown.length === before && hypothesis.steps.length > 0) stuck.push(hypothesis);
    }
    grown.sort((a, b) => b.probability - a.probability);
    beam = [];
    for (const hypothesis of grown) {
      if (hypothesis.closed) ended.push(hypothesis);
      else if (beam.length < limits.beam) beam.push(hypothesis);
      else stuck.push(hypothesis);
    }
    const best = ended.reduce((most, hypothesis) => Math.max(most, hypothesis.probability), 0);
    if (beam.length > 0 && beam[0]!.probability <= best * 0.5) {
      stuck.push(...beam);
      beam = [];
    }
  }
  return [...ended, ...stuck, ...beam]
    .map(({ steps, probability, closed }) => ({ steps, probability, closed }))
    .sort((a, b) => Number(b.closed) - Number(a.closed) || b.probability - a.probability);
}

function extend({ words }: Knowledge, hypothesis: Hypothesis, option: Prediction): Hypothesis | undefined {
  const { symbol, probability, order, count } = option;
  const text = words.text(wordOf(symbol));
  let open = hypothesis.open;
  if (CLOSER[text]) open += CLOSER[text];
  else if (text === ')' || text === ']' || text === '}') {
    if (open.endsWith(text)) open = open.slice(0, -1);
    else if (open !== '') return undefined;
  }
  const state = words.kind(wordOf(symbol)) === WORD ? hypothesis.state.fork() : hypothesis.state.fork();
  return {
    steps: [...hypothesis.steps, { symbol, probability, order, count }],
    probability: hypothesis.probability * probability,
    symbols: [...hypothesis.symbols.slice(-24), symbol],
    patterns: [...hypothesis.patterns.slice(-24), state.next(symbol)],
    state,
    open,
    closed: false,
  };
}

/** The text of steps as it stands in a line. `partial` is what of the first token is typed already. */
export function renderLine(
  knowledge: Knowledge,
  steps: readonly Step[],
  partial: string,
  blankBefore: boolean,
): string {
  let text = '';
  steps.forEach(({ symbol }, index) => {
    const word = wordOf(symbol);
    if (word < 0) return;
    const token = knowledge.words.text(word);
    if (index === 0) text += (isSpaced(symbol) && !blankBefore ? ' ' : '') + token.slice(partial.length);
    else text += (isSpaced(symbol) ? ' ' : '') + token;
  });
  return text;
}
