import { encodeInto } from './encode.ts';
import { type LiveText, tokenIndexAt } from './live-text.ts';
import type { Hole } from './matches.ts';
import { PatternState } from './patterns.ts';
import type { Context } from './predict.ts';
import { OPERATOR } from './scan.ts';
import { endsLine, isSpaced, wordOf } from './symbols.ts';
import type { Words } from './words.ts';

/** How far back the context is read: more than the longest match and the identifiers patterns remember need. */
const WINDOW = 2_500;
const WORD_TAIL = /[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}$]+$/u;

/** What the model sees of a place in a text. */
export interface CursorContext extends Context {
  /** The beginning of a word that is typed already, left of the cursor. */
  readonly partial: string;
  /** Whether the next token can be this one, given `partial` and the white space before it. */
  accepts(symbol: number): boolean;
  /** True where the word left of the cursor is new and was taken to be all typed. */
  readonly complete: boolean;
  /** True where nothing but indentation is before the cursor on its line. */
  readonly lineStart: boolean;
  /** True where white space stands before the token that comes next (or before `partial`). */
  readonly blankBefore: boolean;
  readonly hole: Hole;
  /** Brackets that are open at the cursor, outermost first, as the characters that would close them. */
  readonly open: string;
  /** Symbols of the rest of the line, without the line break. */
  readonly suffix: readonly number[];
}

/** @param complete the word left of the cursor is taken to be all typed: it is new, so that nothing known goes on from it */
export function contextAt(text: string, offset: number, live: LiveText, words: Words, complete = false): CursorContext {
  // `lastIndexOf` takes -1 for 0, where a line break can be.
  const lineFrom = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const newline = text.indexOf('\n', offset);
  const lineTo = newline < 0 ? text.length : newline;
  const line = text.slice(lineFrom, offset);
  const partial = complete ? '' : (WORD_TAIL.exec(line)?.[0] ?? '');
  const at = offset - partial.length;
  const from = offset > WINDOW ? text.indexOf('\n', offset - WINDOW) + 1 : 0;
  const symbols: number[] = [];
  if (from <= lineFrom) encodeInto(text.slice(from, at), words, live.unit, (symbol) => symbols.push(symbol));
  else encodeInto(text.slice(lineFrom, at), words, live.unit, (symbol) => symbols.push(symbol));
  if (from === 0) symbols.unshift(0);
  const state = new PatternState(words);
  const patterns = symbols.map((symbol) => state.next(symbol));
  const suffix: number[] = [];
  encodeInto(text.slice(offset, lineTo).trimEnd(), words, live.unit, (symbol) => suffix.push(symbol));
  const before = line.slice(0, line.length - partial.length);
  const lineStart = before.trim() === '';
  const blankBefore = /\s$/.test(before) && !lineStart;
  const accepts = (symbol: number): boolean => {
    const word = wordOf(symbol);
    if (word < 0) return partial === '' && !lineStart && !blankBefore && endsLine(symbol);
    if (lineStart) {
      if (isSpaced(symbol)) return false;
    } else if (partial !== '' || blankBefore) {
      if (isSpaced(symbol) !== blankBefore) return false;
    }
    if (complete && !isSpaced(symbol) && words.kind(word) !== OPERATOR) return false;
    return partial === '' || words.text(word).startsWith(partial);
  };
  const hole = { from: tokenIndexAt(live.starts, at), to: tokenIndexAt(live.starts, lineTo) + 1 };
  return {
    symbols,
    patterns,
    state,
    partial,
    accepts,
    complete,
    lineStart,
    blankBefore,
    hole,
    open: openBrackets(text, offset),
    suffix,
  };
}

const OPENERS = '([{';
const CLOSERS = ')]}';
/** How far back brackets are matched, in code units. */
const BRACKET_WINDOW = 20_000;

/** Where the text before is cut off, anything may be open: all kinds are taken to be. */
function openBrackets(text: string, offset: number): string {
  const from = Math.max(0, offset - BRACKET_WINDOW);
  let open = from > 0 ? '}}])' : '';
  for (let at = from; at < offset; at++) {
    const char = text[at]!;
    const opener = OPENERS.indexOf(char);
    if (opener >= 0) open += CLOSERS[opener];
    else if (CLOSERS.includes(char) && open.endsWith(char)) open = open.slice(0, -1);
  }
  return open;
}
