import { type Knowledge, predict } from '../lexicon/predict.ts';
import { lineHash } from '../lexicon/revision.ts';
import { BLANK_LINE, endsLine, isSpaced, LINE, wordOf } from '../lexicon/symbols.ts';
import { closeLine, endOf, extendPath, type Path } from './decode.ts';

/** Lines that follow the one at the cursor. */
export interface Block {
  /** Each with its indentation, in columns relative to the line of the cursor counted in levels. */
  readonly lines: readonly { readonly level: number; readonly text: string }[];
  /** P(all of them | the line at the cursor). */
  readonly probability: number;
}

/** Tokens in all, and lines, of a block. */
const MAX_TOKENS = 80;
const MAX_LINES = 10;
/** Each token has to be this sure: evidence for a block is strong or it is none. */
const STEP_FLOOR = 0.6;
/** All of it together has to be this likely. */
const BLOCK_FLOOR = 0.35;

/**
 * The lines after a line that is whole: greedily, for as long as every token is nearly sure, back to the last line at which every bracket that was opened
 * since the cursor is closed again. `undefined` where not even one line is. It ends before a line of `stopAt` (what stands around the cursor: a model of a file that
 * repeats itself would go round in circles) and before it leaves the block that the cursor is in.
 */
export function decodeBlock(knowledge: Knowledge, line: Path, stopAt: ReadonlySet<string>): Block | undefined {
  let path = line;
  let probability = 1;
  let level = 0;
  let text = '';
  const lines: { level: number; text: string }[] = [];
  let good = 0;
  let goodProbability = 1;
  const lineEnd = path.symbols.at(-1)!;
  if (!applyLevel(lineEnd)) lines.push({ level: 0, text: '' });
  for (let tokens = 0; tokens < MAX_TOKENS && lines.length < MAX_LINES; tokens++) {
    const options = predict(knowledge, path);
    const end = endOf(options);
    const best = options.find((option) => !endsLine(option.symbol));
    if (end && (!best || end.probability >= best.probability)) {
      // Which kind of end matters now: it decides the next line's indentation.
      probability *= end.probability;
      if (probability < BLOCK_FLOOR || end.probability < STEP_FLOOR) break;
      const start = path.symbols.findLastIndex(endsLine) + 1;
      // The line that was just written anew, as it was before.
      if (knowledge.revision?.goneLines.has(lineHash(path.symbols.slice(start)))) break;
      path = closeLine(path, end);
      if (text === '' && lines.at(-1)?.text === '') break;
      if (stopAt.has(text) || lines.some((earlier) => text.length > 3 && earlier.text === text)) break;
      lines.push({ level, text });
      text = '';
      if (path.open === '' && level >= 0 && lines.at(-1)!.text !== '') {
        good = lines.length;
        goodProbability = probability;
      }
      if (level < 0) break;
      if (!applyLevel(end.symbol)) lines.push({ level: 0, text: '' });
      continue;
    }
    if (!best || best.probability < STEP_FLOOR || probability * best.probability < BLOCK_FLOOR) break;
    const next = extendPath(knowledge, path, best);
    if (!next) break;
    probability *= best.probability;
    text += (text !== '' && isSpaced(best.symbol) ? ' ' : '') + knowledge.words.text(wordOf(best.symbol));
    path = next;
  }
  return good === 0 ? undefined : { lines: lines.slice(0, good), probability: goodProbability };

  /** False for an empty line: its indentation comes with the next line break. */
  function applyLevel(symbol: number): boolean {
    if (symbol === BLANK_LINE) return false;
    level += symbol - LINE;
    return true;
  }
}
