import { Flex } from '../builtins.ts';
import type { PromptElement } from '../element.ts';
import { type Growth, growthOf } from './lines.ts';

export interface HistoryEdit {
  readonly path: string;
  /** The hunks of the edit as a unified diff without file headers. */
  readonly diff: string;
}

export interface EditHistoryProps extends Growth {
  /** Oldest first, as they happened. */
  readonly edits: readonly HistoryEdit[];
  /** Edits leave in groups of this many, counted from the first of all; default 1. More keeps the prefix longer. */
  readonly block?: number;
}

/** What was edited, oldest first; the oldest leave first. The path stands with every edit, as any of them may be the first. */
export function EditHistory(props: EditHistoryProps): PromptElement {
  const { edits, block = 1 } = props;
  const last = Math.floor((edits.length - 1) / block);
  const items = edits.map((edit, index) => ({
    order: last - Math.floor(index / block),
    content: `${edit.path}\n${edit.diff}${edit.diff.endsWith('\n') ? '' : '\n'}`,
  }));
  return Flex({ name: 'edit history', items, ...growthOf(props) });
}
