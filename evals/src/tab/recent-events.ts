import { afterEvents, type DocumentEvent, type Documents } from './documents.ts';

const KEPT = 64;

/**
 * What a predictor without memory is told of a session: the texts some events ago, and the events since.
 * Between 64 and 128 events are told, and the texts they start from change only when the older half is folded into them: an engine that
 * keeps what it knows by a document's text has nothing to read anew in between.
 */
export interface RecentEvents {
  readonly base: Documents;
  readonly events: readonly TimedEvent[];
}

export interface TimedEvent extends DocumentEvent {
  /** Milliseconds since the start of the session. */
  readonly t: number;
  /** As in the recording, or `accept`. */
  readonly origin: string;
}

export function recentEventsOf(documents: Documents): RecentEvents {
  return { base: documents, events: [] };
}

export function withEvent(recent: RecentEvents, { path, edits, t, origin }: TimedEvent): RecentEvents {
  const events = [...recent.events, { path, edits, t, origin }];
  // Said outright that it was empty: a file of that name on disk is not meant.
  const base = recent.base.has(path) ? recent.base : new Map(recent.base).set(path, '');
  if (events.length < 2 * KEPT) return { base, events };
  return { base: afterEvents(base, events.slice(0, KEPT)), events: events.slice(KEPT) };
}

/**
 * The text of a document was set anew (read again from disk, another branch): nobody edited it, so it is no event, and the events before it
 * in that document tell nothing any more. Those of other documents stay: events of different documents do not depend on each other.
 */
export function withReset(recent: RecentEvents, path: string, text: string): RecentEvents {
  return { base: new Map(recent.base).set(path, text), events: recent.events.filter((event) => event.path !== path) };
}
