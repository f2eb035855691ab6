import { isKeyword, languageOf } from '../../workspace/languages.ts';
import { subwordsOf } from './casing.ts';
import type { SubEdit } from './sub-edit.ts';

/** One element of a pattern over significant tokens. */
export type Element =
  | { readonly kind: 'literal'; readonly text: string }
  /** `word`: one identifier. `value`: one number or word. `arguments`: one or more tokens with balanced brackets, commas included. */
  | { readonly kind: 'hole'; readonly id: number; readonly accepts: 'word' | 'value' | 'arguments' };

/** A piece of the replacement: text as it is, or what a hole matched. */
export type Piece =
  | { readonly text: string }
  | { readonly hole: number; readonly part?: 'text' | 'leading' | 'trailing' };

/**
 * A rewrite learned from edits: where `pattern` stands (between `left` and `right`, which are context and stay), `replacement` is to stand.
 */
export interface Template {
  /** Of the newest edit it is learned from. */
  readonly from: SubEdit;
  readonly pattern: readonly Element[];
  readonly replacement: readonly Piece[];
  /** Literal context that has to match, nearest first; more context than this only raises the score. */
  readonly requiredLeft: number;
  readonly requiredRight: number;
  /** Edits that support it. */
  readonly evidence: number;
  /** The required context is what several edits have in common, which is reason enough to look nowhere else and at nothing more. */
  readonly learned?: boolean;
  /** The word that the line begins with, where the surroundings alone would fit anywhere. */
  readonly begins?: string;
  /** What was generalised, for the explanation and as a feature. */
  readonly generality: 'exact' | 'insertion' | 'frame' | 'holes' | 'subword';
}

/** Templates of the newest places of edits, most specific first. */
export function templatesOf(recent: readonly SubEdit[]): readonly Template[] {
  const [newest, ...older] = recent;
  if (!newest) return [];
  const templates: Template[] = [];
  for (const earlier of older.slice(0, 3)) {
    const general = antiUnify(newest, earlier);
    if (general) templates.push(general);
  }
  const evidence = 1 + older.filter((other) => sameRewrite(newest, other)).length;
  const frame = callFrame(newest, evidence);
  if (frame) templates.push(frame);
  if (newest.oldTokens.length === 0) {
    templates.push(insertion(newest, evidence), ...openInsertions(newest, evidence));
    const learned = learnedInsertion(newest, older);
    if (learned) templates.push(learned);
  } else {
    templates.push({
      from: newest,
      pattern: newest.oldTokens.map((token) => ({ kind: 'literal', text: token.text })),
      replacement: [{ text: newest.newText }],
      requiredLeft: 0,
      requiredRight: 0,
      evidence,
      generality: 'exact',
    });
    templates.push(...withKeptHoles(newest, evidence));
  }
  return templates;
}

/** The two edits are cases of one rewrite with holes. */
export function generalises(a: SubEdit, b: SubEdit): boolean {
  return antiUnify(a, b) !== undefined;
}

export function sameRewrite(a: SubEdit, b: SubEdit): boolean {
  return a.oldText === b.oldText && a.newText === b.newText;
}

function insertion(edit: SubEdit, evidence: number): Template {
  return {
    from: edit,
    pattern: [],
    replacement: [{ text: edit.newText }],
    requiredLeft: 1,
    requiredRight: 1,
    evidence,
    generality: 'insertion',
  };
}

/** Tokens that have to agree on one side where the other may be anything. */
const ONE_SIDE = 3;

/** The same, held by one side alone: `require('fs')` and `require('net')` differ on the other. */
function openInsertions(edit: SubEdit, evidence: number): readonly Template[] {
  const holds = (context: readonly string[]) =>
    context.length >= ONE_SIDE && context.slice(0, ONE_SIDE).some((text) => /[\p{L}_]{2}/u.test(text));
  const open = insertion(edit, evidence);
  return [
    ...(holds(ofStatement(edit.left)) ? [{ ...open, requiredLeft: ONE_SIDE, requiredRight: 0 }] : []),
    ...(holds(ofStatement(edit.right)) ? [{ ...open, requiredLeft: 0, requiredRight: ONE_SIDE }] : []),
  ];
}

