import type TypeScript from 'typescript';
import type { FileEdits, Location, SymbolNode } from './language-facts.ts';
import type { TextEdit } from './text-edit.ts';

/** What may be asked of the service; each answer is the one of `LanguageFacts`. */
export interface Questions {
  references: { readonly path: string; readonly offset: number };
  definition: { readonly path: string; readonly offset: number };
  rename: { readonly path: string; readonly offset: number; readonly newName: string };
  symbols: { readonly path: string };
}

export interface Answers {
  references: readonly Location[];
  definition: readonly Location[];
  rename: readonly FileEdits[];
  symbols: readonly SymbolNode[];
}

export interface TypeScriptService {
  /** Lays texts over what is there; `null` takes a file out. Paths are opaque keys. */
  update(texts: readonly (readonly [path: string, text: string | null])[]): void;
  /** `undefined` where the file is not known or is none of TypeScript's. */
  ask<Name extends keyof Questions>(name: Name, question: Questions[Name]): Answers[Name] | undefined;
  dispose(): void;
}

/**
 * The TypeScript language service over texts in memory alone: no libraries, no type roots, no configuration, nothing from disk. So a project of a few
 * files answers 4-6 ms after it was first seen and below 1 ms from then on, where loading `lib.d.ts` and `@types` would take half a second.
 * The price: what is reached through library types (`array.map(x => x.name)`) has no type, so members behind it are not found; and diagnostics would
 * be noise, so there are none.
 */
export function createTypeScriptService(ts: typeof TypeScript): TypeScriptService {
  const files = new Map<string, { readonly path: string; text: string; version: number }>();
  let revision = 0;
  const host: TypeScript.LanguageServiceHost = {
    getCompilationSettings: () => ({
      allowJs: true,
      allowImportingTsExtensions: true,
      jsx: ts.JsxEmit.Preserve,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      noEmit: true,
      noLib: true,
      target: ts.ScriptTarget.ESNext,
      types: [],
    }),
    getScriptFileNames: () => [...files.keys()],
    getScriptVersion: (name) => String(files.get(name)?.version ?? 0),
    getScriptSnapshot: (name) => {
      const file = files.get(name);
      return file && ts.ScriptSnapshot.fromString(file.text);
    },
    getProjectVersion: () => String(revision),
    getCurrentDirectory: () => '/',
    getDefaultLibFileName: () => '/lib.d.ts',
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name)?.text,
    directoryExists: (name) => [...files.keys()].some((file) => file.startsWith(`${name.replace(/\/$/, '')}/`)),
    getDirectories: () => [],
    useCaseSensitiveFileNames: () => true,
  };
  const service = ts.createLanguageService(host, ts.createDocumentRegistry(true, '/'));
  const pathOf = (name: string) => files.get(name)?.path;

  function locations(spans: readonly TypeScript.DocumentSpan[] | undefined): Location[] {
    return (spans ?? []).flatMap(({ fileName, textSpan: { start, length } }) => {
      const path = pathOf(fileName);
      return path === undefined ? [] : [{ path, start, end: start + length }];
    });
  }

  const answers: { [Name in keyof Questions]: (name: string, question: Questions[Name]) => Answers[Name] } = {
    references: (name, { offset }) => locations(service.getReferencesAtPosition(name, offset)),
    definition: (name, { offset }) => locations(service.getDefinitionAtPosition(name, offset)),
    rename(name, { offset, newName }) {
      const found = service.findRenameLocations(name, offset, false, false, {
        providePrefixAndSuffixTextForRename: true,
      });
      const byPath = new Map<string, TextEdit[]>();
      for (const { fileName, textSpan, prefixText = '', suffixText = '' } of found ?? []) {
        const path = pathOf(fileName);
        if (path === undefined) continue;
        const edit: TextEdit = [textSpan.start, textSpan.start + textSpan.length, prefixText + newName + suffixText];
        byPath.set(path, [...(byPath.get(path) ?? []), edit]);
      }
      return [...byPath].map(([path, edits]) => ({ path, edits: edits.sort((a, b) => a[0] - b[0]) }));
    },
    symbols: (name) => (service.getNavigationTree(name).childItems ?? []).flatMap(symbolsOf),
  };

  return {
    update(texts) {
      for (const [path, text] of texts) {
        const name = nameOf(path);
        const known = files.get(name);
        if (text === null) files.delete(name);
        else if (known?.text === text) continue;
        else files.set(name, { path, text, version: revision + 1 });
        revision++;
      }
    },
    ask(name, question) {
      const file = nameOf(question.path);
      return files.has(file) ? answers[name](file, question) : undefined;
    },
    dispose: () => service.dispose(),
  };
}

/** TypeScript wants rooted names; a key without a root gets one. */
function nameOf(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  return slashed.startsWith('/') ? slashed : `/${slashed}`;
}

function symbolsOf(item: TypeScript.NavigationTree): SymbolNode[] {
  const span = item.spans[0];
  const children = (item.childItems ?? []).flatMap(symbolsOf);
  if (!span || !item.nameSpan) return children;
  const { start, length } = span;
  const { nameSpan } = item;
  return [
    {
      name: item.text,
      kind: KINDS[item.kind] ?? item.kind,
      start,
      end: start + length,
      nameStart: nameSpan.start,
      nameEnd: nameSpan.start + nameSpan.length,
      children,
    },
  ];
}

/** LSP's names where TypeScript's differ. */
const KINDS: Readonly<Record<string, string>> = {
  const: 'constant',
  let: 'variable',
  var: 'variable',
  alias: 'variable',
  getter: 'property',
  setter: 'property',
  'local function': 'function',
  'local class': 'class',
  type: 'class',
  'enum member': 'enummember',
};
