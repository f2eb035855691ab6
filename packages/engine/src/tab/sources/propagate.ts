import type { Document } from '../../workspace/document.ts';
import { type HistoryEdit, historyEdits } from '../../workspace/history.ts';
import { isKeyword, languageOf } from '../../workspace/languages.ts';
import { minimizeEdit } from '../../workspace/text-edit.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import { givingWay } from '../give-way.ts';
import type { Found, Rewrite } from '../rewrite/found.ts';
import { circumstancesOf } from '../rewrite/circumstances.ts';
import { bestOf, compoundsOf, groupsOf, madeOf, type Place } from '../rewrite/group.ts';
import { featuresOf, scoreOf } from '../rewrite/likelihood.ts';
import { anchorOf, matchesOf, type Surroundings, type TextTokens, tokensOnce } from '../rewrite/match.ts';
import { comparedWith, type Precedents, precedentsOf, streakOf } from '../rewrite/precedent.ts';
import { distinctRewrites, recentPlaces, type RecentPlace } from '../rewrite/recent.ts';
import type { SubEdit } from '../rewrite/sub-edit.ts';
import { subwordEdits } from '../rewrite/subword.ts';
import { subwordChange, type Template, templatesOf } from '../rewrite/template.ts';
import { timesMade } from '../rewrite/times-made.ts';
import { type Candidate, type Source, type TabContext, touchedPaths } from '../source.ts';

/** Steps whose results are no place to change again. */
const STEPS_BACK = 40;
/** Different rewrites of the newest edits that are tried. */
const REWRITES = 6;
/** Files read from disk for one answer. */
const FILES = 12;
/** The same where all places are asked for, and the time it takes is no matter. */
const EVERY_FILE = 400;
/** Places counted. */
const PLACES = 400;
const YIELDS = 12;

/**
 * The last edits, generalised to a rewrite, at the next places it fits: in this file first, then in others.
 * Programming by example over tokens (as in "Learning syntactic program transformations from examples", Rolim et al. 2017), without a grammar, so that it works in any language.
 */
export const propagate: Source = {
  name: 'propagate',
  async *propose(context, signal) {
    const recent = recentPlaces(context.snapshot.history.edits);
    // Brackets of a hunk of several lines are counted over all of it.
    if (recent.length === 0 || isUnfinished(context, recent[0]!.edit)) return;
    const rewrites = rewritesOf(recent);
    const found: Found[] = [];
    collectIn(context.document, context, rewrites, found);
    for (const document of context.snapshot.documents.values())
      if (document !== context.document && !document.exclusion) collectIn(document, context, rewrites, found);
    if (signal.aborted) return;
    const elsewhere: Found[] = [];
    const texts: TokensByPath = new Map();
    const giveWay = givingWay(context.now);
    // Where there is enough to do here, the files are read for the number of places alone, so that it stays the same all along the walk.
    for (const rewrite of found.length < YIELDS || context.everyPlace ? rewrites : rewrites.slice(0, 1)) {
      await collectOnDisk(context, rewrite, elsewhere, texts, giveWay, signal);
      if (signal.aborted) return;
    }
    yield* ranked(context, recent, found, elsewhere);
  },
};

function rewritesOf(recent: readonly RecentPlace[]): readonly Rewrite[] {
  return distinctRewrites(recent, REWRITES).flatMap((place, age) => {
    const from = place.edit;
    const alike = recent.filter((other) => other !== place && other.hunk.whole === place.hunk.whole);
    const templates = templatesOf([from, ...alike.map(({ edit }) => edit)]);
    const rewrites: Rewrite[] = templates.map((template) => ({
      from,
      template,
      generality: template.generality,
      evidence: template.evidence,
      age,
      hunk: place.hunk,
    }));
    return subwordChange(from)
      ? [...rewrites, { from, template: undefined, generality: 'subword', evidence: 1, age, hunk: place.hunk }]
      : rewrites;
  });
}

/** In the middle of typing, what stands there is not yet what is meant: brackets are open, or a first letter is all there is. */
function isUnfinished(context: TabContext, newest: SubEdit): boolean {
  const edit = context.snapshot.history.latest;
  if (edit?.origin !== 'typed') return false;
  let depth = 0;
  let oldDepth = 0;
  for (const { text } of newest.newTokens) depth += '([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0;
  for (const { text } of newest.oldTokens) oldDepth += '([{'.includes(text) ? 1 : ')]}'.includes(text) ? -1 : 0;
  return depth > oldDepth || isOpenLine(context, edit);
}

