import type { Document } from '../../workspace/document.ts';
import { decodeBlock } from '../continue/block.ts';
import { calibrated, cutFeatures } from '../continue/calibration.ts';
import { type Cut, cutsOf } from '../continue/cuts.ts';
import { decodeLine } from '../continue/decode.ts';
import type { ModelPlace } from '../lexicon/lexicon.ts';
import { endsLine, isSpaced, wordOf } from '../lexicon/symbols.ts';
import type { Candidate, Source, TabContext } from '../source.ts';

/** What a wrong text costs its reader, in keystrokes saved by a right one. */
const WRONG_COST = 2.5;
/** What it is worth, in keystrokes, that nothing is left to do on the line: one look instead of two. */
const WHOLE_BONUS = 8;
/** Below this a text is not proposed at all. */
const LEAST_SCORE = 0.1;
/** How many different ways on are proposed. */
const WAYS = 3;

/**
 * Text at the cursor from the project's token model: the rest of the word, of the line, or several lines. Of one way on, the length that saves most keys for
 * its risk is chosen; the other ways follow, likeliest first. The score is the calibrated probability that the whole text is what the user types next.
 */
export const continueSource: Source = {
  name: 'continue',
  *propose(context, signal) {
    const { document, cursor, lexicon } = context;
    if (cursor.selecting || document.exclusion !== undefined || cursor.path !== document.path) return;
    if (isInsideWord(document, cursor.offset)) return;
    const place = lexicon.place(document, cursor.offset);
    if (!place || signal.aborted) return;
    const chosen: Chosen[] = [];
    const paths = decodeLine(place.knowledge, place.cursor);
    for (const [rank, path] of paths.slice(0, 6).entries()) {
      if (signal.aborted) return;
      const best = bestCut(place, cutsOf(place.knowledge, place.cursor, path, rank));
      if (best && isNew(document, cursor.offset, best.cut)) chosen.push(best);
    }
    chosen.sort((a, b) => b.gain - a.gain);
    const seen: string[] = [];
    for (const choice of chosen) {
      if (seen.length === WAYS) return;
      // A shorter or longer form of a way already proposed tells nothing new.
      if (seen.some((text) => text.startsWith(choice.cut.text) || choice.cut.text.startsWith(text))) continue;
      seen.push(choice.cut.text);
      if (seen.length === 1) yield* withBlock(context, place, choice);
      yield candidateOf(context, place, choice, choice.cut.text, choice.score, 1);
    }
  },
};

interface Chosen {
  readonly cut: Cut;
  readonly score: number;
  /** Keystrokes saved on average. */
  readonly gain: number;
}

function bestCut(place: ModelPlace, cuts: readonly Cut[]): Chosen | undefined {
  let best: Chosen | undefined;
  for (const cut of cuts) {
    const score = calibrated(cutFeatures(place.knowledge, place.cursor, cut), cut.whole);
    if (score < LEAST_SCORE) continue;
    // Accepting costs a key itself.
    const value = cut.text.length - 1 + (cut.whole ? WHOLE_BONUS : 0);
    const gain = score * value - (1 - score) * WRONG_COST;
    if (!best || gain > best.gain) best = { cut, score, gain };
  }
  return best;
}

/** Several lines, where they are sure enough to be worth more than the one. */
function* withBlock(context: TabContext, place: ModelPlace, choice: Chosen): Iterable<Candidate> {
  const { cut } = choice;
  if (!cut.whole || place.cursor.suffix.length > 0 || choice.score < 0.5) return;
  const { document, cursor } = context;
  const { typed, following } = linesAround(document, cursor.offset);
  const block = decodeBlock(place.knowledge, cut.path, new Set([(typed + cut.text).trim(), ...following]));
  if (!block) return;
  const text = document.content;
  const indent = /^[ \t]*/.exec(typed)![0];
  const usesTabs = indent.includes('\t') || (indent === '' && /\n\t/.test(text));
  const unit = usesTabs ? '\t' : ' '.repeat(place.knowledge.self.unit);
  const lines = block.lines.map(({ level, text: line }) => (line === '' ? '' : indent + unit.repeat(level) + line));
  while (lines.at(-1) === '') lines.pop();
  const whole = [cut.text, ...lines].join(document.eol);
  yield candidateOf(context, place, choice, whole, choice.score * block.probability, 1 + lines.length);
}

/** Neither what stands on the next lines anyway, nor the line just above once more. */
function isNew(document: Document, offset: number, cut: Cut): boolean {
  if (!cut.whole) return true;
  const { typed, following } = linesAround(document, offset);
  const line = (typed + cut.text).trim();
  return line.length <= 2 || following[0] !== line;
}

/** The line up to the cursor, and the next lines with something on them, trimmed; up to four. */
function linesAround(document: Document, offset: number): { typed: string; following: string[] } {
  const { text } = document;
  const line = text.lineAt(offset);
  const following: string[] = [];
  for (let number = line.number + 1; number <= text.lines && following.length < 4; number++) {
    const content = text.line(number).text.trim();
    if (content !== '') following.push(content);
  }
  return { typed: line.text.slice(0, offset - line.from), following };
}

function isInsideWord(document: Document, offset: number): boolean {
  return /^[\p{L}\p{N}_$]/u.test(document.text.sliceString(offset, Math.min(document.length, offset + 2)));
}

function candidateOf(
  context: TabContext,
  place: ModelPlace,
  { cut, score }: Chosen,
  text: string,
  total: number,
  lines: number,
): Candidate {
  const { path, offset } = context.cursor;
  const weakest = cut.steps.reduce((least, step) => Math.min(least, step.probability), 1);
  const first = cut.steps[0]!;
  return {
    path,
    edits: [[offset, offset, text]],
    score: total,
    features: {
      logProbability: Math.log(Math.max(1e-6, cut.probability)) / 10,
      weakest,
      order: Math.min(1, first.order / 16),
      count: Math.min(1, Math.log2(1 + first.count) / 8),
      length: Math.min(1, text.length / 80),
      tokens: Math.min(1, cut.steps.length / 20),
      whole: cut.whole ? 1 : 0,
      midWord: place.cursor.partial ? 1 : 0,
      lineStart: place.cursor.lineStart ? 1 : 0,
      lines: Math.min(1, (lines - 1) / 10),
      lineScore: score,
    },
    evidence: evidenceOf(place, cut, total),
  };
}

function evidenceOf(place: ModelPlace, cut: Cut, score: number): string[] {
  const { words } = place.knowledge;
  const first = cut.steps[0]!;
  const context = place.cursor.symbols
    .slice(-Math.min(first.order, 8))
    .filter((symbol) => !endsLine(symbol))
    .map((symbol) => (isSpaced(symbol) ? ' ' : '') + words.text(wordOf(symbol)))
    .join('')
    .trim();
  const evidence: string[] = [];
  if (first.order > 0 && context !== '') {
    const times = Math.max(1, Math.round(first.count));
    const where = place.seenIn();
    evidence.push(
      `seen ${times} ${times === 1 ? 'time' : 'times'} after \`${context}\`${where ? `, as in ${where}` : ''}`,
    );
  } else evidence.push('a word of this file');
  evidence.push(`${Math.round(score * 100)} % likely to be all that comes next here`);
  return evidence;
}