/** What follows a statement's end, or stands before its beginning, tells nothing of a place within it. */
function ofStatement(context: readonly string[]): readonly string[] {
  const end = context.findIndex((text) => text === ';' || text === '{' || text === '}');
  return end < 0 ? context : context.slice(0, end);
}

/** The same insertion made more than once: what surrounded it each time is what it takes; the rest may be anything. */
function learnedInsertion(newest: SubEdit, older: readonly SubEdit[]): Template | undefined {
  const same = older.filter((other) => sameRewrite(newest, other));
  if (same.length === 0) return undefined;
  const own = { left: ofStatement(newest.left), right: ofStatement(newest.right) };
  const left = Math.min(3, ...same.map((other) => common(own.left, other.left)));
  const right = Math.min(3, ...same.map((other) => common(own.right, other.right)));
  const words = [...newest.left.slice(0, left), ...newest.right.slice(0, right)].filter((text) =>
    /[\p{L}_]{2}/u.test(text),
  );
  if (left + right < 2) return undefined;
  const { begins } = newest;
  const sameLine = begins !== undefined && WORD.test(begins) && same.every((other) => other.begins === begins);
  if (words.length === 0 && !sameLine) return undefined;
  return {
    ...insertion(newest, 1 + same.length),
    requiredLeft: left,
    requiredRight: right,
    learned: true,
    ...(words.length === 0 ? { begins } : {}),
  };
}

const WORD = /^[\p{L}_]{2}/u;

/**
 * One edit, generalised over what it kept: identifiers and values that stand in the old and in the new text become holes, so `f(a, b)` -> `f(b, a)` fits `f(x, y)`.
 * Needs a word of context or pattern to hold on to.
 */
function withKeptHoles(edit: SubEdit, evidence: number): readonly Template[] {
  const language = languageOf(edit.path);
  const inNew = new Set(edit.newTokens.map((token) => token.text));
  const kept = new Set(
    edit.oldTokens.flatMap((token) =>
      (token.kind === 'word' || token.kind === 'number') &&
      inNew.has(token.text) &&
      !isKeyword(language, token.text) &&
      !isCallee(edit.oldTokens, token)
        ? [token.text]
        : [],
    ),
  );
  if (kept.size === 0) return [];
  const general = keptTemplate(edit, evidence, [...kept]);
  const anchored = general.pattern.some((element) => element.kind === 'literal' && /\w/.test(element.text));
  if (anchored || kept.size > MOST_ANCHORS) return makes(general) ? [general] : [];
  // Nothing but names: with one of them as it is there is something to look for (`mode = x` -> `store(mode, x)`).
  const one = kept.size > 1 ? [...kept].map((name) => [...kept].filter((other) => other !== name)) : [];
  const held = holdsBeside(edit) ? [{ ...general, requiredLeft: 1, requiredRight: 1 }] : [];
  return [
    ...(held.length > 0 ? held : [{ ...general, requiredLeft: 2, requiredRight: 1 }]),
    ...one.map((names) => keptTemplate(edit, evidence, names)),
  ].filter(makes);
}

const MOST_ANCHORS = 3;

function keptTemplate(edit: SubEdit, evidence: number, names: readonly string[]): Template {
  const ids = new Map(names.map((name, id) => [name, id]));
  return {
    from: edit,
    pattern: edit.oldTokens.map((token): Element => {
      const id = ids.get(token.text);
      return id === undefined ? { kind: 'literal', text: token.text } : { kind: 'hole', id, accepts: 'value' };
    }),
    replacement: piecesOf(edit, ids),
    requiredLeft: 0,
    // A long form tells places apart by itself.
    requiredRight: edit.oldTokens.length < LONG ? 1 : 0,
    evidence,
    generality: 'holes',
  };
}

const LONG = 6;

/** The replacement puts something in, or something is taken out beside the holes. */
function makes({ replacement, pattern }: Template): boolean {
  return (
    replacement.some((piece) => 'text' in piece && /\S/.test(piece.text)) ||
    pattern.some((element) => element.kind === 'literal')
  );
}

