import type { Document } from '../../workspace/document.ts';
import type { CursorContext } from './cursor.ts';
import type { Knowledge } from './predict.ts';

/** One way a token sequence may go on. */
export interface Continuation {
  /** With the one blank before it where it is set off by white space; a line break with its indentation. */
  readonly token: string;
  /** P(token | context), 0..1, over all orders and experts. */
  readonly probability: number;
  /** Length of the longest context, in tokens, in which this was seen. */
  readonly order: number;
  /** How often it was seen in that context. */
  readonly count: number;
}

/** A cursor as the token model sees it, for decoding more than one token (`tab/continue/`). Good until the next call to the lexicon. */
export interface ModelPlace {
  readonly knowledge: Knowledge;
  readonly cursor: CursorContext;
  /** Where the longest context of the first token was seen last, for evidence. */
  seenIn(): string | undefined;
}

/**
 * What the project's tokens tell: which files hold an identifier, and how a token sequence goes on. Built in a worker from the files on disk, kept
 * on disk between starts, fed with file changes; open documents and recent edits are laid over it (cache model), so answers reflect unsaved text.
 * All methods answer from memory.
 */
export interface Lexicon {
  /** Keys of the files (open ones included) in which `identifier` occurs as a whole token; at most `limit`. */
  filesWith(identifier: string, limit: number): readonly string[];
  /** How many times the identifier occurs in the project; 0 if never. */
  count(identifier: string): number;
  /**
   * Continuations of the token sequence `context` (oldest first; whitespace tokens included as the lexer gives them), best first.
   * `document` weighs the file it is typed in.
   */
  continuations(context: readonly string[], document: Document, limit: number): readonly Continuation[];
  /** The model at a place of an open document; `undefined` where there is none. With `complete`, what is left of the cursor is taken to be a whole word. */
  place(document: Document, offset: number, complete?: boolean): ModelPlace | undefined;
}

/** Before anything is built, and for tests of sources that need none. */
export const emptyLexicon: Lexicon = {
  filesWith: () => [],
  count: () => 0,
  continuations: () => [],
  place: () => undefined,
};
