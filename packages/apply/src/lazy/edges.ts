import type { LineChange } from '../document.ts';
import type { FailureReason, LineRange } from '../edit.ts';
import { reindentFrom } from '../place/indent.ts';
import { indentOf } from '../place/line-index.ts';
import { isTelling } from '../place/placement.ts';
import { tokensOf } from '../place/similarity.ts';
import { bracketBalance } from './balance.ts';
import { isFirm } from './firm.ts';
import type { Segment } from './snippet.ts';
import type { MergeState } from './state.ts';
import { blockEnd, declaredName, dedentEnd, endsFlow, isCloser } from './structure.ts';

/** What becomes of the snippet's lines outside its anchors. */
export interface EdgePlan {
  readonly added: readonly string[];
  /** Document lines that the added ones stand for. */
  readonly removed: readonly number[];
  readonly confidence: number;
  readonly failure?: FailureReason;
  /** For segments without an anchor: finished changes. */
  readonly changes?: readonly LineChange[];
  readonly range?: LineRange;
}

const nothing: EdgePlan = { added: [], removed: [], confidence: 1 };
const fail = (failure: FailureReason): EdgePlan => ({ ...nothing, confidence: 0, failure });

/** Above this a new line is another version of an old one, below `DIFFERENT` it is not; between, nobody can tell. */
const VERSION = 0.5;
const DIFFERENT = 0.3;
/** How far from the anchor an older version of a new line is looked for. */
const NEAR = 3;

export function planHead(state: MergeState, segment: Segment, first: number): EdgePlan {
  const { index, snippet, partners } = state;
  const fresh = dropBlank(
    snippet.lines.slice(segment.start, first),
    'start',
    index.trimmed[partners[first]! - 1] === '',
  );
  if (fresh.length === 0) return nothing;
  const limit = lastPartnerBefore(state, segment.start) + 1;
  if (mayBeAnchor(state, segment, 'head', fresh.find(isTelling), partners[first]!)) return fail('ambiguous');
  const neighbours: number[] = [];
  for (let line = partners[first]! - 1; line >= limit && neighbours.length < fresh.length + NEAR; line--)
    neighbours.push(line);
  const plan = planEdge(state, [...fresh].reverse(), neighbours, 'head');
  if (plan.failure) return plan;
  if (!segment.gapBefore && plan.removed.length === 0 && isRest(state, 0, partners[first]!)) return fail('ambiguous');
  if (!segment.gapBefore && plan.removed.length === 0 && !startsDocument(state, partners[first]!)) {
    // A snippet that opens with new lines, without a placeholder: fine above a definition, a guess elsewhere.
    if (declaredName(snippet.trimmed[first]!) === undefined && limit === 0 && partners[first]! > 0)
      return fail('ambiguous');
  }
  return { ...plan, added: fresh, removed: [...plan.removed].sort((a, b) => a - b) };
}

export function planTail(state: MergeState, segment: Segment, last: number): EdgePlan {
  const { index, snippet, partners } = state;
  const fresh = dropBlank(snippet.lines.slice(last + 1, segment.end), 'end', index.trimmed[partners[last]! + 1] === '');
  if (fresh.length === 0) return nothing;
  const limit = firstPartnerAfter(state, segment.end);
  if (mayBeAnchor(state, segment, 'tail', fresh.findLast(isTelling), partners[last]!)) return fail('ambiguous');
  const neighbours: number[] = [];
  for (let line = partners[last]! + 1; line < limit && neighbours.length < fresh.length + NEAR; line++)
    neighbours.push(line);
  if (
    !segment.gapAfter &&
    neighbours.length > 0 &&
    !index.trimmed.slice(partners[last]! + 1).every((line) => line === '')
  ) {
    // The snippet stops with new lines and the document goes on: did it stop early, or do they replace the rest?
    const depth = indentOf(index.document.lines[partners[last]!]!).length;
    const next = neighbours.find((line) => index.trimmed[line] !== '')!;
    if (!isCloser(index.trimmed[next]!) && indentOf(index.document.lines[next]!).length >= depth && depth > 0)
      return fail('ambiguous');
  }
  const plan = planEdge(state, fresh, neighbours, 'tail');
  if (!segment.gapAfter && plan.removed.length === 0 && isRest(state, partners[last]! + 1, index.trimmed.length))
    return fail('ambiguous');
  return { ...plan, added: fresh };
}