/** A word stands right before the region, or right behind it. */
function holdsBeside({ left, right }: SubEdit): boolean {
  return [left[0], right[0]].some((text) => text !== undefined && WORD.test(text));
}

/** Words before a bracket that make no call. */
const NO_CALLEE = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'function',
  'return',
  'in',
  'match',
  'fn',
  'func',
  'def',
  'with',
]);

/**
 * An edit of the arguments of a call, generalised over the other arguments: `log(a, opts)` from `log(a)` fits `log(b.c)`. Needs the whole call within the context
 * that the edit kept.
 */
function callFrame(edit: SubEdit, evidence: number): Template | undefined {
  const open = enclosing(edit.left, '(', ')');
  const close = enclosing(edit.right, ')', '(');
  if (open === undefined || close === undefined) return undefined;
  const callee = edit.left[open + 1];
  const declares = edit.left[open + 2];
  if (callee === undefined || !/^[\p{L}_$]/u.test(callee) || NO_CALLEE.has(callee) || NO_CALLEE.has(declares ?? ''))
    return undefined;
  if (edit.oldTokens.length === 0 && open > 0 && close > 0) return undefined;
  if (open === 0 && close === 0) return undefined;
  const literal = (text: string): Element => ({ kind: 'literal', text });
  const hole = (id: number): Element => ({ kind: 'hole', id, accepts: 'arguments' });
  const inserts = edit.oldTokens.length === 0;
  const { after } = edit.gaps;
  const behind: Piece[] = inserts
    ? [{ hole: 0 }, { text: after.left + edit.newText }, { hole: 0, part: 'trailing' }]
    : [{ hole: 0, part: 'leading' }, { hole: 0 }, { hole: 0, part: 'trailing' }, { text: edit.newText }];
  const before: Piece[] = inserts
    ? [{ hole: 1, part: 'leading' }, { text: edit.newText + after.right }, { hole: 1 }, { hole: 1, part: 'trailing' }]
    : [{ hole: 1, part: 'leading' }, { hole: 1 }, { hole: 1, part: 'trailing' }];
  return {
    from: edit,
    pattern: [
      literal(callee),
      literal('('),
      ...(open > 0 ? [hole(0)] : []),
      ...edit.oldTokens.map((token) => literal(token.text)),
      ...(close > 0 ? [hole(1)] : []),
      literal(')'),
    ],
    replacement: [
      { text: `${callee}(` },
      ...(open > 0
        ? inserts
          ? [{ hole: 0, part: 'leading' } as const, ...behind]
          : behind
        : inserts
          ? []
          : [{ text: edit.newText }]),
      ...(close > 0 ? before : []),
      { text: ')' },
    ],
    requiredLeft: 0,
    requiredRight: 0,
    evidence,
    generality: 'frame',
  };
}

/** Index of the bracket that encloses, counted outwards; `undefined` when it is not within reach. */
function enclosing(context: readonly string[], wanted: string, other: string): number | undefined {
  let depth = 0;
  for (const [index, text] of context.entries()) {
    if (text === other) depth++;
    else if (text === wanted && depth-- === 0) return index;
    else if (text === ';') return undefined;
  }
  return undefined;
}

function isCallee(tokens: SubEdit['oldTokens'], token: SubEdit['oldTokens'][number]): boolean {
  const next = tokens[tokens.indexOf(token) + 1];
  return next?.text === '(';
}

/** The new text, cut at the tokens that are holes. */
function piecesOf(edit: SubEdit, ids: ReadonlyMap<string, number>): Piece[] {
  const pieces: Piece[] = [];
  const origin = edit.newTokens[0]?.start ?? 0;
  let last = 0;
  for (const token of edit.newTokens) {
    const id = ids.get(token.text);
    if (id === undefined) continue;
    const start = token.start - origin;
    if (start > last) pieces.push({ text: edit.newText.slice(last, start) });
    pieces.push({ hole: id });
    last = token.end - origin;
  }
  if (last < edit.newText.length) pieces.push({ text: edit.newText.slice(last) });
  return pieces;
}

