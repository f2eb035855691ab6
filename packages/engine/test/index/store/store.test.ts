import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chunkTerms } from '../../../src/index/lexical/fields.ts';
import { eachPosting } from '../../../src/index/lexical/postings.ts';
import { compactPostings } from '../../../src/index/store/compact.ts';
import { StoreError } from '../../../src/index/store/sqlite.ts';
import {
  type IndexStore,
  type NewFile,
  openStore,
  openStoreToRead,
  STORE_VERSION,
} from '../../../src/index/store/store.ts';
import { packVectors } from '../../../src/index/store/vectors.ts';

let folder: string;
const stores: IndexStore[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tabstop-store-'));
});
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(options = {}): Promise<{ store: IndexStore; note?: string }> {
  const opened = await openStore(folder, options);
  stores.push(opened.store);
  return opened;
}

/** A file with a chunk for each line. */
function file(path: string, text: string): NewFile {
  const lines = text.split('\n');
  const terms = lines.map((line) =>
    chunkTerms({ path, language: 'typescript', symbol: line.split(' ')[0]!, text: line }),
  );
  return {
    path,
    hash: `hash of ${text}`,
    language: 'typescript',
    modified: 1,
    terms,
    chunks: lines.map((line, index) => ({
      startLine: index + 1,
      endLine: index + 1,
      start: 0,
      end: line.length,
      kind: 'function',
      symbol: line.split(' ')[0]!,
      length: terms[index]!.length,
      simhash: terms[index]!.simhash,
    })),
  };
}

/** `path:line` of the live chunks that have a term. */
function places(store: IndexStore, term: string): string[] {
  const names = new Map(
    store
      .allFiles()
      .flatMap((stored) =>
        stored.chunks.map((chunk, index) => [stored.firstChunk + index, `${stored.path}:${chunk.startLine}`] as const),
      ),
  );
  const found: string[] = [];
  for (const blob of store.postings(term))
    eachPosting(blob, (chunk) => names.has(chunk) && found.push(names.get(chunk)!));
  return found.sort();
}

describe('files', () => {
  test('are there again after a new start', async () => {
    const { store } = await open();
    store.commit([], [file('a.ts', 'alpha one\nbeta two'), file('b.ts', 'alpha three')]);
    store.close();
    const again = (await open()).store;
    expect(again.allFiles().map(({ path, hash, chunks }) => [path, hash, chunks.map(({ symbol }) => symbol)])).toEqual([
      ['a.ts', 'hash of alpha one\nbeta two', ['alpha', 'beta']],
      ['b.ts', 'hash of alpha three', ['alpha']],
    ]);
    expect(places(again, 'alpha')).toEqual(['a.ts:1', 'b.ts:1']);
  });

  test('of the same path are replaced, with new ids', async () => {
    const { store } = await open();
    const [before] = store.commit([], [file('a.ts', 'alpha')]);
    const [after] = store.commit([], [file('a.ts', 'beta')]);
    expect(after!.id).toBeGreaterThan(before!.id);
    expect(after!.firstChunk).toBeGreaterThan(before!.firstChunk);
    expect(places(store, 'alpha')).toEqual([]);
    expect(places(store, 'beta')).toEqual(['a.ts:1']);
  });

  test('go', async () => {
    const { store } = await open();
    store.commit([], [file('a.ts', 'alpha'), file('b.ts', 'alpha')]);
    store.commit(['a.ts', 'never-there.ts'], []);
    expect(places(store, 'alpha')).toEqual(['b.ts:1']);
  });

  test('ids are not used again after everything was cleared: those who read along would not see it', async () => {
    const { store } = await open();
    const [before] = store.commit([], [file('a.ts', 'alpha')]);
    store.clear();
    expect(store.allFiles()).toEqual([]);
    const [after] = store.commit([], [file('a.ts', 'alpha')]);
    expect(after!.id).toBeGreaterThan(before!.id);
  });
});

describe('vectors', () => {
  const data = packVectors([Float32Array.of(1, 0)], 2);

  test('belong to a model', async () => {
    const { store } = await open();
    const [a] = store.commit([], [file('a.ts', 'alpha')]);
    const first = store.model('first', 2);
    const second = store.model('second', 2);
    store.addVectors(first, [{ file: a!.id, data }]);
    expect(store.vectors(first, 2, () => 1)).toEqual([{ file: a!.id, data }]);
    expect(store.vectors(second, 2, () => 1)).toEqual([]);
    store.addVectors(second, [{ file: a!.id, data }]);
    store.keepModel(second);
    expect(store.modelNamed('first')).toBeUndefined();
    expect(store.vectorFiles(second)).toEqual([a!.id]);
  });

  test('of a file that went meanwhile are not kept', async () => {
    const { store } = await open();
    const [a] = store.commit([], [file('a.ts', 'alpha')]);
    store.commit(['a.ts'], []);
    const model = store.model('first', 2);
    store.addVectors(model, [{ file: a!.id, data }]);
    expect(store.vectorFiles(model)).toEqual([]);
  });

  test('of a wrong length are damage', async () => {
    const { store } = await open();
    const [a] = store.commit([], [file('a.ts', 'alpha')]);
    const model = store.model('first', 2);
    store.addVectors(model, [{ file: a!.id, data }]);
    expect(() => store.vectors(model, 2, () => 2)).toThrow(StoreError);
  });
});