/** A new line was begun, the cursor is at its end, and nothing says that this is all of it. */
function isOpenLine({ cursor, document }: TabContext, edit: HistoryEdit): boolean {
  if (edit.path !== cursor.path) return false;
  const line = document.text.lineAt(cursor.offset);
  if (cursor.offset !== line.to || LINE_ENDS.test(line.text)) return false;
  let open = false;
  edit.changes.iterChanges((fromA, toA, fromB, toB) => {
    const begins = line.text.slice(0, Math.max(0, fromB - line.from)).trim() === '';
    if (fromA === toA && toB === cursor.offset && begins) open = true;
  });
  return open;
}

/** What lines of most languages end with when they are written: a statement, an item, a block or its beginning. */
const LINE_ENDS = /[;,{}\])>:]\s*$|^\s*$/;

/** A word changed inside an identifier has to be this long before others that hold it are looked at. */
const SUBWORD_LENGTH = 3;

function placesIn(text: string, rewrite: Rewrite, near: number, limit?: number, tokens?: TextTokens): readonly Place[] {
  if (rewrite.template) return matchesOf(text, rewrite.template, near, limit, tokens);
  const change = subwordChange(rewrite.from);
  if (!change || change.from.join('').length < SUBWORD_LENGTH) return [];
  const except = new Set([rewrite.from.oldText, rewrite.from.newText]);
  return subwordEdits(text, change.from, change.to, except, limit).map((edit) => ({
    edit,
    left: 0,
    right: 0,
    renamed: 0,
    asIs: false,
    around: NOWHERE,
  }));
}

/** Documents are values: what is not typed in is lexed once for many keys. */
const lexed = new WeakMap<Document, TextTokens>();

function tokensOf(document: Document): TextTokens {
  const known = lexed.get(document) ?? tokensOnce(document.content);
  lexed.set(document, known);
  return known;
}

function collectIn(document: Document, context: TabContext, rewrites: readonly Rewrite[], found: Found[]): void {
  const { path, content: text } = document;
  const own = producedRanges(context, path);
  const tokens = tokensOf(document);
  const sameFile = document === context.document;
  const { offset } = context.cursor;
  const here = sameFile ? document.text.lineAt(offset).number : 0;
  const where = (start: number) => ({
    path,
    sameFile,
    ahead: sameFile && start >= offset,
    lines: sameFile ? Math.abs(document.text.lineAt(start).number - here) : FAR,
  });
  const inDocument = rewrites.flatMap((rewrite) =>
    stopsIn(text, rewrite, own, where, placesIn(text, rewrite, sameFile ? offset : 0, undefined, tokens)),
  );
  found.push(...inDocument, ...compoundsOf(text, inDocument));
}

type Where = (start: number) => Pick<Found, 'path' | 'sameFile' | 'ahead' | 'lines'>;

function stopsIn(
  text: string,
  rewrite: Rewrite,
  own: readonly (readonly [number, number])[],
  where: Where,
  all: readonly Place[],
): readonly Found[] {
  const places = all
    .map((place) => ({ ...place, edit: minimizeEdit(text, place.edit) }))
    .filter(({ edit: [start, end, inserted] }) => {
      if (start === end && inserted === '') return false;
      return !own.some(([from, to]) => (start < to && end > from) || (start === from && end === to));
    });
  if (places.length === 0) return [];
  const knowsNew = knowsNewWords(text, rewrite.from, own);
  const { oldTokens, path } = rewrite.from;
  const language = languageOf(path);
  const mixes =
    oldTokens.length === 0 || oldTokens.some(({ kind, text: word }) => kind === 'word' && !isKeyword(language, word));
  return [false, true].flatMap((asIs) =>
    groupsOf(
      text,
      places.filter((place) => place.asIs === asIs),
      mixes,
    ).map(({ places: group, leaves, leavesOthers, mixed }) => {
      const { left, right, renamed, around } = bestOf(group);
      const made = madeOf(
        text,
        group.map(({ edit }) => edit),
      );
      const one = { left, right, renamed, around, asIs, leaves, leavesOthers, mixed, parts: 1, together: 0 };
      return { ...one, ...made, ...where(group[0]!.edit[0]), rewrite, knowsNew };
    }),
  );
}

/** Files that several rewrites of one answer look into. */
type TokensByPath = Map<string, TextTokens>;

/** Line distance of what is in another file. */
const FAR = 1_000;

const NOWHERE: Surroundings = { left: [], right: [] };

