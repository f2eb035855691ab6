import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenedIndex } from '../../src/index/open-index.ts';
import { stateFolder } from '../../src/index/state-folder.ts';
import { vectorSource } from '../../src/index/vector-source.ts';
import {
  conceptEmbedder,
  openTestIndex,
  paragraphs,
  temporaryFolder,
  type TestIndexOptions,
  until,
} from './fake-index.ts';
import { type FakeFolder, fakeFolder } from './fake-tree.ts';

let data: ReturnType<typeof temporaryFolder>;
const open: OpenedIndex[] = [];

beforeEach(() => {
  data = temporaryFolder();
});
afterEach(async () => {
  for (const index of open.splice(0)) await index.dispose();
  data.remove();
});

async function opened(
  folder: FakeFolder | readonly FakeFolder[],
  options: Partial<TestIndexOptions> = {},
): Promise<OpenedIndex> {
  const index = await openTestIndex(folder, { dataDir: data.path, ...options });
  open.push(index);
  return index;
}

const FILES = {
  'src/upload.ts': 'upload: sends a file\n\nretryUpload: sends a file\nonce more after a failure',
  'src/trash.ts': 'emptyTrash: removes what was deleted',
  'docs/guide.md': 'How to sign in',
};

async function paths(index: OpenedIndex, text: string): Promise<string[]> {
  return (await index.search({ text })).results.map(({ path, startLine }) => `${path}:${startLine}`);
}

describe('from a folder to answers', () => {
  test('files are found by their words, with their lines', async () => {
    const index = await opened(fakeFolder(FILES));
    const report = await index.sync();
    expect(report).toMatchObject({ added: 3, modified: 0, removed: 0, chunked: 4 });
    const { results, state } = await index.search({ text: 'retry upload' });
    expect(state).toBe('complete');
    expect(results[0]).toMatchObject({
      path: 'src/upload.ts',
      startLine: 3,
      endLine: 4,
      symbol: 'retryUpload',
      language: 'typescript',
      text: 'retryUpload: sends a file\nonce more after a failure',
      highlights: [[0, 11]],
    });
    expect(results[0]!.why).toMatchObject({ matched: ['retry', 'upload'] });
  });

  test('and by what they mean, where no word is the same', async () => {
    const index = await opened(fakeFolder(FILES), { embedder: conceptEmbedder() });
    await index.sync();
    expect(index.status()).toMatchObject({ state: 'ready', files: 3, chunks: 4, embedded: 4, model: 'concepts' });
    expect((await paths(index, 'erase unlink'))[0]).toBe('src/trash.ts:1');
    expect((await index.search({ text: 'erase unlink', mode: 'lexical' })).results).toEqual([]);
  });

  test('what is there is answered again after a new start, before anything was looked at', async () => {
    const folder = fakeFolder(FILES);
    const first = await opened(folder, { embedder: conceptEmbedder() });
    await first.sync();
    await first.dispose();
    const embedder = conceptEmbedder();
    const again = await opened(folder, { embedder });
    const answer = await again.search({ text: 'erase' });
    expect(answer.results[0]?.path).toBe('src/trash.ts');
    expect(answer.state).toBe('stale');
    expect(await again.sync()).toMatchObject({ added: 0, modified: 0, removed: 0, chunked: 0, embedded: 0 });
    expect(embedder.texts).toEqual([]);
    expect((await again.search({ text: 'erase' })).state).toBe('complete');
  });

  test('several folders answer together', async () => {
    const index = await opened([
      fakeFolder(FILES, '/one'),
      fakeFolder({ 'more.ts': 'retryDownload: gets a file' }, '/two'),
    ]);
    await index.sync();
    const { results } = await index.search({ text: 'retry' });
    expect(results.map(({ root, path }) => root + path).sort()).toEqual(['/onesrc/upload.ts', '/twomore.ts']);
    expect(index.status().files).toBe(4);
  });

  test.each(['', '   ', '"', '-', 'path:', '((', 'a'.repeat(5_000), '\u0000', 'the of and', '🙂'])(
    'an odd query is answered: %j',
    async (text) => {
      const index = await opened(fakeFolder(FILES), { embedder: conceptEmbedder() });
      await index.sync();
      const answer = await index.search({ text });
      expect(Array.isArray(answer.results)).toBe(true);
    },
  );
});

