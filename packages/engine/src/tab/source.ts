import type { Document } from '../workspace/document.ts';
import type { WorkspaceFiles } from '../workspace/files.ts';
import type { LanguageFacts } from '../workspace/language-facts.ts';
import type { Cursor, Snapshot } from '../workspace/snapshot.ts';
import type { Syntax } from '../workspace/syntax.ts';
import type { TextEdit } from '../workspace/text-edit.ts';
import type { Lexicon } from './lexicon/lexicon.ts';

/** What a source may look at. Everything here is immutable or answers from memory; nothing blocks. */
export interface TabContext {
  readonly snapshot: Snapshot;
  readonly cursor: Cursor;
  /** The document the cursor is in. */
  readonly document: Document;
  readonly facts: LanguageFacts;
  readonly syntax: Syntax;
  readonly files: WorkspaceFiles;
  /** Token statistics and identifier index of the project. */
  readonly lexicon: Lexicon;
  /** Milliseconds, monotonic; a parameter so that tests have a clock of their own. */
  readonly now: () => number;
  /** The newest edit may go on: its last key came a moment ago. */
  readonly growing?: boolean;
  /** Every place of the change is wanted, for a list of them, not only the next few; there is time for it. */
  readonly everyPlace?: boolean;
}

/** Which of the places of one change something is; both numbers from 1, and what is done already counts. */
export interface WalkPlace {
  readonly index: number;
  readonly total: number;
  /** Names the change among all candidates of the source in one answer; those without a name belong to one. */
  readonly of?: string;
}

/** A line for the user's terminal. It is put there, never run. */
export interface TerminalCommand {
  /** One line for a POSIX shell, quoted; made by `tab/terminal/command.ts` alone. */
  readonly text: string;
  /** Absolute folder (or relative like the documents' paths) to be in. */
  readonly cwd: string;
  /** A sentence for the user. */
  readonly reason: string;
  /** Names the change it answers: it is offered once for each. */
  readonly change: string;
}

/**
 * Numbers that rank and gate learn from; each between 0 and 1 or a small count. A source adds what it has; what it leaves out counts as 0.
 * The names are the columns of the shipped weights (tab/rank-weights.json).
 */
export type Features = Readonly<Record<string, number>>;

/** One thing the user could do next, as a source sees it. */
export interface Candidate {
  readonly path: string;
  /** Relative to the text of `path` in the snapshot (or on disk, if it is not open). Empty for a jump without an edit. */
  readonly edits: readonly TextEdit[];
  /** Where the cursor goes on a jump without an edit. */
  readonly target?: number;
  /** With `target`: to be looked at there and then, without going. */
  readonly peek?: boolean;
  /** Instead of edits and target: the next stop is the terminal. `path` is the document that calls for it. */
  readonly command?: TerminalCommand;
  /** The source's own estimate that the user wants this, 0..1, before calibration. */
  readonly score: number;
  /** P(accept) at which it is worth showing, where the source knows better than the user's setting alone (which can be stricter). */
  readonly least?: number;
  readonly features: Features;
  /** Sentences for the explanation command: what was seen that led here. */
  readonly evidence: readonly string[];
  /** Where the source walks through several places. */
  readonly walk?: WalkPlace;
}

/**
 * One way to predict. A source is one file with its fixtures. `propose` must return within a few milliseconds, yields best first, never throws for
 * odd text, and stops when the signal aborts; what comes too late is left out of that answer.
 */
export interface Source {
  readonly name: string;
  propose(context: TabContext, signal: AbortSignal): Iterable<Candidate> | AsyncIterable<Candidate>;
}

/** Files that were edited lately. */
export function touchedPaths(context: TabContext): ReadonlySet<string> {
  return new Set(context.snapshot.history.edits.map((edit) => edit.path));
}