/**
 * The least general rewrite that both edits are cases of (anti-unification over token sequences): tokens that differ become holes, and each difference of the new texts has to be explained by
 * a hole of the old ones. `undefined` where the edits are not alike.
 */
function antiUnify(newest: SubEdit, earlier: SubEdit): Template | undefined {
  if (sameRewrite(newest, earlier)) return undefined;
  // The region grows by the words beside it, as far as the two differ there: `a.x` -> `get(a.x)` differs outside what changed.
  if (newest.oldTokens.length !== earlier.oldTokens.length || newest.newTokens.length !== earlier.newTokens.length)
    return undefined;
  const ids = new Map<string, number>();
  const pattern: Element[] = [];
  for (let index = 0; index < newest.oldTokens.length; index++) {
    const one = newest.oldTokens[index]!;
    const other = earlier.oldTokens[index]!;
    if (one.text === other.text) pattern.push({ kind: 'literal', text: one.text });
    else if (one.kind === other.kind && one.kind !== 'operator') {
      const key = `${one.text}\0${other.text}`;
      const id = ids.get(key) ?? ids.size;
      ids.set(key, id);
      pattern.push({ kind: 'hole', id, accepts: one.kind === 'word' ? 'word' : 'value' });
    } else return undefined;
  }
  const replacement: Piece[] = [];
  const origin = newest.newTokens[0]?.start ?? 0;
  let last = 0;
  for (let index = 0; index < newest.newTokens.length; index++) {
    const one = newest.newTokens[index]!;
    const other = earlier.newTokens[index]!;
    if (one.text === other.text) continue;
    const id = ids.get(`${one.text}\0${other.text}`);
    if (id === undefined) return undefined;
    const start = one.start - origin;
    if (start > last) replacement.push({ text: newest.newText.slice(last, start) });
    replacement.push({ hole: id });
    last = one.end - origin;
  }
  if (last < newest.newText.length) replacement.push({ text: newest.newText.slice(last) });
  if (ids.size === 0) return undefined;
  const literalWords = pattern.filter((element) => element.kind === 'literal' && /\w/.test(element.text)).length;
  // Without a word to hold on to, `x,` would fit everywhere.
  const left = newest.left.slice(0, Math.min(2, common(newest.left, earlier.left)));
  const right = newest.right.slice(0, Math.min(2, common(newest.right, earlier.right)));
  if (literalWords === 0 && ![...left, ...right].some((text) => /[\p{L}_]{2}/u.test(text))) return undefined;
  return {
    from: newest,
    pattern,
    replacement,
    requiredLeft: literalWords > 0 ? 0 : left.length,
    requiredRight: literalWords > 0 ? 0 : right.length,
    evidence: 2,
    generality: 'holes',
  };
}

/** How many elements the two begin with in common. */
export function common(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}

/** `User` -> `Account` of `getUser` -> `getAccount`: the words that changed inside one identifier, or `undefined`. */
export function subwordChange(
  edit: SubEdit,
): { readonly from: readonly string[]; readonly to: readonly string[] } | undefined {
  if (edit.oldTokens.length !== 1 || edit.newTokens.length !== 1) return undefined;
  const [one, other] = [edit.oldTokens[0]!, edit.newTokens[0]!];
  if (one.kind !== 'word' || other.kind !== 'word') return undefined;
  const from = subwordsOf(one.text);
  const to = subwordsOf(other.text);
  let head = 0;
  while (head < from.length && head < to.length && from[head]!.toLowerCase() === to[head]!.toLowerCase()) head++;
  let tail = 0;
  while (
    tail < from.length - head &&
    tail < to.length - head &&
    from.at(-1 - tail)!.toLowerCase() === to.at(-1 - tail)!.toLowerCase()
  )
    tail++;
  const changed = { from: from.slice(head, from.length - tail), to: to.slice(head, to.length - tail) };
  return changed.from.length > 0 && changed.to.length > 0 ? changed : undefined;
}
