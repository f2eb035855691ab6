import { Flex, Keep, Text } from '../builtins.ts';
import type { PromptElement } from '../element.ts';
import { type Growth, growthOf } from './lines.ts';

export interface Snippet {
  readonly path: string;
  /** From 1. */
  readonly startLine: number;
  /** From 1, included; counted from the text where it is not given. */
  readonly endLine?: number;
  readonly text: string;
  /** Offset of the text in its file, for spans. */
  readonly start?: number;
}

export interface SnippetsProps extends Growth {
  /** Best first. */
  readonly snippets: readonly Snippet[];
  /** `rank` (default) shows the best first; `path` sorts by file and line, so that the bytes do not depend on the scores. */
  readonly sort?: 'rank' | 'path';
}

/** A list of snippets, each whole or absent, the best kept longest. */
export function Snippets(props: SnippetsProps): PromptElement {
  const { snippets, sort = 'rank' } = props;
  const ranked = snippets.map((snippet, order) => ({ snippet, order }));
  if (sort === 'path') {
    ranked.sort(
      (a, b) =>
        compareText(a.snippet.path, b.snippet.path) || a.snippet.startLine - b.snippet.startLine || a.order - b.order,
    );
  }
  const items = ranked.map(({ snippet, order }) => {
    const { path, startLine, text, start } = snippet;
    const end = snippet.endLine ?? startLine + lineBreaks(text) - (text.endsWith('\n') ? 1 : 0);
    const body = Text({ text, source: start === undefined ? undefined : { uri: path, start } });
    const children = [`${path}:${startLine}-${end}\n`, body, text.endsWith('\n') ? '\n' : '\n\n'];
    return { order, content: Keep({ name: `${path}:${startLine}`, children }) };
  });
  return Flex({ name: 'snippets', items, ...growthOf(props) });
}

function lineBreaks(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}

/** By code units: the same everywhere, unlike the order of a locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
