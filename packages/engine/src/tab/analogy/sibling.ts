import type { Text } from '@codemirror/state';
import { isKeyword } from '../../workspace/languages.ts';
import { lex, type Token } from '../../workspace/tokens.ts';
import { subwordsOf } from '../rewrite/casing.ts';
import { type Change, significant } from '../rewrite/sub-edit.ts';

/** Something that was added beside something alike. */
export interface Addition {
  readonly path: string;
  /** What was added, and the sibling it was added beside, without the separators between them. */
  readonly added: string;
  readonly sibling: string;
  /** The words in which they differ, as they are written: `name` and `email` of `this.name = name` and `this.email = email`. The first is the one that names the thing. */
  readonly renames: readonly (readonly [from: string, to: string])[];
  /** Others of the list that the sibling is in, each by the words in which it differs from the sibling: `[name, id]`. */
  readonly kin: readonly (readonly [sibling: string, other: string])[];
  /** It is a part of an import: whoever imports one thing beside another does not want it wherever the other is. */
  readonly imported: boolean;
  /** The new one stands behind its sibling. */
  readonly behind: boolean;
  /** Whole lines, or an element of a list within a line. */
  readonly form: 'line' | 'element';
  /** Lines of the document after the edit that hold the sibling and the addition (from 1, both included). */
  readonly lines: readonly [first: number, last: number];
}

/** More tokens than this are no list item. */
const MAX_TOKENS = 40;
/** Words that may differ between siblings. */
const MAX_RENAMES = 3;

/** The siblings that an insertion has: above and below, or left and right. Empty for every other change. */
export function additionsOf(change: Change, languageId: string): readonly Addition[] {
  const after = change.changes.apply(change.before);
  const found: Addition[] = [];
  let places = 0;
  change.changes.iterChangedRanges((fromA, toA, fromB, toB) => {
    if (++places > 4 || toB - fromB > 600) return;
    if (change.before.sliceString(fromA, toA, '\n').trim() !== '') return;
    found.push(
      ...lineAdditions(change.path, after, fromB, toB, languageId),
      ...elementAdditions(change.path, after, fromB, toB, languageId),
    );
  });
  return found;
}

function lineAdditions(path: string, after: Text, from: number, to: number, languageId: string): Addition[] {
  const inserted = after.sliceString(from, to, '\n');
  // The insertion of a line is seen as "\n  line" behind the one above or as "  line\n" before the one below.
  const first = after.lineAt(from + inserted.length - inserted.trimStart().length);
  const last = after.lineAt(to - (inserted.length - inserted.trimEnd().length));
  if (first.number !== last.number || inserted.trim() !== first.text.trim()) return [];
  const added = first.text.trim();
  return [first.number - 1, first.number + 1].flatMap((number): Addition[] => {
    if (number < 1 || number > after.lines) return [];
    const sibling = after.line(number).text.trim();
    const renames = renamesBetween(sibling, added, languageId);
    if (!renames) return [];
    const lines = [Math.min(number, first.number), Math.max(number, first.number)] as const;
    const kin = kinOf(after, number, first.number, languageId);
    const imported = isImportedAt(after, first.number);
    return [{ path, added, sibling, renames, kin, imported, behind: number < first.number, form: 'line', lines }];
  });
}

