import type { ChangeSet } from '@codemirror/state';
import { Document, type DocumentInit, LIMITS } from './document.ts';
import { type ChangeOrigin, EditHistory } from './history.ts';
import { changeSetOf, InvalidEditError, type TextEdit } from './text-edit.ts';

/** Where the user is. Offsets in UTF-16 code units of the document's raw text. */
export interface Cursor {
  readonly path: string;
  readonly offset: number;
  /** True while there is a selection or more than one cursor: nothing is predicted then. */
  readonly selecting: boolean;
}

/** What is known of an open document whose text is not kept. */
export interface OversizedDocument {
  readonly version: number;
  /** UTF-16 code units. */
  readonly length: number;
}

/** The client and the engine do not see the same text any more; a full resend of `path` heals it. */
export class DesyncError extends Error {
  override readonly name = 'DesyncError';
  readonly path: string;
  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.path = path;
  }
}

export interface DocumentChange {
  readonly path: string;
  /** The version the edits are relative to, and the one they lead to. */
  readonly baseVersion: number;
  readonly version: number;
  readonly edits: readonly TextEdit[];
  readonly origin: ChangeOrigin;
  /** Length of the text after the change, in UTF-16 code units: the cheap checksum that each change carries. */
  readonly length?: number;
  /** Milliseconds of the caller's clock. */
  readonly at: number;
}

/**
 * All the engine knows of the user's work at one moment: open documents, what was edited lately, the cursor, the folders.
 * A value: each method returns the next one (or `this` when nothing changed), so a request keeps the snapshot it started with while the one
 * mutating loop goes on.
 */
export class Snapshot {
  static readonly empty: Snapshot = new Snapshot(new Map(), new Map(), EditHistory.empty, undefined, [], undefined);
  readonly documents: ReadonlyMap<string, Document>;
  /**
   * Open documents over `LIMITS.codeUnits`: their text is not kept, only what tells when they become small enough. Nothing is predicted in them, and no
   * source sees them.
   */
  readonly oversized: ReadonlyMap<string, OversizedDocument>;
  readonly history: EditHistory;
  readonly cursor: Cursor | undefined;
  /** Absolute paths of the workspace folders. */
  readonly folders: readonly string[];
  /** The newest change of all documents: the history alone does not tell an undo that took an edit back. */
  readonly lastChange: { readonly path: string; readonly origin: ChangeOrigin; readonly at: number } | undefined;

  private constructor(
    documents: ReadonlyMap<string, Document>,
    oversized: ReadonlyMap<string, OversizedDocument>,
    history: EditHistory,
    cursor: Cursor | undefined,
    folders: readonly string[],
    lastChange: Snapshot['lastChange'],
  ) {
    this.documents = documents;
    this.oversized = oversized;
    this.history = history;
    this.cursor = cursor;
    this.folders = folders;
    this.lastChange = lastChange;
  }

