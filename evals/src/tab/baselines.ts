import { type Case, textsOf } from './case.ts';
import { afterEvents, type Documents, documentsOf } from './documents.ts';
import { type Edit, minimalEdits } from './edits.ts';
import type { Answer, Suggestion } from './predictor.ts';

export type Baseline = (one: Case, elsewhere: (path: string) => string | undefined) => Suggestion | undefined;

/** What the engine has to beat, by the name in the table. */
export function baselines(): Readonly<Record<string, Baseline>> {
  return {
    silent: () => undefined,
    'last substitution again': repeatLastSubstitution,
    'most frequent continuation': mostFrequentContinuation(),
  };
}

export function baselineAnswer(
  baseline: Baseline,
  one: Case,
  elsewhere: (path: string) => string | undefined,
  now: () => number,
): Answer {
  const started = now();
  const suggestion = baseline(one, elsewhere);
  const ms = now() - started;
  return { suggestions: suggestion ? [suggestion] : [], ms, wallMs: ms, error: undefined };
}

/** The token that was last replaced by another, replaced again where it next stands: after the cursor, from the top, in the other documents. */
export function repeatLastSubstitution(
  one: Case,
  elsewhere: (path: string) => string | undefined,
): Suggestion | undefined {
  const substitution = lastSubstitution(one, elsewhere);
  if (substitution === undefined) return undefined;
  const { from, to } = substitution;
  const texts = textsOf(one, elsewhere);
  const { path, offset } = one.cursor;
  const others = [...texts.keys()].filter((other) => other !== path);
  const places = [
    { path, at: indexOfToken(texts.get(path) ?? '', from, offset) },
    { path, at: indexOfToken(texts.get(path) ?? '', from, 0) },
    ...others.map((other) => ({ path: other, at: indexOfToken(texts.get(other) ?? '', from, 0) })),
  ];
  const place = places.find(({ at }) => at >= 0);
  if (place === undefined) return undefined;
  return {
    path: place.path,
    edits: [[place.at, place.at + from.length, to]],
    source: 'substitution',
    confidence: 0.5,
    shown: true,
  };
}

/** The last of the runs of events, each on one place, that made one token of another; `undefined` where there was none. */
export function lastSubstitution(
  one: Case,
  elsewhere: (path: string) => string | undefined,
): { from: string; to: string } | undefined {
  const states: Documents[] = [documentsOf(one.documents)];
  for (const event of one.events) states.push(afterEvents(states.at(-1)!, [event], elsewhere));
  for (let end = one.events.length; end > 0; ) {
    const first = startOfRun(one.events, end);
    const { path } = one.events[first]!;
    const textOf = (state: number) => states[state]!.get(path) ?? elsewhere(path) ?? '';
    const substitution = substitutionOf(textOf(first), textOf(end));
    if (substitution) return substitution;
    end = first;
  }
  return undefined;
}

/** Walks back from `end` while the events go on touching the region that the later ones made: the keys of one token. */
function startOfRun(events: Case['events'], end: number): number {
  const last = events[end - 1]!;
  let first = end - 1;
  let [from, to] = extent(last.edits);
  for (; first > 0; first--) {
    const event = events[first - 1]!;
    if (event.path !== last.path) break;
    const [madeFrom, madeTo] = madeExtent(event.edits);
    if (madeTo < from || madeFrom > to) break;
    const [oldFrom, oldTo] = extent(event.edits);
    from = Math.min(from, oldFrom);
    to = Math.max(to - (madeTo - oldTo), oldTo);
  }
  return first;
}

/** What a run made of a text, as one replacement widened to whole tokens: `undefined` where that is not one token for another. */
function substitutionOf(before: string, after: string): { from: string; to: string } | undefined {
  const [edit] = minimalEdits(before, [[0, before.length, after]]);
  if (edit === undefined) return undefined;
  let [from, to] = [edit[0], edit[1]];
  while (from > 0 && isWord(before[from - 1])) from--;
  while (to < before.length && isWord(before[to])) to++;
  const oldToken = before.slice(from, to);
  const newToken = before.slice(from, edit[0]) + edit[2] + before.slice(edit[1], to);
  return ONE_TOKEN.test(oldToken) && ONE_TOKEN.test(newToken) && oldToken !== newToken
    ? { from: oldToken, to: newToken }
    : undefined;
}

