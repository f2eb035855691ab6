import type { TextEdit } from '../../workspace/text-edit.ts';
import type { Surroundings } from './match.ts';
import type { HunkPart } from './recent.ts';
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
  readonly hunk: HunkPart;
}

/** A place where a rewrite fits. */
export interface Found {
  readonly rewrite: Rewrite;
  readonly path: string;
  /** Of one place, or of places on neighbouring lines. */
  readonly edits: readonly TextEdit[];
  /** Where the touched lines start and what they become: the same for different edits with one result. */
  readonly outcome: string;
  /** More brackets are opened or closed than before. */
  readonly unbalances: boolean;
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
  /** Lines beside it hold further places of the rewrite, which it leaves as they are. */
  readonly leaves: boolean;
  /** The same of lines whose places do not stand behind the same words as its own. */
  readonly leavesOthers: boolean;
  /** Takes in neighbouring lines whose places do not stand behind the same words. */
  readonly mixed: boolean;
  /** The names around the place differ from those at the origin, and it keeps the origin's. */
  readonly asIs: boolean;
  /** Different rewrites that it makes. */
  readonly parts: number;
  /** Of a stop with several: the share of the newest hunk's rewrites that are in it, of all of both. */
  readonly together: number;
}
