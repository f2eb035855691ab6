import type { WorkspaceFiles } from '../workspace/files.ts';
import type { HistoryEdit } from '../workspace/history.ts';
import type { LanguageFacts } from '../workspace/language-facts.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Syntax } from '../workspace/syntax.ts';
import { collect, type Proposed } from './collect.ts';
import { countBySource, type FeedbackStore, type Outcome, type SourceCounts } from './feedback.ts';
import type { Lexicon } from './lexicon/lexicon.ts';
import { adaptationOf } from './rank.ts';
import { rebaseEdits } from './rebase.ts';
import { jumpSignature, onceSignature, rejectedSuggestions, signaturesOf } from './rejected.ts';
import type { Source, TabContext } from './source.ts';
import { afterAccepting, outcomeOf, suggest } from './suggest.ts';
import type { Ranked, Suggestion } from './suggestion.ts';
import { emptyWalk, type Walk, walkOf } from './walk.ts';

export interface TabSettings {
  readonly enabled: boolean;
  readonly disabledLanguages: readonly string[];
  readonly disabledSources: readonly string[];
  /** Shown at or above this P(accept), 0..1. */
  readonly minConfidence: number;
}

export const defaultTabSettings: TabSettings = {
  enabled: true,
  disabledLanguages: [],
  disabledSources: [],
  minConfidence: 0.25,
};

export interface TabOptions {
  readonly sources: readonly Source[];
  readonly facts: LanguageFacts;
  readonly syntax: Syntax;
  readonly files: WorkspaceFiles;
  readonly lexicon: Lexicon;
  readonly feedback: FeedbackStore;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Milliseconds since 1970, for the feedback file. */
  readonly wallClock: () => number;
  /** How long an answer waits for sources that ask others, in milliseconds. */
  readonly budget?: number;
  /** Runs work when the process has nothing better to do; absent: nothing is computed ahead. */
  readonly whenIdle?: (work: () => void) => void;
  /** A source that was late has come up with something: it is worth asking again. */
  readonly onLate?: () => void;
  readonly onProblem?: (message: string) => void;
}

export interface PredictRequest {
  readonly path: string;
  /** UTF-16 code units. */
  readonly offset: number;
  /** Asked by a command: the gate is lowered and late sources are waited for. */
  readonly explicit?: boolean;
  /** At most so many suggestions; 1 unless told. */
  readonly max?: number;
  /** No key has come for a while. Unless told, the clock tells: `AT_REST` after the newest edit. */
  readonly paused?: boolean;
}

export interface Prediction {
  /** Best first; those with `shown: false` are known, but not to be shown. */
  readonly suggestions: readonly Suggestion[];
  /** Milliseconds it took. */
  readonly ms: number;
  /** Why nothing is shown, if so. */
  readonly silence?: string;
}

export interface Explanation {
  readonly shown?: Suggestion;
  readonly others: readonly { readonly suggestion: Suggestion; readonly why: string }[];
  readonly ms: number;
}

/** Next-edit prediction: snapshot -> sources -> rank and gate -> cache and rebase -> one suggestion. */
export interface Tab {
  predict(snapshot: Snapshot, request: PredictRequest, signal: AbortSignal): Promise<Prediction>;
  feedback(id: string, outcome: Outcome | 'shown'): void;
  /** All places of the change that a suggestion (the newest shown one, unless named) belongs to; empty where it is not known any more. */
  walk(snapshot: Snapshot, id: string | undefined, signal: AbortSignal): Promise<Walk>;
  /** The user leaves this place as it is: it is not offered again, and nothing is learned against its source. */
  skip(id: string): void;
  /** The last answer, with what was known and not shown. */
  explain(): Explanation;
  stats(): { readonly sources: readonly SourceCounts[]; readonly file: string; readonly bytes: number };
  clearFeedback(): void;
  configure(settings: TabSettings): void;
}

