import { applyEdits, type TextEdit } from '../../workspace/text-edit.ts';
import type { Found } from './found.ts';
import type { Match } from './match.ts';

export type Place = Omit<Match, 'start' | 'end'>;

/** Places that are one stop. */
export interface Group {
  readonly places: readonly Place[];
  /** Lines beside it hold further places of the rewrite that it leaves as they are. */
  readonly leaves: boolean;
  /** The same of lines whose places do not stand behind the same words as its own. */
  readonly leavesOthers: boolean;
  /** It takes in lines whose places do not stand behind the same words as those of the others. */
  readonly mixed: boolean;
}

/**
 * Places on one line or on lines that follow each other are one stop: a person would change them in one go. Where the one stands behind the same words as the edit itself and the other
 * does not (`id: number` and `total: number`) they are two; so each run of places comes as a whole, in such parts, and line by line.
 * @param mixes whether unlike ones may be one stop: a name is the same name everywhere, a keyword or a sign says nothing without what stands beside it
 */
export function groupsOf(text: string, places: readonly Place[], mixes: boolean): readonly Group[] {
  const lines: Place[][] = [];
  const breaks: number[] = [];
  let end = -1;
  for (const place of [...places].sort((a, b) => a.edit[0] - b.edit[0])) {
    if (place.edit[0] < end) continue;
    const between = end < 0 ? Number.POSITIVE_INFINITY : text.slice(end, place.edit[0]).split('\n').length - 1;
    if (between === 0) lines.at(-1)!.push(place);
    else {
      lines.push([place]);
      breaks.push(between);
    }
    end = place.edit[1];
  }
  const runs = split(lines, (index) => breaks[index]! > 1);
  const groups = new Map<string, Group>();
  let at = 0;
  for (const run of runs) {
    const parts = split(run, (index) => isAlike(run[index - 1]!) !== isAlike(run[index]!));
    const add = (chosen: readonly Place[][], part: readonly Place[][]) => {
      const key = `${at}:${run.indexOf(chosen[0]!)}:${chosen.length}`;
      if (groups.has(key)) return;
      const mixed = new Set(chosen.map(isAlike)).size > 1;
      const leavesOthers = chosen.length < run.length && part.length < run.length;
      groups.set(key, { places: chosen.flat(), leaves: chosen.length < part.length, leavesOthers, mixed });
    };
    for (const part of parts) add(part, part);
    if (mixes) add(run, run);
    if (run.length <= MOST_LINES) for (const part of parts) for (const line of part) add([line], part);
    at++;
  }
  return [...groups.values()];
}

/** Longer runs are changed as a whole or not. */
const MOST_LINES = 4;

function split<T>(items: readonly T[], before: (index: number) => boolean): T[][] {
  const parts: T[][] = [];
  for (const [index, item] of items.entries()) {
    if (index === 0 || before(index)) parts.push([item]);
    else parts.at(-1)!.push(item);
  }
  return parts;
}

function isAlike(line: readonly Place[]): boolean {
  return line.every(({ left }) => left >= 2);
}

/** Edits of a stop, and the lines they make. */
export function madeOf(text: string, edits: readonly TextEdit[]): Pick<Found, 'edits' | 'outcome' | 'unbalances'> {
  const start = text.lastIndexOf('\n', edits[0]![0] - 1) + 1;
  const end = text.indexOf('\n', edits.at(-1)![1]);
  const lines = text.slice(start, end < 0 ? undefined : end);
  const made = applyEdits(
    lines,
    edits.map(([from, to, inserted]) => [from - start, to - start, inserted]),
  );
  return { edits, outcome: `${start}\0${made}`, unbalances: depthOf(made) !== depthOf(lines) };
}

/** Brackets that are opened and not closed; in strings and comments too, as it is only compared. */
function depthOf(text: string): number {
  let depth = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) depth += '([{'.includes(bracket) ? 1 : -1;
  return depth;
}

/** What is said of a stop is said of the place in it whose surroundings agree most. */
export function bestOf(places: readonly Place[]): Place {
  return places.reduce((one, other) => (other.left + other.right > one.left + one.right ? other : one));
}

/**
 * Stops of different rewrites on neighbouring lines, as one: what was changed together is changed together again, and what was changed one after the
 * other may be. Of stops that overlap, the one that agrees most with where its rewrite is from.
 */
export function compoundsOf(text: string, found: readonly Found[]): readonly Found[] {
  const single = found.filter(({ rewrite, leaves, leavesOthers }) => !rewrite.hunk.whole && !leaves && !leavesOthers);
  const compounds = new Map<string, Found>();
  const hunks = new Set(single.map(({ rewrite }) => rewrite.hunk.id));
  for (const own of [...[...hunks].map((id) => single.filter(({ rewrite }) => rewrite.hunk.id === id)), single]) {
    if (new Set(own.map(({ rewrite }) => rewrite.from)).size < 2) continue;
    for (const stops of clusters(text, apart(own))) {
      const made = compound(text, stops);
      if (made && !compounds.has(made.outcome)) compounds.set(made.outcome, made);
    }
  }
  return [...compounds.values()];
}

function apart(found: readonly Found[]): readonly Found[] {
  const chosen: Found[] = [];
  const ranked = [...found].sort(
    (a, b) => b.left + b.right - (a.left + a.right) || a.rewrite.age - b.rewrite.age || a.edits[0]![0] - b.edits[0]![0],
  );
  for (const one of ranked) if (chosen.every((other) => isBefore(one, other) || isBefore(other, one))) chosen.push(one);
  // What is put in at the start of another edit comes before it.
  return chosen.sort((a, b) => a.edits[0]![0] - b.edits[0]![0] || a.edits[0]![1] - b.edits[0]![1]);
}

function isBefore(a: Found, b: Found): boolean {
  const [end, start] = [a.edits.at(-1)![1], b.edits[0]![0]];
  return end < start || (end === start && (a.edits.at(-1)![0] < end || b.edits[0]![1] > start));
}

function clusters(text: string, found: readonly Found[]): readonly (readonly Found[])[] {
  return split(
    found,
    (index) => text.slice(found[index - 1]!.edits.at(-1)![1], found[index]!.edits[0]![0]).split('\n').length > 2,
  );
}

/** Stops with more places than this are no change of a few lines. */
const MOST_PLACES = 12;

function compound(text: string, stops: readonly Found[]): Found | undefined {
  const parts = [...new Map(stops.map(({ rewrite }) => [rewrite.from, rewrite])).values()];
  const edits = stops.flatMap((stop) => stop.edits);
  if (parts.length < 2 || edits.length > MOST_PLACES) return undefined;
  const newest = parts.reduce((one, other) => (other.age < one.age ? other : one));
  const surest = stops.reduce((one, other) => (other.left + other.right > one.left + one.right ? other : one));
  const together = parts.filter(({ hunk }) => hunk.id === newest.hunk.id).length;
  return {
    ...surest,
    ...madeOf(text, edits),
    rewrite: { ...newest, evidence: Math.min(...parts.map(({ evidence }) => evidence)) },
    renamed: Math.max(...stops.map(({ renamed }) => renamed)),
    knowsNew: stops.every(({ knowsNew }) => knowsNew),
    lines: Math.min(...stops.map(({ lines }) => lines)),
    parts: parts.length,
    together: together / Math.max(parts.length, newest.hunk.parts),
  };
}
