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
  readonly kind: 'insert' | 'edit' | 'jump';
  readonly path: string;
  readonly edits: readonly WireEdit[];
  readonly cursorAfter: number;
  /** Version of the open document the edits fit; `undefined` when the file is not open. */
  readonly version?: number;
  readonly source: string;
  readonly confidence: number;
  readonly evidence: readonly string[];
  readonly walk?: { readonly index: number; readonly total: number };
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
