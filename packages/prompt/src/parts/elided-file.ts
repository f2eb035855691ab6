import { Flex } from '../builtins.ts';
import type { FlexItem, PromptElement } from '../element.ts';
import { type Growth, growthOf, lineAt, lineContent, linesOf } from './lines.ts';
import { foldDepths, indentationFolds, type OutlinePort } from './outline.ts';

export interface ElidedFileProps extends Growth {
  readonly path: string;
  readonly text: string;
  /** Offset whose surroundings stay open; without it all bodies are equal and the top of the file comes first. */
  readonly focus?: number;
  readonly lineNumbers?: boolean;
  /** Syntax, where it is known; indentation stands in for it. */
  readonly outline?: OutlinePort;
}

/**
 * A file that closes its bodies from the inside when room is short: first what is outermost (imports, signatures), then
 * body by body inwards, nearest to the focus first. Line numbers (on by default) say what is missing.
 */
export function ElidedFile(props: ElidedFileProps): PromptElement {
  const { path, text, lineNumbers = true, outline } = props;
  const lines = linesOf(text);
  const focus = props.focus === undefined ? null : lineAt(lines, props.focus);
  const folds = outline?.(path, text) ?? indentationFolds(lines);
  const depths = foldDepths(lines.length, folds, focus);
  const items = lines.map((line, index): FlexItem => {
    const distance = focus === null ? index : Math.abs(index - focus);
    return {
      order: depths[index]! + distance / (lines.length + 1),
      content: lineContent(path, line, index, lineNumbers),
    };
  });
  return Flex({ name: `outline of ${path}`, gap: '⋯\n', items, ...growthOf(props) });
}