async function collectOnDisk(
  context: TabContext,
  rewrite: Rewrite,
  found: Found[],
  texts: TokensByPath,
  giveWay: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const anchor = rewrite.template && anchorOf(rewrite.template);
  if (!anchor || !/^[\p{L}_$][\p{L}\p{Nd}_$]{2,}$/u.test(anchor.text)) return;
  if (isKeyword(context.document.languageId, anchor.text)) return;
  // What is open is no file to be read.
  const most = context.everyPlace ? EVERY_FILE : FILES;
  let left = most;
  for (const path of context.lexicon.filesWith(anchor.text, most + context.snapshot.documents.size)) {
    if (context.snapshot.documents.has(path)) continue;
    if (left-- === 0) return;
    const text = await context.files.read(path);
    await giveWay();
    if (signal.aborted) return;
    if (text === undefined) continue;
    const tokens = texts.get(path) ?? tokensOnce(text);
    texts.set(path, tokens);
    const where = () => ({ path, sameFile: false, ahead: false, lines: FAR });
    found.push(...stopsIn(text, rewrite, [], where, placesIn(text, rewrite, 0, 50, tokens)));
    if (found.length >= PLACES) return;
  }
}

/** Words that the rewrite puts in stand in the text already, elsewhere than where the user has just written them. */
function knowsNewWords(text: string, from: SubEdit, own: readonly (readonly [number, number])[]): boolean {
  const old = new Set(from.oldTokens.map((token) => token.text));
  return from.newTokens.every(
    (token) =>
      token.kind !== 'word' ||
      old.has(token.text) ||
      occurrencesOf(text, token.text).some((at) => !own.some(([start, end]) => at >= start && at < end)),
  );
}

/** What recent edits wrote, in the text as it is now: no place to write again. */
function producedRanges(context: TabContext, path: string): readonly (readonly [number, number])[] {
  const own = context.snapshot.history.edits.filter((edit) => edit.path === path).slice(-STEPS_BACK);
  const ranges: [number, number][] = [];
  for (const [index, edit] of own.entries()) {
    let shift = 0;
    for (const [start, end, text] of historyEdits(edit)) {
      let from = start + shift;
      let to = from + text.length;
      shift += text.length - (end - start);
      for (const later of own.slice(index + 1)) {
        if (later.changes.length < to) break;
        from = later.changes.mapPos(from, -1);
        to = later.changes.mapPos(to, 1);
      }
      ranges.push([from, to]);
    }
  }
  return ranges;
}

interface Scored {
  readonly place: Found;
  readonly score: number;
  readonly features: Readonly<Record<string, number>>;
}

/** Stops of several lines that the others are compared with. */
const WHOLES = 40;

/** `part` is one change of what `whole` makes of the same place. */
function isPart(whole: Found, part: Found): boolean {
  if (part.rewrite.hunk.whole || part.parts > 1 || part.rewrite.hunk.id !== whole.rewrite.hunk.id) return false;
  return (
    whole.path === part.path &&
    whole.edits[0]![0] <= part.edits[0]![0] &&
    whole.edits.at(-1)![1] >= part.edits.at(-1)![1]
  );
}

function lineKey({ path, outcome }: Found): string {
  return `${path}\0${outcome.slice(0, outcome.indexOf('\0'))}`;
}

/** What the stops that begin on a line would make of it. */
function outcomesByLine(found: readonly Found[]): ReadonlyMap<string, ReadonlySet<string>> {
  const outcomes = new Map<string, Set<string>>();
  for (const place of found) {
    const key = lineKey(place);
    const known = outcomes.get(key);
    if (known) known.add(place.outcome);
    else outcomes.set(key, new Set([place.outcome]));
  }
  return outcomes;
}

