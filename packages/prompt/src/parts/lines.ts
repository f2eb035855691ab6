import { Text } from '../builtins.ts';
import type { PromptNode } from '../element.ts';

/** A line with its line break, and where it starts. */
export interface Line {
  readonly text: string;
  readonly start: number;
}

/** Splits after every "\n"; "\r" stays in its line, and the last line is ended with "\n" only when `text` ends it. */
export function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (let end = text.indexOf('\n') + 1; end > 0; end = text.indexOf('\n', end) + 1) {
    lines.push({ text: text.slice(start, end), start });
    start = end;
  }
  if (start < text.length) lines.push({ text: text.slice(start), start });
  return lines;
}

/** A line of a file as it is shown: numbered from 1 if asked for, ended by a line break also where the file is not. */
export function lineContent(uri: string, line: Line, index: number, numbered: boolean): PromptNode {
  const text = Text({ text: line.text, source: { uri, start: line.start } });
  const parts: PromptNode[] = numbered ? [`${index + 1}| `, text] : [text];
  if (!line.text.endsWith('\n')) parts.push('\n');
  return parts;
}

/** The number of the line that an offset is in, from 0. */
export function lineAt(lines: readonly Line[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lines[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How a part competes for room; see `Flex`. */
export interface Growth {
  readonly grow?: number;
  readonly growPriority?: number;
  /** Tokens. */
  readonly min?: number;
  /** Tokens. */
  readonly max?: number;
}

export function growthOf(props: Growth): Growth {
  return { grow: props.grow, growPriority: props.growPriority, min: props.min, max: props.max };
}
