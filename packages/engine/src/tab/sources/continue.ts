import type { Document } from '../../workspace/document.ts';
import { decodeBlock } from '../continue/block.ts';
import { calibrated, cutFeatures, cutPlaceOf } from '../continue/calibration.ts';
import { type Chosen, type Option, ordered, STILL, TYPING } from '../continue/choose.ts';
import { type Cut, cutsOf } from '../continue/cuts.ts';
import { decodeLine } from '../continue/decode.ts';
import { withLineOfItsOwn } from '../continue/new-line.ts';
import { isSettled } from '../continue/settled.ts';
import type { ModelPlace } from '../lexicon/lexicon.ts';
import { endsLine, isSpaced, wordOf } from '../lexicon/symbols.ts';
import type { Candidate, Source, TabContext } from '../source.ts';

/** Below this a text is not proposed at all. */
const LEAST_SCORE = 0.1;
/** Where nothing goes on: only who asks for text gets it. */
const UNASKED = 1.01;
/** How many different ways on are proposed. */
const WAYS = 3;

/**
 * Text at the cursor from the project's token model: the rest of the word, of the line, or several lines. Of all ways on, the text that saves most keys for
 * its risk is chosen; other ways follow. The score is the calibrated probability that the whole text is what the user types next; how likely it has to be
 * depends on whether it is all of the line and whether keys are coming one by one (`continue/choose.ts`).
 */
export const continueSource: Source = {
  name: 'continue',
  *propose(context, signal) {
    const { cursor } = context;
    if (cursor.selecting || context.document.exclusion !== undefined || cursor.path !== context.document.path) return;
    const document = withLineOfItsOwn(context);
    const asked = askedAt(context, document);
    if (!asked || signal.aborted) return;
    const { place } = asked;
    const options = asked.options.filter(({ score }) => score >= LEAST_SCORE);
    const typing = isTyping(context);
    // A new line that is glued to the next one is in the middle of being typed, or was put there as it is.
    const settled = !context.growing && (document !== context.document || isSettled(context));
    const chosen = ordered(options, typing ? TYPING : STILL).map((choice) =>
      settled ? { ...choice, least: UNASKED } : choice,
    );
    const seen: string[] = [];
    let most = 1;
    for (const choice of chosen) {
      if (seen.length === WAYS) return;
      // A shorter or longer form of a way already proposed tells nothing new.
      if (seen.some((text) => text.startsWith(choice.cut.text) || choice.cut.text.startsWith(text))) continue;
      seen.push(choice.cut.text);
      if (seen.length === 1) yield* withBlock(context, document, place, choice);
      // What comes second is for when the first was rejected: it does not overtake it by being shorter and surer.
      most = Math.min(most, choice.score);
      yield candidateOf(context, place, choice, choice.cut.text, most, 1);
    }
  },
};

/** What the model says at the cursor; `undefined` where nothing can be typed that it would know. */
export function askedAt(
  { cursor, lexicon }: TabContext,
  document: Document,
): { place: ModelPlace; options: readonly Option[] } | undefined {
  if (isInsideWord(document, cursor.offset)) return undefined;
  const place = lexicon.place(document, cursor.offset);
  if (!place) return undefined;
  const options = optionsAt(place, document, cursor.offset);
  // A word that nothing known goes on from is new, and may be all typed.
  if (options.length > 0 || place.cursor.partial === '') return { place, options };
  const behind = lexicon.place(document, cursor.offset, true);
  return behind && { place: behind, options: optionsAt(behind, document, cursor.offset) };
}

/** All texts that the model finds likely enough to think about, with how likely each is. */
function optionsAt(place: ModelPlace, document: Document, offset: number): Option[] {
  const { knowledge, cursor } = place;
  const paths = decodeLine(knowledge, cursor).slice(0, PATHS);
  const cuts = paths.flatMap((path, rank) => cutsOf(knowledge, cursor, path, rank));
  const { typed, above } = linesAround(document, offset);
  const where = cutPlaceOf(knowledge, cursor, typed, above);
  return cuts
    .filter((cut) => isNew(document, offset, cut))
    .map((cut) => {
      const features = cutFeatures(where, cut, cuts);
      return { cut, features, score: calibrated(features, cut.whole) };
    });
}

/** Paths that are looked at for texts. */
const PATHS = 6;

/** Whether the text before the cursor is coming key by key. */
export function isTyping({ snapshot, document }: TabContext): boolean {
  // What was accepted in the middle of typing is a part of it.
  const latest = snapshot.history.edits.findLast(({ origin }) => origin !== 'accept');
  if (!latest || latest.path !== document.path || latest.origin !== 'typed') return false;
  let keys = 0;
  latest.changes.iterChanges((fromA, toA, _fromB, _toB, inserted) => {
    // The editor indents; and a word that is replaced is selected first.
    const written = inserted.sliceString(0, inserted.length, '\n').replace(/\s+/g, ' ').length;
    keys += written > 0 ? written : toA - fromA;
  });
  return keys <= 2 * latest.steps;
}

/** Several lines, where they are sure enough to be worth more than the one. */
function* withBlock(context: TabContext, document: Document, place: ModelPlace, choice: Chosen): Iterable<Candidate> {
  const { cut } = choice;
  if (!cut.whole || place.cursor.suffix.length > 0 || choice.score < 0.5) return;
  const { cursor } = context;
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

/** Neither what stands behind the cursor or on the next lines anyway, nor the line just above once more. */
function isNew(document: Document, offset: number, cut: Cut): boolean {
  const behind = FIRST_TOKEN.exec(document.text.sliceString(offset, document.text.lineAt(offset).to));
  if (behind && behind[1] === FIRST_TOKEN.exec(cut.text)?.[1]) return false;
  if (!cut.whole) return true;
  const { typed, following } = linesAround(document, offset);
  const line = (typed + cut.text).trim();
  return line.length <= 2 || following[0] !== line;
}

const FIRST_TOKEN = /^\s*([\p{L}\p{N}_$]+|\S)/u;

/** The line up to the cursor, the last one above and the next four below with something on them, trimmed. */
function linesAround(document: Document, offset: number): { typed: string; above: string; following: string[] } {
  const { text } = document;
  const line = text.lineAt(offset);
  const following: string[] = [];
  for (let number = line.number + 1; number <= text.lines && following.length < 4; number++) {
    const content = text.line(number).text.trim();
    if (content !== '') following.push(content);
  }
  let above = '';
  for (let number = line.number - 1; number > 0 && above === ''; number--) above = text.line(number).text.trim();
  return { typed: line.text.slice(0, offset - line.from), above, following };
}

function isInsideWord(document: Document, offset: number): boolean {
  return /^[\p{L}\p{N}_$]/u.test(document.text.sliceString(offset, Math.min(document.length, offset + 2)));
}

function candidateOf(
  context: TabContext,
  place: ModelPlace,
  { cut, score, least }: Chosen,
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
    least,
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
