import { expect, test } from 'vitest';
import { createDocumentSync } from '../../src/server/document-sync.ts';
import { WIRE_LIMITS } from '../../src/server/limits.ts';

function sync(limits: Partial<typeof WIRE_LIMITS> | Record<string, number>) {
  const told: string[] = [];
  const documents = createDocumentSync({
    limits: { ...WIRE_LIMITS, ...limits },
    now: () => 0,
    log: (level, message) => told.push(`${level}: ${message}`),
    resend: (path) => told.push(`resend ${path}`),
  });
  const open = (path: string, text: string) =>
    documents.open({ path, text, languageId: 'typescript', version: 1, scheme: 'file', readOnly: false });
  const change = (path: string, baseVersion = 9) =>
    documents.change({ path, baseVersion, version: baseVersion + 1, edits: [], origin: 'typed', length: 0 });
  return { documents, told, open, change };
}

test('documents beyond the memory of all are known by length alone; one that shrinks makes room', () => {
  const { documents, open } = sync({ openCodeUnits: 10 });
  open('a', '123456');
  open('b', '12345');
  expect([...documents.snapshot.documents.keys(), ...documents.snapshot.oversized.keys()]).toEqual(['a', 'b']);
  expect(documents.snapshot.oversized.get('b')).toEqual({ version: 1, length: 5 });
  open('a', '1');
  open('b', '12345');
  expect([...documents.snapshot.documents.keys()]).toEqual(['a', 'b']);
});

test('more documents than allowed are left alone, those that are open go on', () => {
  const { documents, told, open } = sync({ documents: 2 });
  for (const path of ['a', 'b', 'c', 'a']) open(path, path);
  expect([...documents.snapshot.documents.keys()]).toEqual(['a', 'b']);
  expect(told).toEqual(['warn: 2 documents are open; c is left alone']);
});

test('a flood of changes of unknown documents is asked about once each, up to a number', () => {
  const { documents, told, change } = sync({ documents: 2 });
  for (const path of ['a', 'a', 'b', 'c']) change(path);
  expect(told).toEqual([
    'warn: out of sync: a: changed, but was never opened',
    'resend a',
    'warn: out of sync: b: changed, but was never opened',
    'resend b',
    'warn: 2 documents are out of sync; c is left alone',
  ]);
  documents.close('a');
  expect([documents.isOutOfSync('a'), documents.isOutOfSync('b')]).toEqual([false, true]);
});

test('a document that was out of sync and is opened can fall out again', () => {
  const { documents, told, open, change } = sync({});
  open('a', '');
  change('a', 5);
  change('a', 6);
  open('a', '');
  expect(documents.isOutOfSync('a')).toBe(false);
  change('a', 7);
  expect(told.filter((line) => line === 'resend a')).toHaveLength(2);
});

test('a snapshot taken before a change stays as it was', () => {
  const { documents, open } = sync({});
  open('a', 'one');
  const before = documents.snapshot;
  documents.change({ path: 'a', baseVersion: 1, version: 2, edits: [[0, 3, 'two']], origin: 'typed', length: 3 });
  documents.setFolders(['/r']);
  documents.moveCursor({ path: 'a', offset: 1, selecting: true });
  documents.setReadOnly('a', true);
  expect([before.documents.get('a')!.content, before.folders, before.cursor]).toEqual(['one', [], undefined]);
  const { snapshot } = documents;
  expect([snapshot.documents.get('a')!.content, snapshot.folders, snapshot.cursor?.offset]).toEqual(['two', ['/r'], 1]);
  expect(snapshot.documents.get('a')!.exclusion).toBe('read-only');
});