/** One entry for each place, best first; the likeliest rewrite of a place speaks for it. */
function scored(
  context: TabContext,
  recent: readonly RecentPlace[],
  found: readonly Found[],
  here = found,
): readonly Scored[] {
  const counts = new Map<Rewrite, number>();
  for (const { rewrite } of found) counts.set(rewrite, (counts.get(rewrite) ?? 0) + 1);
  const touched = touchedPaths(context);
  const precedents = new Map<Rewrite, Precedents>();
  const precedentsFor = (rewrite: Rewrite) => {
    const known = precedents.get(rewrite);
    if (known) return known;
    // What was left in files that the user has come from was passed by as well.
    const own = here.filter((place) => place.rewrite === rewrite && !place.ahead);
    const passed = [
      ...own.filter((place) => !place.sameFile && touched.has(place.path)),
      ...own.filter((place) => place.sameFile),
    ];
    const found = precedentsOf(
      rewrite.from,
      recent.map(({ edit }) => edit),
      passed.map((place) => place.around),
    );
    precedents.set(rewrite, found);
    return found;
  };
  const aheadHere = new Set(here.filter((place) => place.ahead).map((place) => place.rewrite));
  const wholes = found.filter(({ rewrite }) => rewrite.hunk.whole).slice(0, WHOLES);
  const confirmed = new Set(wholes.filter((whole) => found.some((part) => isPart(whole, part))));
  const outcomes = outcomesByLine(found);
  const circumstances = circumstancesOf(context, recent, found);
  const byPlace = new Map<string, Scored>();
  for (const place of found) {
    const features = {
      ...featuresOf(context, place, counts.get(place.rewrite)!, aheadHere.has(place.rewrite), touched),
      ...comparedWith(precedentsFor(place.rewrite), place.around),
      streak: streakOf(recent, place.rewrite.from),
      confirmed: confirmed.has(place) ? 1 : 0,
      partOfWhole: wholes.some((whole) => isPart(whole, place)) ? 1 : 0,
      rivals: Math.log2(outcomes.get(lineKey(place))!.size),
      ...circumstances(place),
    };
    const score = scoreOf(features);
    const key = `${place.path}\0${place.outcome}`;
    const known = byPlace.get(key);
    if (!known || known.score < score) byPlace.set(key, { place, score, features });
  }
  return [...byPlace.values()].sort(
    (a, b) =>
      Math.round((b.score - a.score) * 10) ||
      Number(b.place.sameFile) - Number(a.place.sameFile) ||
      Number(b.place.ahead) - Number(a.place.ahead) ||
      a.place.lines - b.place.lines ||
      a.place.edits[0]![0] - b.place.edits[0]![0],
  );
}

/**
 * What is in open documents first. The places of one change are counted over all files, together with those where it was made already, so that a
 * place keeps its number while others are done.
 */
function* ranked(
  context: TabContext,
  recent: readonly RecentPlace[],
  found: readonly Found[],
  elsewhere: readonly Found[],
): Iterable<Candidate> {
  const here = scored(context, recent, found);
  const there = scored(context, recent, elsewhere, found);
  const places = [...here, ...there];
  const likeliest = new Set([...places].sort((a, b) => b.score - a.score).filter(firstOfOverlapping()));
  const stops = places.filter((entry) => likeliest.has(entry));
  const changes = new Map<SubEdit, { readonly stops: readonly Scored[]; readonly done: number }>();
  const changeOf = (from: SubEdit) => {
    const known = changes.get(from) ?? {
      stops: stops.filter(({ place }) => place.rewrite.from === from),
      done: timesMade(context.snapshot.history.edits, from),
    };
    changes.set(from, known);
    return known;
  };
  const chosen = context.everyPlace
    ? places
    : [...here.slice(0, YIELDS), ...(here.length < YIELDS ? there.slice(0, YIELDS) : [])];
  for (const entry of chosen) {
    const { from } = entry.place.rewrite;
    const change = changeOf(from);
    const stop = change.stops.indexOf(entry);
    yield {
      path: entry.place.path,
      edits: entry.place.edits,
      score: entry.score,
      features: entry.features,
      evidence: [evidenceOf(entry.place, change.stops.length)],
      // What overlaps a likelier candidate is another way to change the same place, not a stop of its own.
      ...(stop >= 0
        ? {
            walk: {
              index: change.done + stop + 1,
              total: change.done + change.stops.length,
              of: `${from.oldText}\0${from.newText}`,
            },
          }
        : {}),
    };
  }
}

/** Passes those that overlap none it let pass before. */
function firstOfOverlapping(): (entry: Scored) => boolean {
  const taken = new Map<string, [from: number, to: number][]>();
  return ({ place: { path, edits } }) => {
    const [from, to] = [edits[0]![0], edits.at(-1)![1]];
    const ranges = taken.get(path) ?? [];
    const free = ranges.every(([start, end]) => from > end || start > to);
    if (free) taken.set(path, [...ranges, [from, to]]);
    return free;
  };
}

function evidenceOf({ rewrite, left, right }: Found, places: number): string {
  const { from, evidence, generality } = rewrite;
  const what =
    from.oldText === ''
      ? `inserted "${quote(from.newText)}"`
      : from.newText === ''
        ? `removed "${quote(from.oldText)}"`
        : `"${quote(from.oldText)}" became "${quote(from.newText)}"`;
  const times = evidence > 1 ? `${evidence} times lately` : 'a moment ago';
  const how: Record<Template['generality'], string> = {
    exact: `the same stands here, ${left + right} tokens around it agree`,
    insertion: `${left + right} tokens around this place agree`,
    frame: 'here is a call of the same function',
    holes: 'here is the same form with other names',
    subword: 'the same word is part of another name here',
  };
  return `${what} ${times}; ${how[generality]}; ${places} such place${places === 1 ? '' : 's'}`;
}

function quote(text: string): string {
  return (text.length > 40 ? `${text.slice(0, 37)}…` : text).replace(/\s+/g, ' ');
}
