import type { Text } from '@codemirror/state';
import { Document } from '../../workspace/document.ts';
import type { Location } from '../../workspace/language-facts.ts';
import { languageOf } from '../../workspace/languages.ts';
import { scopeTableOf } from '../../workspace/scope-tables.ts';
import { type Binding, bindingAt, bindingsOf, type NameBindings, type Reference } from '../../workspace/scopes.ts';
import type { Syntax } from '../../workspace/syntax.ts';
import { occurrencesOf } from '../../workspace/tokens.ts';
import { type OtherPlace, placesElsewhere } from './other-file.ts';

/** How the places of a rename were found; each is less sure than the one before. */
export type Basis = 'facts' | 'syntax' | 'text';

/** What the file of a rename told before it began. */
export interface Origin {
  readonly document: Document;
  readonly basis: Basis;
  readonly binding: Binding;
  /** The place that was edited first. */
  readonly edited: Reference | undefined;
  readonly mentions: readonly Reference[];
}

/** What is known of a file by one of its texts; found once, dropped with the text. */
interface Known {
  readonly document: Document;
  readonly names: Map<string, NameBindings>;
}

/**
 * Analyses of texts, keyed by the immutable text, so that typing the new name letter by letter asks for them once.
 * One per source instance; holds nothing that the history does not hold.
 */
export interface Analyses {
  readonly byText: WeakMap<Text, Known>;
  /** Files read from disk for a rename, by the text before it. */
  readonly disk: WeakMap<Text, Map<string, Document>>;
}

export function createAnalyses(): Analyses {
  return { byText: new WeakMap(), disk: new WeakMap() };
}

/** A document of an older text. The same text gives the same document, so that its tree is parsed once. */
export function documentOf(analyses: Analyses, path: string, languageId: string, text: Text): Document {
  return knownOf(analyses, path, languageId, text).document;
}

function knownOf(analyses: Analyses, path: string, languageId: string, text: Text): Known {
  let known = analyses.byText.get(text);
  if (!known || known.document.path !== path || known.document.languageId !== languageId) {
    known = { document: Document.ofText({ path, languageId, version: 0, text }), names: new Map() };
    analyses.byText.set(text, known);
  }
  return known;
}

/** The bindings of `name` in a document; `undefined` while there is no tree. */
export function namesIn(
  analyses: Analyses,
  syntax: Syntax,
  document: Document,
  name: string,
): NameBindings | undefined {
  const known = knownOf(analyses, document.path, document.languageId, document.text);
  const cached = known.names.get(name);
  if (cached) return cached;
  if (!scopeTableOf(document.languageId)) return undefined;
  const tree = syntax.tree(known.document);
  if (!tree) return undefined;
  const found = bindingsOf(tree, document.languageId, known.document.content, name);
  known.names.set(name, found);
  return found;
}

/** The binding of the name at `offset` of a text, by syntax where there is a tree and by whole words else; `undefined` where the place is no name. */
export function originOf(
  analyses: Analyses,
  syntax: Syntax,
  document: Document,
  name: string,
  offset: number,
): Origin | undefined {
  const names = namesIn(analyses, syntax, document, name);
  if (names) {
    const binding = bindingAt(names, offset + 1) ?? bindingAt(names, offset);
    if (!binding) return undefined;
    const edited = binding.references.find(({ start }) => start === offset);
    return { document, basis: 'syntax', binding, edited, mentions: names.mentions };
  }
  if (name.length < 3) return undefined;
  const references = occurrencesOf(document.content, name).map(
    (start): Reference => ({
      start,
      end: start + name.length,
      form: 'plain',
      declares: false,
      certainty: 0.5,
      access: 'plain',
    }),
  );
  return { document, basis: 'text', binding: { kind: 'free', name, references }, edited: undefined, mentions: [] };
}

/** The origin with the places of its file that a language server names, in the forms that syntax sees. */
export function withFacts(origin: Origin, locations: readonly Location[]): Origin {
  const { path } = origin.document;
  const here = locations.filter((location) => location.path === path);
  if (!here.some(({ start, end }) => end - start === origin.binding.name.length && start === origin.edited?.start))
    return origin;
  const references = here.map(({ start, end }): Reference => {
    const known = origin.binding.references.find((reference) => reference.start === start);
    return known
      ? { ...known, certainty: 1 }
      : { start, end, form: 'plain', declares: false, certainty: 1, access: 'plain' };
  });
  references.sort((a, b) => a.start - b.start);
  return { ...origin, basis: 'facts', binding: { ...origin.binding, references } };
}

/** The places in another document, by the facts' locations if there are some, by its syntax else; `undefined` while there is no tree. */
export function placesIn(
  analyses: Analyses,
  syntax: Syntax,
  origin: Origin,
  document: Document,
  locations: readonly Location[] | undefined,
): readonly OtherPlace[] | undefined {
  const { binding } = origin;
  if (origin.basis === 'text') return [];
  const names = namesIn(analyses, syntax, document, binding.name);
  if (locations) {
    const references = names?.bindings.flatMap((other) => other.references) ?? [];
    return locations
      .filter(({ path }) => path === document.path)
      .filter(({ start, end }) => document.text.sliceString(start, end) === binding.name)
      .map(({ start, end }) => {
        const known = references.find((reference) => reference.start === start);
        const reference = known ?? { start, end, form: 'plain', declares: false, certainty: 1, access: 'plain' };
        return { reference, certainty: 1 };
      });
  }
  if (!names) return undefined;
  const imports = scopeTableOf(origin.document.languageId)?.imports === true;
  const target = { path: origin.document.path, languageId: origin.document.languageId, binding, imports };
  return placesElsewhere(target, document.path, document.content, names);
}

const FAMILIES: Readonly<Record<string, string>> = {
  typescriptreact: 'typescript',
  javascript: 'typescript',
  javascriptreact: 'typescript',
  c: 'cpp',
};

/** Languages whose files use each other's names. */
export function sameFamily(a: string, b: string): boolean {
  return (FAMILIES[a] ?? a) === (FAMILIES[b] ?? b);
}

/** A file on disk as a document, kept as long as the rename that asked for it. */
export async function diskDocument(
  analyses: Analyses,
  rename: Text,
  path: string,
  read: (path: string) => Promise<string | undefined>,
): Promise<Document | undefined> {
  const text = await read(path);
  if (text === undefined) return undefined;
  const files = analyses.disk.get(rename) ?? new Map<string, Document>();
  analyses.disk.set(rename, files);
  const known = files.get(path);
  if (known?.content === text) return known;
  const document = Document.open({ path, languageId: languageOf(path), version: 0, text });
  files.set(path, document);
  return document.exclusion ? undefined : document;
}