describe('damage that only a question meets', () => {
  test.each([
    ['words', "UPDATE postings SET docs = x'0102030405'"],
    ['vectors', "UPDATE vectors SET data = x'0102030405'"],
  ])('of the %s: the answer is not called complete, and the next ones are right', async (_, damage) => {
    const folder = fakeFolder(FILES);
    const first = await opened(folder, { embedder: conceptEmbedder() });
    await first.sync();
    await first.dispose();
    const store = new DatabaseSync(join(stateFolder(data.path, first.roots[0]!.root), 'store.db'));
    store.exec(damage);
    store.close();
    const index = await opened(folder, { embedder: conceptEmbedder() });
    expect(await index.sync()).toMatchObject({ added: 0, chunked: 0, embedded: 0 });
    // As the command line takes it, and as the editor does.
    const answer = await index.search({ text: 'erase trash' });
    expect(answer).toMatchObject({ results: [], state: 'stale' });
    await until(async () => (await index.search({ text: 'erase trash' })).state === 'complete');
    expect((await paths(index, 'erase trash'))[0]).toBe('src/trash.ts:1');
    expect(index.status()).toMatchObject({ embedded: 4, note: expect.stringContaining('built anew') });
  });
});

describe('changes', () => {
  test('of a folder that is followed are taken in', async () => {
    const folder = fakeFolder(FILES);
    const index = await opened(folder, { options: { follow: true } });
    await until(() => index.status().state === 'ready');
    folder.write('src/new.ts', 'resizePicture: smaller');
    folder.write('src/trash.ts', undefined);
    folder.tell();
    await until(async () => (await paths(index, 'resize picture')).length === 1);
    expect(await paths(index, 'empty trash')).toEqual([]);
    expect(index.status()).toMatchObject({ files: 3, lastChange: 1_000_000 });
  });

  test('that the index has not seen are checked before they are shown', async () => {
    const folder = fakeFolder(FILES);
    const index = await opened(folder);
    await index.sync();
    folder.write('src/upload.ts', '// a new line\n\nretryUpload: tries anew\n\nupload: sends a file');
    folder.write('src/trash.ts', undefined);
    const moved = await index.search({ text: 'retryUpload' });
    expect(moved.results[0]).toMatchObject({ startLine: 3, endLine: 3, text: 'retryUpload: tries anew' });
    expect(moved.state).toBe('stale');
    expect(await paths(index, 'empty trash')).toEqual([]);
    // Having been seen, the file becomes work.
    await until(async () => (await index.search({ text: 'tries anew', mode: 'lexical' })).results.length > 0);
  });

  test('that are being read leave no answer complete, the last of them neither', async () => {
    const folder = fakeFolder(FILES);
    const index = await opened(folder, { embedder: conceptEmbedder() });
    const answers: ReturnType<OpenedIndex['search']>[] = [];
    const read = new Set<string>();
    folder.beforeRead = (path) => {
      // A question reads what it shows, too.
      if (read.has(path)) return;
      read.add(path);
      answers.push(index.search({ text: 'erase trash' }));
    };
    await index.sync();
    const states = (await Promise.all(answers)).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['stale']));
    expect((await index.search({ text: 'erase trash' })).state).toBe('complete');
  });

  test('while a file is read do not mix: what was hashed is what was read', async () => {
    const folder = fakeFolder(FILES);
    const index = await opened(folder);
    folder.beforeRead = (path) => {
      if (path !== 'src/trash.ts') return;
      folder.write(path, 'shredTrash: all new');
      folder.beforeRead = undefined;
    };
    await index.sync();
    await index.sync();
    expect(await paths(index, 'shred')).toEqual(['src/trash.ts:1']);
    expect((await index.sync()).chunked).toBe(0);
  });
});

