/** Formats that `parseEdit` reads; `auto` recognises which one a text is in. */
export const EDIT_FORMATS = [
  'auto',
  'search-replace',
  'patch',
  'unified',
  'find-replace',
  'str-replace',
  'lazy',
  'whole',
] as const;

export type EditFormat = (typeof EDIT_FORMATS)[number];
export type ConcreteFormat = Exclude<EditFormat, 'auto'>;

/** One line of a hunk: what the model says stays, goes or comes. `alternative` is the same line with the column that holds
 * the mark of a diff left in, for context lines whose leading space was lost. */
export interface Row {
  readonly op: 'keep' | 'remove' | 'add';
  readonly text: string;
  readonly alternative?: string;
}

/** Numbers of a unified hunk header, 1-based as written; a count is absent where the header had none. */
export interface LineNumbers {
  readonly oldStart: number;
  readonly oldCount?: number;
  readonly newStart: number;
  readonly newCount?: number;
}

/** One change to place: rows in the order of the edit. */
export interface Hunk {
  readonly rows: readonly Row[];
  /** Lines that the model named as the place (`@@ class A`), outermost first. */
  readonly anchors?: readonly string[];
  /** Text behind the second `@@` of a unified hunk: a line at or before the hunk, often cut off. */
  readonly heading?: string;
  readonly numbers?: LineNumbers;
  /** New lines go behind this many lines: an insert tool's call, whose line number is the whole address. */
  readonly afterLine?: number;
  /** The hunk must end where the file ends (`*** End of File`). */
  readonly atEnd?: boolean;
  /** Whether the last old or new line was marked as having no line break behind it. */
  readonly noNewline?: { readonly old: boolean; readonly new: boolean };
  /** Literal old and new text, for formats that may start or end inside a line. */
  readonly literal?: { readonly old: string; readonly new: string; readonly all: boolean };
  /** Other readings of the same block, e.g. where a line of the content looks like the divider. */
  readonly readings?: readonly (readonly Row[])[];
  /** Lines right behind the rows: context that lost its marks if the document has them, else prose. */
  readonly tail?: readonly Row[];
  /** Ends at which old and new text had blank lines that were taken for the answer's layout. */
  readonly blankEnds?: { readonly before: boolean; readonly after: boolean };
  /** Set where the block cannot be used at all, e.g. it was cut off. */
  readonly broken?: FailureReason;
  /** Lines of the edit text, 0-based, end exclusive. */
  readonly source: { readonly start: number; readonly end: number };
}

/** What an edit says about one file. */
export interface FileEdit {
  /** As written by the model; absent where it named none. */
  readonly path?: string;
  readonly action: 'update' | 'add' | 'delete' | 'whole' | 'lazy';
  readonly moveTo?: string;
  readonly hunks: readonly Hunk[];
  /** The text of `add`, `whole` and `lazy`. */
  readonly content?: string;
}

export interface ParseProblem {
  readonly line: number;
  readonly message: string;
}

export interface ParsedEdit {
  readonly format: ConcreteFormat;
  readonly files: readonly FileEdit[];
  readonly problems: readonly ParseProblem[];
}

/** Why a hunk was not placed; stable words that a caller may switch on. */
export type FailureReason =
  | 'missing' // no place is similar enough
  | 'ambiguous' // several places fit equally
  | 'empty' // nothing says where the text goes
  | 'truncated' // the block was cut off
  | 'malformed' // the block has no divider, no new text, or broken JSON
  | 'overlap' // another hunk changes the same lines
  | 'indentation' // the place is clear, how deep new lines go is not
  | 'changed' // a line to be replaced differs from what the model saw, and the new text depends on it
  | 'already-applied' // the old text is gone and the new text is there
  | 'conflict' // the document changed there since the model saw it
  | 'deletion' // a snippet leaves out lines without saying that they go
  | 'syntax' // the merged text would not parse where the original did
  | 'too-large'
  | 'no-edit'; // nothing that looks like an edit was found

/** A half-open range of 0-based lines of the document. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

export interface Candidate {
  readonly range: LineRange;
  /** 0 to 1: share of the hunk's old lines that are there. */
  readonly similarity: number;
  readonly text: string;
}

/** What became of one hunk. `range` is in lines of the original document; where a hunk failed, of the nearest candidate. */
export interface HunkResult {
  readonly status: 'exact' | 'fuzzy' | 'failed';
  readonly reason?: FailureReason;
  /** A sentence that can be handed to a model. */
  readonly message?: string;
  readonly range: LineRange;
  readonly candidates?: readonly Candidate[];
  /** 0 to 1. */
  readonly confidence: number;
}

export const keep = (text: string): Row => ({ op: 'keep', text });
export const remove = (text: string): Row => ({ op: 'remove', text });
export const add = (text: string): Row => ({ op: 'add', text });
