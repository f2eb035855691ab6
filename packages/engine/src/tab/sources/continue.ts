import type { Document } from '../../workspace/document.ts';
import { decodeBlock } from '../continue/block.ts';
import { calibrated, cutFeatures } from '../continue/calibration.ts';
import { type Cut, cutsOf } from '../continue/cuts.ts';
import { decodeLine } from '../continue/decode.ts';
import type { ModelPlace } from '../lexicon/lexicon.ts';
import { endsLine } from '../lexicon/symbols.ts';
import type { Candidate, Source, TabContext } from '../source.ts';

/** What a wrong text costs its reader, in keystrokes saved by a right one. */
const WRONG_COST = 2.5;
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
    const score = calibrated(cutFeatures(place.knowledge, place.cursor, cut));
    if (score < LEAST_SCORE) continue;
    // Accepting costs a key itself.
    const gain = score * (cut.text.length - 1) - (1 - score) * WRONG_COST;
    if (!best || gain > best.gain) best = { cut, score, gain };
  }
  return best;
}

/** Several lines, where they are sure enough to be worth more than the one. */
function* withBlock(context: TabContext, place: ModelPlace, choice: Chosen): Iterable<Candidate> {
  const { cut } = choice;
  if (!cut.whole || place.cursor.suffix.length > 0 || choice.score < 0.5) return;
  const block = decodeBlock(place.knowledge, place.cursor, cut.path);
  if (!block) return;
  const { document, cursor } = context;
  const text = document.content;
  const lineFrom = text.lastIndexOf('\n', cursor.offset - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineFrom, cursor.offset))![0];
  const unit = indent.includes('\t') || (indent === '' && /\n\t/.test(text)) ? '\t' : ' '.repeat(place.knowledge.self.unit);
  const following = followingLines(document, cursor.offset);
  const lines: string[] = [];
  for (const [index, { level, text: content }] of block.lines.entries()) {
    if (content === '') {
      lines.push('');
      continue;
    }
    // From where the prediction runs into what stands there already, it is no news.
    if (content === following[0] && (content.length > 2 || index === block.lines.length - 1)) break;
    lines.push((level >= 0 ? indent + unit.repeat(level) : dedent(indent, unit, -level)) + content);
  }
  while (lines.at(-1) === '') lines.pop();
  if (lines.length < block.lines.length || lines.length === 0) return;
  const whole = [cut.text, ...lines].join(document.eol);
  yield candidateOf(context, place, choice, whole, choice.score * block.probability, 1 + lines.length);
}

function dedent(indent: string, unit: string, levels: number): string {
  return indent.slice(0, Math.max(0, indent.length - unit.length * levels));
}

/** Neither what stands on the next lines anyway, nor the line just above once more. */
function isNew(document: Document, offset: number, cut: Cut): boolean {
  if (!cut.whole) return true;
  const text = document.content;
  const lineFrom = text.lastIndexOf('\n', offset - 1) + 1;
  const line = (text.slice(lineFrom, offset) + cut.text).trim();
  if (line.length <= 2) return true;
  return followingLines(document, offset)[0] !== line;
}

/** The next lines that are not empty, trimmed; up to three. */
function followingLines(document: Document, offset: number): string[] {
  const found: string[] = [];
  const { text } = document;
  for (let line = text.lineAt(offset).number + 1; line <= text.lines && found.length < 3; line++) {
    const content = text.line(line).text.trim();
    if (content !== '') found.push(content);
  }
  return found;
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
    .map((symbol) => ((symbol & 1) === 1 ? ' ' : '') + words.text((symbol >> 1) - 64))
    .join('')
    .trim();
  const evidence: string[] = [];
  if (first.order > 0 && context !== '') {
    const times = Math.max(1, Math.round(first.count));
    const where = place.seenIn();
    evidence.push(`seen ${times} ${times === 1 ? 'time' : 'times'} after \`${context}\`${where ? `, last in ${where}` : ''}`);
  } else evidence.push('a word of this file');
  evidence.push(`${Math.round(score * 100)} % likely to be all that comes next here`);
  return evidence;
}