/** Telling lines between a snippet that ends with new ones, without a placeholder, and the end of the file: so few may be
 * meant to be replaced. More are just not shown. */
const REST_OF_FILE = 60;

function isRest(state: MergeState, from: number, to: number): boolean {
  const count = state.index.trimmed.slice(from, to).filter(isTelling).length;
  return count > 0 && count <= REST_OF_FILE;
}

/**
 * Whether the outermost new line of a segment stands among the lines hidden around it: then it may be an anchor, and all
 * between meant to go, or the segment be one for another place. So it may where another line of the segment was taken for it,
 * unless that is the outermost anchor, `edge`: the text is the same then whichever of the two is kept. Where the other end of the
 * segment says for certain where it is, only lines on the outer side of the edge count.
 */
function mayBeAnchor(
  state: MergeState,
  segment: Segment,
  side: 'head' | 'tail',
  line: string | undefined,
  edge: number,
): boolean {
  const found = line === undefined ? undefined : state.index.positions.get(line.trim());
  if (!found) return false;
  const from = lastPartnerBefore(state, segment.start);
  const to = firstPartnerAfter(state, segment.end);
  const nearby = found.filter((at) => at > from && at < to && at !== edge);
  if (nearby.length === 0) return false;
  const outside = nearby.some((at) => (side === 'head' ? at < edge : at > edge));
  return outside || !isFirm(state, segment, side === 'head' ? 'last' : 'first');
}

/**
 * New lines beside an anchor, nearest first, against the document's lines there. Either none of them is a version of a line
 * (they are inserted) or each is one of the line at the same distance (they replace these).
 */
function planEdge(
  state: MergeState,
  fresh: readonly string[],
  neighbours: readonly number[],
  side: 'head' | 'tail',
): EdgePlan {
  const { index, similarity } = state;
  const solid = fresh.filter((line) => line.trim() !== '');
  const considered = isNewDefinition(side === 'head' ? [...solid].reverse() : solid, index.trimmed)
    ? solid.filter((line) => indentOf(line).length <= Math.min(...solid.map((other) => indentOf(other).length)))
    : solid;
  const written = considered.map((line) => line.trim());
  const depths = considered.map(indentOf);
  const actual = neighbours.filter((line) => index.trimmed[line] !== '');
  let closest = 0;
  for (const line of written) {
    if (isCloser(line)) continue;
    for (const other of actual) closest = Math.max(closest, alike(similarity, line, index.trimmed[other]!));
  }
  if (closest >= DIFFERENT) {
    const pairs = written.map((line, i) =>
      actual[i] === undefined ? 0 : alike(similarity, line, index.trimmed[actual[i]]!),
    );
    // A line that declares what the line at its distance does is a version of that one, however others resemble it; one that
    // declares something else may as well be new beside it.
    const names = written.map((line, i) => {
      const own = declaredName(line);
      const old = actual[i] === undefined ? undefined : declaredName(index.trimmed[actual[i]]!);
      return own === undefined || old === undefined ? 'open' : own === old ? 'same' : 'other';
    });
    const [beyond] = actual.slice(written.length);
    const isAlone = written.every(
      (line, i) =>
        beyond === undefined ||
        (names[i] === 'same' && declaredName(index.trimmed[beyond]!) !== declaredName(line)) ||
        alike(similarity, line, index.trimmed[beyond]!) < VERSION,
    );
    // Closing lines at another depth close another block.
    const closersHold = written.every((line, i) => {
      const other = actual[i];
      return (
        other === undefined ||
        !isCloser(line) ||
        line !== index.trimmed[other] ||
        depths[i] === indentOf(index.document.lines[other]!)
      );
    });
    const clear = closersHold && !names.includes('other') && pairs.every((value) => value >= VERSION) && isAlone;
    return clear ? { ...nothing, removed: actual.slice(0, written.length), confidence: 0.75 } : fail('ambiguous');
  }
  const nearest = actual[0];
  if (side === 'tail' && nearest !== undefined && endsFlow(written.at(-1)!) && !isCloser(index.trimmed[nearest]!)) {
    const depth = indentOf(index.document.lines[nearest]!).length;
    const anchorDepth = indentOf(index.document.lines[nearest - 1] ?? '').length;
    if (depth >= anchorDepth) return fail('ambiguous');
  }
  return { ...nothing, confidence: 0.85 };
}

