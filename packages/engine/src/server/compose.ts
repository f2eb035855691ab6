import * as fs from 'node:fs/promises';
import type { LexiconStatus } from '../tab/lexicon/open-lexicon.ts';
import type { Source } from '../tab/source.ts';
import { createCoChange } from '../tab/sources/co-change.ts';
import { allSources } from '../tab/sources/index.ts';
import { createTab, type Tab, type TabOptions } from '../tab/tab.ts';
import { diskFiles } from '../workspace/disk-files.ts';
import type { Document } from '../workspace/document.ts';
import { type CoChange, openCoChange } from '../workspace/git-history.ts';
import type { LanguageFacts } from '../workspace/language-facts.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { Syntax } from '../workspace/syntax.ts';
import { createTreeSitterSyntax, type TreeSitterSyntax } from '../workspace/tree-sitter.ts';
import { wasmReader } from '../workspace/tree-sitter-wasm.ts';
import { historyStore, runProcess } from './node-history.ts';
import { createProjectFiles } from './project-files.ts';

export interface FileChange {
  readonly path: string;
  readonly kind: 'created' | 'changed' | 'deleted';
}

export interface ComposeOptions
  extends Pick<TabOptions, 'budget' | 'whenIdle' | 'onLate' | 'now' | 'wallClock' | 'feedback'> {
  /** Workspace folders, absolute. */
  readonly folders: readonly string[];
  /** Where the token model is kept between starts; nothing is kept without it. */
  readonly dataDir?: string;
  /** Without folders, these documents are the project. */
  readonly documents?: ReadonlyMap<string, Document>;
  readonly facts: LanguageFacts;
  /** Shared between engines where there are several; grammars cannot be unloaded. An engine's own unless told. */
  readonly syntax?: Syntax;
  /** All of Tab's unless told. */
  readonly sources?: readonly Source[];
  readonly onProblem: (message: string) => void;
  /** Progress of the token model. */
  readonly onLexicon?: (status: LexiconStatus) => void;
}

/** The features, wired. */
export interface Engine {
  readonly tab: Tab;
  /** Tells token model and grammars what is open and how it reads now; cheap where nothing changed. */
  observe(snapshot: Snapshot): void;
  /** Resolves when what is built in the background is there: for the command line, which has one try per case. */
  ready(): Promise<void>;
  setFolders(folders: readonly string[]): void;
  filesChanged(changes: readonly FileChange[]): void;
  dispose(): void;
}

/** The composition root that the server and the command line share, so that both run the same engine. */
export function compose(options: ComposeOptions): Engine {
  const { now, onProblem } = options;
  const own = options.syntax ? undefined : openSyntax(now, onProblem);
  const syntax = options.syntax ?? own!;
  const project = createProjectFiles({
    folders: options.folders,
    dataDir: options.dataDir,
    documents: options.documents,
    openFiles: (folders) => diskFiles(folders, { disk: fs, now }),
    onStatus: options.onLexicon ?? (() => {}),
    onProblem,
  });
  const openHistory = (folders: readonly string[]): CoChange =>
    openCoChange({ ...options, folders, run: runProcess, store: historyStore });
  let history = openHistory(options.folders);
  const coChange = createCoChange({
    related: (path) => history.related(path),
    lastChangedLine: (path, signal) => history.lastChangedLine(path, signal),
  });
  const warming = new Map<string, Promise<void>>();
  return {
    tab: createTab({
      ...options,
      sources: options.sources ?? [...allSources, coChange],
      syntax,
      files: project.files,
      lexicon: project.lexicon,
    }),
    observe(snapshot) {
      for (const { languageId } of project.observe(snapshot.documents))
        if (!warming.has(languageId)) warming.set(languageId, syntax.warm(languageId));
    },
    async ready() {
      await Promise.all([project.ready(), history.ready(), ...warming.values()]);
    },
    setFolders(folders) {
      project.setFolders(folders);
      history.dispose();
      history = openHistory(folders);
    },
    filesChanged: (changes) => project.filesChanged(changes.map(({ path }) => path)),
    dispose() {
      project.dispose();
      history.dispose();
      own?.dispose();
    },
  };
}

/** Syntax trees by the grammars that ship. `now` in milliseconds, for the time one parse may take. */
export function openSyntax(now: () => number, onProblem: (message: string) => void): TreeSitterSyntax {
  return createTreeSitterSyntax({
    readWasm: wasmReader(import.meta.url),
    now,
    defer: (task) => void setImmediate(task),
    onError: (languageId, error) => onProblem(`grammar of ${languageId}: ${String(error)}`),
  });
}
