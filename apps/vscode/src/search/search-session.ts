import type { IndexStatusParams, SearchQueryResult } from '@tabstop/protocol';
import type { Timers } from '../engine/timers.ts';

export type SearchState =
  | { readonly kind: 'idle' }
  /** `before` stays on the screen until the answer is there: nothing flickers while one types. */
  | { readonly kind: 'searching'; readonly text: string; readonly before: SearchQueryResult | undefined }
  | { readonly kind: 'answered'; readonly text: string; readonly answer: SearchQueryResult }
  /** In words for the user. */
  | { readonly kind: 'unavailable'; readonly text: string; readonly message: string };

export interface SearchSessionPorts {
  /** `undefined` where there is no engine at the moment; rejects in words for the user. */
  ask(text: string, signal: AbortSignal): Promise<SearchQueryResult | undefined>;
  readonly timers: Pick<Timers, 'setTimeout' | 'clearTimeout'>;
  onState(state: SearchState): void;
}

/** A box in which someone types, and the newest answer. */
export interface SearchSession {
  readonly state: SearchState;
  /** Asks when typing rests for a moment, or at once. What was asked before is given up. */
  type(text: string, now?: 'now'): void;
  /** Asks again where the answer lacked something that the index may know by now. */
  indexed(status: IndexStatusParams | undefined): void;
  dispose(): void;
}

/** Milliseconds that typing rests before the engine is asked: a query takes less, so this only spares it the words in the middle. */
export const REST = 70;

export function searchSession({ ask, timers, onState }: SearchSessionPorts): SearchSession {
  let state: SearchState = { kind: 'idle' };
  let timer: unknown;
  let running: AbortController | undefined;
  let seen: string | undefined;

  const become = (next: SearchState) => {
    state = next;
    onState(next);
  };
  const drop = () => {
    timers.clearTimeout(timer);
    running?.abort();
    running = undefined;
  };
  const start = (text: string) => {
    const mine = new AbortController();
    running = mine;
    ask(text, mine.signal).then(
      (answer) => {
        if (running !== mine) return;
        running = undefined;
        if (answer) become({ kind: 'answered', text, answer });
        else become({ kind: 'unavailable', text, message: 'The engine is not running at the moment.' });
      },
      (error: unknown) => {
        if (running !== mine) return;
        running = undefined;
        become({ kind: 'unavailable', text, message: error instanceof Error ? error.message : String(error) });
      },
    );
  };

  return {
    get state() {
      return state;
    },
    type(raw, now) {
      const text = raw.trim();
      if (text === '') {
        drop();
        if (state.kind !== 'idle') become({ kind: 'idle' });
        return;
      }
      const same = state.kind !== 'idle' && state.kind !== 'unavailable' && state.text === text;
      if (same && now === undefined) return;
      drop();
      become({ kind: 'searching', text, before: shownAnswer(state) });
      if (now) start(text);
      else timer = timers.setTimeout(() => start(text), REST);
    },
    indexed(status) {
      const mark = status && `${status.state} ${status.syncedAt} ${status.lastChange}`;
      const changed = mark !== seen;
      seen = mark;
      if (!changed || !status) return;
      const usable = status.state === 'ready' || status.state === 'embedding' || status.state === 'indexing';
      const lacking = state.kind === 'unavailable' || (state.kind === 'answered' && state.answer.state !== 'complete');
      if (!usable || !lacking || state.kind === 'idle') return;
      drop();
      // Without a word: what is on the screen stays until there is something better.
      start((state as { readonly text: string }).text);
    },
    dispose() {
      drop();
      state = { kind: 'idle' };
    },
  };
}

/** What stands on the screen. */
export function shownAnswer(state: SearchState): SearchQueryResult | undefined {
  return state.kind === 'answered' ? state.answer : state.kind === 'searching' ? state.before : undefined;
}
