import { Flex } from '../builtins.ts';
import type { FlexItem, PromptElement } from '../element.ts';
import { type Growth, growthOf, lineAt, lineContent, linesOf } from './lines.ts';

export interface FileWindowProps extends Growth {
  readonly path: string;
  readonly text: string;
  /** Offset in UTF-16 code units that the window is around, such as the cursor. */
  readonly focus: number;
  readonly lineNumbers?: boolean;
  /**
   * Lines come in blocks of this many, counted from the top of the file; default 1. With 16 or more the window stays the
   * same while the cursor moves within a block, which keeps the prefix of the prompt (and costs up to a block of room).
   */
  readonly align?: number;
  /** Weight of lines above the focus against lines below; default 1.5, as what leads to the cursor says more. */
  readonly above?: number;
}

/** A file around its focus with as many lines as fit, nearest first. */
export function FileWindow(props: FileWindowProps): PromptElement {
  const { path, text, focus, lineNumbers = false, align = 1, above = 1.5 } = props;
  const lines = linesOf(text);
  const focusBlock = Math.floor(lineAt(lines, focus) / align);
  const items = lines.map((line, index): FlexItem => {
    const distance = Math.floor(index / align) - focusBlock;
    return {
      order: distance <= 0 ? -distance / above : distance,
      content: lineContent(path, line, index, lineNumbers),
    };
  });
  return Flex({ name: `window of ${path}`, gap: '⋯\n', items, ...growthOf(props) });
}
