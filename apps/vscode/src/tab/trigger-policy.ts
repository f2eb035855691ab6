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

export interface MoveTrigger {
  /** A document changed, by whatever hand. */
  edited(path: string, undoing: boolean): void;
  /** The cursor moved without an edit; asks after a pause, if an edit was made lately. */
  moved(): void;
  /** The engine has something that it did not have when it was asked; asks at once, if the user is still at it. */
  refresh(): void;
  afterUndo(path: string): boolean;
  dispose(): void;
}

/** Decides when a cursor move asks for a suggestion. Edits ask by themselves: the editor does that. */
export function moveTrigger(ask: () => void, timers: Timers): MoveTrigger {
  let lastEdit = Number.NEGATIVE_INFINITY;
  let pending: unknown;
  const undone = new Set<string>();
  return {
    edited(path, undoing) {
      lastEdit = timers.now();
      if (undoing) undone.add(path);
      else undone.delete(path);
      // The editor asks after an edit; a move that came with it is no second question.
      timers.clearTimeout(pending);
      pending = undefined;
    },
    moved() {
      if (timers.now() - lastEdit > MOVE_WINDOW) return;
      timers.clearTimeout(pending);
      pending = timers.setTimeout(() => {
        pending = undefined;
        ask();
      }, MOVE_DEBOUNCE);
    },
    refresh() {
      if (timers.now() - lastEdit <= MOVE_WINDOW) ask();
    },
    afterUndo: (path) => undone.has(path),
    dispose: () => timers.clearTimeout(pending),
  };
}
