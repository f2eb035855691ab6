import { isKeyword, languageOf } from '../../workspace/languages.ts';
import type { TextEdit } from '../../workspace/text-edit.ts';
import { isWholeWord, lex, occurrencesOf, type Token } from '../../workspace/tokens.ts';
import { beginningOf, significant } from './sub-edit.ts';
import type { Element, Piece, Template } from './template.ts';

/** A place where a template fits, and what it would make of it. */
export interface Match {
  readonly edit: TextEdit;
  /** Region of the pattern itself, UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** Tokens of context that agree with the edit the template is from, counted outwards from the region. */
  readonly left: number;
  readonly right: number;
  /** Other names that stand in the context in the place of the origin's; the replacement takes them over. */
  readonly renamed: number;
  /** There are such names, and the replacement keeps the origin's. */
  readonly asIs: boolean;
  /** What surrounds it. */
  readonly around: Surroundings;
}

/** Texts of the tokens before a place, nearest first, and behind it. */
export interface Surroundings {
  readonly left: readonly string[];
  readonly right: readonly string[];
}

/** What a hole matched, and the white space at its sides. */
interface Filling {
  readonly text: string;
  readonly leading: string;
  readonly trailing: string;
}

/** Lines lexed around an occurrence, and the most of their code units at each side: some files are one line. */
const WINDOW = 6;
const WINDOW_UNITS = 2_000;
/** What a window holds mostly, in code units: once the windows together are more than the text, all of it is lexed once instead. */
const USUAL_WINDOW = 500;
/** Arguments in a hole are at most so many tokens. */
const HOLE_LENGTH = 40;

/** The significant tokens of a text, lexed when they are first wanted; for several templates, which share them. */
export interface TextTokens {
  readonly all: () => readonly Token[];
  /** Counts occurrences that are to be looked at: true where lexing the text once is less work than the lines around each. */
  readonly worthIt: (occurrences: number) => boolean;
}

export function tokensOnce(text: string): TextTokens {
  let tokens: readonly Token[] | undefined;
  let wanted = 0;
  return {
    all: () => {
      tokens ??= significant(lex(text));
      return tokens;
    },
    worthIt: (occurrences) => {
      wanted += occurrences;
      return tokens !== undefined || wanted * USUAL_WINDOW > text.length;
    },
  };
}

/**
 * All places of `text` where the template fits and is not yet applied, in order of their offsets.
 * @param limit occurrences of the anchor looked at; the nearest to `near` are
 * @param tokens those of the text, for several templates
 */
export function matchesOf(
  text: string,
  template: Template,
  near: number,
  limit = 400,
  tokens = tokensOnce(text),
): readonly Match[] {
  const anchor = anchorOf(template);
  if (!anchor) return [];
  const offsets = nearest(occurrences(text, anchor.text), near, limit);
  const matches = new Map<string, Match>();
  const whole = tokens.worthIt(offsets.length) ? tokens.all() : undefined;
  const language = languageOf(template.from.path);
  for (const offset of offsets) {
    const around = whole ?? windowAround(text, offset);
    const index = indexAt(around, offset);
    if (index < 0) continue;
    for (const match of matchesAt(text, around, index, anchor.index, template, language)) {
      const key = `${match.start}:${match.end}:${match.asIs}`;
      if (!matches.has(key)) matches.set(key, match);
    }
  }
  return [...matches.values()].sort((a, b) => a.start - b.start);
}

/** The literal that is looked for: the longest word of the pattern or of the context that has to match. `index` counts from the start of the pattern. */
export function anchorOf(template: Template): { readonly text: string; readonly index: number } | undefined {
  const { pattern, from } = template;
  const candidates: { text: string; index: number; weight: number }[] = [];
  // A name that the replacement mentions is likely another one at another place.
  const own = new Set(from.oldTokens.length === 0 ? from.newTokens.map((token) => token.text) : []);
  const add = (text: string, index: number, inside: boolean) => {
    const word = /^[\p{L}_$]/u.test(text) && !own.has(text);
    candidates.push({
      text,
      index,
      weight: (word ? 100 + Math.min(text.length, 20) : 0) + (inside ? 50 : 0) - Math.abs(index),
    });
  };
  pattern.forEach((element, index) => {
    if (element.kind === 'literal') add(element.text, index, true);
  });
  const held = pattern.some((element) => element.kind === 'literal');
  // What need not be there is nothing to look for.
  const needed = template.learned || template.requiredLeft === 0 || template.requiredRight === 0;
  const [left, right] = held ? [0, 0] : needed ? [template.requiredLeft, template.requiredRight] : [3, 3];
  for (const [index, text] of from.left.slice(0, left).entries()) add(text, -1 - index, false);
  for (const [index, text] of from.right.slice(0, right).entries()) add(text, pattern.length + index, false);
  const best = candidates.sort((a, b) => b.weight - a.weight)[0];
  return best && { text: best.text, index: best.index };
}

