import {
  type ChangeOrigin,
  checksumOf,
  type DocumentOpen,
  MAX_TEXT_LENGTH,
  Method,
  type WireEdit,
} from '@tabstop/protocol';
import type { Timers } from '../engine/timers.ts';

/** A document as the editor holds it now: `version` and `text` are read when something is sent. */
export interface LiveDocument {
  /** File system path for `file:`, the whole URI else. */
  readonly path: string;
  readonly scheme: string;
  readonly languageId: string;
  version(): number;
  text(): string;
}

export interface SyncPorts {
  /** Writes one notification to the engine; called only between `engineReady` and `engineGone`. */
  send(method: string, params: unknown): void;
  readonly timers: Timers;
}

/** What the engine was told, and what it still has to be told. One per extension. */
export interface DocumentSyncState {
  opened(document: LiveDocument, readOnly: boolean): void;
  /** `edits` relative to the text of the version told last; `version` is the one they lead to. */
  changed(path: string, version: number, edits: readonly WireEdit[], origin: ChangeOrigin): void;
  closed(path: string): void;
  readOnlyChanged(path: string, readOnly: boolean): void;
  cursorMoved(path: string, offset: number, selecting: boolean): void;
  /** Sends the whole text again: the engine asked, or a change came that edits do not tell (line endings). */
  resend(path: string): void;
  /** A fresh engine knows nothing: all documents are sent whole, then the cursor. */
  engineReady(): void;
  engineGone(): void;
  has(path: string): boolean;
  isReadOnly(path: string): boolean;
  /** Version the engine was told last. */
  versionOf(path: string): number | undefined;
}

/** A pause in typing after which the checksum of a changed document is sent. Milliseconds. */
export const CHECKSUM_PAUSE = 1_000;

interface Tracked {
  document: LiveDocument;
  readOnly: boolean;
  version: number;
  length: number;
  /** Of the newest change: a checksum is no change of its own, and must not look like one by another hand. */
  origin: ChangeOrigin;
  checksumTimer: unknown;
}

function tooLong({ length }: Tracked): boolean {
  return length > MAX_TEXT_LENGTH;
}

export function documentSyncState({ send, timers }: SyncPorts): DocumentSyncState {
  const tracked = new Map<string, Tracked>();
  let cursor: { path: string; offset: number; selecting: boolean } | undefined;
  let ready = false;

  const sendWhole = (entry: Tracked) => {
    timers.clearTimeout(entry.checksumTimer);
    entry.checksumTimer = undefined;
    const text = entry.document.text();
    entry.version = entry.document.version();
    entry.length = text.length;
    if (!ready) return;
    const { path, scheme, languageId } = entry.document;
    const open: DocumentOpen = { path, scheme, languageId, version: entry.version, text, readOnly: entry.readOnly };
    send(Method.DocumentOpen, tooLong(entry) ? { ...open, text: '', length: text.length } : open);
  };

  const sendChecksum = (entry: Tracked) => {
    entry.checksumTimer = undefined;
    // A change that is not told yet would make a checksum of newer text than `version`.
    if (!ready || tooLong(entry) || entry.document.version() !== entry.version) return;
    const { path } = entry.document;
    const text = entry.document.text();
    send(Method.DocumentChange, {
      path,
      baseVersion: entry.version,
      version: entry.version,
      edits: [],
      origin: entry.origin,
      length: text.length,
      checksum: checksumOf(text),
    });
  };

  return {
    opened(document, readOnly) {
      const before = tracked.get(document.path);
      if (before) timers.clearTimeout(before.checksumTimer);
      const entry: Tracked = {
        document,
        readOnly,
        version: document.version(),
        length: 0,
        origin: 'tool',
        checksumTimer: undefined,
      };
      tracked.set(document.path, entry);
      sendWhole(entry);
    },
    changed(path, version, edits, origin) {
      const entry = tracked.get(path);
      if (!entry) return;
      const baseVersion = entry.version;
      const wasTooLong = tooLong(entry);
      entry.version = version;
      entry.origin = origin;
      for (const [start, end, text] of edits) entry.length += text.length - (end - start);
      if (!ready) return;
      if (!wasTooLong && tooLong(entry)) return sendWhole(entry);
      // The engine does not keep a text that long: it is told the length, and asks for the text when that has shrunk.
      const told = wasTooLong ? [] : edits;
      send(Method.DocumentChange, { path, baseVersion, version, edits: told, origin, length: entry.length });
      if (wasTooLong) return;
      timers.clearTimeout(entry.checksumTimer);
      entry.checksumTimer = timers.setTimeout(() => sendChecksum(entry), CHECKSUM_PAUSE);
    },
    closed(path) {
      const entry = tracked.get(path);
      if (!entry) return;
      timers.clearTimeout(entry.checksumTimer);
      tracked.delete(path);
      if (cursor?.path === path) cursor = undefined;
      if (ready) send(Method.DocumentClose, { path });
    },
    readOnlyChanged(path, readOnly) {
      const entry = tracked.get(path);
      if (!entry || entry.readOnly === readOnly) return;
      entry.readOnly = readOnly;
      if (ready) send(Method.DocumentReadOnly, { path, readOnly });
    },
    cursorMoved(path, offset, selecting) {
      if (!tracked.has(path)) return;
      cursor = { path, offset, selecting };
      if (ready) send(Method.DocumentCursor, cursor);
    },
    resend(path) {
      const entry = tracked.get(path);
      if (entry) sendWhole(entry);
    },
    engineReady() {
      ready = true;
      for (const entry of tracked.values()) sendWhole(entry);
      if (cursor) send(Method.DocumentCursor, cursor);
    },
    engineGone() {
      ready = false;
      for (const entry of tracked.values()) timers.clearTimeout(entry.checksumTimer);
    },
    has: (path) => tracked.has(path),
    isReadOnly: (path) => tracked.get(path)?.readOnly ?? false,
    versionOf: (path) => tracked.get(path)?.version,
  };
}
