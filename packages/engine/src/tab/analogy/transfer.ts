import { lex, type Token } from '../../workspace/tokens.ts';
import type { TextEdit } from '../../workspace/text-edit.ts';
import { variants } from '../rewrite/casing.ts';
import { significant } from '../rewrite/sub-edit.ts';
import { type Addition, elementBefore, elementBehind, isImported } from './sibling.ts';

/** A place that mentions the sibling and not yet the new one, with what is to be added there. */
export interface Transfer {
  readonly edit: TextEdit;
  readonly form: 'line' | 'element';
  /** Lines beside it that have the form of its line: a list of such things is there. */
  readonly alike: number;
  /** Others of the sibling's list that are mentioned beside it in the same form, up to 2: the place mirrors the list. */
  readonly mirrored: number;
  /** It is a part of an import. */
  readonly imported: boolean;
  /** What would be put in. */
  readonly copy: string;
  /** Everything on the line but the sibling's names stays: the part of it that is name, 0..1. */
  readonly share: number;
}

/** Lines around a mention in which the new name may stand already. */
const NEAR = 4;
const MAX_LINE = 400;
const MAX_MENTIONS = 200;

/**
 * Where the sibling of an addition is mentioned, and what the same mention of the new one would be: a copy of the line, or one more element of the list.
 * @param own line numbers (from 1) that are the addition itself
 */
export function transfersIn(text: string, addition: Addition, own: ReadonlySet<number>): readonly Transfer[] {
  const [main] = addition.renames;
  if (!main) return [];
  const spellings = variants(main[0], main[1]);
  const mentions = mentionsOf(
    text,
    spellings.map(([from]) => from),
  );
  if (mentions.length === 0) return [];
  const lines = text.split('\n');
  const starts: number[] = [];
  let offset = 0;
  for (const line of lines) {
    starts.push(offset);
    offset += line.length + 1;
  }
  const found: Transfer[] = [];
  const seen = new Set<number>();
  for (const at of mentions) {
    const index = lineIndexAt(starts, at);
    if (seen.has(index) || own.has(index + 1)) continue;
    seen.add(index);
    const line = lines[index]!;
    if (line.length > MAX_LINE || mentionsNew(lines, index, spellings, own)) continue;
    const transfer = transferAt(lines, starts, index, at - starts[index]!, addition, spellings);
    if (transfer) found.push(transfer);
  }
  return found;
}

function mentionsOf(text: string, spellings: readonly string[]): number[] {
  const found: number[] = [];
  for (const spelling of spellings)
    for (let at = text.indexOf(spelling); at >= 0 && found.length < MAX_MENTIONS; at = text.indexOf(spelling, at + 1))
      if (isSubword(text, at, spelling.length)) found.push(at);
  return found.sort((a, b) => a - b);
}

/** True where the range is made of whole words of an identifier: `name` in `userName` is not, `Name` is. */
function isSubword(text: string, at: number, length: number): boolean {
  const before = text[at - 1] ?? ' ';
  const first = text[at]!;
  const last = text[at + length - 1]!;
  const behind = text[at + length] ?? ' ';
  const lower = /\p{Ll}/u;
  const upper = /\p{Lu}/u;
  if (/[\p{L}]/u.test(before) && !(lower.test(before) && upper.test(first))) return false;
  return !(
    /[\p{L}]/u.test(behind) &&
    !(lower.test(last) && upper.test(behind)) &&
    !(upper.test(last) && behind === '_')
  );
}

function lineIndexAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

function mentionsNew(
  lines: readonly string[],
  index: number,
  spellings: readonly (readonly [string, string])[],
  own: ReadonlySet<number>,
): boolean {
  for (let other = Math.max(0, index - NEAR); other <= Math.min(lines.length - 1, index + NEAR); other++) {
    if (own.has(other + 1)) continue;
    for (const [, to] of spellings)
      for (let at = lines[other]!.indexOf(to); at >= 0; at = lines[other]!.indexOf(to, at + 1))
        if (isSubword(lines[other]!, at, to.length)) return true;
  }
  return false;
}