describe('another model', () => {
  test('is made in the background while the one before answers, and is then used', async () => {
    const folder = fakeFolder(FILES);
    const first = conceptEmbedder('first');
    const index = await opened(folder, { embedder: first });
    await index.sync();
    const second = conceptEmbedder('second', -1);
    second.fail = new Error('not yet');
    index.useVectors(vectorSource(second));
    await until(() => index.status().problem !== undefined);
    expect((await paths(index, 'erase unlink'))[0]).toBe('src/trash.ts:1');
    expect(index.roots[0]!.indexer.answering?.model.name).toBe('first');
    second.fail = undefined;
    await index.sync();
    expect(second.texts).toHaveLength(4);
    expect(index.roots[0]!.indexer.answering?.model.name).toBe('second');
    expect((await paths(index, 'erase unlink'))[0]).toBe('src/trash.ts:1');
  });

  test('that cannot be reached leaves the words, and says so', async () => {
    const embedder = conceptEmbedder();
    embedder.fail = new Error('connection refused');
    const index = await opened(fakeFolder(FILES), { embedder });
    expect((await index.sync()).note).toMatch(/connection refused/);
    const { results, state } = await index.search({ text: 'retry upload' });
    expect(results[0]?.symbol).toBe('retryUpload');
    expect(state).toBe('lexical');
    expect(index.status()).toMatchObject({ state: 'failed', problem: 'connection refused', embedded: 0 });
  });
});