/** A whole definition under a name that the document does not have: its body may well resemble others'. */
function isNewDefinition(lines: readonly string[], document: readonly string[]): boolean {
  const [first] = lines;
  const name = first === undefined ? undefined : declaredName(first.trim());
  if (
    name === undefined ||
    lines.length < 3 ||
    !isCloser(lines.at(-1)!.trim()) ||
    indentOf(lines.at(-1)!) !== indentOf(first!)
  )
    return false;
  return !document.some((line) => line.includes(name) && declaredName(line) === name);
}

/** The same name declared by both is the same thing in two versions, whatever else the lines say. */
function alike(similarity: (a: string, b: string) => number, a: string, b: string): number {
  if (a === b) return 1;
  const name = declaredName(a);
  if (name !== undefined && name === declaredName(b)) return Math.max(0.7, similarity(a, b));
  return similarity(a, b);
}

/**
 * A segment none of whose lines the document has: a definition that exists under its name is replaced; otherwise it is new,
 * and goes to the end of the block that the snippet shows it in, or to the end or start of the file when nothing follows or
 * precedes it. Between two placeholders in one block its place is unknown.
 */
export function planUnanchored(state: MergeState, segment: Segment): EdgePlan {
  const { index, snippet, partners, options } = state;
  const lines = snippet.lines.slice(segment.start, segment.end);
  while (lines[0]?.trim() === '') lines.shift();
  while (lines.at(-1)?.trim() === '') lines.pop();
  if (lines.length === 0) return { ...nothing, changes: [], range: { start: 0, end: 0 } };
  const low = lastPartnerBefore(state, segment.start) + 1;
  const high = firstPartnerAfter(state, segment.end);
  const name = declaredName(lines[0]!.trim());
  if (name !== undefined) {
    const symbols =
      options.syntax && options.path ? options.syntax.symbols(index.document.text, options.path) : undefined;
    const ranges = symbols
      ? symbols
          .filter((s) => s.name === name && s.start >= low && s.end <= high)
          .map((s) => ({ start: s.start, end: s.end }))
      : definitionsOf(state, name, low, high);
    if (ranges.length > 1) return fail('ambiguous');
    if (ranges.length === 1)
      return isHeader(state, segment, lines)
        ? replaceHeader(state, lines[0]!, ranges[0]!.start, low, high)
        : replaceDefinition(state, lines, ranges[0]!);
  }
  if (name !== undefined) {
    const known = definitionsOf(state, name, 0, index.trimmed.length);
    if (known.length === 1 && isHeader(state, segment, lines))
      return replaceHeader(state, lines[0]!, known[0]!.start, low, high);
    if (known.length > 0) return fail('ambiguous');
  }
  // A name that exists elsewhere, or a snippet about other code altogether.
  if (!partners.some((line) => line >= 0) && !(snippet.hasPlaceholder && snippet.segments.length === 1))
    return fail('missing');
  const depth = indentOf(lines[0]!).length;
  const opener = openerAbove(state, segment.start, depth);
  if (opener !== undefined) {
    if (snippetContinuesIn(state, segment, depth)) return fail('ambiguous');
    const end = blockEnd(index, opener) ?? dedentEnd(index, opener);
    return insertAt(state, segment, lines, lastSolidBefore(state, end) + 1, opener);
  }
  if (depth > 0) return fail('missing');
  if (!segment.gapAfter && segment.gapBefore && high === index.trimmed.length) {
    return insertAt(state, segment, lines, lastSolidBefore(state, index.trimmed.length) + 1, undefined);
  }
  if (
    !segment.gapBefore &&
    segment.gapAfter &&
    low === 0 &&
    partners.some((line) => line >= 0) &&
    !/^(?:#!|\/\/|\/\*|#|<!--|<\?|'use |"use )/.test(index.trimmed[0]!)
  ) {
    return insertAt(state, segment, lines, 0, undefined);
  }
  return fail('missing');
}

/** Whether a segment is only the line that opens a block, with a placeholder for what is in it. */
function isHeader(state: MergeState, segment: Segment, lines: readonly string[]): boolean {
  const below = state.snippet.lines[segment.end];
  return (
    segment.gapAfter && lines.length === 1 && below !== undefined && indentOf(below).length > indentOf(lines[0]!).length
  );
}

/**
 * Another version of the line that opens a block, whose body stays. Not where it only lacks words of the old one: modifiers
 * are left out more often than taken away. Nor where one of the two goes on in the next line.
 */
function replaceHeader(state: MergeState, header: string, line: number, low: number, high: number): EdgePlan {
  const { index, snippet, partners } = state;
  const old = index.document.lines[line]!;
  if (line < low || line >= high) return fail('ambiguous');
  const known = new Set(tokensOf(old));
  const opens = [header, old].map((text) => [...bracketBalance([text]), /[:{]$/.test(text.trim())].join());
  if (opens[0] !== opens[1] || tokensOf(header).every((token) => known.has(token))) return fail('ambiguous');
  const pairs = snippet.lines.flatMap((written, i) =>
    partners[i]! >= 0 ? [{ written, actual: index.document.lines[partners[i]!]! }] : [],
  );
  const moved = reindentFrom([...pairs, { written: header, actual: old }], snippet.lines, index.unit())(header);
  if (moved === undefined || indentOf(moved) !== indentOf(old)) return fail('indentation');
  const range = { start: line, end: line + 1 };
  return {
    ...nothing,
    confidence: 0.8,
    changes: [{ from: line, to: line + 1, insert: [moved], leans: 'both' }],
    range,
  };
}

function replaceDefinition(state: MergeState, lines: readonly string[], range: LineRange): EdgePlan {
  const { index } = state;
  const firstLine = index.document.lines[range.start]!;
  const pairs = [{ written: lines[0]!, actual: firstLine }];
  const lastActual = index.document.lines[range.end - 1]!;
  if (lines.length > 1 && lines.at(-1)!.trim() === lastActual.trim())
    pairs.push({ written: lines.at(-1)!, actual: lastActual });
  // All of it: where the old one ends with a bracket the new one does, at the depth it began.
  const closes = isCloser(lastActual.trim()) && range.end - range.start > 1;
  const lastLine = lines.at(-1)!;
  if (closes && !(isCloser(lastLine.trim()) && indentOf(lastLine) === indentOf(lines[0]!))) return fail('ambiguous');
  // One definition only: a second one at the same depth would be new text whose place is its own question.
  const depth = indentOf(lines[0]!).length;
  const others = lines
    .slice(1)
    .filter(
      (line) =>
        indentOf(line).length <= depth && line.trim() !== '' && !isCloser(line.trim()) && !/^[{(]/.test(line.trim()),
    );
  if (others.length > 0) return fail('ambiguous');
  const reindent = reindentFrom(pairs, lines, index.unit());
  const insert: string[] = [];
  for (const line of lines) {
    const moved = reindent(line);
    if (moved === undefined) return fail('indentation');
    insert.push(moved);
  }
  return { ...nothing, confidence: 0.8, changes: [{ from: range.start, to: range.end, insert, leans: 'both' }], range };
}

/** Blocks of the document that define `name`, without a grammar: by the line that declares it and the depth behind it. */
function definitionsOf(state: MergeState, name: string, low: number, high: number): LineRange[] {
  const { index } = state;
  const found: LineRange[] = [];
  for (let line = low; line < high; line++) {
    if (!index.trimmed[line]!.includes(name) || declaredName(index.trimmed[line]!) !== name) continue;
    const end = blockEnd(index, line);
    found.push({ start: line, end: end === undefined ? dedentEnd(index, line) : end + 1 });
  }
  return found;
}

function insertAt(
  state: MergeState,
  segment: Segment,
  lines: readonly string[],
  at: number,
  opener: number | undefined,
): EdgePlan {
  const { index, snippet, partners } = state;
  const pairs = snippet.lines.flatMap((written, i) =>
    partners[i]! >= 0 ? [{ written, actual: index.document.lines[partners[i]!]! }] : [],
  );
  const reindent = reindentFrom(pairs, snippet.lines, index.unit());
  const insert: string[] = [];
  // A blank line between the placeholder and the new text is part of the text, unless the document has one there.
  if (at > 0 && segment.start < snippet.lines.length && snippet.trimmed[segment.start] === '') insert.push('');
  for (const line of lines) {
    const moved = reindent(line);
    if (moved === undefined) return fail('indentation');
    insert.push(moved);
  }
  if (at === 0 && snippet.trimmed[segment.end - 1] === '' && index.trimmed[0] !== '') insert.push('');
  const range = { start: opener ?? at, end: at };
  return { ...nothing, confidence: 0.8, changes: [{ from: at, to: at, insert, leans: 'before' }], range };
}

/** Document line of the nearest snippet line above that is less deep, when it is known: the block the segment is in. */
function openerAbove(state: MergeState, start: number, depth: number): number | undefined {
  const { snippet, partners } = state;
  for (let k = start - 1; k >= 0; k--) {
    if (snippet.segmentOf[k]! < 0 || snippet.trimmed[k] === '' || indentOf(snippet.lines[k]!).length >= depth) continue;
    return partners[k]! >= 0 ? partners[k]! : undefined;
  }
  return undefined;
}

/** Whether a placeholder or text at the segment's own depth follows it: then it is not the last thing of its block. */
function snippetContinuesIn(state: MergeState, segment: Segment, depth: number): boolean {
  const { snippet } = state;
  for (let k = segment.end; k < snippet.lines.length; k++) {
    if (snippet.trimmed[k] === '') continue;
    return indentOf(snippet.lines[k]!).length >= depth;
  }
  return false;
}

function lastSolidBefore(state: MergeState, end: number): number {
  let line = end - 1;
  while (line >= 0 && state.index.trimmed[line] === '') line--;
  return line;
}

const lastPartnerBefore = (state: MergeState, at: number) =>
  state.partners.slice(0, at).reduce((a, b) => Math.max(a, b), -1);

function firstPartnerAfter(state: MergeState, at: number): number {
  const found = state.partners.slice(at).find((line) => line >= 0);
  return found ?? state.index.trimmed.length;
}

const startsDocument = (state: MergeState, line: number) =>
  state.index.trimmed.slice(0, line).every((text) => text === '');

/** Blank lines towards the placeholder are dropped where the document has one at that side already. */
function dropBlank(lines: readonly string[], side: 'start' | 'end', documentHasBlank: boolean): string[] {
  const kept = [...lines];
  if (kept.every((line) => line.trim() === '')) return [];
  if (!documentHasBlank) return kept;
  if (side === 'start') while (kept[0]?.trim() === '') kept.shift();
  else while (kept.at(-1)?.trim() === '') kept.pop();
  return kept;
}
