import { parseMarked, renderMarked } from '@tabstop/testkit';
import { expect } from 'vitest';
import { emptyLexicon } from '../../src/tab/lexicon/lexicon.ts';
import type { Candidate, Source, TabContext } from '../../src/tab/source.ts';
import { noFiles } from '../../src/workspace/files.ts';
import { noLanguageFacts } from '../../src/workspace/language-facts.ts';
import { languageOf } from '../../src/workspace/languages.ts';
import { Snapshot } from '../../src/workspace/snapshot.ts';
import { noSyntax } from '../../src/workspace/syntax.ts';
import { applyEdits } from '../../src/workspace/text-edit.ts';

/**
 * The places that are proposed after the marked edits, best first, as marked lines. What a source offers instead of a likelier change of the same place is no stop of the walk and left out.
 */
export async function placesOf(source: Source, fixture: string, more: Partial<TabContext> = {}): Promise<string[]> {
  const candidates = await candidatesOf(source, fixture, more);
  const walks = candidates.some(({ walk }) => walk);
  return candidates.filter(({ walk }) => walk || !walks).map(({ marked }) => marked);
}

/** All candidates, also those for one place. */
export async function candidatesOf(
  source: Source,
  fixture: string,
  more: Partial<TabContext> = {},
): Promise<(Candidate & { readonly marked: string })[]> {
  const marked = parseMarked(fixture);
  let snapshot = Snapshot.empty;
  for (const { path, text } of marked.documents)
    snapshot = snapshot.open({ path, languageId: languageOf(path), version: 1, text });
  marked.edits.forEach(({ path, start, end, text }, index) => {
    const baseVersion = snapshot.documents.get(path)!.version;
    const edits = [[start, end, text]] as const;
    snapshot = snapshot.change({
      path,
      baseVersion,
      version: baseVersion + 1,
      edits,
      origin: 'typed',
      at: index * 10_000,
    });
  });
  const last = marked.edits.at(-1)!;
  const cursor = { ...(marked.cursor ?? { path: last.path, offset: last.start + last.text.length }), selecting: false };
  const context: TabContext = {
    snapshot: snapshot.moveCursor(cursor),
    cursor,
    document: snapshot.documents.get(cursor.path)!,
    facts: noLanguageFacts,
    syntax: noSyntax,
    files: noFiles,
    lexicon: emptyLexicon,
    now: () => 0,
    ...more,
  };
  const found: Candidate[] = [];
  for await (const candidate of source.propose(context, new AbortController().signal)) found.push(candidate);
  return Promise.all(
    found.map(async (candidate) => {
      const { path, edits } = candidate;
      const text = snapshot.documents.get(path)?.content ?? (await context.files.read(path))!;
      expect(applyEdits(text, edits)).not.toBe(text);
      return { ...candidate, marked: renderMarked(path, text, edits) };
    }),
  );
}