describe('what cannot be used is built anew, with a note', () => {
  async function filled(): Promise<void> {
    const { store } = await open();
    store.commit(
      [],
      Array.from({ length: 200 }, (_, index) => file(`f${index}.ts`, `alpha beta${index}\ngamma delta`)),
    );
    store.close();
  }

  test('no database at all', async () => {
    writeFileSync(join(folder, 'store.db'), 'hello '.repeat(1_000));
    const { store, note } = await open();
    expect(note).toMatch(/built anew.*damaged/);
    expect(store.allFiles()).toEqual([]);
  });

  test('another version', async () => {
    await filled();
    const raw = new DatabaseSync(join(folder, 'store.db'));
    raw.exec(`PRAGMA user_version = ${STORE_VERSION + 1}`);
    raw.close();
    const { store, note } = await open();
    expect(note).toMatch(/version/);
    expect(store.allFiles()).toEqual([]);
  });

  test('a database of somebody else', async () => {
    const raw = new DatabaseSync(join(folder, 'store.db'));
    raw.exec('CREATE TABLE files (other)');
    raw.close();
    expect((await open()).note).toMatch(/no index/);
  });

  test('a half of the file', async () => {
    await filled();
    truncateSync(join(folder, 'store.db'), 8_192);
    // Opening may see it, or the first look at what is missing.
    try {
      const { store, note } = await open();
      if (note === undefined) expect(() => store.allFiles().map(() => store.postings('alpha'))).toThrow(StoreError);
    } catch (error) {
      expect((error as StoreError).fault).toBe('corrupt');
    }
  });

  test('bytes that were turned over are noticed, never answered with', async () => {
    await filled();
    const path = join(folder, 'store.db');
    const whole = readFileSync(path);
    const before = (await open()).store;
    const right = JSON.stringify([before.allFiles(), before.postings('alpha').map((blob) => [...blob])]);
    before.close();
    let noticed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 4_096, max: whole.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const bytes = Buffer.from(whole);
          bytes[at]! ^= flip;
          writeFileSync(path, bytes);
          const store = await openStoreToRead(folder);
          if (store === undefined) {
            noticed++;
            return;
          }
          try {
            const now = JSON.stringify([store.allFiles(), store.postings('alpha').map((blob) => [...blob])]);
            // Names and hashes have no checksum: a wrong hash makes the file be read again, a wrong path makes it go. Chunks and postings do.
            const [files, postings] = JSON.parse(now) as [{ chunks: unknown }[], unknown];
            const [filesRight, postingsRight] = JSON.parse(right) as [{ chunks: unknown }[], unknown];
            if (files.length === filesRight.length && JSON.stringify(postings) === JSON.stringify(postingsRight))
              return;
            noticed++;
          } catch (error) {
            expect(error).toBeInstanceOf(StoreError);
            noticed++;
          } finally {
            store.close();
          }
        },
      ),
      { seed: 31, numRuns: 60 },
    );
    expect(noticed).toBeGreaterThan(0);
  });
});

test('a full disk changes nothing and says so', async () => {
  const { store } = await open({ maxPages: 30 });
  store.commit([], [file('a.ts', 'alpha')]);
  const many = Array.from({ length: 1_500 }, (_, index) =>
    file(`f${index}.ts`, `word${index} other${index} third${index}`),
  );
  expect(() => store.commit(['a.ts'], many)).toThrow(expect.objectContaining({ fault: 'full' }));
  expect(store.allFiles().map(({ path }) => path)).toEqual(['a.ts']);
  expect(places(store, 'alpha')).toEqual(['a.ts:1']);
  store.commit([], [file('b.ts', 'alpha')]);
  expect(places(store, 'alpha')).toEqual(['a.ts:1', 'b.ts:1']);
});

test('merging postings changes nothing that is alive, wherever it stops', async () => {
  const { store } = await open();
  const words = ['alpha', 'beta', 'gamma', 'delta'];
  for (let round = 0; round < 30; round++) {
    const text = words.filter((_, index) => (round >> index) % 2 === 0).join(' ') || 'none';
    store.commit(round % 7 === 3 ? [`f${(round - 1) % 10}.ts`] : [], [
      file(`f${round % 10}.ts`, `${text}\nalpha rest${round}`),
    ]);
  }
  const alive = new Set(
    store.allFiles().flatMap(({ firstChunk, chunks }) => chunks.map((_, index) => firstChunk + index)),
  );
  const before = words.map((word) => places(store, word));
  let turns = 0;
  const stopped = compactPostings(
    store,
    (chunk) => alive.has(chunk),
    async () => {
      if (++turns === 1) throw new Error('stopped');
    },
  );
  await expect(stopped).rejects.toThrow('stopped');
  expect(words.map((word) => places(store, word))).toEqual(before);
  await compactPostings(
    store,
    (chunk) => alive.has(chunk),
    async () => {},
  );
  expect(words.map((word) => places(store, word))).toEqual(before);
  expect(store.postings('alpha')).toHaveLength(1);
});
