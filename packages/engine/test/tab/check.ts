import { type Marked, parseMarked, renderMarked } from '@tabstop/testkit';
import { expect } from 'vitest';
import type { Lexicon } from '../../src/tab/lexicon/lexicon.ts';
import type { Candidate, Source, TabContext } from '../../src/tab/source.ts';
import type { WorkspaceFiles } from '../../src/workspace/files.ts';
import type { ChangeOrigin } from '../../src/workspace/history.ts';
import { type LanguageFacts, noLanguageFacts } from '../../src/workspace/language-facts.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import type { Syntax } from '../../src/workspace/syntax.ts';
import type { TextEdit } from '../../src/workspace/text-edit.ts';
import { occurrencesOf } from '../../src/workspace/tokens.ts';
import { createTreeSitterSyntax } from '../../src/workspace/tree-sitter.ts';
import { wasmReader } from '../../src/workspace/tree-sitter-wasm.ts';

/** Real syntax trees for every test file, without a time budget so that a busy machine changes nothing. */
export const syntax = createTreeSitterSyntax({
  readWasm: wasmReader(import.meta.url),
  now: () => 0,
  defer: (task) => void setImmediate(task),
});

export interface SceneOptions {
  /** One history step per key instead of one per edit. */
  readonly keyByKey?: boolean;
  readonly origin?: ChangeOrigin;
  /** Texts on disk that are not open: the lexicon knows them, the files read them. */
  readonly files?: Readonly<Record<string, string>>;
  readonly facts?: LanguageFacts;
  readonly lexicon?: Lexicon;
  readonly syntax?: Syntax;
  /** Milliseconds between the edits; 10,000 unless told, so that each stands alone in the history. */
  readonly pause?: number;
}

/** Builds what a source sees from a fixture in `parseMarked`'s notation: documents, the edits as history, the cursor (else behind the last edit). */
export function sceneOf(fixture: string | Marked, options: SceneOptions = {}): TabContext {
  const marked = typeof fixture === 'string' ? parseMarked(fixture) : fixture;
  let snapshot = Snapshot.empty;
  for (const { path, text } of marked.documents)
    snapshot = snapshot.open({ path, languageId: languageOf(path), version: 1, text });
  let at = 0;
  let cursor = { path: marked.documents[0]!.path, offset: 0 };
  for (const { path, start, end, text } of marked.edits) {
    at += options.pause ?? 10_000;
    for (const edit of options.keyByKey ? keysOf(start, end, text) : [[start, end, text] as const]) {
      at += 50;
      snapshot = changed(snapshot, path, [edit], options.origin ?? 'typed', at);
      cursor = { path, offset: edit[0] + edit[2].length };
    }
  }
  return contextOf(snapshot.moveCursor({ ...(marked.cursor ?? cursor), selecting: false }), options);
}

/** The context of a snapshot with real syntax and everything else in memory. */
export function contextOf(snapshot: Snapshot, options: SceneOptions = {}): TabContext {
  const cursor = snapshot.cursor!;
  const files = options.files ?? {};
  return {
    snapshot,
    cursor,
    document: snapshot.documents.get(cursor.path)!,
    facts: options.facts ?? noLanguageFacts,
    syntax: options.syntax ?? syntax,
    files: { read: async (path) => files[path] } satisfies WorkspaceFiles,
    lexicon: options.lexicon ?? lexiconOf(snapshot, files),
    now: () => 0,
  };
}

/** The snapshot after edits of one document, with the cursor behind the last of them. */
export function changed(
  snapshot: Snapshot,
  path: string,
  edits: readonly TextEdit[],
  origin: ChangeOrigin,
  at: number,
): Snapshot {
  const { version } = snapshot.documents.get(path)!;
  const next = snapshot.change({ path, baseVersion: version, version: version + 1, edits, origin, at });
  const shift = edits.reduce((sum, [start, end, text]) => sum + text.length - (end - start), 0);
  const [, end] = edits.at(-1)!;
  return next.moveCursor({ path, offset: end + shift, selecting: false });
}

/** As a suggestion is accepted; a file that is not open yet is opened from `files`. */
export function accepted(
  snapshot: Snapshot,
  candidate: Candidate,
  at: number,
  files: Readonly<Record<string, string>> = {},
): Snapshot {
  const { path } = candidate;
  const opened = snapshot.documents.has(path)
    ? snapshot
    : snapshot.open({ path, languageId: languageOf(path), version: 1, text: files[path]! });
  return changed(opened, path, candidate.edits, 'accept', at);
}

function keysOf(start: number, end: number, text: string): TextEdit[] {
  const keys: TextEdit[] = [];
  for (let at = end; at > start; at--) keys.push([at - 1, at, '']);
  for (let index = 0; index < text.length; index++) keys.push([start + index, start + index, text[index]!]);
  return keys;
}

/** Knows which file holds which word, as the project's lexicon does; continues nothing. */
function lexiconOf(snapshot: Snapshot, files: Readonly<Record<string, string>>): Lexicon {
  const texts = new Map(Object.entries(files));
  for (const document of snapshot.documents.values()) texts.set(document.path, document.content);
  const holding = (word: string) => [...texts].filter(([, text]) => occurrencesOf(text, word).length > 0);
  return {
    filesWith: (identifier, limit) =>
      holding(identifier)
        .map(([path]) => path)
        .slice(0, limit),
    count: (identifier) =>
      holding(identifier).reduce((sum, [, text]) => sum + occurrencesOf(text, identifier).length, 0),
    continuations: () => [],
    place: () => undefined,
  };
}

export async function candidatesOf(
  source: Source,
  context: TabContext,
  files: Readonly<Record<string, string>> = {},
): Promise<Candidate[]> {
  const languages = new Set([...context.snapshot.documents.values()].map(({ languageId }) => languageId));
  for (const path of Object.keys(files)) languages.add(languageOf(path));
  await Promise.all([...languages].map((languageId) => context.syntax.warm(languageId)));
  const candidates: Candidate[] = [];
  for await (const candidate of source.propose(context, new AbortController().signal)) candidates.push(candidate);
  return candidates;
}

/** Candidates as text: score, place in the walk, then the lines they touch in `parseMarked`'s notation. */
export function renderCandidates(
  context: TabContext,
  candidates: readonly Candidate[],
  files: Readonly<Record<string, string>> = {},
): string {
  return candidates
    .map(({ path, edits, score, walk, target }) => {
      const text = context.snapshot.documents.get(path)?.content ?? files[path] ?? '';
      const head = `${score.toFixed(1)}${walk ? ` ${walk.index}/${walk.total}` : ''}`;
      return `${head} ${edits.length ? renderMarked(path, text, edits) : `${path} -> ${target}`}`;
    })
    .join('\n');
}

/**
 * Runs a source on a fixture and compares all its candidates, best first, one a line: `0.9 2/5 a.ts:3: let [-old-]{+new+};`. The score has one decimal, so that
 * tuning does not break every test; an empty expectation is silence.
 */
export async function check(
  source: Source,
  fixture: string,
  expected: string,
  options: SceneOptions = {},
): Promise<void> {
  const context = sceneOf(fixture, options);
  const rendered = renderCandidates(context, await candidatesOf(source, context, options.files), options.files);
  expect(trimmed(rendered)).toBe(trimmed(expected));
}

/** Lines without the white space around them, and without the indentation of the code in them. */
function trimmed(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim().replace(/(:\d+:)\s+/, '$1 '))
    .filter((line) => line !== '')
    .join('\n');
}