function occurrences(text: string, anchor: string): number[] {
  const word = /^[\p{L}_$]/u.test(anchor);
  const found: number[] = [];
  for (let at = text.indexOf(anchor); at >= 0 && found.length < 5_000; at = text.indexOf(anchor, at + anchor.length))
    if (!word || isWholeWord(text, at, at + anchor.length)) found.push(at);
  return found;
}

function nearest(offsets: readonly number[], near: number, limit: number): readonly number[] {
  if (offsets.length <= limit) return offsets;
  return [...offsets].sort((a, b) => Math.abs(a - near) - Math.abs(b - near)).slice(0, limit);
}

function windowAround(text: string, offset: number): Token[] {
  let start = offset;
  for (let line = 0; line <= WINDOW && start > 0; line++) start = text.lastIndexOf('\n', start - 1);
  let end = offset;
  for (let line = 0; line <= WINDOW && end >= 0; line++) end = text.indexOf('\n', end + 1);
  return significant(
    lex(text, Math.max(0, start, offset - WINDOW_UNITS), Math.min(end < 0 ? text.length : end, offset + WINDOW_UNITS)),
  );
}

function indexAt(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const token = tokens[middle]!;
    if (token.start === offset) return middle;
    if (token.start < offset) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Mostly one; where the replacement can take over names of the place or keep its own, both. */
function matchesAt(
  text: string,
  tokens: readonly Token[],
  at: number,
  anchorIndex: number,
  template: Template,
  language: string,
): readonly Match[] {
  const { pattern, from } = template;
  const holes = new Map<number, Filling>();
  let start = at - anchorIndex;
  let end = start + pattern.length;
  if (anchorIndex >= 0 && anchorIndex < pattern.length) {
    const before = matchSequence(text, tokens, at - 1, pattern.slice(0, anchorIndex).reverse(), -1, holes);
    if (before === undefined) return [];
    const after = matchSequence(text, tokens, at + 1, pattern.slice(anchorIndex + 1), 1, holes);
    if (after === undefined) return [];
    start = before + 1;
    end = after;
  } else if (anchorIndex < 0) {
    // The anchor is context on the left: the region starts behind it.
    const after = matchSequence(text, tokens, at - anchorIndex, pattern, 1, holes);
    if (after === undefined) return [];
    start = at - anchorIndex;
    end = after;
  } else {
    const before = matchSequence(
      text,
      tokens,
      at - 1 - (anchorIndex - pattern.length),
      [...pattern].reverse(),
      -1,
      holes,
    );
    if (before === undefined) return [];
    start = before + 1;
    end = at - (anchorIndex - pattern.length);
  }
  if (start < 0 || end > tokens.length || end < start) return [];
  const names = new Map<string, string>();
  const own = new Set(pattern.flatMap((element) => (element.kind === 'literal' ? [element.text] : [])));
  const left = agreement(from.left, (index) => tokens[start - 1 - index], names, own, language);
  const right = agreement(from.right, (index) => tokens[end + index], names, own, language);
  if (left.adjacent < Math.min(template.requiredLeft, from.left.length)) return [];
  if (right.adjacent < Math.min(template.requiredRight, from.right.length)) return [];
  if (!template.learned && isBare(pattern) && !convincing(left, right)) return [];
  if (isApplied(tokens, start, end, template)) return [];
  const { begins } = template;
  if (begins !== undefined && beginningOf(text, tokens, start) !== begins) return [];
  const edit = editAt(text, tokens, start, end, template, holes, names);
  if (!edit) return [];
  const match: Match = {
    edit,
    start: tokens[start]?.start ?? text.length,
    end: tokens[end - 1]?.end ?? tokens[start]?.start ?? text.length,
    left: left.agreed,
    right: right.agreed,
    renamed: names.size,
    asIs: false,
    around: {
      left: tokens
        .slice(Math.max(0, start - AROUND), start)
        .map((token) => token.text)
        .reverse(),
      right: tokens.slice(end, end + AROUND).map((token) => token.text),
    },
  };
  const keeps = names.size > 0 && [...names.keys()].every((name) => standsNear(text, name, match.start));
  const kept = keeps ? editAt(text, tokens, start, end, template, holes, NO_NAMES) : undefined;
  return kept && kept[2] !== edit[2] ? [match, { ...match, edit: kept, asIs: true }] : [match];
}

/** A local name of the origin that nothing near the place mentions means nothing here; what begins with a capital mostly belongs to the file. */
function standsNear(text: string, name: string, at: number): boolean {
  if (/^\p{Lu}/u.test(name)) return true;
  let start = at;
  for (let line = 0; line <= NEAR_LINES && start > 0; line++) start = text.lastIndexOf('\n', start - 1);
  let end = at;
  for (let line = 0; line <= NEAR_LINES && end >= 0; line++) end = text.indexOf('\n', end + 1);
  return occurrencesOf(text.slice(Math.max(0, start), end < 0 ? undefined : end), name).length > 0;
}

const NEAR_LINES = 2;

const NO_NAMES: ReadonlyMap<string, string> = new Map();

/** Nothing of the pattern tells places apart: it is empty, or punctuation alone. */
function isBare(pattern: readonly Element[]): boolean {
  return pattern.every((element) => element.kind === 'literal' && !WORD_OR_NUMBER.test(element.text));
}

const WORD_OR_NUMBER = /[\p{L}\p{N}_$]/u;

/** Tokens of a place's surroundings that are kept on each side. */
const AROUND = 6;

interface Agreement {
  /** Tokens that are equal before the first that is not. */
  readonly adjacent: number;
  /** Equal tokens in all, across names that differ. */
  readonly agreed: number;
  /** One of the nearest equal ones is a word. */
  readonly word: boolean;
}

/** Names that may differ in the context of one side. */
const MAX_RENAMED = 2;

/**
 * Compares context outwards. A name may stand in the place of another one (`check(y)` for `check(x)`), not beside the region itself, and one for one: what the pattern itself holds (`own`)
 * stands for itself. `names` collects them, from the origin's to the target's.
 */
function agreement(
  context: readonly string[],
  tokenAt: (index: number) => Token | undefined,
  names: Map<string, string>,
  own: ReadonlySet<string>,
  languageId: string,
): Agreement {
  let adjacent = 0;
  let agreed = 0;
  let renamed = 0;
  let word = false;
  let equalSoFar = true;
  for (const [index, text] of context.entries()) {
    const token = tokenAt(index);
    if (!token) break;
    if (token.text === text) {
      agreed++;
      if (equalSoFar) adjacent++;
      if (index < 4 && WORD.test(text)) word = true;
      continue;
    }
    equalSoFar = false;
    if (index === 0 || token.kind !== 'word' || !NAME.test(text) || ++renamed > MAX_RENAMED) break;
    if (own.has(text) || own.has(token.text)) break;
    // `if` in the place of `parser` is another form, not another name.
    if (isKeyword(languageId, token.text) || isKeyword(languageId, text)) continue;
    const known = names.get(text);
    if (known === undefined ? [...names.values()].includes(token.text) : known !== token.text) break;
    names.set(text, token.text);
  }
  return { adjacent, agreed, word };
}

const WORD = /[\p{L}_]{2}/u;
const NAME = /^[\p{L}_$]/u;

/** An insertion is held by its surroundings alone: a word beside it, and three tokens in all. */
function convincing(left: Agreement, right: Agreement): boolean {
  return left.agreed + right.agreed >= 3 && (left.word || right.word);
}

/** Matches elements one after another in one direction; the index behind the last one, or `undefined`. */
function matchSequence(
  text: string,
  tokens: readonly Token[],
  from: number,
  elements: readonly Element[],
  step: 1 | -1,
  holes: Map<number, Filling>,
): number | undefined {
  let at = from;
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index]!;
    const token = tokens[at];
    if (!token) return undefined;
    if (element.kind === 'literal') {
      if (token.text !== element.text) return undefined;
      at += step;
      continue;
    }
    const length =
      element.accepts === 'arguments'
        ? argumentsLength(tokens, at, step, elements[index + 1])
        : accepts(element.accepts, token)
          ? 1
          : 0;
    if (length === 0) return undefined;
    const last = at + step * (length - 1);
    const [low, high] = step === 1 ? [at, last] : [last, at];
    const matched: Filling = {
      text: text.slice(tokens[low]!.start, tokens[high]!.end),
      leading: text.slice(tokens[low - 1]?.end ?? 0, tokens[low]!.start),
      trailing: text.slice(tokens[high]!.end, tokens[high + 1]?.start ?? text.length),
    };
    const known = holes.get(element.id);
    if (known !== undefined && known.text !== matched.text) return undefined;
    holes.set(element.id, matched);
    at = last + step;
  }
  return at;
}

