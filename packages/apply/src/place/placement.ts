import type { LineChange } from '../document.ts';
import type { Candidate, FailureReason, Hunk, LineRange, Row } from '../edit.ts';
import type { LineIndex } from './line-index.ts';

/** Where the old rows of a hunk are in the document. */
export interface Match {
  /** For each row of the hunk, the document line it stands for; -1 for added rows and rows that the document lacks. */
  readonly lines: readonly number[];
  readonly range: LineRange;
  /** 0 is letter by letter; higher is more tolerant. */
  readonly rank: number;
  readonly confidence: number;
  /** Whether new lines have to be brought to the document's depth. */
  readonly reindent: boolean;
}

export type Placement =
  | {
      readonly placed: true;
      readonly changes: readonly LineChange[];
      readonly match: Match;
      readonly finalBreak?: boolean;
    }
  | { readonly placed: false; readonly reason: FailureReason; readonly candidates: readonly Candidate[] };

export interface PlaceContext {
  readonly index: LineIndex;
  readonly hunk: Hunk;
  readonly rows: readonly Row[];
  /** Narrows several equal matches; the evidence of the other hunks of the edit. */
  readonly choose: (matches: readonly Match[]) => readonly Match[];
}

export function candidateFrom(index: LineIndex, range: LineRange, similarity: number): Candidate {
  return { range, similarity, text: index.document.lines.slice(range.start, range.end).join('\n') };
}

/** Old rows that say something: letters or digits, not only brackets. */
export const isTelling = (line: string): boolean => /[\p{L}\p{N}_]/u.test(line);

/** How much a line narrows the place down: short and empty ones little, any beyond 40 characters equally. */
export const weightOf = (key: string): number => (isTelling(key) ? 0.3 + Math.min(key.length, 40) / 20 : 0.15);
