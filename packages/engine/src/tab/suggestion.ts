import type { TextEdit } from '../workspace/text-edit.ts';
import type { TerminalCommand, WalkPlace } from './source.ts';

/** What the engine would have the user see: one at a time. */
export interface Suggestion {
  /** Unique within the process; names the suggestion in feedback and explanations. */
  readonly id: string;
  /**
   * `insert`: ghost text at the cursor. `edit`: a change elsewhere in a file. `jump`: a place to go (or, with `peek`, to look at), nothing to change.
   * `command`: a line for the terminal.
   */
  readonly kind: 'insert' | 'edit' | 'jump' | 'command';
  readonly path: string;
  /** Relative to `basis` of the document at `path`. */
  readonly edits: readonly TextEdit[];
  /** Where the cursor is after accepting, in the text after the edits. */
  readonly cursorAfter: number;
  /** Version of the document at `path` the edits fit, or `undefined` when it is not open. */
  readonly version: number | undefined;
  readonly source: string;
  /** Calibrated P(accept), 0..1. */
  readonly confidence: number;
  /** Below the gate: known, but not to be shown. */
  readonly shown: boolean;
  readonly evidence: readonly string[];
  readonly peek?: boolean;
  readonly command?: TerminalCommand;
  readonly walk?: WalkPlace;
}

/** A suggestion with what its feedback entry will need. */
export interface Ranked {
  readonly suggestion: Suggestion;
  readonly score: number;
  readonly features: Readonly<Record<string, number>>;
  /** Why it is not shown, if so; a sentence for the explanation. */
  readonly why?: string;
  /** With `why`: it does not fit here; the user has turned it down or passed it over; it is not likely enough; it waits for a pause. */
  readonly hidden?: Hidden;
}

export type Hidden = 'unfit' | 'passed' | 'unlikely' | 'early';
