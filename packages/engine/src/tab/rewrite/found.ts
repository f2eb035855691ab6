import type { TextEdit } from '../../workspace/text-edit.ts';
import type { Surroundings } from './match.ts';
import type { SubEdit } from './sub-edit.ts';
import type { Template } from './template.ts';

/** A way to repeat one of the newest edits. */
export interface Rewrite {
  readonly from: SubEdit;
  /** Absent: the words that changed inside the identifier, in other identifiers. */
  readonly template: Template | undefined;
  readonly generality: Template['generality'];
  readonly evidence: number;
  /** 0 for the newest edit, 1 for the newest different one before it, …. */
  readonly age: number;
}

/** A place where a rewrite fits. */
export interface Found {
  readonly rewrite: Rewrite;
  readonly path: string;
  /** Of one place, or of places on neighbouring lines. */
  readonly edits: readonly TextEdit[];
  /** Where the touched lines start and what they become: the same for different edits with one result. */
  readonly outcome: string;
  readonly left: number;
  readonly right: number;
  readonly renamed: number;
  readonly around: Surroundings;
  /** All words that the rewrite brings are known in the text already. */
  readonly knowsNew: boolean;
  /** Line distance from the cursor; far for other files. */
  readonly lines: number;
  readonly ahead: boolean;
  readonly sameFile: boolean;
}
