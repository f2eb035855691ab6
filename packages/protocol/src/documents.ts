import { z } from 'zod';

/** `[start, end, text]`, UTF-16 code units of the raw text; all edits of one change relative to the same text. */
export const WireEdit = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative(), z.string()]);
export type WireEdit = z.infer<typeof WireEdit>;

export const ChangeOrigin = z.enum(['typed', 'paste', 'undo', 'redo', 'accept', 'tool']);
export type ChangeOrigin = z.infer<typeof ChangeOrigin>;

/**
 * Texts beyond this many UTF-16 code units are not sent: `document/open` carries an empty text and the `length`, changes of such a document carry no
 * edits. When it has shrunk, the engine asks for it by `document/resend`.
 */
export const MAX_TEXT_LENGTH = 1_000_000;

/** Longest path the engine accepts, in UTF-16 code units. */
export const MAX_PATH_LENGTH = 8_192;

const path = z.string().min(1).max(MAX_PATH_LENGTH);
const languageId = z.string().max(100);

/** `document/open` (notification): the whole text; sent again to heal a desync and after a restart of the engine. */
export const DocumentOpen = z.object({
  /** File system path for `file:` documents, the whole URI for others: the key of the document everywhere. */
  path,
  scheme: z.string().max(100).default('file'),
  languageId,
  version: z.number().int(),
  /** Empty where the document is longer than `MAX_TEXT_LENGTH`. */
  text: z.string(),
  /** Length of the whole text in UTF-16 code units; needed only where `text` was left out for its size. */
  length: z.number().int().nonnegative().optional(),
  readOnly: z.boolean().default(false),
});
export type DocumentOpen = z.input<typeof DocumentOpen>;

/** `document/change` (notification). */
export const DocumentChange = z.object({
  path,
  baseVersion: z.number().int(),
  version: z.number().int(),
  edits: z.array(WireEdit),
  origin: ChangeOrigin,
  /** Length of the text after the change, in UTF-16 code units. */
  length: z.number().int().nonnegative(),
  /** `checksumOf` the text after the change; sent now and then, when typing pauses. */
  checksum: z.number().int().optional(),
});
export type DocumentChange = z.infer<typeof DocumentChange>;

/** `document/close` (notification). */
export const DocumentClose = z.object({ path });
export type DocumentClose = z.infer<typeof DocumentClose>;

/** `document/readOnly` (notification). */
export const DocumentReadOnly = z.object({ path, readOnly: z.boolean() });
export type DocumentReadOnly = z.infer<typeof DocumentReadOnly>;

/** `document/cursor` (notification): the active editor's caret. */
export const DocumentCursor = z.object({
  path,
  offset: z.number().int().nonnegative(),
  /** A selection that is not empty, or several cursors. */
  selecting: z.boolean().default(false),
});
export type DocumentCursor = z.input<typeof DocumentCursor>;

/** `document/resend` (notification, engine -> client): the text of `path` is not the same here; send it whole. */
export interface DocumentResend {
  readonly path: string;
  readonly reason: string;
}

/** `files/changed` (notification): created, changed or deleted on disk. */
export const FilesChanged = z.object({
  changes: z.array(z.object({ path, kind: z.enum(['created', 'changed', 'deleted']) })),
});
export type FilesChanged = z.infer<typeof FilesChanged>;

/** `folders/changed` (notification). */
export const FoldersChanged = z.object({ folders: z.array(z.string()) });
export type FoldersChanged = z.infer<typeof FoldersChanged>;

/** FNV-1a over UTF-16 code units, 32 bits: a checksum against lost edits, not against an adversary. */
export function checksumOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
