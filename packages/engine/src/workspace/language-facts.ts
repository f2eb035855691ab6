import type { TextEdit } from './text-edit.ts';

/** A range in a file, in UTF-16 code units of its raw text. */
export interface Location {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface FileEdits {
  readonly path: string;
  readonly edits: readonly TextEdit[];
}

export interface Diagnostic extends Location {
  readonly message: string;
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  /** The provider's own code (`2304` of TypeScript) and name (`ts`). */
  readonly code?: string;
  readonly source?: string;
}

export interface CodeAction {
  readonly title: string;
  /** `quickfix`, `source.organizeImports`, … */
  readonly kind?: string;
  readonly preferred: boolean;
  readonly edits: readonly FileEdits[];
}

export interface SymbolNode {
  readonly name: string;
  /** Lower-case LSP kind: `class`, `method`, `function`, `variable`, … */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly children: readonly SymbolNode[];
}

/**
 * What a language knows of a program: in the editor from VS Code's providers (any language), headless from the TypeScript language
 * service. Each method answers `undefined` where there is no provider or it did not answer in time (never an error: a source then does without),
 * and an empty list where the provider found nothing. Offsets are relative to the documents of the snapshot the facts were made for.
 */
export interface LanguageFacts {
  references(path: string, offset: number, signal: AbortSignal): Promise<readonly Location[] | undefined>;
  definition(path: string, offset: number, signal: AbortSignal): Promise<readonly Location[] | undefined>;
  /** The edits of a rename of the symbol at `offset`, as the provider would make it. */
  rename(path: string, offset: number, newName: string, signal: AbortSignal): Promise<readonly FileEdits[] | undefined>;
  diagnostics(path: string, signal: AbortSignal): Promise<readonly Diagnostic[] | undefined>;
  codeActions(
    path: string,
    start: number,
    end: number,
    signal: AbortSignal,
  ): Promise<readonly CodeAction[] | undefined>;
  symbols(path: string, signal: AbortSignal): Promise<readonly SymbolNode[] | undefined>;
  /**
   * The same facts for other texts of some documents, such as how they were before an edit that broke the references asked for. Only where the
   * provider can tell: headless, not in the editor.
   */
  readonly withTexts?: (texts: ReadonlyMap<string, string>) => LanguageFacts;
}

/** Where there is no provider at all. */
export const noLanguageFacts: LanguageFacts = {
  references: async () => undefined,
  definition: async () => undefined,
  rename: async () => undefined,
  diagnostics: async () => undefined,
  codeActions: async () => undefined,
  symbols: async () => undefined,
};
