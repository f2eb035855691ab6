import type { LineChange } from './document.ts';
import { mergeLazy } from './lazy/merge.ts';
import { isPlaceholder } from './lazy/placeholder.ts';
import { isTelling } from './place/placement.ts';
import type { LineIndex } from './place/line-index.ts';
import { changesBetween } from './place/rows.ts';
import type { ApplyOptions } from './result.ts';

/** A file's text, or a part of it, while it arrives line by line. */
export interface TextProgress {
  push(line: string): void;
  readonly changes: readonly LineChange[];
  /** Lines of the document before this one will not change any more; 0 where that is not known. */
  readonly settled: number;
}

/**
 * The whole text of a file: up to the last line that stands in the document once, behind all that came before, the result is
 * what has arrived. Each line costs a look-up.
 */
export function createWholeProgress(index: LineIndex): TextProgress {
  const { lines } = index.document;
  const changes: LineChange[] = [];
  let settled = 0;
  let pending: string[] = [];
  return {
    push(line) {
      if (pending.length === 0 && line === lines[settled]) {
        settled++;
        return;
      }
      const found = isTelling(line) ? index.positions.get(line.trim()) : undefined;
      const [at] = found ?? [];
      if (found?.length !== 1 || at === undefined || at < settled || lines[at] !== line) {
        pending.push(line);
        return;
      }
      const from = settled;
      for (const change of changesBetween(lines.slice(from, at), pending))
        changes.push({ ...change, from: change.from + from, to: change.to + from });
      pending = [];
      settled = at + 1;
    },
    changes,
    get settled() {
      return settled;
    },
  };
}

/**
 * A lazy snippet: what its lines up to a placeholder say, as far as they can be merged. Segments place each other, so a later
 * one can take that back. Merged anew only when the text has doubled, which keeps the cost linear but for a logarithm.
 */
export function createLazyProgress(original: string, options: ApplyOptions): TextProgress {
  const content: string[] = [];
  let changes: readonly LineChange[] = [];
  let merged = 0;
  return {
    push(line) {
      content.push(line);
      if (!isPlaceholder(line) || content.length < 2 * merged || content.length < 2) return;
      merged = content.length;
      const result = mergeLazy(original, content.join('\n'), options);
      if (result.complete) changes = result.changes;
    },
    get changes() {
      return changes;
    },
    settled: 0,
  };
}
