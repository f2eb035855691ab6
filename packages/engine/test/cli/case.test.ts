import { describe, expect, test } from 'vitest';
import {
  BrokenCaseError,
  type CaseEvent,
  extendsEvents,
  keyOf,
  openDocuments,
  parseCase,
  pathOf,
  replayEvent,
  sameDocuments,
} from '../../src/cli/case.ts';

const minimal = { id: '1', documents: [{ path: 'a.ts', text: 'a' }], cursor: { path: 'a.ts', offset: 0 } };
const event = (part: Partial<CaseEvent>): CaseEvent => ({ path: 'a.ts', edits: [], origin: 'typed', ...part });

describe('a case', () => {
  test('has defaults', () => {
    expect(parseCase(minimal)).toEqual({ ...minimal, events: [], max: 3, paused: true });
    expect(parseCase({ ...minimal, id: 7, events: [{ path: 'a.ts', edits: [] }], root: 'd', max: 1 })).toEqual({
      ...minimal,
      id: 7,
      events: [{ path: 'a.ts', edits: [], origin: 'typed' }],
      root: 'd',
      max: 1,
      paused: true,
    });
  });
  test.each([
    ['no object', 'x', /^case: /],
    ['no id', { ...minimal, id: undefined }, /^id: /],
    ['no documents', { ...minimal, documents: undefined }, /^documents: /],
    ['a document without text', { ...minimal, documents: [{ path: 'a' }] }, /^documents\.0\.text: /],
    ['an edit of two parts', { ...minimal, events: [{ path: 'a', edits: [[0, 1]] }] }, /^events\.0\.edits\.0/],
    ['a negative offset', { ...minimal, cursor: { path: 'a.ts', offset: -1 } }, /^cursor\.offset: /],
    ['a fraction', { ...minimal, cursor: { path: 'a.ts', offset: 0.5 } }, /^cursor\.offset: /],
    ['no suggestions wanted', { ...minimal, max: 0 }, /^max: /],
  ])('with %s is broken, and says where', (_name, value, message) => {
    expect(() => parseCase(value)).toThrow(BrokenCaseError);
    expect(() => parseCase(value)).toThrow(message);
  });
});

describe('paths', () => {
  test.each([
    [undefined, 'src/a.ts', 'src/a.ts'],
    ['/r', 'src/a.ts', '/r/src/a.ts'],
    ['/r/', './src/a.ts', '/r/src/a.ts'],
    ['/r', '/elsewhere/a.ts', '/elsewhere/a.ts'],
  ])('below %s, %s is %s', (root, path, key) => {
    expect(keyOf(root, path)).toBe(key);
  });
  test.each([
    [undefined, 'src/a.ts', 'src/a.ts'],
    ['/r', '/r/src/a.ts', 'src/a.ts'],
    ['/', '/src/a.ts', 'src/a.ts'],
    ['/r', '/root/a.ts', '/root/a.ts'],
  ])('below %s, %s is told as %s', (root, key, path) => {
    expect(pathOf(root, key)).toBe(path);
  });
});

describe('replaying', () => {
  const texts = (files: Record<string, string>) =>
    openDocuments(
      undefined,
      Object.entries(files).map(([path, text]) => ({ path, text })),
    );
  const nothing = () => undefined;

  test('applies one event after the other, 100 ms apart, as steps of the history', () => {
    let replay = texts({ 'a.ts': 'let a' });
    replay = replayEvent(replay, undefined, event({ edits: [[5, 5, 'b']] }), nothing);
    replay = replayEvent(
      replay,
      undefined,
      event({
        edits: [
          [6, 6, 'c'],
          [0, 3, 'var'],
        ],
      }),
      nothing,
    );
    expect(replay.snapshot.documents.get('a.ts')!.content).toBe('var abc');
    expect(replay.at).toBe(200);
    expect(replay.snapshot.history.edits.map(({ startedAt, steps }) => [startedAt, steps])).toEqual([
      [100, 1],
      [200, 1],
    ]);
  });
  test('takes the time and the origin that an event tells', () => {
    let replay = texts({ 'a.ts': 'a' });
    replay = replayEvent(replay, undefined, event({ edits: [[1, 1, 'b']], t: 9_000, origin: 'paste' }), nothing);
    replay = replayEvent(replay, undefined, event({ edits: [[2, 2, 'c']], origin: 'prettier' }), nothing);
    const seen = replay.snapshot.history.edits.map(({ origin, startedAt }) => [origin, startedAt]);
    expect(seen).toEqual([
      ['paste', 9_000],
      ['tool', 9_100],
    ]);
  });
  test('forgets what was edited before a reset', () => {
    let replay = texts({ 'a.ts': 'a' });
    replay = replayEvent(replay, undefined, event({ edits: [[1, 1, 'b']] }), nothing);
    replay = replayEvent(replay, undefined, event({ edits: [[0, 2, 'new']], origin: 'reset' }), nothing);
    expect(replay.snapshot.documents.get('a.ts')!.content).toBe('new');
    expect(replay.snapshot.history.edits).toEqual([]);
  });
  test('opens a document that is not there: from disk, else empty', () => {
    const disk = (key: string) => (key === '/r/b.ts' ? 'on disk' : undefined);
    let replay = openDocuments('/r', []);
    replay = replayEvent(replay, '/r', event({ path: 'b.ts', edits: [[0, 2, 'ON']] }), disk);
    replay = replayEvent(replay, '/r', event({ path: 'c.ts', edits: [[0, 0, 'new']] }), disk);
    const now = [...replay.snapshot.documents].map(([path, document]) => [path, document.content]);
    expect(now).toEqual([
      ['/r/b.ts', 'ON disk'],
      ['/r/c.ts', 'new'],
    ]);
  });
  test('tells what does not fit', () => {
    const run = () => replayEvent(texts({ 'a.ts': 'a' }), undefined, event({ edits: [[1, 9, '']] }), nothing);
    expect(run).toThrow(new BrokenCaseError('a.ts: edit [1, 9] is outside a text of 1 code units'));
  });
});

test('a case goes on from another when documents are the same and events begin the same', () => {
  const [a, b, c] = [event({ edits: [[0, 0, 'a']] }), event({ edits: [[1, 1, 'b']] }), event({ edits: [[1, 1, 'c']] })];
  const questions: [CaseEvent[], CaseEvent[], boolean][] = [
    [[], [], true],
    [[a], [a, b], true],
    [[a, b], [a], false],
    [[a, b], [a, c], false],
    [[a], [{ ...a, t: 5 }], false],
    [[a], [{ ...a, origin: 'paste' }], false],
    [[a], [{ ...a, edits: [] }], false],
  ];
  for (const [shorter, longer, expected] of questions)
    expect(extendsEvents(shorter, structuredClone(longer))).toBe(expected);
  const documents = [{ path: 'a.ts', text: 'a' }];
  expect(sameDocuments(documents, structuredClone(documents))).toBe(true);
  expect(sameDocuments(documents, [{ path: 'a.ts', text: 'b' }])).toBe(false);
  expect(sameDocuments(documents, [])).toBe(false);
});
