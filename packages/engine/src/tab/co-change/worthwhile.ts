import type { Related } from '../../workspace/co-change.ts';
import type { HistoryEdit } from '../../workspace/history.ts';
import { historyEdits } from '../../workspace/history.ts';
import { isKeyword } from '../../workspace/languages.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import { maskedCode } from '../repair/code-mask.ts';
import { declares } from '../repair/declares.ts';
import type { TabContext } from '../source.ts';

/** Less than this is chance. */
const MIN_TOGETHER = 3;
const MIN_CONFIDENCE = 0.4;
/** A file that changes in every commit (a change log, a version) changes with anything. */
const MIN_LIFT = 1.2;

export function isStrong({ together, confidence, lift }: Related): boolean {
  return together >= MIN_TOGETHER && confidence >= MIN_CONFIDENCE && lift >= MIN_LIFT;
}

/**
 * True where the newest edit leaves nothing open: as many brackets closed as opened in what was written, and the cursor neither inside a word nor on
 * an empty line that was just made to be filled.
 */
export function looksFinished(context: TabContext, latest: HistoryEdit): boolean {
  let depth = 0;
  for (const [start, end, text] of historyEdits(latest))
    depth += balance(text) - balance(latest.before.sliceString(start, end, '\n'));
  if (depth > 0) return false;
  const { document, cursor } = context;
  if (latest.origin !== 'typed' || latest.path !== cursor.path) return true;
  const line = document.text.lineAt(Math.min(cursor.offset, document.length));
  if (line.text.trim() === '') return false;
  const before = line.text.slice(0, cursor.offset - line.from);
  const behind = line.text.slice(cursor.offset - line.from);
  // Inside a line, a word that ends at the cursor is still being typed.
  if (behind.trim() !== '') return !/[\w.$]$/.test(before) || /^\w/.test(behind);
  return !/[.=+\-*/&|([,]\s*$/.test(before);
}

function balance(text: string): number {
  let depth = 0;
  for (const char of text) depth += '([{'.includes(char) ? 1 : ')]}'.includes(char) ? -1 : 0;
  return depth;
}

export interface Target {
  readonly offset: number;
  readonly by: 'definition' | 'use' | 'history' | 'top';
  readonly name?: string;
}

/** Where in the other file to look: what it says of the names that were just edited, the rarest first. `undefined` where it has none of them. */
export function targetByName(text: string, languageId: string, names: Iterable<string>): Target | undefined {
  if (text.length > 200_000) return undefined;
  const code = maskedCode(text, languageId, 'comments-and-strings');
  const found = [...names]
    .filter((name) => name.length >= 4 && !isKeyword(languageId, name) && code.includes(name))
    .slice(0, 40)
    .map((name) => ({ name, places: occurrencesOf(code, name) }))
    .filter(({ places }) => places.length > 0 && places.length <= 20)
    .sort((a, b) => a.places.length - b.places.length || b.name.length - a.name.length);
  const defined = found.find(({ name }) => declares(code, languageId, name));
  if (defined) return { offset: defined.places[0]!, by: 'definition', name: defined.name };
  const [used] = found;
  return used && { offset: used.places[0]!, by: 'use', name: used.name };
}

/** Start of a line (from 1) behind its indentation; the top where there is no such line. */
export function targetByLine(text: string, line: number | undefined): Target {
  if (line === undefined) return { offset: 0, by: 'top' };
  let at = 0;
  for (let number = 1; number < line; number++) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return { offset: 0, by: 'top' };
    at = newline + 1;
  }
  return { offset: at + /^[ \t]*/.exec(text.slice(at, at + 200))![0].length, by: 'history' };
}
