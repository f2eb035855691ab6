import type { Tree } from 'web-tree-sitter';
import type { Document } from './document.ts';

/**
 * Concrete syntax by tree-sitter. `tree` answers at once from what is parsed already or can be parsed in budget; `undefined` where there is no
 * grammar for the language, it is not loaded yet (`warm` starts that) or the document is excluded.
 * Trees are cached per document version and reparsed incrementally; node indices are UTF-16 code units of the raw text.
 */
export interface Syntax {
  tree(document: Document): Tree | undefined;
  /** Loads the grammar of a language, if there is one. */
  warm(languageId: string): Promise<void>;
}

/** For tests and for languages without a grammar. */
export const noSyntax: Syntax = { tree: () => undefined, warm: async () => {} };
