import { checksumOf, type DocumentChange, type DocumentCursor, type DocumentOpen } from '@tabstop/protocol';
import type { z } from 'zod';
import { DesyncError, Snapshot } from '../workspace/snapshot.ts';
import type { WireLimits } from './limits.ts';
import type { Log } from './log.ts';

export interface DocumentSyncOptions {
  readonly limits: WireLimits;
  readonly now: () => number;
  readonly log: Log;
  /** Asks the client for the whole text; called once per document until it is healed by an `open`. */
  readonly resend: (path: string, reason: string) => void;
}

/**
 * The one place where the state of the workspace changes. Handlers read `snapshot`, a value that stays as it is while they work.
 * A document whose text differs from the client's is out of sync until it is opened again: its changes are dropped and nothing is predicted in it.
 */
export interface DocumentSync {
  readonly snapshot: Snapshot;
  isOutOfSync(path: string): boolean;
  open(params: z.output<typeof DocumentOpen>): void;
  change(params: DocumentChange): void;
  close(path: string): void;
  setReadOnly(path: string, readOnly: boolean): void;
  moveCursor(cursor: z.output<typeof DocumentCursor>): void;
  setFolders(folders: readonly string[]): void;
  /** The client speaks of a version of `path` that never came here. */
  lost(path: string, reason: string): void;
}

export function createDocumentSync({ limits, now, log, resend }: DocumentSyncOptions): DocumentSync {
  let snapshot = Snapshot.empty;
  const outOfSync = new Set<string>();

  function lost(path: string, reason: string): void {
    if (outOfSync.has(path)) return;
    if (outOfSync.size >= limits.documents) {
      log('warn', `${outOfSync.size} documents are out of sync; ${path} is left alone`);
      return;
    }
    outOfSync.add(path);
    log('warn', `out of sync: ${reason}`);
    resend(path, reason);
  }

  return {
    get snapshot() {
      return snapshot;
    },
    isOutOfSync: (path) => outOfSync.has(path),
    open(params) {
      const known = snapshot.documents.has(params.path) || snapshot.oversized.has(params.path);
      if (!known && snapshot.documents.size + snapshot.oversized.size >= limits.documents) {
        log('warn', `${limits.documents} documents are open; ${params.path} is left alone`);
        return;
      }
      outOfSync.delete(params.path);
      const length = params.length ?? params.text.length;
      const others = snapshot.codeUnits - (snapshot.documents.get(params.path)?.length ?? 0);
      if (length > params.text.length || others + length > limits.openCodeUnits)
        snapshot = snapshot.openOversized(params.path, params.version, length);
      else snapshot = snapshot.open(params);
    },
    change(params) {
      if (outOfSync.has(params.path)) return;
      try {
        const next = snapshot.change({ ...params, at: now() });
        const document = next.documents.get(params.path);
        if (params.checksum !== undefined && document && checksumOf(document.content) !== params.checksum)
          throw new DesyncError(params.path, `the text of version ${params.version} is not the client's`);
        snapshot = next;
      } catch (error) {
        if (!(error instanceof DesyncError)) throw error;
        lost(params.path, error.message);
      }
    },
    close(path) {
      outOfSync.delete(path);
      snapshot = snapshot.close(path);
    },
    setReadOnly(path, readOnly) {
      snapshot = snapshot.setReadOnly(path, readOnly);
    },
    moveCursor(cursor) {
      snapshot = snapshot.moveCursor(cursor);
    },
    setFolders(folders) {
      snapshot = snapshot.withFolders(folders);
    },
    lost,
  };
}
