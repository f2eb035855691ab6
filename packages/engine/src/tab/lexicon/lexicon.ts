import type { Document } from '../../workspace/document.ts';

/** One way a token sequence may go on. */
export interface Continuation {
  readonly token: string;
  /** P(token | context), 0..1, smoothed over the orders. */
  readonly probability: number;
  /** Length of the longest context, in tokens, in which this was seen. */
  readonly order: number;
  /** How often it was seen in that context. */
  readonly count: number;
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
}

/** Before anything is built, and for tests of sources that need none. */
export const emptyLexicon: Lexicon = {
  filesWith: () => [],
  count: () => 0,
  continuations: () => [],
};
