import type { Attention, CodeIndex, IndexStatus } from './code-index.ts';

/** What the thread of the index and its client say to each other. */

/** Methods of `CodeIndex` that answer. */
export type Asked =
  | 'sync'
  | 'search'
  | 'grep'
  | 'related'
  | 'explain'
  | 'skipped'
  | 'outline'
  | 'rebuild'
  | 'clear'
  | 'dispose';

export type ToIndex =
  | { readonly kind: 'ask'; readonly id: number; readonly method: Asked; readonly parameters: readonly unknown[] }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'attend'; readonly attention: Attention }
  | { readonly kind: 'pause' | 'resume' };

export type FromIndex =
  | { readonly kind: 'opened'; readonly status: IndexStatus }
  /** It could not be opened; the thread ends. */
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'status'; readonly status: IndexStatus }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'refused'; readonly id: number; readonly name: string; readonly message: string }
  | { readonly kind: 'problem'; readonly message: string };

/** Methods whose last parameter is a signal. */
const CANCELLABLE: ReadonlySet<Asked> = new Set(['sync', 'search', 'grep', 'related']);

/** Calls a method with plain parameters. */
export function callIndex(
  index: CodeIndex,
  method: Asked,
  parameters: readonly unknown[],
  signal: AbortSignal,
): Promise<unknown> {
  const called = index[method] as (...parameters: unknown[]) => Promise<unknown>;
  if (!CANCELLABLE.has(method)) return called.apply(index, [...parameters]);
  return called.apply(index, method === 'sync' ? [signal] : [parameters[0], signal]);
}
