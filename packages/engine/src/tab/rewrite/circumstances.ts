import { historyEdits } from '../../workspace/history.ts';
import { lex } from '../../workspace/tokens.ts';
import type { TabContext } from '../source.ts';
import type { Found, Rewrite } from './found.ts';
import type { RecentPlace } from './recent.ts';
import { isProse, type SubEdit } from './sub-edit.ts';
import { common, generalises, sameRewrite } from './template.ts';

/** Code units of a line that are looked at: a minified file is one line. */
const LOOKED_AT = 400;

/**
 * What is known of a place from all the others of one answer and from what the user did lately: how many come first, what else fits its line, how often the newest changes
 * were made again, and how like its line is to the one that was edited. To be asked for each of `found`, and for places in files that are not open.
 */
export function circumstancesOf(
  context: TabContext,
  recent: readonly RecentPlace[],
  found: readonly Found[],
): (place: Found) => Record<string, number> {
  const ways = new Map<string, number>();
  const lines = new Map<string, Found[]>();
  const byRewrite = new Map<Rewrite, Found[]>();
  for (const place of found) {
    ways.set(outcomeKey(place), (ways.get(outcomeKey(place)) ?? 0) + 1);
    entryOf(lines, lineKey(place)).push(place);
    entryOf(byRewrite, place.rewrite).push(place);
  }
  const order = new Map<Found, number>();
  for (const places of byRewrite.values()) putInOrder(places, order);
  const courses = new Map<SubEdit, Record<string, number>>();
  return (place) => {
    const { from } = place.rewrite;
    const course = courses.get(from) ?? courseOf(recent, from);
    courses.set(from, course);
    const beside = (lines.get(lineKey(place)) ?? []).filter((other) => other.rewrite !== place.rewrite);
    return {
      ...course,
      // Rewrites that come to the same result.
      ways: Math.log2(Math.max(1, ways.get(outcomeKey(place)) ?? 1)),
      nth: Math.log2(1 + (order.get(place) ?? 0)),
      // One change of several that fit the line together.
      partOfSeveral: place.parts === 1 && beside.some((other) => other.parts > 1 && covers(other, place)) ? 1 : 0,
      // Changes that fit the same line and are left undone.
      leavesRewrites: Math.min(2, beside.filter((other) => isSingle(other) && isApart(other, place)).length),
      alikeFar: Math.log2(1 + common(from.left, place.around.left) + common(from.right, place.around.right)),
      ...lineOf(context, place),
    };
  };
}

function entryOf<K, V>(lists: Map<K, V[]>, key: K): V[] {
  const known = lists.get(key);
  if (known) return known;
  const made: V[] = [];
  lists.set(key, made);
  return made;
}

function outcomeKey({ path, outcome }: Found): string {
  return `${path}\0${outcome}`;
}

function lineKey({ path, outcome }: Found): string {
  return `${path}\0${outcome.slice(0, outcome.indexOf('\0'))}`;
}

/** How many lines with a place of the same rewrite come before each, in its file, from the cursor on. */
function putInOrder(places: readonly Found[], order: Map<Found, number>): void {
  const counts = new Map<string, { index: number; line: string }>();
  for (const place of [...places].sort((a, b) => a.edits[0]![0] - b.edits[0]![0])) {
    const side = `${place.ahead}\0${place.path}`;
    const before = counts.get(side);
    const line = lineKey(place);
    const index = before === undefined ? 0 : before.line === line ? before.index : before.index + 1;
    counts.set(side, { index, line });
    order.set(place, index);
  }
}

function isSingle({ parts, rewrite }: Found): boolean {
  return parts === 1 && !rewrite.hunk.whole;
}

function covers(several: Found, one: Found): boolean {
  return one.edits.every(([start, end, text]) =>
    several.edits.some((edit) => edit[0] === start && edit[1] === end && edit[2] === text),
  );
}

function isApart(one: Found, other: Found): boolean {
  if (one.rewrite.from === other.rewrite.from) return false;
  return one.edits.every(([start, end]) => other.edits.every(([from, to]) => start > to || from > end));
}

/** How large a part of the newest changes the rewrite is, how many of them were made more than once, and how many there are. */
function courseOf(recent: readonly RecentPlace[], from: SubEdit): Record<string, number> {
  const single = recent.filter(({ hunk }) => !hunk.whole);
  const makers = single.filter(({ edit }) => sameRewrite(edit, from) || generalises(edit, from));
  const hunks = new Set(single.map(({ hunk }) => hunk.id)).size;
  const again = single.filter(({ edit, hunk }) =>
    single.some((other) => other.hunk.id !== hunk.id && sameRewrite(other.edit, edit)),
  );
  return {
    share: new Set(makers.map(({ hunk }) => hunk.id)).size / Math.max(1, hunks),
    repetitive: again.length / Math.max(1, single.length),
    hunksMade: Math.log2(1 + hunks),
  };
}

interface Origin {
  readonly words: ReadonlySet<string>;
  readonly imports: boolean;
}

const origins = new WeakMap<SubEdit, Origin>();

/** The line that was edited, as it was before; nothing where the history does not reach back to it. */
function originOf(context: TabContext, from: SubEdit): Origin {
  const known = origins.get(from);
  if (known) return known;
  const edit = context.snapshot.history.edits.find(({ id }) => id === from.id);
  const [start] = edit ? (historyEdits(edit)[0] ?? []) : [];
  const line = edit && start !== undefined ? edit.before.lineAt(start).text.slice(0, LOOKED_AT) : '';
  const origin = { words: wordsOf(line), imports: IMPORTS.test(line) };
  origins.set(from, origin);
  return origin;
}

const IMPORTS = /^\s*(?:import|from|(?:pub )?use|#include)\b|\brequire\(|^\s*(?:\w+ )?"[\w./-]+"$/;

/** The line of the place beside the one that was edited. */
function lineOf(context: TabContext, { rewrite: { from }, path, edits, outcome }: Found): Record<string, number> {
  const origin = originOf(context, from);
  const made = outcome.slice(outcome.indexOf('\0') + 1);
  const same = /^[ \t]*/.exec(made)![0] === from.indent;
  const features = { indentOff: same ? 0 : 1, imports: origin.imports ? 1 : 0, prose: 0, lineLike: 0 };
  const text = context.snapshot.documents.get(path)?.content;
  if (text === undefined) return features;
  const start = text.lastIndexOf('\n', edits[0]![0] - 1) + 1;
  const end = text.indexOf('\n', edits[0]![0]);
  const line = text.slice(start, Math.min(end < 0 ? text.length : end, start + LOOKED_AT));
  return { ...features, prose: isProse(line) ? 1 : 0, lineLike: likeness(wordsOf(line), origin.words) };
}

/** Share of the words and signs of both lines that they have in common, 0..1. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let both = 0;
  for (const word of one) if (other.has(word)) both++;
  return both / Math.max(1, one.size + other.size - both);
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(lex(line).flatMap(({ kind, text }) => (kind === 'space' || kind === 'newline' ? [] : [text])));
}
