/**
 * Ask the codebase: the one port that the editor's views, the command line and agents use. Paths are relative to their root with `/` between
 * parts; lines count from 1 and both ends belong to a range; times are milliseconds.
 */
export interface CodeIndex {
  status(): IndexStatus;
  /** Called after each change of the status, at most a few times a second. Returns how to stop. */
  onStatus(listener: (status: IndexStatus) => void): () => void;
  /** Brings the index in step with the disk and resolves when lexical part and vectors are; starts by itself when the index is opened for an editor. */
  sync(signal?: AbortSignal): Promise<SyncReport>;
  /** Answers with what is there: the lexical part at once, meaning as it comes (`SearchAnswer.state`). Never throws for an odd query. */
  search(query: SearchQuery, signal?: AbortSignal): Promise<SearchAnswer>;
  grep(query: GrepQuery, signal?: AbortSignal): Promise<GrepAnswer>;
  /** Files that usually change with these, or that belong to the text of a prompt. Best first. */
  related(query: RelatedQuery, signal?: AbortSignal): Promise<readonly RelatedFile[]>;
  /** Why a file is in or out. A path is relative to `root`, to the first root that has it, or absolute; one outside of all roots is not indexed, with that reason. */
  explain(path: string, root?: string): Promise<FileExplanation>;
  /** What was left out and why, counted by reason, with examples. */
  skipped(): Promise<readonly SkippedFiles[]>;
  /** Paths as for `explain`; empty for a file that is not indexed. */
  outline(path: string, root?: string): Promise<readonly OutlineItem[]>;
  /** The editor tells what is open and what was edited lately (newest first), as a feature of ranking. */
  attend(attention: Attention): void;
  pause(): void;
  resume(): void;
  /** Throws away what is stored for these roots and builds it anew. */
  rebuild(): Promise<void>;
  /** Throws away what is stored for these roots; the index stays paused. */
  clear(): Promise<void>;
  dispose(): Promise<void>;
}

export type IndexState = 'starting' | 'reconciling' | 'indexing' | 'embedding' | 'ready' | 'paused' | 'failed';

export interface IndexStatus {
  readonly state: IndexState;
  readonly files: number;
  readonly chunks: number;
  /** Chunks that have a vector of the current model. */
  readonly embedded: number;
  /** Work of the running phase; both 0 where nothing runs. */
  readonly done: number;
  readonly total: number;
  readonly skipped: number;
  /** Milliseconds since 1970 of the last change that was taken in, and of the last time the index was known to be in step with the disk. */
  readonly lastChange?: number;
  readonly syncedAt?: number;
  /** Another process writes this store at the moment; this one reads along. */
  readonly follower: boolean;
  readonly model: string;
  readonly bytes: number;
  /** What was done at the start: reconciled, rebuilt and why, ... */
  readonly note?: string;
  readonly problem?: string;
}

/** What there is to tell before an index is open. */
export const NO_INDEX: Omit<IndexStatus, 'state'> = {
  files: 0,
  chunks: 0,
  embedded: 0,
  done: 0,
  total: 0,
  skipped: 0,
  follower: false,
  model: '',
  bytes: 0,
};

export interface SyncReport {
  readonly added: number;
  readonly modified: number;
  readonly removed: number;
  readonly chunked: number;
  /** Embedded anew, and taken from the shared cache. */
  readonly embedded: number;
  readonly cached: number;
  readonly ms: number;
  readonly note?: string;
}

export interface SearchQuery {
  /** Words, names, or both; `path:`, `lang:` and `symbol:` narrow the answer (a leading `-` excludes). */
  readonly text: string;
  /** Results at most; 10 unless told. */
  readonly limit?: number;
  /** `hybrid` unless told; the others are for comparison. */
  readonly mode?: 'hybrid' | 'lexical' | 'dense';
}

export interface SearchResult {
  readonly root: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly score: number;
  /** The chunk's text as it is on disk now. */
  readonly text: string;
  readonly symbol?: string;
  readonly language: string;
  /** Ranges of `text` that the words of the query match, UTF-16 code units, in order. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
  /** Why it was found: the share of each signal in the score, and the words that matched. */
  readonly why: Readonly<Record<string, number | string | readonly string[]>>;
}

export interface SearchAnswer {
  readonly results: readonly SearchResult[];
  /** `lexical`: vectors are still being made. `stale`: changes on disk are not taken in yet. */
  readonly state: 'complete' | 'lexical' | 'stale';
  readonly ms: number;
  /** What of the query was not understood, for the user. */
  readonly notes: readonly string[];
}

export interface GrepQuery {
  readonly pattern: string;
  readonly regex?: boolean;
  readonly ignoreCase?: boolean;
  readonly wholeWord?: boolean;
  /** Globs, as ripgrep's `-g`. */
  readonly globs?: readonly string[];
  readonly limit?: number;
}

export interface GrepMatch {
  readonly root: string;
  readonly path: string;
  readonly line: number;
  /** UTF-16 code units in the line. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
  readonly text: string;
}

export interface GrepAnswer {
  readonly matches: readonly GrepMatch[];
  /** Files that the n-gram index left to be read, of so many. */
  readonly candidates: number;
  readonly files: number;
  readonly truncated: boolean;
  readonly ms: number;
}

export interface RelatedQuery {
  /** Absolute, or relative to the first root that has it. */
  readonly paths: readonly string[];
  readonly prompt?: string;
  readonly limit?: number;
}

export interface RelatedFile {
  readonly root: string;
  readonly path: string;
  readonly score: number;
  /** `changed together 7 times of 9`, ... */
  readonly why: string;
}

export interface FileExplanation {
  readonly path: string;
  readonly indexed: boolean;
  /** In words: the rule and its file and line, the size, the encoding, ... */
  readonly reason: string;
  readonly chunks?: number;
  readonly language?: string;
}

export interface SkippedFiles {
  readonly reason: string;
  readonly count: number;
  readonly examples: readonly string[];
}

export interface OutlineItem {
  readonly name: string;
  readonly kind: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly children: readonly OutlineItem[];
}

/** Absolute paths; those outside of the roots are passed over. */
export interface Attention {
  readonly open: readonly string[];
  readonly edited: readonly string[];
}
