import type { TextEdit } from '../../workspace/text-edit.ts';

/** What a part of `repair` found: a fix, or a place to look at. */
export interface Finding {
  readonly path: string;
  readonly edits: readonly TextEdit[];
  readonly target?: number;
  readonly kind: 'missing-import' | 'unused-import' | 'call' | 'signature' | 'facts';
  readonly features: Readonly<Record<string, number>>;
  readonly evidence: readonly string[];
}
