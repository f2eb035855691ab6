import type { LineChange } from './document.ts';
import type { HunkResult } from './edit.ts';
import type { Syntax } from './syntax.ts';

export interface ApplyOptions {
  /** Path of the document; picks the file of an edit of several files and the grammar. */
  readonly path?: string;
  readonly syntax?: Syntax;
  /** How far the line numbers of unified hunks may choose between equal places: only if other hunks or a heading confirm
   * them (default), whenever they fit, never. */
  readonly lineNumbers?: 'confirmed' | 'trusted' | 'ignored';
}

export interface ApplyResult {
  /** The document with every hunk that could be placed. */
  readonly text: string;
  readonly hunks: readonly HunkResult[];
  /** Whether every hunk was placed, and there was one. */
  readonly complete: boolean;
  /** 0 to 1: the least certain hunk. */
  readonly confidence: number;
  /** Whether a model should write the result: something failed that only reading the edit again can settle. */
  readonly needsModel: boolean;
  /** Changes of whole lines that lead from the document to `text`, in order. */
  readonly changes: readonly LineChange[];
  readonly moveTo?: string;
  readonly deleted?: boolean;
}

/** Failures that the caller settles without a model: nothing to do, or a file that moved on. */
const NO_MODEL = new Set(['already-applied', 'conflict', 'no-edit']);

export function summary(text: string, hunks: readonly HunkResult[], changes: readonly LineChange[]): ApplyResult {
  const complete = hunks.length > 0 && hunks.every((hunk) => hunk.status !== 'failed');
  const confidence = hunks.length === 0 ? 0 : Math.min(...hunks.map((hunk) => hunk.confidence));
  const needsModel =
    hunks.some((hunk) => hunk.status === 'failed' && !NO_MODEL.has(hunk.reason!)) || (complete && confidence < 0.6);
  return { text, hunks, complete, confidence, needsModel, changes };
}