/** What was answered for a moment, kept until the user's typing leaves it. */
interface Answer {
  readonly snapshot: Snapshot;
  readonly path: string;
  readonly offset: number;
  readonly ranked: readonly Ranked[];
  readonly ms: number;
  /** For what it was made, beside text and place. */
  readonly explicit: boolean;
  readonly growing: boolean;
  readonly madeAt: number;
  /** What sources that ask others had in time, for this text and place. */
  readonly inTime: ReadonlyMap<string, readonly Proposed[]>;
  /** What late sources had come up with by then. */
  readonly lateResults: ReadonlyMap<string, LateResult>;
}

/** What comes after a shown suggestion is accepted, computed while it is shown. Typing into the suggestion leads to the same text. */
interface Ahead {
  /** Of the shown suggestion. */
  readonly id: string;
  readonly abort: AbortController;
  answer?: Answer;
}

/** A late source's result, valid while the user has not moved on. */
interface LateResult {
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly proposed: readonly Proposed[];
}

/** Milliseconds a source has to answer a key; with the way over the wire nearly all answers stay below 30. */
const BUDGET = 14;
const EXPLICIT_BUDGET = 400;
/** The user waits for the list of all places. */
const WALK_BUDGET = 2_000;
/** Suggestions remembered for feedback that comes later; a list of all places is remembered as well. */
const REMEMBERED = 256;
/** Milliseconds after its last key an edit counts as finished; the client asks again at 400. */
const AT_REST = 350;
/**
 * The same question again gets the same answer for so many milliseconds, unless a late source has come up with something. What is asked by the editor and
 * by the client at the same time must not be answered differently because a source was late once and once in time.
 */
const SAME_ANSWER = 250;
/** An explicit request shows what is at least this share of the usual bar. */
const EXPLICIT_LENIENCE = 0.4;

