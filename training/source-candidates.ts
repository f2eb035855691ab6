import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { type Case, keyOf, openDocuments, parseCase, replayEvent } from '../packages/engine/src/cli/case.ts';
import { collect } from '../packages/engine/src/tab/collect.ts';
import { emptyLexicon } from '../packages/engine/src/tab/lexicon/lexicon.ts';
import type { Candidate, Source } from '../packages/engine/src/tab/source.ts';
import { noFiles } from '../packages/engine/src/workspace/files.ts';
import { noLanguageFacts } from '../packages/engine/src/workspace/language-facts.ts';
import type { Snapshot } from '../packages/engine/src/workspace/snapshot.ts';
import { noSyntax } from '../packages/engine/src/workspace/syntax.ts';
import { applyEdits } from '../packages/engine/src/workspace/text-edit.ts';
import { isPartOf } from './on-the-way.ts';
import { type Project, projectOf } from './project.ts';

type Outcome = readonly { readonly path: string; readonly edits: readonly [number, number, string][] }[];

export interface JudgedCandidate {
  readonly source: string;
  readonly candidate: Candidate;
  /** The resulting text equals an accepted outcome. */
  readonly exact: boolean;
  /** It is on the way to one: exact, or a part of it with nothing that would have to be taken back. What the simulated user of the sessions accepts. */
  readonly agrees: boolean;
}

export interface JudgedCase {
  readonly id: string;
  readonly snapshot: Snapshot;
  readonly candidates: readonly JudgedCandidate[];
}

/** Runs sources, without rank and gate, over a next-edit case file and says of each candidate whether it is right. */
export async function* judgedCases(file: string, sources: readonly Source[]): AsyncIterable<JudgedCase> {
  let last: { root: string; project: Project } | undefined;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === '') continue;
    const raw = JSON.parse(line) as { id: string; accept: readonly Outcome[] };
    const given: Case = parseCase(raw);
    const { root } = given;
    if (root !== undefined && last?.root !== root) last = { root, project: await projectOf(root) };
    const project = root === undefined ? { lexicon: emptyLexicon, files: noFiles } : last!.project;
    let replay = openDocuments(root, given.documents);
    for (const event of given.events) replay = replayEvent(replay, root, event, readNow);
    const cursor = { path: keyOf(root, given.cursor.path), offset: given.cursor.offset, selecting: false };
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
        ...project,
        now: () => performance.now(),
      },
      60_000,
      new AbortController().signal,
      (source, error) => console.error(source, error),
    );
    const textOf = (path: string) => snapshot.documents.get(path)?.content ?? readNow(path) ?? '';
    const outcomes = raw.accept.map(
      (outcome) =>
        new Map(outcome.map(({ path, edits }) => [keyOf(root, path), applyEdits(textOf(keyOf(root, path)), edits)])),
    );
    yield {
      id: raw.id,
      snapshot,
      candidates: proposed.map(({ source, candidate }) => {
        const before = textOf(candidate.path);
        const result = applyEdits(before, candidate.edits);
        const exact = outcomes.some((outcome) => outcome.size === 1 && outcome.get(candidate.path) === result);
        const agrees = raw.accept.some(
          (outcome) =>
            outcome.length === 1 &&
            keyOf(root, outcome[0]!.path) === candidate.path &&
            isPartOf(candidate.edits, outcome[0]!.edits, before),
        );
        return { source, candidate, exact, agrees: exact || agrees };
      }),
    };
  }
}

function readNow(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