const IMPORT =
  /^\s*(?:import\b|from\b.*\bimport\b|(?:pub\s+)?use\b|export\s+(?:type\s+)?[{*]|#\s*include|(?:const|let|var)\b.*=\s*require\(|require\b)/;
/** A list that is longer is hardly one of imports. */
const IMPORT_LINES = 40;

/** The line is an import, or stands in the brackets that an import above it opened. */
export function isImported(lines: readonly string[], index: number): boolean {
  const own = lines[index] ?? '';
  if (IMPORT.test(own)) return true;
  const indent = /^\s*/.exec(own)![0].length;
  for (let at = index - 1; at >= Math.max(0, index - IMPORT_LINES); at--) {
    const line = lines[at]!;
    if (line.trim() === '') return false;
    if (/^\s*/.exec(line)![0].length < indent) return /[({]\s*$/.test(line) && IMPORT.test(line);
  }
  return false;
}

function isImportedAt(text: Text, number: number): boolean {
  const first = Math.max(1, number - IMPORT_LINES);
  const lines = Array.from({ length: number - first + 1 }, (_, index) => text.line(first + index).text);
  return isImported(lines, lines.length - 1);
}

/** Lines on either side that are looked at for kin. */
const KIN = 4;

/** What the lines around the sibling's have of its form, but for the addition. */
function kinOf(text: Text, sibling: number, addition: number, languageId: string): [string, string][] {
  const own = text.line(sibling).text.trim();
  const kin: [string, string][] = [];
  for (let number = sibling - KIN; number <= sibling + KIN; number++) {
    if (number < 1 || number > text.lines || number === sibling || number === addition) continue;
    const renames = renamesBetween(own, text.line(number).text.trim(), languageId);
    if (renames) kin.push([...renames[0]!]);
  }
  return kin;
}

const SEPARATORS = new Set([',', '|', '&', ';']);

function elementAdditions(path: string, after: Text, from: number, to: number, languageId: string): Addition[] {
  const line = after.lineAt(from);
  if (to > line.to) return [];
  const tokens = significant(lex(line.text));
  const inside = tokens.filter((token) => token.start + line.from >= from && token.end + line.from <= to);
  if (inside.length < 2 || inside.length > MAX_TOKENS) return [];
  const firstIndex = tokens.indexOf(inside[0]!);
  const lastIndex = firstIndex + inside.length - 1;
  const leads = SEPARATORS.has(inside[0]!.text);
  const trails = SEPARATORS.has(inside.at(-1)!.text);
  if (leads === trails) return [];
  const separator = leads ? inside[0]!.text : inside.at(-1)!.text;
  const own = leads ? inside.slice(1) : inside.slice(0, -1);
  const sibling = leads
    ? elementBefore(tokens, firstIndex - 1, separator)
    : elementBehind(tokens, lastIndex + 1, separator);
  if (sibling.length === 0) return [];
  const text = (of: readonly Token[]) => line.text.slice(of[0]!.start, of.at(-1)!.end);
  const renames = renamesBetween(text(sibling), text(own), languageId);
  if (!renames) return [];
  const start = tokens.indexOf(sibling[0]!);
  const others = leads
    ? [elementBefore(tokens, start - 2, separator), elementBehind(tokens, lastIndex + 2, separator)]
    : [elementBehind(tokens, start + sibling.length + 1, separator), elementBefore(tokens, firstIndex - 2, separator)];
  const kin = others.flatMap((other): [string, string][] => {
    const differs = other.length > 0 ? renamesBetween(text(sibling), text(other), languageId) : undefined;
    return differs ? [[...differs[0]!]] : [];
  });
  return [
    {
      path,
      added: text(own),
      sibling: text(sibling),
      renames,
      kin,
      imported: isImportedAt(after, line.number),
      behind: leads,
      form: 'element',
      lines: [line.number, line.number],
    },
  ];
}

const OPEN = new Set(['(', '[', '{', '<']);
const CLOSE = new Set([')', ']', '}', '>']);

/** Tokens of the list element that ends at `index`. */
export function elementBefore(tokens: readonly Token[], index: number, separator: string): readonly Token[] {
  let depth = 0;
  let at = index;
  for (; at >= 0; at--) {
    const { text } = tokens[at]!;
    if (depth === 0 && (text === separator || OPEN.has(text))) break;
    if (CLOSE.has(text)) depth++;
    else if (OPEN.has(text)) depth--;
  }
  return tokens.slice(at + 1, index + 1);
}

/** Tokens of the list element that begins at `index`. */
export function elementBehind(tokens: readonly Token[], index: number, separator: string): readonly Token[] {
  let depth = 0;
  let at = index;
  for (; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    if (depth === 0 && (text === separator || CLOSE.has(text) || text === ';')) break;
    if (OPEN.has(text)) depth++;
    else if (CLOSE.has(text)) depth--;
  }
  return tokens.slice(index, at);
}

/** The words in which two texts of one shape differ, in order, each pair once; `undefined` where they are not siblings. */
export function renamesBetween(
  sibling: string,
  added: string,
  languageId: string,
): readonly (readonly [string, string])[] | undefined {
  const one = significant(lex(sibling));
  const other = significant(lex(added));
  if (one.length !== other.length || one.length === 0 || one.length > MAX_TOKENS) return undefined;
  const renames = new Map<string, string>();
  for (const [index, token] of one.entries()) {
    const twin = other[index]!;
    if (token.text === twin.text) continue;
    if (token.kind !== 'word' || twin.kind !== 'word') {
      // Values may differ without telling anything; structure may not.
      if (token.kind === 'operator' || twin.kind === 'operator') return undefined;
      continue;
    }
    const known = renames.get(token.text);
    if (known !== undefined && known !== twin.text) return undefined;
    renames.set(token.text, twin.text);
  }
  const names = [...renames].filter(
    ([from, to]) => from.length > 1 && to.length > 1 && !isKeyword(languageId, from) && !isKeyword(languageId, to),
  );
  if (names.length === 0 || renames.size > MAX_RENAMES) return undefined;
  return [
    ...names.map(([from, to]) => changedWords(from, to)),
    ...[...renames].filter(([from]) => !names.some(([name]) => name === from)),
  ];
}

/** `setName` and `setEmail` differ in `Name` and `Email`; what is common would hide the other spellings. */
function changedWords(from: string, to: string): readonly [string, string] {
  const a = subwordsOf(from);
  const b = subwordsOf(to);
  let head = 0;
  while (head < a.length - 1 && head < b.length - 1 && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - 1 - head && tail < b.length - 1 - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const headLength = a.slice(0, head).join('').length;
  const cut = (word: string, parts: readonly string[]) => {
    if (head + tail === 0) return word;
    const start = head === 0 ? 0 : word.indexOf(parts[head]!, headLength);
    const last = parts[parts.length - 1 - tail]!;
    return word.slice(start, word.lastIndexOf(last) + last.length);
  };
  return [cut(from, a), cut(to, b)];
}
