import type { FeedbackStore } from '../tab/feedback.ts';
import { emptyLexicon, type Lexicon } from '../tab/lexicon/lexicon.ts';
import type { Source } from '../tab/source.ts';
import { createTab, type Tab, type TabOptions } from '../tab/tab.ts';
import { noFiles, type WorkspaceFiles } from '../workspace/files.ts';
import { type LanguageFacts, noLanguageFacts } from '../workspace/language-facts.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Syntax } from '../workspace/syntax.ts';
import { createTreeSitterSyntax } from '../workspace/tree-sitter.ts';
import { wasmReader } from '../workspace/tree-sitter-wasm.ts';

export interface FileChange {
  readonly path: string;
  readonly kind: 'created' | 'changed' | 'deleted';
}

export interface ComposeOptions extends Partial<Omit<TabOptions, 'syntax'>> {
  readonly feedback: FeedbackStore;
  readonly now: () => number;
  readonly wallClock: () => number;
  /** Workspace folders, absolute. */
  readonly folders: readonly string[];
  /** The state of the workspace right now. */
  readonly snapshot: () => Snapshot;
}

/** The features, wired. */
export interface Engine {
  readonly tab: Tab;
  readonly syntax: Syntax;
  /** Resolves when what is built in the background is there: for the command line, which has one try per case. */
  ready(): Promise<void>;
  setFolders(folders: readonly string[]): void;
  filesChanged(changes: readonly FileChange[]): void;
  dispose(): Promise<void>;
}

/** The composition root that the server and the command line share: effects in, features out. */
export function compose(options: ComposeOptions): Engine {
  const { now, onProblem } = options;
  const syntax = createTreeSitterSyntax({
    readWasm: wasmReader(import.meta.url),
    now,
    defer: (task) => void setImmediate(task),
    onError: (languageId, error) => onProblem?.(`grammar of ${languageId}: ${String(error)}`),
  });
  const facts: LanguageFacts = options.facts ?? noLanguageFacts;
  const files: WorkspaceFiles = options.files ?? noFiles;
  const lexicon: Lexicon = options.lexicon ?? emptyLexicon;
  const sources: readonly Source[] = options.sources ?? [];
  return {
    syntax,
    tab: createTab({ ...options, sources, facts, syntax, files, lexicon }),
    ready: async () => {},
    setFolders: () => {},
    filesChanged: () => {},
    dispose: async () => syntax.dispose(),
  };
}
