import { describe, expect, test } from 'vitest';
import { BrokenCaseError, parseCase } from '../../src/cli/case.ts';
import { createPredictor } from '../../src/cli/predictor.ts';
import type { Project } from '../../src/cli/projects.ts';
import type { Prediction, PredictRequest } from '../../src/tab/tab.ts';
import type { Snapshot } from '../../src/workspace/snapshot.ts';

const suggestion = (part: object) => ({
  id: 's',
  kind: 'edit',
  path: '/r/a.ts',
  edits: [[0, 1, 'x']],
  cursorAfter: 1,
  version: 1,
  source: 'fake',
  confidence: 0.5,
  shown: true,
  evidence: [],
  ...part,
});

/** A predictor over an engine that tells what it was asked, and opens projects that can be counted. */
function fake(suggestions: readonly object[] = [], disk: Record<string, string> = {}) {
  const asked: { text: string; history: number; request: PredictRequest }[] = [];
  const opened: (string | undefined)[] = [];
  const snapshots: Snapshot[] = [];
  const project = {
    engine: {
      tab: {
        async predict(snapshot: Snapshot, request: PredictRequest): Promise<Prediction> {
          snapshots.push(snapshot);
          const text = snapshot.documents.get(request.path)!.content;
          asked.push({ text, history: snapshot.history.edits.length, request });
          return { suggestions: suggestions as Prediction['suggestions'], ms: 1 };
        },
      },
    },
    readNow: (key: string) => disk[key],
    init: (path: string, text: string) => ({ path, text, languageId: 'typescript', version: 1 }),
    prepare: async () => {},
  } as unknown as Project;
  const predictor = createPredictor({
    projects: {
      async open(root) {
        opened.push(root);
        return project;
      },
      dispose: async () => {},
    },
    resolveRoot: (root) => root,
    now: () => 0,
  });
  const answer = (part: object) =>
    predictor.answer(
      parseCase({
        id: '1',
        documents: [{ path: 'a.ts', text: 'let a' }],
        cursor: { path: 'a.ts', offset: 0 },
        ...part,
      }),
      new AbortController().signal,
    );
  return { asked, opened, snapshots, answer };
}

describe('an answer', () => {
  test('has at most max suggestions, paths below the root, and says what would not be shown', async () => {
    const known = [
      suggestion({}),
      suggestion({ path: '/elsewhere/b.ts', shown: false }),
      suggestion({ kind: 'jump', edits: [], cursorAfter: 7 }),
      suggestion({}),
    ];
    const { answer, asked } = fake(known);
    expect(
      await answer({
        root: '/',
        documents: [{ path: 'r/a.ts', text: 'let a' }],
        cursor: { path: 'r/a.ts', offset: 0 },
      }),
    ).toEqual({
      id: '1',
      suggestions: [
        { path: 'r/a.ts', edits: [[0, 1, 'x']], source: 'fake', confidence: 0.5 },
        { path: 'elsewhere/b.ts', edits: [[0, 1, 'x']], source: 'fake', confidence: 0.5, shown: false },
        { path: 'r/a.ts', edits: [], source: 'fake', confidence: 0.5, target: 7 },
      ],
      ms: 0,
    });
    expect(asked[0]!.request.max).toBe(3);
  });
  test('is at rest unless it says that keys are coming', async () => {
    const { answer, asked } = fake();
    await answer({});
    await answer({ paused: false });
    expect(asked.map(({ request }) => request.paused)).toEqual([true, false]);
  });
  test('for one suggestion is no other than the first of several', async () => {
    const { answer, asked } = fake([suggestion({}), suggestion({ shown: false })]);
    expect((await answer({ max: 1 })).suggestions).toHaveLength(1);
    // Asked for one alone, Tab may keep the one on display: right for a person who types, not for a case of its own.
    expect(asked[0]!.request.max).toBe(2);
  });
});

describe('cases one after the other', () => {
  const typed = (...texts: string[]) =>
    texts.map((text, index) => ({ path: 'a.ts', edits: [[5 + index, 5 + index, text]] }));

  test('that go on reuse what they have in common', async () => {
    const { answer, asked, opened, snapshots } = fake();
    await answer({ events: typed('b') });
    await answer({ events: typed('b', 'c') });
    await answer({ events: typed('b', 'c'), cursor: { path: 'a.ts', offset: 3 } });
    expect(asked.map(({ text }) => text)).toEqual(['let ab', 'let abc', 'let abc']);
    expect(opened).toEqual([undefined]);
    expect(snapshots[2]!.documents.get('a.ts')).toBe(snapshots[1]!.documents.get('a.ts'));
  });
  test('that go another way start from the documents, in the same project', async () => {
    const { answer, asked, opened } = fake();
    await answer({ events: typed('b', 'c') });
    await answer({ events: typed('x') });
    await answer({});
    expect(asked.map(({ text }) => text)).toEqual(['let abc', 'let ax', 'let a']);
    expect(opened).toEqual([undefined]);
  });
  test('of other documents or another root open another project', async () => {
    const { answer, opened } = fake();
    await answer({});
    await answer({ documents: [{ path: 'a.ts', text: 'other' }] });
    await answer({ documents: [{ path: 'a.ts', text: 'other' }], root: '/' });
    expect(opened).toEqual([undefined, undefined, '/']);
  });
  test('after a broken one start afresh', async () => {
    const { answer, asked } = fake();
    await answer({ events: typed('b') });
    await expect(answer({ events: [...typed('b'), { path: 'a.ts', edits: [[90, 91, '']] }] })).rejects.toThrow(
      BrokenCaseError,
    );
    await answer({ events: typed('b', 'c') });
    expect(asked.map(({ text, history }) => [text, history])).toEqual([
      ['let ab', 1],
      ['let abc', 1],
    ]);
  });
});

describe('a cursor', () => {
  test('may be in a file of the root', async () => {
    const { answer, asked } = fake([], { '/b.ts': 'on disk' });
    await answer({ root: '/', cursor: { path: 'b.ts', offset: 7 } });
    expect(asked[0]!.text).toBe('on disk');
  });
  test.each([
    [{ cursor: { path: 'b.ts', offset: 0 } }, 'cursor.path: there is no document b.ts'],
    [{ cursor: { path: 'a.ts', offset: 6 } }, 'cursor.offset: 6 is outside a text of 5 code units'],
    [{ root: '/no/such/folder' }, 'root: there is no folder /no/such/folder'],
  ])('%j is broken', async (part, message) => {
    await expect(fake().answer(part)).rejects.toThrow(new BrokenCaseError(message));
  });
});
