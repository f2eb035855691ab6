import { indentOf } from '../place/line-index.ts';
import { isTelling } from '../place/placement.ts';
import { findRuns } from '../place/sequence.ts';
import type { Segment } from './snippet.ts';
import type { MergeState } from './state.ts';

/** Telling lines at an end of a segment that say where it is, if they stand together once. */
const ENOUGH = 2;

/**
 * Whether the first or the last two telling lines of a segment, with what is between them, stand together in the document once
 * and as deep as in the snippet: then it is there that the segment begins or ends.
 */
export function isFirm(state: MergeState, segment: Segment, end: 'first' | 'last'): boolean {
  const { index, snippet, partners } = state;
  const step = end === 'first' ? 1 : -1;
  const lines: number[] = [];
  let telling = 0;
  let k = end === 'first' ? segment.start : segment.end - 1;
  while (snippet.trimmed[k] === '' && k >= segment.start && k < segment.end) k += step;
  for (; k >= segment.start && k < segment.end && telling < ENOUGH; k += step) {
    const line = partners[k]!;
    if (line < 0 || (lines.length > 0 && line !== lines.at(-1)! + step)) return false;
    if (snippet.trimmed[k] !== '' && indentOf(snippet.lines[k]!) !== indentOf(index.document.lines[line]!))
      return false;
    if (isTelling(snippet.trimmed[k]!)) telling++;
    lines.push(line);
  }
  if (telling < ENOUGH) return false;
  const run = lines.sort((a, b) => a - b).map((line) => index.trimmed[line]!);
  return findRuns(run, index.trimmed, index.positions, 2).length === 1;
}