  /** Opens a document, or replaces it whole (the answer to a desync): then the history it had stays, if the text is the same. */
  open(init: DocumentInit): Snapshot {
    if (init.text.length > LIMITS.codeUnits) return this.openOversized(init.path, init.version, init.text.length);
    const document = Document.open(init);
    const history = this.history.reconcile(init.path, document.text);
    return this.#with({
      documents: new Map(this.documents).set(init.path, document),
      oversized: without(this.oversized, init.path),
      history,
    });
  }

  /** A document that is open, but whose text is too long to be kept. `length` in UTF-16 code units. */
  openOversized(path: string, version: number, length: number): Snapshot {
    return this.#with({
      documents: without(this.documents, path),
      oversized: new Map(this.oversized).set(path, { version, length }),
      history: this.history.forget(path),
    });
  }

  close(path: string): Snapshot {
    if (!this.documents.has(path) && !this.oversized.has(path)) return this;
    return this.#with({
      documents: without(this.documents, path),
      oversized: without(this.oversized, path),
      cursor: this.cursor?.path === path ? undefined : this.cursor,
    });
  }

  /** UTF-16 code units of all documents whose text is kept. */
  get codeUnits(): number {
    let sum = 0;
    for (const document of this.documents.values()) sum += document.length;
    return sum;
  }

  /** @throws DesyncError when the change does not fit the document as known here. */
  change(change: DocumentChange): Snapshot {
    const oversized = this.oversized.get(change.path);
    if (oversized) return this.#changeOversized(oversized, change);
    const document = this.documents.get(change.path);
    if (!document) throw new DesyncError(change.path, 'changed, but was never opened');
    if (document.version !== change.baseVersion)
      throw new DesyncError(
        change.path,
        `change is based on version ${change.baseVersion}, known is ${document.version}`,
      );
    const changes = changeSetIn(document, change);
    // A checksum comes with a change that changes nothing: it must not hide what the last one was.
    const changed = change.edits.length > 0;
    if (!changed && change.version === document.version) return this.#checkLength(document, change);
    const next = document.update(changes, change.version);
    this.#checkLength(next, change);
    if (next.length > LIMITS.codeUnits) return this.openOversized(change.path, change.version, next.length);
    const cursor =
      this.cursor?.path === change.path
        ? { ...this.cursor, offset: changes.mapPos(this.cursor.offset, 1) }
        : this.cursor;
    return this.#with({
      documents: new Map(this.documents).set(change.path, next),
      history: this.history.push(change.path, document.text, changes, change.origin, change.at),
      cursor,
      lastChange: changed ? { path: change.path, origin: change.origin, at: change.at } : this.lastChange,
    });
  }

  /** The text of `path` was replaced from outside: what was edited before no longer tells where the user is heading. */
  forgetHistory(path: string): Snapshot {
    const history = this.history.forget(path);
    return history === this.history ? this : this.#with({ history });
  }

  setReadOnly(path: string, readOnly: boolean): Snapshot {
    const document = this.documents.get(path);
    const next = document?.withReadOnly(readOnly);
    if (!next || next === document) return this;
    return this.#with({ documents: new Map(this.documents).set(path, next) });
  }

  moveCursor(cursor: Cursor | undefined): Snapshot {
    return this.#with({ cursor });
  }

  withFolders(folders: readonly string[]): Snapshot {
    return this.#with({ folders });
  }

  #checkLength(document: Document, { path, length }: DocumentChange): this {
    if (length === undefined || length === document.length) return this;
    throw new DesyncError(path, `is ${length} long at the client, ${document.length} here`);
  }

  /** Lengths alone are followed, until the document is small enough to be asked for. */
  #changeOversized(known: OversizedDocument, change: DocumentChange): Snapshot {
    const length =
      change.length ??
      change.edits.reduce((sum, [start, end, text]) => sum + text.length - (end - start), known.length);
    if (length <= LIMITS.codeUnits)
      throw new DesyncError(change.path, `has shrunk to ${length} code units; its text is not known here`);
    return this.#with({ oversized: new Map(this.oversized).set(change.path, { version: change.version, length }) });
  }

  #with(part: {
    documents?: ReadonlyMap<string, Document>;
    oversized?: ReadonlyMap<string, OversizedDocument>;
    history?: EditHistory;
    cursor?: Cursor | undefined;
    folders?: readonly string[];
    lastChange?: Snapshot['lastChange'];
  }): Snapshot {
    return new Snapshot(
      part.documents ?? this.documents,
      part.oversized ?? this.oversized,
      part.history ?? this.history,
      'cursor' in part ? part.cursor : this.cursor,
      part.folders ?? this.folders,
      part.lastChange ?? this.lastChange,
    );
  }
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  if (!map.has(key)) return map;
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

function changeSetIn(document: Document, change: DocumentChange): ChangeSet {
  try {
    return changeSetOf(change.edits, document.length);
  } catch (error) {
    if (error instanceof InvalidEditError) throw new DesyncError(change.path, error.message);
    throw error;
  }
}