describe('control', () => {
  test('paused, nothing is read; resumed, all is', async () => {
    const folder = fakeFolder(FILES);
    const index = await opened(folder);
    await index.sync();
    await index.roots[0]!.indexer.follow();
    index.pause();
    const before = folder.reads.length;
    folder.write('src/new.ts', 'resizePicture: smaller');
    folder.tell();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(folder.reads).toHaveLength(before);
    expect(index.status().state).toBe('paused');
    index.resume();
    await until(() => index.status().files === 4);
  });

  test('cleared, nothing is found and nothing is done; rebuilt, all is there', async () => {
    const index = await opened(fakeFolder(FILES), { embedder: conceptEmbedder() });
    await index.sync();
    await index.clear();
    expect(index.status()).toMatchObject({ state: 'paused', files: 0, chunks: 0, embedded: 0 });
    expect(await paths(index, 'upload')).toEqual([]);
    await index.rebuild();
    expect(index.status()).toMatchObject({ state: 'ready', files: 3, chunks: 4, embedded: 4 });
  });

  test('a cancelled sync rejects with the reason, and the next one ends it', async () => {
    const folder = fakeFolder(FILES);
    const index = await opened(folder);
    const controller = new AbortController();
    folder.beforeRead = () => controller.abort(new Error('enough'));
    await expect(index.sync(controller.signal)).rejects.toThrow('enough');
    folder.beforeRead = undefined;
    await index.sync();
    expect(index.status()).toMatchObject({ state: 'ready', files: 3 });
  });

  test('listeners hear of the way to ready', async () => {
    const index = await opened(fakeFolder(FILES), { embedder: conceptEmbedder() });
    const states: string[] = [];
    const stop = index.onStatus(({ state }) => states.push(state));
    await index.sync();
    await until(() => states.at(-1) === 'ready');
    stop();
  });

  test('progress goes on where it was after vectors had their turn', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 5 }, (_, index) => [`f${index}.ts`, `word${index} ${'long '.repeat(900_000)}`]),
    );
    const work: string[] = [];
    let now = 0;
    const embedder = conceptEmbedder();
    const index = await opened(fakeFolder(files), {
      embedder: {
        ...embedder,
        embed(...given) {
          work.push('vectors');
          return embedder.embed(...given);
        },
      },
      parts: {
        now: () => now,
        async chunk(file) {
          work.push('file');
          now += 500;
          return paragraphs(file);
        },
      },
    });
    const indexing: { done: number; total: number }[] = [];
    index.onStatus(({ state, done, total }) => {
      if (state === 'indexing') indexing.push({ done, total });
    });
    await index.sync();
    expect(work.indexOf('vectors')).toBeLessThan(work.lastIndexOf('file'));
    // Not every step is told, but none goes back.
    expect(new Set(indexing.map(({ total }) => total))).toEqual(new Set([5]));
    expect(indexing.map(({ done }) => done)).toEqual(indexing.map(({ done }) => done).sort());
  });

  test('what the user looks at is read first', async () => {
    const folder = fakeFolder(
      Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}.ts`, `word${index}`])),
    );
    const index = await opened(folder);
    index.attend({ open: ['/project/f3.ts'], edited: ['f7.ts'] });
    await index.sync();
    expect(folder.reads.slice(0, 3)).toEqual(['f7.ts', 'f3.ts', 'f19.ts']);
  });
});

describe('one process writes, others read along', () => {
  test('and see what it wrote, and take over when it ends', async () => {
    const folder = fakeFolder(FILES);
    const writer = await opened(folder, { embedder: conceptEmbedder() });
    const reader = await opened(fakeFolder(FILES), { embedder: conceptEmbedder() });
    expect([writer.status().follower, reader.status().follower]).toEqual([false, true]);
    await writer.sync();
    expect(await paths(reader, 'retry upload')).toEqual(await paths(writer, 'retry upload'));
    expect(reader.status()).toMatchObject({ files: 3, embedded: 4 });
    folder.write('src/trash.ts', undefined);
    folder.write('src/new.ts', 'resizePicture: smaller');
    await writer.sync();
    await reader.search({ text: 'picture' });
    expect([...reader.roots[0]!.session.catalog.files].map(({ path }) => path).sort()).toEqual([
      'docs/guide.md',
      'src/new.ts',
      'src/upload.ts',
    ]);
    await writer.dispose();
    await reader.sync();
    expect(reader.status().follower).toBe(false);
    expect((await paths(reader, 'empty trash'))[0]).toBe('src/trash.ts:1');
  });

  test('a reader that follows the disk tells how far the writer is, and when all is there', async () => {
    const writer = await opened(fakeFolder(FILES), { embedder: conceptEmbedder() });
    const reader = await opened(fakeFolder(FILES), { embedder: conceptEmbedder(), options: { follow: true } });
    await until(() => reader.status().state === 'indexing');
    expect(reader.status()).toMatchObject({ follower: true, done: 0, total: 3 });
    await writer.sync();
    await until(() => reader.status().state === 'ready');
    expect(reader.status()).toMatchObject({ follower: true, files: 3, embedded: 4, syncedAt: expect.any(Number) });
  });

  test('a reader syncs by waiting for the writer', async () => {
    const folder = fakeFolder(FILES);
    const writer = await opened(folder);
    const reader = await opened(fakeFolder(FILES));
    const waiting = reader.sync();
    await writer.sync();
    expect((await waiting).note).toMatch(/another process/);
  });
});

const NAMES = ['a.ts', 'b.ts', 'src/c.ts', 'src/deep/d.md', 'e.py'];
const WORDS = ['retry', 'erase', 'image', 'login', 'parseQuery', 'zebra'];
const text = fc
  .array(fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 4 }), { maxLength: 4 })
  .map((parts) => parts.map((words, index) => `${words[0]}${index}: ${words.join(' ')}`).join('\n\n'));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), path: fc.constantFrom(...NAMES), text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom(...NAMES) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('sync' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget' as const) }) },
);

/** All that a query could see, without numbers that depend on the way. */
async function seen(index: OpenedIndex) {
  const answers = [];
  for (const word of [...WORDS, 'path:src retry', 'parse query', '"erase image"']) {
    for (const mode of ['hybrid', 'lexical', 'dense'] as const) {
      const { results } = await index.search({ text: word, mode, limit: 50 });
      answers.push(
        results.map(({ path, startLine, score, text }) => `${path}:${startLine} ${score.toFixed(4)} ${text}`).sort(),
      );
    }
  }
  const { files, chunks, embedded } = index.status();
  return { files, chunks, embedded, answers };
}

test('after any edits, restarts and syncs the index says what one built anew says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const folder = fakeFolder();
      const grown = temporaryFolder();
      const fresh = temporaryFolder();
      const settings = { dataDir: grown.path, embedder: conceptEmbedder(), options: { keepDuplicates: true } };
      let index = await openTestIndex(folder, settings);
      try {
        for (const one of steps) {
          if (one.kind === 'write') folder.write(one.path, one.text);
          else if (one.kind === 'remove') folder.write(one.path, undefined);
          else if (one.kind === 'sync') await index.sync();
          // The tree's own state was lost: it says that everything is new.
          else if (one.kind === 'forget') await folder.clear();
          else {
            await index.dispose();
            index = await openTestIndex(folder, settings);
          }
        }
        await index.sync();
        const anew = await openTestIndex(folder, { ...settings, dataDir: fresh.path });
        await anew.sync();
        expect(await seen(index)).toEqual(await seen(anew));
        await anew.dispose();
      } finally {
        await index.dispose();
        grown.remove();
        fresh.remove();
      }
    }),
    { seed: 51, numRuns: 40 },
  );
}, 120_000);