export function createTab(options: TabOptions): Tab {
  let settings = defaultTabSettings;
  let adaptation = adaptationOf(options.feedback.entries);
  let answer: Answer | undefined;
  let ahead: Ahead | undefined;
  let lateResults: ReadonlyMap<string, LateResult> = new Map();
  let counter = 0;
  /** Whose suggestion was shown last. */
  let expected: string | undefined;
  const rejected = rejectedSuggestions();
  const skipped = rejectedSuggestions();
  const remembered = new Map<string, { ranked: Ranked; text: string | undefined; language: string }>();
  const problem = options.onProblem ?? (() => {});

  function silenceFor(snapshot: Snapshot, request: PredictRequest): string | undefined {
    const document = snapshot.documents.get(request.path);
    if (!settings.enabled) return 'off';
    if (snapshot.oversized.has(request.path)) return 'left alone: too-large';
    if (!document) return 'the document is not known here';
    if (document.exclusion) return `left alone: ${document.exclusion}`;
    if (settings.disabledLanguages.includes(document.languageId)) return `off for ${document.languageId}`;
    if (request.offset > document.length) return 'the cursor is outside the document';
    if (snapshot.cursor?.selecting) return 'there is a selection';
    const origin = snapshot.lastChange?.path === request.path ? snapshot.lastChange.origin : undefined;
    if (!request.explicit && (origin === 'undo' || origin === 'redo')) return `nothing after ${origin}`;
    return undefined;
  }

  function contextOf(snapshot: Snapshot, { path, offset }: PredictRequest): TabContext {
    const cursor = { path, offset, selecting: false };
    return {
      snapshot: snapshot.moveCursor(cursor),
      cursor,
      document: snapshot.documents.get(path)!,
      facts: options.facts,
      syntax: options.syntax,
      files: options.files,
      lexicon: options.lexicon,
      now: options.now,
    };
  }

  function isGrowing(snapshot: Snapshot, request: PredictRequest): boolean {
    if (request.explicit || request.paused) return false;
    const edit = growingEdit(snapshot.history.edits, request);
    return edit !== undefined && (request.paused === false || options.now() - edit.endedAt < AT_REST);
  }

  function rank(
    snapshot: Snapshot,
    proposed: readonly Proposed[],
    minConfidence: number,
    growing = false,
  ): readonly Ranked[] {
    const ids =
      answer?.snapshot.documents === snapshot.documents
        ? new Map(answer.ranked.map(({ suggestion }) => [outcomeOf(suggestion), suggestion.id]))
        : undefined;
    return suggest(snapshot, proposed, {
      minConfidence,
      growing,
      adaptation,
      rejected,
      skipped,
      // What is offered again for the same text is the same suggestion, by whatever source: what is drawn stays as it is.
      idOf: (outcome) => ids?.get(outcome) ?? `s${++counter}`,
    });
  }

  const onProblem = (source: string, error: unknown) =>
    problem(`${source}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);

  async function compute(
    snapshot: Snapshot,
    request: PredictRequest,
    signal: AbortSignal,
    budget: number,
    background = false,
  ): Promise<Answer> {
    const started = options.now();
    const growing = isGrowing(snapshot, request);
    const context: TabContext = { ...contextOf(snapshot, request), growing };
    const at = context.snapshot;
    const knownLate = lateResults;
    const known = [...knownLate].filter(([, late]) => isSameMoment(late, snapshot, request));
    const sources = options.sources.filter(
      (source) => !settings.disabledSources.includes(source.name) && !known.some(([name]) => name === source.name),
    );
    const { proposed, inTime, late } = await collect(sources, context, budget, signal, onProblem, {
      background,
      expected: growing || background ? undefined : expected,
    });
    const before = answer?.path === request.path && isSameMoment(answer, snapshot, request) ? answer.inTime : undefined;
    // Asked a second time a source may be late: what it had the first time is still true.
    const again = late.flatMap(({ source }) => before?.get(source) ?? []);
    for (const { source, result } of late)
      void result.then((found) => {
        if (signal.aborted) return;
        const others = [...lateResults].filter(([, other]) => isSameMoment(other, snapshot, request));
        // Asked twice before it had anything, it comes with the same twice.
        if (others.some(([name]) => name === source)) return;
        lateResults = new Map([...others, [source, { snapshot, offset: request.offset, proposed: found }]]);
        if (found.length > 0) options.onLate?.();
      });
    const ranked = rank(
      at,
      [...proposed, ...again, ...known.flatMap(([, result]) => result.proposed)],
      settings.minConfidence * (request.explicit ? EXPLICIT_LENIENCE : 1),
      growing,
    );
    return {
      snapshot: at,
      path: request.path,
      offset: request.offset,
      ranked,
      ms: options.now() - started,
      explicit: request.explicit === true,
      growing,
      madeAt: options.now(),
      inTime: new Map([...(before ?? []), ...inTime]),
      lateResults: knownLate,
    };
  }

  function isStillTrue(made: Answer, snapshot: Snapshot, request: PredictRequest): boolean {
    return (
      !made.explicit &&
      made.path === request.path &&
      isSameMoment(made, snapshot, request) &&
      made.lateResults === lateResults &&
      made.growing === isGrowing(snapshot, request) &&
      options.now() - made.madeAt <= SAME_ANSWER
    );
  }

  function remember(ranked: Ranked, text: string | undefined, language: string): void {
    remembered.set(ranked.suggestion.id, { ranked, text, language });
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  }

  function forgetAhead(): void {
    ahead?.abort.abort();
    ahead = undefined;
  }

  function computeAhead(from: Answer): void {
    const first = from.ranked[0];
    if (first && ahead?.id === first.suggestion.id) return;
    forgetAhead();
    if (!first?.suggestion.shown || !options.whenIdle) return;
    const mine: Ahead = { id: first.suggestion.id, abort: new AbortController() };
    ahead = mine;
    options.whenIdle(() => {
      if (ahead !== mine) return;
      const next = afterAccepting(from.snapshot, first.suggestion, options.now());
      if (!next?.cursor) return;
      const request = { path: next.cursor.path, offset: next.cursor.offset };
      if (silenceFor(next, request)) return;
      compute(next, request, mine.abort.signal, BUDGET, true).then(
        (computed) => {
          if (!mine.abort.signal.aborted) mine.answer = computed;
        },
        (error: unknown) => problem(`computing ahead: ${String(error)}`),
      );
    });
  }

  return {
    async predict(snapshot, request, signal) {
      const started = options.now();
      const silence = silenceFor(snapshot, request);
      if (silence) {
        answer = undefined;
        forgetAhead();
        return { suggestions: [], ms: options.now() - started, silence };
      }
      const max = request.max ?? 1;
      const kept =
        request.explicit || max > 1
          ? undefined
          : ((ahead?.answer && settle(ahead.answer, snapshot, request)) ??
            (answer && (isStillTrue(answer, snapshot, request) ? answer : typedInto(answer, snapshot, request))));
      if (!kept) forgetAhead();
      const current =
        kept ??
        (await compute(snapshot, request, signal, options.budget ?? (request.explicit ? EXPLICIT_BUDGET : BUDGET)));
      if (!signal.aborted) {
        answer = current;
        const language = snapshot.documents.get(request.path)!.languageId;
        for (const ranked of current.ranked.slice(0, max))
          remember(ranked, snapshot.documents.get(ranked.suggestion.path)?.content, language);
        computeAhead(current);
      }
      const suggestions = current.ranked.slice(0, max).map((ranked) => ranked.suggestion);
      const shown = suggestions.some((suggestion) => suggestion.shown);
      return {
        suggestions,
        ms: options.now() - started,
        ...(shown ? {} : { silence: current.ranked[0]?.why ?? 'no source had anything' }),
      };
    },
    feedback(id, outcome) {
      const known = remembered.get(id);
      if (outcome === 'shown') expected = known?.ranked.suggestion.source;
      if (!known || outcome === 'shown') return;
      remembered.delete(id);
      const { suggestion, score, features } = known.ranked;
      if (suggestion.command || suggestion.peek) {
        rejected.add(onceSignature(suggestion));
        answer = undefined;
      } else if (outcome === 'rejected') {
        if (suggestion.edits.length === 0)
          rejected.add(jumpSignature(suggestion.path, known.text, suggestion.cursorAfter));
        else if (known.text !== undefined)
          signaturesOf(suggestion.path, known.text, suggestion.edits).forEach(rejected.add);
        answer = undefined;
      }
      options.feedback.record({
        at: options.wallClock(),
        source: suggestion.source,
        language: known.language,
        outcome,
        confidence: suggestion.confidence,
        score,
        features,
      });
      adaptation = adaptationOf(options.feedback.entries);
    },
    async walk(snapshot, id, signal) {
      const newest = answer?.ranked[0]?.suggestion;
      // What was put away a moment ago, as by opening the list, is still the newest.
      const asked = id === undefined || id === newest?.id ? newest : remembered.get(id)?.ranked.suggestion;
      const at = answer && { path: answer.path, offset: answer.offset };
      const source = options.sources.find(({ name }) => name === asked?.source);
      if (!asked?.shown || !at || !source || silenceFor(snapshot, at)) return emptyWalk;
      const context: TabContext = { ...contextOf(snapshot, at), everyPlace: true };
      const { proposed } = await collect([source], context, WALK_BUDGET, signal, onProblem);
      if (signal.aborted) return emptyWalk;
      const ranked = rank(context.snapshot, proposed, settings.minConfidence);
      const found = await walkOf(snapshot, asked, ranked, (path) => options.files.read(path));
      for (const item of found.items) remember(item.ranked, item.text, context.document.languageId);
      return found;
    },
    skip(id) {
      const known = remembered.get(id);
      if (!known) return;
      const { suggestion } = known.ranked;
      if (known.text !== undefined && suggestion.edits.length > 0)
        signaturesOf(suggestion.path, known.text, suggestion.edits).forEach(skipped.add);
      answer = undefined;
      forgetAhead();
    },
    explain() {
      if (!answer) return { others: [], ms: 0 };
      const [first, ...rest] = answer.ranked;
      const shown = first?.suggestion.shown ? first.suggestion : undefined;
      const others = (shown ? rest : answer.ranked).map((ranked) => ({
        suggestion: ranked.suggestion,
        why: ranked.why ?? 'another one ranks higher',
      }));
      return { ...(shown ? { shown } : {}), others, ms: answer.ms };
    },
    stats: () => ({
      sources: countBySource(options.feedback.entries),
      file: options.feedback.file,
      bytes: options.feedback.bytes,
    }),
    clearFeedback() {
      options.feedback.clear();
      adaptation = adaptationOf([]);
    },
    configure(next) {
      settings = next;
      answer = undefined;
      forgetAhead();
    },
  };
}

/** The newest edit, where the user may go on with it: typed, or text accepted in the middle of typing, and the cursor is still there. */
function growingEdit(edits: readonly HistoryEdit[], { path, offset }: PredictRequest): HistoryEdit | undefined {
  const [before, latest] = [edits.at(-2), edits.at(-1)];
  if (latest?.path !== path) return undefined;
  const places: [from: number, fromNow: number, toNow: number][] = [];
  latest.changes.iterChangedRanges((fromA, _toA, fromB, toB) => places.push([fromA, fromB, toB]));
  if (!places.some(([, from, to]) => from <= offset && offset <= to)) return undefined;
  if (latest.origin === 'typed') return latest;
  if (latest.origin !== 'accept' || latest.kind !== 'insert' || before?.path !== path) return undefined;
  const goesOn = before.origin === 'typed' || before.origin === 'accept';
  return goesOn && places.every(([from]) => from === before.caret) ? latest : undefined;
}

function isSameMoment(
  then: Pick<LateResult, 'snapshot' | 'offset'>,
  snapshot: Snapshot,
  request: PredictRequest,
): boolean {
  return (
    then.offset === request.offset &&
    then.snapshot.history === snapshot.history &&
    then.snapshot.documents === snapshot.documents
  );
}

/** The answer that was computed ahead, if the user did just what it was computed for; its versions are those of now. */
function settle(ahead: Answer, snapshot: Snapshot, request: PredictRequest): Answer | undefined {
  if (ahead.path !== request.path || ahead.offset !== request.offset) return undefined;
  for (const path of new Set([request.path, ...ahead.ranked.map((ranked) => ranked.suggestion.path)])) {
    const then = ahead.snapshot.documents.get(path);
    const now = snapshot.documents.get(path);
    if (then !== now && (!then || !now || then.length !== now.length || !then.text.eq(now.text))) return undefined;
  }
  return { ...ahead, snapshot, ranked: ahead.ranked.map((ranked) => atVersionOf(snapshot, ranked)) };
}

function atVersionOf(snapshot: Snapshot, ranked: Ranked): Ranked {
  return {
    ...ranked,
    suggestion: { ...ranked.suggestion, version: snapshot.documents.get(ranked.suggestion.path)?.version },
  };
}

/** The shown suggestion, shortened by what the user has typed into it since; nothing is asked again, so nothing flickers. */
function typedInto(answer: Answer, snapshot: Snapshot, request: PredictRequest): Answer | undefined {
  const first = answer.ranked[0];
  if (!first?.suggestion.shown || first.suggestion.path !== request.path || answer.path !== request.path)
    return undefined;
  const before = answer.snapshot.documents.get(request.path);
  const now = snapshot.documents.get(request.path);
  if (!before || !now || before === now) return undefined;
  const rebased = rebaseEdits(before.content, now.content, first.suggestion.edits);
  if (!rebased?.typedInto) return undefined;
  if (first.suggestion.kind === 'insert' && rebased.edits[0]![0] !== request.offset) return undefined;
  const delta = now.length - before.length;
  const left = rebased.edits.reduce((sum, [start, end, text]) => sum + text.length - (end - start), 0);
  const wanted = first.suggestion.edits.reduce((sum, [start, end, text]) => sum + text.length - (end - start), 0);
  const suggestion = {
    ...first.suggestion,
    edits: rebased.edits,
    version: now.version,
    cursorAfter: first.suggestion.cursorAfter + delta + left - wanted,
  };
  return {
    ...answer,
    snapshot: snapshot.moveCursor({ path: request.path, offset: request.offset, selecting: false }),
    offset: request.offset,
    ranked: [{ ...first, suggestion }],
  };
}
