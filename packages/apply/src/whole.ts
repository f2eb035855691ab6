import { changeLines, readDocument } from './document.ts';
import type { FailureReason, HunkResult } from './edit.ts';
import { mergeLazy } from './lazy/merge.ts';
import { isPlaceholder } from './lazy/placeholder.ts';
import type { MergeOptions } from './lazy/state.ts';
import { FAILURE_MESSAGES } from './messages.ts';
import { changesBetween } from './place/rows.ts';
import { type ApplyResult, summary } from './result.ts';

/**
 * The document's text becomes `content`; its byte order mark, line breaks and final break stay. A "whole" file with
 * placeholders is a lazy snippet; one that was cut off, or is empty, would lose text and fails.
 */
export function mergeWhole(original: string, content: string, options: MergeOptions): ApplyResult {
  const document = readDocument(original);
  const { lines } = readDocument(content);
  const range = { start: 0, end: document.lines.length };
  const fail = (reason: FailureReason): ApplyResult => {
    const hunk: HunkResult = { status: 'failed', reason, message: FAILURE_MESSAGES[reason], range, confidence: 0 };
    return summary(original, [hunk], []);
  };
  if (document.lines.length === 0) {
    return summary(
      document.mark + content.replace(/^\uFEFF/, ''),
      [{ status: 'exact', range, confidence: 1 }],
      [{ from: 0, to: 0, insert: lines, leans: 'both' }],
    );
  }
  if (!lines.some((line) => line.trim() !== '')) return fail('empty');
  const known = new Set(document.lines.map((line) => line.trim()));
  if (lines.some((line) => isPlaceholder(line) && !known.has(line.trim()) && !isEllipsisBody(line))) {
    return mergeLazy(original, content, options);
  }
  if (options.cutOff) {
    const last = (of: readonly string[]) => of.findLast((line) => line.trim() !== '')?.trim();
    if (last(lines) !== last(document.lines)) return fail('truncated');
  }
  const changes = changesBetween(document.lines, lines);
  return summary(changeLines(document, changes), [{ status: 'exact', range, confidence: 1 }], changes);
}

/** `...` alone is also a body in Python and TypeScript declarations: in a whole file it is taken as text. */
const isEllipsisBody = (line: string) => line.trim() === '...';
