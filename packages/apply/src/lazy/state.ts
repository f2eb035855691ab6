import type { LineIndex } from '../place/line-index.ts';
import type { ApplyOptions } from '../result.ts';
import type { Snippet } from './snippet.ts';

export interface MergeOptions extends ApplyOptions {
  /** Whether the answer ended inside the snippet. */
  readonly cutOff?: boolean;
}

/** What a step of the merge needs to know. */
export interface MergeState {
  readonly index: LineIndex;
  readonly snippet: Snippet;
  readonly partners: number[];
  readonly similarity: (a: string, b: string) => number;
  readonly options: MergeOptions;
}
