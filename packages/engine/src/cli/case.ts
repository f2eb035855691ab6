import { posix } from 'node:path';
import { z } from 'zod';
import type { ChangeOrigin } from '../workspace/history.ts';
import { languageOf } from '../workspace/languages.ts';
import { Snapshot } from '../workspace/snapshot.ts';

const offset = z.number().int().nonnegative();
const edits = z.array(z.tuple([offset, offset, z.string()]));

/** One line of `tabstop predict --jsonl`. Offsets are UTF-16 code units; all edits of an event are relative to the same text. */
export const Case = z.object({
  id: z.union([z.string(), z.number()]),
  /** The texts before the events. */
  documents: z.array(z.object({ path: z.string().min(1), text: z.string() })),
  events: z
    .array(
      z.object({
        path: z.string().min(1),
        edits,
        /** `typed` unless told; `reset`: the text was replaced from outside; what is no origin of the engine is a tool. */
        origin: z.string().default('typed'),
        /** Milliseconds; 100 after the event before unless told. */
        t: z.number().optional(),
      }),
    )
    .default([]),
  cursor: z.object({ path: z.string().min(1), offset }),
  /** The folder that is the rest of the workspace; a relative one starts where the command was called. */
  root: z.string().min(1).optional(),
  /** No key has come for a while since the last event, as when a case is all there is; `false` while keys are coming. */
  paused: z.boolean().default(true),
  /** How many suggestions at most. */
  max: z.number().int().positive().max(100).default(3),
});
export type Case = z.infer<typeof Case>;
export type CaseEvent = Case['events'][number];

/** A case that does not hold together; the message says where. */
export class BrokenCaseError extends Error {
  override readonly name = 'BrokenCaseError';
}

/** @throws BrokenCaseError */
export function parseCase(value: unknown): Case {
  const parsed = Case.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new BrokenCaseError(`${issue?.path.join('.') || 'case'}: ${issue?.message}`);
}

/** Milliseconds between events that do not tell their time. */
const STEP = 100;
const ORIGINS: ReadonlySet<string> = new Set([
  'typed',
  'paste',
  'undo',
  'redo',
  'accept',
  'tool',
] satisfies ChangeOrigin[]);

/** The key of a document of a case: below `root` where there is one. */
export function keyOf(root: string | undefined, path: string): string {
  return root === undefined || posix.isAbsolute(path) ? path : posix.join(root, path);
}

/** The path a case knows a key by. */
export function pathOf(root: string | undefined, key: string): string {
  return root !== undefined && key.startsWith(root.endsWith('/') ? root : `${root}/`) ? posix.relative(root, key) : key;
}

/** The state of a workspace after the events so far, and the time of the last one. */
export interface Replay {
  readonly snapshot: Snapshot;
  /** Milliseconds. */
  readonly at: number;
}

/** The documents of a case, opened. */
export function openDocuments(root: string | undefined, documents: Case['documents']): Replay {
  let snapshot = Snapshot.empty;
  if (root !== undefined) snapshot = snapshot.withFolders([root]);
  for (const { path, text } of documents) {
    const key = keyOf(root, path);
    snapshot = snapshot.open({ path: key, languageId: languageOf(path), version: 1, text });
  }
  return { snapshot, at: 0 };
}

/**
 * One event further. A document that is not open appears with the text `onDisk` gives it, empty where there is none. @throws BrokenCaseError
 */
export function replayEvent(
  replay: Replay,
  root: string | undefined,
  event: CaseEvent,
  onDisk: (key: string) => string | undefined,
): Replay {
  const path = keyOf(root, event.path);
  const at = event.t ?? replay.at + STEP;
  let { snapshot } = replay;
  if (snapshot.oversized.has(path)) return { snapshot, at };
  if (!snapshot.documents.has(path))
    snapshot = snapshot.open({ path, languageId: languageOf(path), version: 1, text: onDisk(path) ?? '' });
  const document = snapshot.documents.get(path);
  if (!document) return { snapshot, at };
  const { origin } = event;
  try {
    snapshot = snapshot.change({
      path,
      baseVersion: document.version,
      version: document.version + 1,
      edits: event.edits,
      origin: ORIGINS.has(origin) ? (origin as ChangeOrigin) : 'tool',
      at,
    });
  } catch (error) {
    throw new BrokenCaseError(error instanceof Error ? error.message : String(error));
  }
  // What was edited before a reset from outside no longer tells where the user is heading.
  if (origin === 'reset') snapshot = snapshot.forgetHistory(path);
  return { snapshot, at };
}

/** True where `longer` begins with the events of `shorter`. */
export function extendsEvents(shorter: readonly CaseEvent[], longer: readonly CaseEvent[]): boolean {
  return shorter.length <= longer.length && shorter.every((event, index) => sameEvent(event, longer[index]!));
}

function sameEvent(a: CaseEvent, b: CaseEvent): boolean {
  return (
    a.path === b.path &&
    a.origin === b.origin &&
    a.t === b.t &&
    a.edits.length === b.edits.length &&
    a.edits.every((edit, index) => edit.every((part, column) => part === b.edits[index]![column]))
  );
}

export function sameDocuments(a: Case['documents'], b: Case['documents']): boolean {
  return (
    a.length === b.length && a.every(({ path, text }, index) => path === b[index]!.path && text === b[index]!.text)
  );
}
