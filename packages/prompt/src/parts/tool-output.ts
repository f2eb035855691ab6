import { Flex } from '../builtins.ts';
import type { PromptElement } from '../element.ts';
import { type Growth, growthOf, linesOf } from './lines.ts';

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
  const pieces = linesOf(props.text).flatMap(({ text }) => shortPieces(text));
  const items = pieces.map((content, index) => ({
    order: Math.min(index / head, pieces.length - 1 - index + 0.5),
    content,
  }));
  return Flex({ name, gap: '\n[… cut …]\n', items, ...growthOf(props) });
}

function shortPieces(line: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < line.length; ) {
    let end = Math.min(line.length, start + LONGEST);
    // Never between the halves of a character.
    if (end < line.length && /[\ud800-\udbff]/.test(line[end - 1]!)) end += 1;
    pieces.push(line.slice(start, end));
    start = end;
  }
  return pieces;
}
