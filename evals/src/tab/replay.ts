import { ChangeSet, Text } from '@codemirror/state';
import { type ComingEvent, comingAfterAccept } from './agreement.ts';
import { afterEvents, type DocumentEvent, documentsOf } from './documents.ts';
import { applyEdits, checkedEdits, type Edit, EditError, lineOf, minimalEdits } from './edits.ts';
import type { Predictor, Suggestion } from './predictor.ts';
import { recentEventsOf, withEvent, withReset } from './recent-events.ts';
import type { Session, SessionEvent } from './session.ts';

export interface SessionScore {
  readonly id: string;
  /** Typed events of the recording. */
  readonly keys: number;
  /** Keys that the simulated user presses: typed events that no accepted suggestion had made already, and one for each accept. */
  readonly pressed: number;
  /** Distinct suggestions: one that stays, or is typed into, is the same. */
  readonly shown: number;
  /** Accepted. */
  readonly right: number;
  /** Shown and gone, or left at the end, without being accepted. */
  readonly wrong: number;
  /** Accepted suggestions in another file or on another line than the cursor. */
  readonly jumps: number;
  readonly errors: readonly string[];
  readonly ms: readonly number[];
  readonly wallMs: readonly number[];
  /** How many accepted, by source. */
  readonly accepted: Readonly<Record<string, number>>;
  /** Distinct suggestions shown, by source. */
  readonly shownBySource: Readonly<Record<string, number>>;
  /** The texts at the end; the replay has gone wrong unless they are the recording's. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Called with what is shown at each step, for reading a replay. */
export type Watch = (step: {
  readonly index: number;
  readonly suggestion: Suggestion | undefined;
  readonly accepted: boolean;
}) => void;

/** Typing that rests this long has come to a stop, and the engine is asked once more, as the editor does. Milliseconds. */
const PAUSE = 400;

/**
 * Replays a recording event by event against a predictor. After each event, and after each accept, it is asked what it would show; where nothing is shown and the
 * recording then rests for more than `PAUSE`, it is asked again and told so.
 * The simulated user accepts a suggestion when, and only when, all of it agrees with what the recording goes on to make of that place
 * (`comingAfterAccept`); that is one key, and the keys that it made need not be pressed.
 * @throws PredictorError
 */
export async function replay(session: Session, predictor: Predictor, watch: Watch = () => {}): Promise<SessionScore> {
  const texts = documentsOf(session.documents);
  let recent = recentEventsOf(new Map(texts));
  let coming: readonly (SessionEvent & ComingEvent)[] = session.events.map((event) => ({ ...event, absorbed: false }));
  let cursor: { path: string; offset: number } | undefined;
  let onScreen: OnScreen | undefined;
  const score = {
    id: session.id ?? 'session',
    keys: session.events.filter(({ origin }) => origin === 'typed').length,
    pressed: 0,
    shown: 0,
    right: 0,
    wrong: 0,
    jumps: 0,
    errors: [] as string[],
    ms: [] as number[],
    wallMs: [] as number[],
    accepted: {} as Record<string, number>,
    shownBySource: {} as Record<string, number>,
    texts,
  };
  /** What leaves the screen without having been accepted was shown in vain. */
  const show = (next: OnScreen | undefined) => {
    if (onScreen && !(next && isSame(onScreen, next))) score.wrong++;
    if (next && !(onScreen && isSame(onScreen, next))) {
      score.shown++;
      score.shownBySource[next.source] = (score.shownBySource[next.source] ?? 0) + 1;
    }
    onScreen = next;
  };
  const change = (event: DocumentEvent) => {
    const before = texts.get(event.path) ?? '';
    if (onScreen?.path === event.path) onScreen = carried(onScreen, before, event.edits);
    texts.set(event.path, applyEdits(before, event.edits));
    cursor = { path: event.path, offset: cursorAfter(event.edits) };
  };

  for (let index = 0; coming.length > 0; index++) {
    const event = coming[0]!;
    coming = coming.slice(1);
    if (event.absorbed) continue;
    if (event.origin === 'typed') score.pressed++;
    const keptCursor = cursor;
    change(event);
    if (event.origin === 'reset') {
      recent = withReset(recent, event.path, texts.get(event.path) ?? '');
      // Nobody's caret stands where a text was set anew; nothing is asked for, and what was shown is gone.
      cursor = keptCursor?.path === event.path ? mappedCursor(keptCursor, event.edits) : keptCursor;
      show(undefined);
      continue;
    }
    recent = withEvent(recent, event);
    const ask = async (paused: boolean): Promise<Suggestion | undefined> => {
      const answer = await predictor.ask({
        id: `${score.id}@${index}`,
        documents: [...recent.base].map(([path, text]) => ({ path, text })),
        events: recent.events,
        cursor,
        ...(session.root === undefined ? {} : { root: session.root }),
        max: 1,
        paused,
      });
      score.ms.push(answer.ms ?? answer.wallMs);
      score.wallMs.push(answer.wallMs);
      if (answer.error !== undefined) score.errors.push(`event ${index}: ${answer.error}`);
      return answer.suggestions.find(({ shown }) => shown);
    };
    const rests = () => (coming.find(({ absorbed }) => !absorbed)?.t ?? Number.POSITIVE_INFINITY) - event.t > PAUSE;
    // Bounded, although every accept makes something of what is to come.
    for (let accepts = 0; accepts < 100; accepts++) {
      const suggestion = (await ask(false)) ?? (rests() ? await ask(true) : undefined);
      show(suggestion && onScreenOf(suggestion, texts.get(suggestion.path) ?? ''));
      const after = suggestion && comingAfterAccept(texts, suggestion, coming);
      watch({ index, suggestion, accepted: after !== undefined });
      if (!suggestion || !after) break;
      if (isJump(suggestion, texts.get(suggestion.path) ?? '', cursor)) score.jumps++;
      score.pressed++;
      score.right++;
      score.accepted[suggestion.source] = (score.accepted[suggestion.source] ?? 0) + 1;
      onScreen = undefined;
      change(suggestion);
      recent = withEvent(recent, { ...suggestion, t: event.t, origin: 'accept' });
      coming = after;
    }
  }
  show(undefined);
  return score;
}

/** The texts that the recording ends with. */
export function finalTexts(session: Session): ReadonlyMap<string, string> {
  return afterEvents(documentsOf(session.documents), session.events);
}

/** A suggestion that is being shown, known by the text it would make. */
interface OnScreen {
  readonly path: string;
  readonly source: string;
  readonly edits: readonly Edit[];
  /** The document after it; more than one after an event: as it was (it was typed into), or moved by the event. */
  readonly results: readonly string[];
}

function onScreenOf({ path, source, edits }: Suggestion, text: string): OnScreen {
  let result: string;
  try {
    result = applyEdits(text, edits);
  } catch (error) {
    if (!(error instanceof EditError)) throw error;
    result = `does not fit: ${JSON.stringify(edits)}`;
  }
  return { path, source, edits, results: [result] };
}

function isSame(before: OnScreen, next: OnScreen): boolean {
  return before.path === next.path && before.results.includes(next.results[0]!);
}

function carried(onScreen: OnScreen, text: string, edits: readonly Edit[]): OnScreen {
  try {
    const event = changeSet(edits, text.length);
    const moved = changeSet(onScreen.edits, text.length).map(event);
    const after = Text.of(applyEdits(text, edits).split('\n'));
    const rebased: Edit[] = [];
    moved.iterChanges((from, to, _from, _to, inserted) => rebased.push([from, to, inserted.sliceString(0)]), true);
    return { ...onScreen, edits: rebased, results: [onScreen.results[0]!, moved.apply(after).sliceString(0)] };
  } catch (error) {
    // A suggestion that did not fit its document cannot be moved either.
    if (error instanceof EditError) return onScreen;
    throw error;
  }
}

/** Splits on line feeds alone, so that lengths are those of the raw text. */
function changeSet(edits: readonly Edit[], length: number): ChangeSet {
  return ChangeSet.of(
    checkedEdits(edits, length).map(([from, to, insert]) => ({ from, to, insert: Text.of(insert.split('\n')) })),
    length,
  );
}

/** The caret behind the last edit as it was given, in the text after all of them. */
function cursorAfter(edits: readonly Edit[]): number {
  const last = edits.at(-1);
  if (last === undefined) return 0;
  const before = edits.filter((edit) => edit !== last && edit[0] <= last[0]);
  return (
    last[0] + last[2].length + before.reduce((shift, [start, end, text]) => shift + text.length - (end - start), 0)
  );
}

function mappedCursor(
  cursor: { path: string; offset: number },
  edits: readonly Edit[],
): { path: string; offset: number } {
  let { offset } = cursor;
  for (const [start, end, text] of [...edits].sort((a, b) => b[0] - a[0])) {
    if (end <= cursor.offset) offset += text.length - (end - start);
    else if (start < cursor.offset) offset -= cursor.offset - start;
  }
  return { path: cursor.path, offset };
}

function isJump(
  { path, edits }: Suggestion,
  text: string,
  cursor: { path: string; offset: number } | undefined,
): boolean {
  if (cursor === undefined || cursor.path !== path) return true;
  const [first] = minimalEdits(text, edits);
  return first !== undefined && lineOf(text, first[0]) !== lineOf(text, cursor.offset);
}
