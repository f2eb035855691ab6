import type { DocumentEvent, Documents } from './documents.ts';
import { applyEdits, checkedEdits, type Edit, EditError, lineEnd, lineStart, minimalEdits } from './edits.ts';

/** How many of the recording's next events may make what a suggestion says. */
export const HORIZON = 60;

/** An event that is still to come, relative to the state that the events before it leave. */
export interface ComingEvent extends DocumentEvent {
  /** An accepted suggestion has made all of it already: its key is never pressed. */
  readonly absorbed: boolean;
}

/**
 * What is still to come once `suggestion` is accepted now, or `undefined` where the recording does not go on to make all of it.
 *
 * A suggestion agrees when, within the next `HORIZON` events, the recording makes of every place that the suggestion changes exactly the
 * suggestion's text, and none of that text is deleted again before those events are over, nor what was deleted put back. The events' edits
 * inside such a place are then done already and fall away; edits elsewhere stay, shifted over the accepted text. Applying what is left
 * gives the recording's text again from the moment all places are made: nothing of the recording is lost or doubled.
 */
export function comingAfterAccept<Event extends ComingEvent>(
  texts: Documents,
  suggestion: DocumentEvent,
  coming: readonly Event[],
): readonly Event[] | undefined {
  const text = texts.get(suggestion.path) ?? '';
  let edits: readonly Edit[];
  try {
    edits = joinTouching(text, minimalEdits(text, suggestion.edits));
  } catch (error) {
    if (error instanceof EditError) return undefined;
    throw error;
  }
  if (edits.length === 0) return undefined;
  // Whether typing at the very edge of a place belongs to it cannot be seen from the edit alone: any reading under which all agrees will do.
  for (const [atStart, atEnd] of [
    [true, true],
    [false, true],
    [true, false],
    [false, false],
  ] as const) {
    const rewritten = rewrite(text, suggestion.path, edits, { atStart, atEnd }, coming);
    if (rewritten) return rewritten;
  }
  return rewrite(text, suggestion.path, wholeLines(text, edits), { atStart: true, atEnd: true }, coming);
}

interface Edges {
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** A place that the suggestion changes, followed through the recording without the suggestion. */
interface Place {
  from: number;
  to: number;
  goal: string;
  /** The text before the suggestion: coming back to it is undoing. */
  original: string;
  made: boolean;
}

function rewrite<Event extends ComingEvent>(
  text: string,
  path: string,
  edits: readonly Edit[],
  edges: Edges,
  coming: readonly Event[],
): readonly Event[] | undefined {
  const places: Place[] = edits.map(([from, to, goal]) => ({
    from,
    to,
    goal,
    original: text.slice(from, to),
    made: false,
  }));
  let recorded = text;
  const rewritten: Event[] = [];
  for (const event of coming.slice(0, HORIZON)) {
    if (event.path !== path || event.edits.length === 0) {
      rewritten.push(event);
      continue;
    }
    const sorted = checkedEdits(event.edits, recorded.length);
    for (const edit of sorted) if (!widen(places, edit, recorded)) return undefined;
    const left: Edit[] = [];
    for (const [start, end, insert] of sorted) {
      const within = places.filter((place) => !place.made && isInside(place, start, end, edges)).length;
      // Two places that the recording has brought together: whose text this is cannot be told.
      if (within > 1) return undefined;
      if (within === 1) continue;
      const shift = places.reduce(
        (sum, place) => sum + (!place.made && place.to <= start ? place.goal.length - (place.to - place.from) : 0),
        0,
      );
      left.push([start + shift, end + shift, insert]);
    }
    for (const place of places) follow(place, sorted, edges);
    recorded = applyEdits(recorded, sorted);
    for (const place of places)
      if (!place.made && recorded.slice(place.from, place.to) === place.goal) place.made = true;
    rewritten.push(
      left.length === sorted.length
        ? { ...event, edits: left }
        : { ...event, edits: left, absorbed: left.length === 0 },
    );
  }
  if (!places.every((place) => place.made && !isUndone(place, recorded))) return undefined;
  return [...rewritten, ...coming.slice(HORIZON)];
}

/**
 * Prepares the places for an edit that reaches over an edge: a place not yet made grows to hold the edit (the text around it is the same
 * with and without the suggestion). False where the edit deletes text that was made, or runs into a second place.
 */
function widen(places: readonly Place[], [start, end]: Edit, recorded: string): boolean {
  if (start === end) return true;
  const touched = places.filter((place) => !(place.made && place.goal === '') && start < place.to && end > place.from);
  if (touched.some((place) => place.made && place.goal !== '')) return false;
  // An edit that surrounds an empty place replaces what stands on both its sides.
  touched.push(
    ...places.filter((place) => !place.made && place.from === place.to && start < place.from && end > place.from),
  );
  for (const place of new Set(touched)) {
    const from = Math.min(place.from, start);
    const to = Math.max(place.to, end);
    if (places.some((other) => other !== place && other.from <= to && other.to >= from)) return false;
    place.goal = recorded.slice(from, place.from) + place.goal + recorded.slice(place.to, to);
    place.original = recorded.slice(from, place.from) + place.original + recorded.slice(place.to, to);
    place.from = from;
    place.to = to;
  }
  return true;
}

function isInside({ from, to }: Place, start: number, end: number, { atStart, atEnd }: Edges): boolean {
  if (start !== end) return start >= from && end <= to;
  if (start > from && start < to) return true;
  return (start === from && atStart) || (start === to && atEnd);
}

/**
 * Moves a place over an event. What is typed at the edges of a text that was made is no longer of it; what is typed where something was
 * deleted is watched, since it may put that back.
 */
function follow(place: Place, edits: readonly Edit[], edges: Edges): void {
  const inner = !place.made ? edges : { atStart: false, atEnd: place.goal === '' };
  const { from, to } = place;
  let shift = 0;
  for (const [start, end, insert] of edits) {
    const grown = insert.length - (end - start);
    if (isInside({ ...place, from, to }, start, end, inner)) place.to += grown;
    else if (end <= from) {
      place.from += grown;
      place.to += grown;
    } else if (start < to) {
      // Only the place of a deletion is reached over from outside: it shrinks to what is left, or to what stands there now.
      place.from = Math.min(from, start) + shift;
      place.to = Math.max(place.to + grown, start + shift + insert.length);
    }
    shift += grown;
  }
}

function isUndone(place: Place, recorded: string): boolean {
  return recorded.slice(place.from, place.to) === place.original;
}

/** Edits with nothing between them are one place. */
function joinTouching(text: string, edits: readonly Edit[]): readonly Edit[] {
  const joined: Edit[] = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    if (last && last[1] >= edit[0]) joined[joined.length - 1] = [last[0], edit[1], last[2] + edit[2]];
    else joined.push(edit);
  }
  return joined.filter(([start, end, insert]) => text.slice(start, end) !== insert);
}

/** The same edits as replacements of whole lines: a repeated character can be inserted in several places with the same result. */
function wholeLines(text: string, edits: readonly Edit[]): readonly Edit[] {
  const lines: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of edits) {
    const from = lineStart(text, edit[0]);
    const to = lineEnd(text, edit[1]);
    const last = lines.at(-1);
    if (last && last.to >= from) {
      last.to = to;
      last.edits.push(edit);
    } else lines.push({ from, to, edits: [edit] });
  }
  return lines.map((line) => {
    const inside = line.edits.map(([start, end, insert]): Edit => [start - line.from, end - line.from, insert]);
    return [line.from, line.to, applyEdits(text.slice(line.from, line.to), inside)];
  });
}
