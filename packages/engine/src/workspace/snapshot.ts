import type { ChangeSet } from '@codemirror/state';
import { Document, type DocumentInit } from './document.ts';
import { type ChangeOrigin, EditHistory } from './history.ts';
import { changeSetOf, InvalidEditError, type TextEdit } from './text-edit.ts';

/** Where the user is. Offsets in UTF-16 code units of the document's raw text. */
export interface Cursor {
  readonly path: string;
  readonly offset: number;
  /** True while there is a selection or more than one cursor: nothing is predicted then. */
  readonly selecting: boolean;
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
  static readonly empty: Snapshot = new Snapshot(new Map(), EditHistory.empty, undefined, [], undefined);
  readonly documents: ReadonlyMap<string, Document>;
  readonly history: EditHistory;
  readonly cursor: Cursor | undefined;
  /** Absolute paths of the workspace folders. */
  readonly folders: readonly string[];
  /** The newest change of all documents: the history alone does not tell an undo that took an edit back. */
  readonly lastChange: { readonly path: string; readonly origin: ChangeOrigin; readonly at: number } | undefined;

  private constructor(
    documents: ReadonlyMap<string, Document>,
    history: EditHistory,
    cursor: Cursor | undefined,
    folders: readonly string[],
    lastChange: Snapshot['lastChange'],
  ) {
    this.documents = documents;
    this.history = history;
    this.cursor = cursor;
    this.folders = folders;
    this.lastChange = lastChange;
  }

  /** Opens a document, or replaces it whole (the answer to a desync): then the history it had stays, if the text is the same. */
  open(init: DocumentInit): Snapshot {
    const known = this.documents.get(init.path);
    const document = Document.open(init);
    const history = known && !known.text.eq(document.text) ? this.history.forget(init.path) : this.history;
    return this.#with({ documents: new Map(this.documents).set(init.path, document), history });
  }

  close(path: string): Snapshot {
    if (!this.documents.has(path)) return this;
    const documents = new Map(this.documents);
    documents.delete(path);
    return this.#with({ documents, cursor: this.cursor?.path === path ? undefined : this.cursor });
  }

  /** @throws DesyncError when the change does not fit the document as known here. */
  change(change: DocumentChange): Snapshot {
    const document = this.documents.get(change.path);
    if (!document) throw new DesyncError(change.path, 'changed, but was never opened');
    if (document.version !== change.baseVersion)
      throw new DesyncError(
        change.path,
        `change is based on version ${change.baseVersion}, known is ${document.version}`,
      );
    const changes = changeSetIn(document, change);
    const next = document.update(changes, change.version);
    if (change.length !== undefined && next.length !== change.length)
      throw new DesyncError(change.path, `is ${change.length} long at the client, ${next.length} here`);
    const cursor =
      this.cursor?.path === change.path
        ? { ...this.cursor, offset: changes.mapPos(this.cursor.offset, 1) }
        : this.cursor;
    return this.#with({
      documents: new Map(this.documents).set(change.path, next),
      history: this.history.push(change.path, document.text, changes, change.origin, change.at),
      cursor,
      lastChange: { path: change.path, origin: change.origin, at: change.at },
    });
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

  #with(part: {
    documents?: ReadonlyMap<string, Document>;
    history?: EditHistory;
    cursor?: Cursor | undefined;
    folders?: readonly string[];
    lastChange?: Snapshot['lastChange'];
  }): Snapshot {
    return new Snapshot(
      part.documents ?? this.documents,
      part.history ?? this.history,
      'cursor' in part ? part.cursor : this.cursor,
      part.folders ?? this.folders,
      part.lastChange ?? this.lastChange,
    );
  }
}

function changeSetIn(document: Document, change: DocumentChange): ChangeSet {
  try {
    return changeSetOf(change.edits, document.length);
  } catch (error) {
    if (error instanceof InvalidEditError) throw new DesyncError(change.path, error.message);
    throw error;
  }
}