function transferAt(
  lines: readonly string[],
  starts: readonly number[],
  index: number,
  column: number,
  addition: Addition,
  spellings: readonly (readonly [string, string])[],
): Transfer | undefined {
  const line = lines[index]!;
  const tokens = significant(lex(line));
  const at = tokens.findIndex((token) => token.start <= column && token.end > column);
  if (at < 0) return undefined;
  const element = elementAround(tokens, at);
  const renamed = (text: string) => withRenames(text, spellings, addition.renames.slice(1));
  const start = starts[index]!;
  const alike = alikeAround(lines, index);
  const named = tokens.filter((token) => token.kind === 'word').length;
  const share = 1 / Math.max(1, named);
  if (element && alike === 0) {
    const [from, to, separator] = element;
    const copy = renamed(line.slice(from, to));
    if (copy === line.slice(from, to)) return undefined;
    const glue = separator === ',' || separator === ';' ? `${separator} ` : ` ${separator} `;
    const edit: TextEdit = addition.behind
      ? [start + to, start + to, glue + copy]
      : [start + from, start + from, copy + glue];
    const rest = `${line.slice(0, from)} ${line.slice(to)}`;
    const mirrored = mirroredIn(addition, (mentions) => mentions(rest));
    return { edit, form: 'element', alike, share, mirrored, imported: isImported(lines, index), copy };
  }
  if (!isBalanced(tokens) || tokens.length > 30) return undefined;
  const body = line.endsWith('\r') ? line.slice(0, -1) : line;
  const eol = line.endsWith('\r') ? '\r\n' : '\n';
  const copy = renamed(body);
  if (copy === body) return undefined;
  const shape = shapeOf(line);
  const near = lines.slice(Math.max(0, index - NEAR), index + NEAR + 1).filter((other) => shapeOf(other) === shape);
  const mirrored = mirroredIn(addition, (mentions) => near.some((other) => other !== line && mentions(other)));
  const imported = isImported(lines, index);
  const known = { form: 'line', imported, alike, share, mirrored, copy } as const;
  const end = start + body.length;
  return addition.behind
    ? { ...known, edit: [end, end, `${eol}${copy}`] }
    : { ...known, edit: [start, start, `${copy}${eol}`] };
}

/** Of how many of the sibling's kin `holds` is true, up to 2; it gets a function that says whether a text mentions the one in question, in any spelling. */
function mirroredIn({ kin }: Addition, holds: (mentions: (text: string) => boolean) => boolean): number {
  let count = 0;
  for (const [sibling, other] of kin) {
    const spellings = variants(sibling, other).map(([, to]) => to);
    const mentions = (text: string) => mentionsOf(text, spellings).length > 0;
    if (holds(mentions) && ++count === 2) break;
  }
  return count;
}

/** The list element around a token, if the line holds a list: `[from, to, separator]`, columns. */
function elementAround(tokens: readonly Token[], at: number): readonly [number, number, string] | undefined {
  for (const separator of [',', '|']) {
    const before = elementBefore(tokens, at, separator);
    const behind = elementBehind(tokens, at, separator);
    const first = tokens.indexOf(before[0]!);
    const last = at + behind.length - 1;
    const left = tokens[first - 1]?.text;
    const right = tokens[last + 1]?.text;
    const inList =
      (left === separator || (left !== undefined && '([{<'.includes(left))) &&
      (right === separator || (right !== undefined && ')]}>'.includes(right)));
    if (inList && (left === separator || right === separator))
      return [tokens[first]!.start, tokens[last]!.end, separator];
  }
  return undefined;
}

/** How many of the lines right above and below have the shape of this one. */
function alikeAround(lines: readonly string[], index: number): number {
  const shape = shapeOf(lines[index]!);
  let count = 0;
  for (const step of [-1, 1])
    for (let other = index + step; other >= 0 && other < lines.length && Math.abs(other - index) <= 3; other += step) {
      if (shapeOf(lines[other]!) !== shape) break;
      count++;
    }
  return count;
}

function shapeOf(line: string): string {
  return significant(lex(line))
    .map((token) => (token.kind === 'operator' ? token.text : token.kind === 'word' ? 'w' : '0'))
    .join('')
    .replace(/,$/, '');
}

function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const { text } of tokens) {
    if ('([{'.includes(text)) depth++;
    else if (')]}'.includes(text) && --depth < 0) return false;
  }
  return depth === 0;
}

function withRenames(
  text: string,
  spellings: readonly (readonly [string, string])[],
  others: readonly (readonly [string, string])[],
): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    const pair = spellings.find(([from]) => text.startsWith(from, at) && isSubword(text, at, from.length));
    if (pair) {
      result += pair[1];
      at += pair[0].length;
      continue;
    }
    const other = others.find(([from]) => text.startsWith(from, at) && isWhole(text, at, from.length));
    result += other ? other[1] : text[at]!;
    at += other ? other[0].length : 1;
  }
  return result;
}

function isWhole(text: string, at: number, length: number): boolean {
  const part = /[\p{L}\p{Nd}_$]/u;
  return !part.test(text[at - 1] ?? ' ') && !part.test(text[at + length] ?? ' ');
}