function accepts(what: 'word' | 'value', token: Token): boolean {
  return token.kind === 'word' || (what === 'value' && token.kind === 'number');
}

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);

/** Tokens of balanced arguments, commas included, up to where `next` stands. */
function argumentsLength(tokens: readonly Token[], from: number, step: 1 | -1, next: Element | undefined): number {
  if (next?.kind !== 'literal') return 0;
  const [open, close] = step === 1 ? [OPENING, CLOSING] : [CLOSING, OPENING];
  let depth = 0;
  for (let length = 0; length <= HOLE_LENGTH; length++) {
    const token = tokens[from + step * length];
    if (!token || token.text === ';') return 0;
    if (depth === 0 && token.text === next.text) return length;
    if (open.has(token.text)) depth++;
    else if (close.has(token.text) && --depth < 0) return 0;
  }
  return 0;
}

function isApplied(tokens: readonly Token[], start: number, end: number, { from, generality }: Template): boolean {
  const now = from.newTokens.map((token) => token.text);
  const old = from.oldTokens.map((token) => token.text);
  if (now.length === 0) return false;
  const stands = (at: number) => at >= 0 && now.every((text, index) => tokens[at + index]?.text === text);
  if (generality === 'frame') {
    for (let at = start; at + now.length <= end; at++) if (stands(at)) return true;
    return false;
  }
  if (old.length === 0) return stands(start) || stands(start - now.length);
  for (let shift = 0; shift + (end - start) <= now.length; shift++)
    if (old.every((text, index) => now[shift + index] === text) && stands(start - shift)) return true;
  return false;
}