const ONE_TOKEN = /^(?:[\p{L}\p{N}_$]+|[^\p{L}\p{N}_$\s])$/u;
const TOKENS = /[\p{L}\p{N}_$]+|[^\S\n]+|\n|[^\p{L}\p{N}_$\s]/gu;

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_$]/u.test(character);
}

function extent(edits: readonly Edit[]): [number, number] {
  return [Math.min(...edits.map(([start]) => start)), Math.max(...edits.map(([, end]) => end))];
}

/** The extent of what the edits made, in the text after them. */
function madeExtent(edits: readonly Edit[]): [number, number] {
  const [start, end] = extent(edits);
  return [start, end + edits.reduce((grown, [from, to, text]) => grown + text.length - (to - from), 0)];
}

function indexOfToken(text: string, token: string, from: number): number {
  for (let at = text.indexOf(token, from); at >= 0; at = text.indexOf(token, at + 1))
    if (!isWord(token[0]) || (!isWord(text[at - 1]) && !isWord(text[at + token.length]))) return at;
  return -1;
}

/**
 * Text at the cursor, token by token up to the end of the line: after the last three tokens (or two, where three were never seen) the one
 * that most often came next in the documents. An unfinished word is completed first. Ends where nothing is known. What was counted in a
 * document is kept for the next cases: in a replayed session all documents but the one typed in stay as they are from key to key.
 */
export function mostFrequentContinuation(): Baseline {
  const counted = new Map<string, Counts>();
  const countsOf = (text: string): Counts => {
    const counts = counted.get(text) ?? continuationsIn(text);
    if (counted.size >= KEPT_DOCUMENTS) counted.delete(counted.keys().next().value!);
    counted.set(text, counts);
    return counts;
  };
  return (one, elsewhere) => {
    const texts = textsOf(one, elsewhere);
    const { path, offset } = one.cursor;
    const before = (texts.get(path) ?? elsewhere(path) ?? '').slice(0, offset);
    const text = continuationOf(before, [...texts.values()].map(countsOf));
    return text.trim() === ''
      ? undefined
      : { path, edits: [[offset, offset, text]], source: 'continuation', confidence: 0.5, shown: true };
  };
}

const KEPT_DOCUMENTS = 32;

function continuationOf(before: string, counts: readonly Counts[]): string {
  const tokens: string[] = [...(before.slice(-2000).match(TOKENS) ?? [])];
  const unfinished = isWord(before.at(-1)) ? (tokens.pop() ?? '') : '';
  const word = unfinished === '' ? undefined : likeliest(counts, tokens, unfinished);
  let text = (word ?? '').slice(unfinished.length);
  // A word that nothing completes was whole already.
  if (word !== undefined || unfinished !== '') tokens.push(word ?? unfinished);
  for (let step = 0; step < 16; step++) {
    const next = likeliest(counts, tokens, '');
    if (next === undefined || next === '\n') break;
    tokens.push(next);
    text += next;
  }
  return text;
}

/** What came next after a context, of one document. */
type Counts = ReadonlyMap<string, ReadonlyMap<string, number>>;

function continuationsIn(text: string): Counts {
  const counts = new Map<string, Map<string, number>>();
  const tokens = text.match(TOKENS) ?? [];
  for (let at = 2; at < tokens.length; at++)
    for (const order of [2, 3]) {
      if (at < order) continue;
      const context = tokens.slice(at - order, at).join('\u0000');
      const next = counts.get(context) ?? new Map<string, number>();
      counts.set(context, next.set(tokens[at]!, (next.get(tokens[at]!) ?? 0) + 1));
    }
  return counts;
}

function likeliest(counts: readonly Counts[], tokens: readonly string[], prefix: string): string | undefined {
  for (const order of [3, 2]) {
    if (tokens.length < order) continue;
    const context = tokens.slice(-order).join('\u0000');
    const sums = new Map<string, number>();
    for (const document of counts)
      for (const [token, count] of document.get(context) ?? []) sums.set(token, (sums.get(token) ?? 0) + count);
    let best: string | undefined;
    let most = 0;
    for (const [token, count] of sums)
      if (count > most && token.startsWith(prefix) && token.length > prefix.length) [best, most] = [token, count];
    if (best !== undefined) return best;
  }
  return undefined;
}
