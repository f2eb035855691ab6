import type { FeedbackStore } from '../tab/feedback.ts';
import { emptyLexicon, type Lexicon } from '../tab/lexicon/lexicon.ts';
import type { Source } from '../tab/source.ts';
import { createTab, type Tab, type TabOptions } from '../tab/tab.ts';
import { noFiles, type WorkspaceFiles } from '../workspace/files.ts';
import { type LanguageFacts, noLanguageFacts } from '../workspace/language-facts.ts';
import { noSyntax, type Syntax } from '../workspace/syntax.ts';

export interface FileChange {
  readonly path: string;
  readonly kind: 'created' | 'changed' | 'deleted';
}

/** What the features of an engine are made of; what is left out does nothing. */
export interface ComposeOptions extends Partial<TabOptions> {
  readonly feedback: FeedbackStore;
  readonly now: () => number;
  readonly wallClock: () => number;
  /** Workspace folders, absolute. */
  readonly folders: readonly string[];
}

/** The features, wired. */
export interface Engine {
  readonly tab: Tab;
  readonly syntax: Syntax;
  setFolders(folders: readonly string[]): void;
  filesChanged(changes: readonly FileChange[]): void;
  dispose(): Promise<void>;
}

/** The composition root that the server and the command line share: effects in, features out. */
export function compose(options: ComposeOptions): Engine {
  const syntax: Syntax = options.syntax ?? noSyntax;
  const facts: LanguageFacts = options.facts ?? noLanguageFacts;
  const files: WorkspaceFiles = options.files ?? noFiles;
  const lexicon: Lexicon = options.lexicon ?? emptyLexicon;
  const sources: readonly Source[] = options.sources ?? [];
  return {
    syntax,
    tab: createTab({ ...options, sources, facts, syntax, files, lexicon }),
    setFolders: () => {},
    filesChanged: () => {},
    dispose: async () => {},
  };
}
