/** What the parts of the index hand to each other. */

/** The mirror of one folder: which files belong to it, and the hash of each file and folder. */
export interface FolderTree {
  readonly root: string;
  /** Hash of everything below, hex. */
  readonly rootHash: string;
  readonly size: number;
  files(): Iterable<TreeFile>;
  file(path: string): TreeFile | undefined;
  /** Brings the tree in step with the disk (stat first, content where in doubt) and keeps it on disk. Resolves with what changed since it was last in step. */
  reconcile(options?: {
    readonly signal?: AbortSignal;
    readonly onProgress?: (seen: number) => void;
  }): Promise<TreeBatch>;
  /** Follows the disk from now on; bursts come as one batch. Returns how to stop. Where watching fails or overflows, it walks, and says so in the batch's note. */
  watch(onBatch: (batch: TreeBatch) => void): Promise<() => Promise<void>>;
  /** Reads one file's bytes as text; what is hashed is what was read. */
  read(path: string): Promise<ReadFile>;
  explain(path: string): Promise<{ readonly indexed: boolean; readonly reason: string }>;
  skipped(): readonly { readonly reason: string; readonly count: number; readonly examples: readonly string[] }[];
  /** Folders below that are trees of their own (repositories, submodules, other roots), relative; known after `reconcile`. Their files are not in this tree. */
  nestedRoots(): readonly string[];
  clear(): Promise<void>;
}

export interface TreeFile {
  readonly path: string;
  /** Bytes, and milliseconds since 1970. */
  readonly size: number;
  readonly modified: number;
  /** Of the content, hex. */
  readonly hash: string;
}

export interface TreeBatch {
  readonly changes: readonly TreeChange[];
  readonly note?: string;
}

export type TreeChange =
  | { readonly kind: 'added' | 'modified'; readonly path: string; readonly hash: string }
  | { readonly kind: 'removed'; readonly path: string };

export type ReadFile =
  | { readonly text: string; readonly hash: string; readonly encoding: string }
  | { readonly skipped: string };

/** A piece of a file that is found and shown as one. */
export interface Chunk {
  /** Lines, from 1, both included. */
  readonly startLine: number;
  readonly endLine: number;
  /** UTF-16 code units in the file's text. */
  readonly start: number;
  readonly end: number;
  readonly kind: 'function' | 'method' | 'class' | 'type' | 'block' | 'section' | 'lines';
  /** `Class.method`, the heading of a section, ... */
  readonly symbol?: string;
  /** What is embedded and matched: words of path and headings, then the text. */
  readonly embedText: string;
  /** Of `embedText`, hex: the key of the vector cache. The same for the same code in another clone. */
  readonly hash: string;
}

/** The embedding port. */
export interface Embedder {
  /** Names model and version; vectors of different ids are never compared. */
  readonly id: string;
  readonly dimensions: number;
  readonly limits: { readonly batch: number; readonly characters: number };
  /** Unit vectors in the order of `texts`. `kind` for models that treat the two differently. Throws `EmbedError` (with what to do) after its retries. */
  embed(texts: readonly string[], kind: 'query' | 'passage', signal?: AbortSignal): Promise<readonly Float32Array[]>;
}
