import type { TextEdit } from '../../workspace/text-edit.ts';
import { isWholeWord } from '../../workspace/tokens.ts';
import { join, STYLES, subwordsOf } from './casing.ts';

/**
 * Other identifiers that hold the words which changed inside one: after `getUser` -> `getAccount` also `setUser`, `UserList`, `USER_ID`, each in its own style.
 * @returns one edit for each whole identifier, in order of offsets; identifiers equal to `except` are left out
 */
export function subwordEdits(
  text: string,
  from: readonly string[],
  to: readonly string[],
  except: ReadonlySet<string>,
  limit = 200,
): readonly TextEdit[] {
  const edits = new Map<number, TextEdit>();
  for (const style of STYLES) {
    const old = join(from, style);
    const fresh = join(to, style);
    for (let at = text.indexOf(old); at >= 0 && edits.size < limit; at = text.indexOf(old, at + old.length)) {
      const word = wordAround(text, at, at + old.length);
      if (edits.has(word.start) || except.has(word.text) || !isWholeWord(text, word.start, word.end)) continue;
      const replaced = replaceSubwords(word.text, from, old, fresh, at - word.start);
      if (replaced !== undefined) edits.set(word.start, [word.start, word.end, replaced]);
    }
  }
  return [...edits.values()].sort((a, b) => a[0] - b[0]);
}

/** The word with `old` at `at` replaced, where `old` is made of whole words of it; `undefined` elsewhere (`user` in `superuser`). */
function replaceSubwords(
  word: string,
  from: readonly string[],
  old: string,
  fresh: string,
  at: number,
): string | undefined {
  const head = subwordsOf(word.slice(0, at));
  const tail = subwordsOf(word.slice(at + old.length));
  const all = subwordsOf(word);
  const middle = all.slice(head.length, all.length - tail.length).map((part) => part.toLowerCase());
  const wanted = from.map((part) => part.toLowerCase());
  if (middle.length !== wanted.length || middle.some((part, index) => part !== wanted[index])) return undefined;
  return word.slice(0, at) + fresh + word.slice(at + old.length);
}

function wordAround(text: string, start: number, end: number): { start: number; end: number; text: string } {
  const part = /[\p{L}\p{Nd}_$]/u;
  let from = start;
  let until = end;
  while (from > 0 && part.test(text[from - 1]!)) from--;
  while (until < text.length && part.test(text[until]!)) until++;
  return { start: from, end: until, text: text.slice(from, until) };
}
