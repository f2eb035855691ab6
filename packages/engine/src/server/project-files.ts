import type { Lexicon } from '../tab/lexicon/lexicon.ts';
import { type LexiconStatus, type OpenLexicon, openLexicon } from '../tab/lexicon/open-lexicon.ts';
import type { ProjectLexicon } from '../tab/lexicon/project-lexicon.ts';
import { lexiconOfTexts } from '../tab/lexicon/texts.ts';
import type { Document } from '../workspace/document.ts';
import type { WorkspaceFiles } from '../workspace/files.ts';

export interface ProjectFilesOptions {
  readonly folders: readonly string[];
  readonly dataDir: string | undefined;
  /** Without folders, these documents are the project. */
  readonly documents: ReadonlyMap<string, Document> | undefined;
  readonly openFiles: (folders: readonly string[]) => WorkspaceFiles;
  readonly onStatus: (status: LexiconStatus) => void;
  readonly onProblem: (message: string) => void;
}

/** The files of the folders and their token model, which stay the same values for the features while the folders change. */
export interface ProjectFiles {
  readonly files: WorkspaceFiles;
  readonly lexicon: Lexicon;
  /** Takes over what is open now; answers the documents that are new or changed. */
  observe(documents: ReadonlyMap<string, Document>): readonly Document[];
  ready(): Promise<void>;
  setFolders(folders: readonly string[]): void;
  filesChanged(paths: readonly string[]): void;
  dispose(): void;
}

export function createProjectFiles(options: ProjectFilesOptions): ProjectFiles {
  let observed: ReadonlyMap<string, Document> = new Map();
  let files = options.openFiles(options.folders);
  let opened = open(options.folders);
  /** Documents that the model was built from: what they say is known already. */
  let baseline: ReadonlyMap<string, Document> = options.documents ?? new Map();
  let alone: ProjectLexicon | undefined = options.documents && lexiconOfTexts(textsOf(options.documents));

  function open(folders: readonly string[]): OpenLexicon {
    const next = openLexicon({ folders, dataDir: options.dataDir, files, log: options.onProblem });
    next.onStatus(options.onStatus);
    return next;
  }

  function model(): ProjectLexicon {
    return alone ?? opened.lexicon;
  }

  return {
    files: { read: (path) => files.read(path), has: async (path) => (await files.has?.(path)) ?? false },
    lexicon: {
      filesWith: (identifier, limit) => model().filesWith(identifier, limit),
      count: (identifier) => model().count(identifier),
      continuations: (context, document, limit) => model().continuations(context, document, limit),
      place: (document, offset) => model().place(document, offset),
    },
    observe(documents) {
      if (documents === observed) return [];
      const changed: Document[] = [];
      for (const [path, document] of documents) {
        if (observed.get(path) === document) continue;
        changed.push(document);
        if (baseline.get(path) === document) model().close(path);
        else model().update(document);
      }
      for (const path of observed.keys()) if (!documents.has(path)) model().close(path);
      observed = documents;
      return changed;
    },
    async ready() {
      await opened.ready;
    },
    setFolders(folders) {
      opened.dispose();
      files = options.openFiles(folders);
      opened = open(folders);
      alone = undefined;
      baseline = new Map();
      for (const document of observed.values()) opened.lexicon.update(document);
    },
    filesChanged(paths) {
      files.changed?.(paths);
      opened.filesChanged(paths).catch((error: unknown) => options.onProblem(`changed files: ${String(error)}`));
    },
    dispose: () => opened.dispose(),
  };
}

function* textsOf(documents: ReadonlyMap<string, Document>) {
  for (const [path, document] of documents)
    if (document.exclusion === undefined || document.exclusion === 'read-only') yield { path, text: document.content };
}
