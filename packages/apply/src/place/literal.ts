import { lineOffsets } from '../document.ts';
import type { LineIndex } from './line-index.ts';
import type { Placement } from './placement.ts';

const MAX_LITERAL = 5000;

/**
 * Text for text, as the string-replace tools do it: exactly one occurrence, or all of them where the call says so. The line
 * breaks of the call are read as the document's. Undefined where the text does not occur.
 */
export function placeLiteral(
  index: LineIndex,
  literal: { old: string; new: string; all: boolean },
): Placement | undefined {
  const { document } = index;
  if (literal.old === '') return undefined;
  const adapt = (text: string) => (document.lineBreak === '\n' ? text : text.replace(/\r?\n/g, document.lineBreak));
  const mixed = document.breaks.some((b) => b !== '' && b !== document.lineBreak);
  const old = mixed ? literal.old : adapt(literal.old.replaceAll('\r\n', '\n'));
  const found: number[] = [];
  for (let at = document.text.indexOf(old); at >= 0; at = document.text.indexOf(old, at + old.length)) {
    found.push(at);
    if (found.length > MAX_LITERAL) return { placed: false, reason: 'too-large', candidates: [] };
  }
  if (found.length === 0) return undefined;
  const offsets = lineOffsets(document);
  const spans = found.map((at) => ({ at, start: lineAt(offsets, at), end: lineAt(offsets, at + old.length - 1) + 1 }));
  if (found.length === 1 && document.text.indexOf(old, found[0]! + 1) >= 0) return ambiguous(index, spans); // overlaps itself
  if (found.length > 1 && !literal.all) return ambiguous(index, spans);
  const plain = (text: string) =>
    document.lineBreak === '\r' ? text.replaceAll('\r', '\n') : text.replaceAll('\r\n', '\n');
  if (spans.some(({ at }) => cutsIndent(document.text, at))) return undefined;
  const ofLines = literal.old.includes('\n') || literal.new.includes('\n');
  if (ofLines && spans.some(({ at }) => cutsLine(document.text, at, old))) return undefined;
  if (losesDepth(document.text, spans, offsets, literal)) return undefined;
  const changes: { from: number; to: number; insert: string[]; leans: 'both' }[] = [];
  const replacement = literal.new.replaceAll('\r\n', '\n');
  // Occurrences that share a line become one change of these lines.
  for (let i = 0; i < spans.length; ) {
    let last = i;
    let end = spans[i]!.end;
    while (last + 1 < spans.length && spans[last + 1]!.start < end) end = Math.max(end, spans[++last]!.end);
    const from = spans[i]!.start;
    let text = '';
    let at = offsets[from]!;
    for (let k = i; k <= last; k++) {
      text += plain(document.text.slice(at, spans[k]!.at)) + replacement;
      at = spans[k]!.at + old.length;
    }
    text += plain(document.text.slice(at, offsets[end]!));
    const insert = text.split('\n');
    if (insert.at(-1) === '') insert.pop();
    // The break behind the last line went with the old text: what follows joins.
    else if (end < document.lines.length && document.breaks[end - 1] !== '' && !text.endsWith('\n')) {
      insert[insert.length - 1] += document.lines[end] ?? '';
      end++;
    }
    changes.push({ from, to: end, insert, leans: 'both' });
    i = last + 1;
  }
  const range = { start: spans[0]!.start, end: spans.at(-1)!.end };
  return { placed: true, changes, match: { lines: [], range, rank: 0, confidence: 1, reindent: false } };
}

/** Text that begins with white space is not found amid the white space of a deeper line. */
const cutsIndent = (text: string, at: number) =>
  /^[ \t]/.test(text.slice(at, at + 1)) && /[ \t]/.test(text[at - 1] ?? '');

/**
 * Whether text that is meant as lines is only a part of some: it ends amid an identifier, begins with a blank line where there
 * is text, or is one line that becomes several and has more of the document beside it.
 */
function cutsLine(text: string, at: number, old: string): boolean {
  const end = at + old.length;
  const joins = (offset: number) => /^[\p{L}\p{N}_$]{2}$/u.test(text.slice(offset - 1, offset + 1));
  if (joins(at) || joins(end)) return true;
  if (at > 0 && /^\r?\n/.test(old) && text[at - 1] !== '\n') return true;
  if (old.includes('\n')) return false;
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const after = /^[^\r\n]*/.exec(text.slice(end, end + 2000))![0];
  return before.trim() !== '' || after.trim() !== '';
}

/** Text found behind the indentation of its first line, with further new lines that are less deep: it was written at another depth. */
function losesDepth(
  text: string,
  spans: readonly { at: number; start: number }[],
  offsets: readonly number[],
  literal: { old: string; new: string },
): boolean {
  const [, ...more] = literal.new.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (more.length === 0) return false;
  return spans.some(({ at, start }) => {
    const before = text.slice(offsets[start]!, at);
    return before !== '' && before.trim() === '' && more.some((line) => !line.startsWith(before));
  });
}

function ambiguous(index: LineIndex, spans: readonly { start: number; end: number }[]): Placement {
  return {
    placed: false,
    reason: 'ambiguous',
    candidates: spans.slice(0, 5).map(({ start, end }) => ({
      range: { start, end },
      similarity: 1,
      text: index.document.lines.slice(start, end).join('\n'),
    })),
  };
}

/** The line that holds an offset, by bisection. */
function lineAt(offsets: readonly number[], offset: number): number {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (offsets[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
