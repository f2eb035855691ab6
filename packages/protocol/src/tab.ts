import { z } from 'zod';
import type { WireEdit } from './documents.ts';

/** `tab/predict` (request) -> `TabPredictResult`. */
export const TabPredict = z.object({
  path: z.string().min(1),
  /** The version the client sees; the engine answers for a newer one it knows, or asks for a resend. */
  version: z.number().int(),
  offset: z.number().int().nonnegative(),
  /** `explicit`: the user asked by a command; the gate is lowered. */
  trigger: z.enum(['automatic', 'explicit']).default('automatic'),
});
export type TabPredict = z.input<typeof TabPredict>;

export interface TabSuggestion {
  readonly id: string;
  /** `jump` and `command` have no edits; of a `jump` with `peek` the place is shown without going there. */
  readonly kind: 'insert' | 'edit' | 'jump' | 'command';
  readonly path: string;
  readonly edits: readonly WireEdit[];
  readonly cursorAfter: number;
  /** Version of the open document the edits fit; `undefined` when the file is not open. */
  readonly version?: number;
  readonly source: string;
  readonly confidence: number;
  readonly evidence: readonly string[];
  readonly walk?: { readonly index: number; readonly total: number };
  readonly peek?: boolean;
  readonly command?: TabCommand;
}

/** One line for a terminal in the folder `cwd`; put there for the user to look at, never run by us. */
export interface TabCommand {
  readonly text: string;
  readonly cwd: string;
  readonly reason: string;
}

export interface TabPredictResult {
  /** At most one is to be shown; absent where the engine keeps silent. */
  readonly suggestion?: TabSuggestion;
  /** Milliseconds spent in the engine. */
  readonly ms: number;
  /** Why there is none, for the status bar (`excluded: read-only`, `snoozed`, `nothing above 25 %`). */
  readonly silence?: string;
}

/** `tab/feedback` (notification). */
export const TabFeedback = z.object({
  id: z.string(),
  outcome: z.enum(['shown', 'accepted', 'accepted-part', 'rejected', 'ignored']),
});
export type TabFeedback = z.infer<typeof TabFeedback>;

/** `tab/walk` (request) -> `TabWalkResult`: all places of the change that a suggestion belongs to. */
export const TabWalk = z.object({
  /** Of a suggestion lately shown; the newest one without it. */
  id: z.string().optional(),
});
export type TabWalk = z.infer<typeof TabWalk>;

/** One place; its `id` is good for `tab/feedback` and `tab/skip`. */
export interface TabWalkItem {
  readonly id: string;
  readonly path: string;
  /** Relative to `version`, or to the text on disk where the file is not open. */
  readonly edits: readonly WireEdit[];
  readonly version?: number;
  /** The first line it touches, from 0, and those lines before and after. */
  readonly line: number;
  readonly before: string;
  readonly after: string;
  readonly source: string;
  readonly confidence: number;
}

export interface TabWalkResult {
  /** The suggestion asked about; absent where there is none (any more). */
  readonly id?: string;
  /** In the order of the walk, without what is done or was skipped. */
  readonly items: readonly TabWalkItem[];
  /** Places of the change that are done. */
  readonly done: number;
}

/** `tab/skip` (notification): this place is to stay as it is; says nothing against suggestions of its kind. */
export const TabSkip = z.object({ id: z.string() });
export type TabSkip = z.infer<typeof TabSkip>;

/** `tab/explain` (request): the last suggestions, newest first, with what was known and not shown. */
export interface TabExplanation {
  readonly shown?: TabSuggestion;
  readonly others: readonly { readonly suggestion: TabSuggestion; readonly why: string }[];
  readonly ms: number;
}

/** `tab/status` (notification, engine -> client): progress of the token model. */
export interface TabStatus {
  readonly state: 'building' | 'ready' | 'failed';
  /** 0..1 while building. */
  readonly progress?: number;
  readonly files?: number;
  readonly message?: string;
}

/** `tab/stats` (request) and `tabstop tab stats`: what this user did with suggestions, by source. */
export interface TabStats {
  readonly sources: readonly {
    readonly source: string;
    readonly shown: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly ignored: number;
  }[];
  readonly file: string;
  readonly bytes: number;
}
