import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Case, openDocuments, parseCase, replayEvent } from '../packages/engine/src/cli/case.ts';
import { collect } from '../packages/engine/src/tab/collect.ts';
import { emptyLexicon } from '../packages/engine/src/tab/lexicon/lexicon.ts';
import type { Candidate, Source } from '../packages/engine/src/tab/source.ts';
import { noFiles } from '../packages/engine/src/workspace/files.ts';
import { noLanguageFacts } from '../packages/engine/src/workspace/language-facts.ts';
import type { Snapshot } from '../packages/engine/src/workspace/snapshot.ts';
import { noSyntax } from '../packages/engine/src/workspace/syntax.ts';
import { applyEdits } from '../packages/engine/src/workspace/text-edit.ts';

type Outcome = readonly { readonly path: string; readonly edits: readonly [number, number, string][] }[];

export interface JudgedCandidate {
  readonly source: string;
  readonly candidate: Candidate;
  /** The resulting text equals an accepted outcome. */
  readonly exact: boolean;
}

export interface JudgedCase {
  readonly id: string;
  readonly snapshot: Snapshot;
  readonly candidates: readonly JudgedCandidate[];
}

/** Runs sources, without rank and gate, over a next-edit case file and says of each candidate whether it is right. */
export async function* judgedCases(file: string, sources: readonly Source[]): AsyncIterable<JudgedCase> {
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === '') continue;
    const raw = JSON.parse(line) as { id: string; accept: readonly Outcome[] };
    const given: Case = parseCase(raw);
    let replay = openDocuments(undefined, given.documents);
    for (const event of given.events) replay = replayEvent(replay, undefined, event, () => undefined);
    const cursor = { path: given.cursor.path, offset: given.cursor.offset, selecting: false };
    const snapshot = replay.snapshot.moveCursor(cursor);
    const document = snapshot.documents.get(cursor.path);
    if (!document) continue;
    const { proposed } = await collect(
      sources,
      {
        snapshot,
        cursor,
        document,
        facts: noLanguageFacts,
        syntax: noSyntax,
        files: noFiles,
        lexicon: emptyLexicon,
        now: () => performance.now(),
      },
      5_000,
      new AbortController().signal,
      (source, error) => console.error(source, error),
    );
    const outcomes = raw.accept.map(
      (outcome) =>
        new Map(
          outcome.map(({ path, edits }) => [path, applyEdits(snapshot.documents.get(path)?.content ?? '', edits)]),
        ),
    );
    yield {
      id: raw.id,
      snapshot,
      candidates: proposed.map(({ source, candidate }) => {
        const text = snapshot.documents.get(candidate.path)?.content;
        const result = text === undefined ? undefined : applyEdits(text, candidate.edits);
        return {
          source,
          candidate,
          exact: outcomes.some((outcome) => outcome.size === 1 && outcome.get(candidate.path) === result),
        };
      }),
    };
  }
}
