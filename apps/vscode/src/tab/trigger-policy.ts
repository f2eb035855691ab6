import type { Timers } from '../engine/timers.ts';

/** What decides whether a suggestion may be asked for at all. */
export interface Situation {
  readonly enabled: boolean;
  readonly snoozed: boolean;
  readonly languageId: string;
  readonly disabledLanguages: readonly string[];
  /** The document is synchronised with the engine: code, of a scheme we handle. */
  readonly tracked: boolean;
  readonly readOnly: boolean;
  readonly cursors: number;
  readonly selecting: boolean;
  /** An entry of the suggest widget is selected. */
  readonly suggestWidget: boolean;
  /** A modal editing extension is in normal mode. */
  readonly normalMode: boolean;
  /** The user asked by a command. */
  readonly explicit: boolean;
  /** The newest change of this document was an undo or a redo. */
  readonly afterUndo: boolean;
}

/** Pure: why to keep silent, in words for the status bar; `undefined` when the engine is to be asked. */
export function reasonForSilence(situation: Situation): string | undefined {
  if (!situation.tracked) return 'not a code document';
  if (situation.readOnly) return 'read-only';
  if (situation.cursors > 1) return 'several cursors';
  if (situation.selecting) return 'a selection';
  if (situation.suggestWidget) return 'the suggest widget is open';
  if (situation.explicit) return undefined;
  if (!situation.enabled) return 'switched off';
  if (situation.snoozed) return 'snoozed';
  if (situation.disabledLanguages.includes(situation.languageId)) return `off for ${situation.languageId}`;
  if (situation.normalMode) return 'normal mode';
  if (situation.afterUndo) return 'after undo';
  return undefined;
}

/** A cursor move within this time of an edit asks for a suggestion (peers.md: 10 s). Milliseconds. */
export const MOVE_WINDOW = 10_000;
/** Moves closer together than this count as one. Milliseconds. */
export const MOVE_DEBOUNCE = 60;

/** A move this soon after an edit came with it, and the editor has asked already. Milliseconds. */
export const ECHO = 30;

/**
 * Where the cursor rests long after an edit, the engine looks around without showing anything: after the first of these milliseconds, and again
 * after the others, since a language server that has just started answers late (4 s for a project of three files on a busy machine).
 */
export const RESTS: readonly number[] = [150, 800, 1_000, 2_000, 4_000];

export interface MoveActions {
  /** Asks for a suggestion to show. */
  ask(): void;
  /**
   * Lets the engine look at the place where an edit may begin. Language servers answer for the text of now: who uses a name is known only before
   * it is changed.
   */
  lookAround(): void;
}

export interface MoveTrigger {
  /** A document changed, by whatever hand. */
  edited(path: string, undoing: boolean): void;
  /** The user did something else that a suggestion may follow: skipped one, went to a file by Tab. */
  acted(): void;
  /** The cursor moved without an edit; after a pause asks, if an edit was made lately, or else looks around. */
  moved(): void;
  /** The engine has something that it did not have when it was asked; asks at once, if the user is still at it. */
  refresh(): void;
  afterUndo(path: string): boolean;
  dispose(): void;
}

/** Decides when a cursor move asks for a suggestion. Edits ask by themselves: the editor does that. */
export function moveTrigger({ ask, lookAround }: MoveActions, timers: Timers): MoveTrigger {
  let lastActivity = Number.NEGATIVE_INFINITY;
  let pending: unknown;
  const undone = new Set<string>();
  const rest = (turn: number) => {
    const delay = RESTS[turn];
    if (delay === undefined) return;
    pending = timers.setTimeout(() => {
      lookAround();
      rest(turn + 1);
    }, delay);
  };
  return {
    edited(path, undoing) {
      lastActivity = timers.now();
      if (undoing) undone.add(path);
      else undone.delete(path);
      // The editor asks after an edit.
      timers.clearTimeout(pending);
    },
    acted() {
      lastActivity = timers.now();
      timers.clearTimeout(pending);
    },
    moved() {
      timers.clearTimeout(pending);
      const since = timers.now() - lastActivity;
      if (since <= ECHO) return;
      if (since <= MOVE_WINDOW) pending = timers.setTimeout(ask, MOVE_DEBOUNCE);
      else rest(0);
    },
    refresh() {
      if (timers.now() - lastActivity <= MOVE_WINDOW) ask();
    },
    afterUndo: (path) => undone.has(path),
    dispose: () => timers.clearTimeout(pending),
  };
}