function editAt(
  text: string,
  tokens: readonly Token[],
  start: number,
  end: number,
  template: Template,
  holes: ReadonlyMap<number, Filling>,
  names: ReadonlyMap<string, string>,
): TextEdit | undefined {
  const { before, after } = template.from.gaps;
  const previous = tokens[start - 1]?.end ?? 0;
  const next = tokens[end]?.start ?? text.length;
  const coreStart = start < end ? tokens[start]!.start : previous;
  const coreEnd = start < end ? tokens[end - 1]!.end : previous;
  const lineStart = text.lastIndexOf('\n', coreStart - 1) + 1;
  const fit = (piece: string) =>
    reindent(piece, template.from.indent, /^[ \t]*/.exec(text.slice(lineStart, lineStart + 200))![0], text);
  const core = rendered(template.replacement, holes, names, fit);
  if (core === undefined) return undefined;
  const gapLeft = text.slice(previous, coreStart);
  const gapRight = text.slice(coreEnd, next);
  if (generalityOwnsGaps(template, start, end)) {
    // Insertions and deletions own the white space around them: it has to be of the same kind, and becomes what it became.
    if (shape(gapLeft) !== shape(before.left) || shape(gapRight) !== shape(before.right)) return undefined;
    // A gap that stayed what it was stays what it is here, with the indentation that it has here.
    const kept = (gap: string) => (gap === before.right ? gapRight : gap === before.left ? gapLeft : fit(gap));
    return [previous, next, (start === end ? kept(after.left) + core : '') + kept(after.right)];
  }
  if (template.generality === 'frame') return [coreStart, coreEnd, core];
  const changesLeft = shape(before.left) !== shape(after.left);
  const changesRight = shape(before.right) !== shape(after.right);
  if (
    (changesLeft && shape(gapLeft) !== shape(before.left)) ||
    (changesRight && shape(gapRight) !== shape(before.right))
  )
    return undefined;
  return [
    changesLeft ? previous : coreStart,
    changesRight ? next : coreEnd,
    (changesLeft ? fit(after.left) : '') + core + (changesRight ? fit(after.right) : ''),
  ];
}

function generalityOwnsGaps(template: Template, start: number, end: number): boolean {
  return template.generality !== 'frame' && (start === end || template.from.newTokens.length === 0);
}

/** The replacement with its holes filled; `undefined` where two commas would meet. */
function rendered(
  replacement: readonly Piece[],
  holes: ReadonlyMap<number, Filling>,
  names: ReadonlyMap<string, string>,
  fit: (piece: string) => string,
): string | undefined {
  let result = '';
  for (const piece of replacement) {
    const text =
      'text' in piece ? withNames(fit(piece.text), names) : (holes.get(piece.hole)?.[piece.part ?? 'text'] ?? '');
    if (/,\s*$/.test(result) && /^\s*,/.test(text)) return undefined;
    result += text;
  }
  return result;
}

function withNames(text: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return text;
  return lex(text)
    .map((token) => names.get(token.text) ?? token.text)
    .join('');
}

/** White space by kind: none, blank, or a number of line breaks. */
function shape(gap: string): string {
  const breaks = gap.split('\n').length - 1;
  return breaks > 0 ? `${breaks}` : gap === '' ? '' : ' ';
}

/** Lines behind the first take the target's indentation in place of the origin's, and its line break. */
function reindent(piece: string, from: string, to: string, text: string): string {
  if (!piece.includes('\n')) return piece;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return piece
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? line : line.startsWith(from) ? to + line.slice(from.length) : line))
    .join(eol);
}
