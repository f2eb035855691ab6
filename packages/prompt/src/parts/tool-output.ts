import { Flex } from '../builtins.ts';
import type { FlexItem, PromptElement } from '../element.ts';
import { type Growth, growthOf } from './lines.ts';

export interface ToolOutputProps extends Growth {
  readonly text: string;
  /** Lines kept at the start for each one kept at the end; default 1. A compiler's first error matters, a test run's summary too. */
  readonly head?: number;
  readonly name?: string;
}

/** Characters that a piece of one long line has at most, so that a minified file can be cut in the middle too. */
const LONGEST = 400;

/** A long output cut in its middle. */
export function ToolOutput(props: ToolOutputProps): PromptElement {
  const { head = 1, name = 'tool output' } = props;
  const pieces = piecesOf(props.text);
  const last = pieces.length - 1;
  const items: FlexItem[] = [];
  // Twice the distance to either end, the end half a line behind: small integers are half the work of fractions.
  for (let index = 0; index <= last; index++)
    items.push({ order: Math.min((2 * index) / head, 2 * (last - index) + 1), content: pieces[index]! });
  return Flex({ name, gap: '\n[… cut …]\n', items, ...growthOf(props) });
}

/** Lines with their line breaks. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    const lineBreak = text.indexOf('\n', start);
    const lineEnd = lineBreak < 0 ? text.length : lineBreak + 1;
    for (; lineEnd - start > LONGEST; ) {
      // Never between the halves of a character.
      const end = /[\ud800-\udbff]/.test(text[start + LONGEST - 1]!) ? start + LONGEST + 1 : start + LONGEST;
      pieces.push(text.slice(start, end));
      start = end;
    }
    if (start < lineEnd) pieces.push(text.slice(start, lineEnd));
    start = lineEnd;
  }
  return pieces;
}
