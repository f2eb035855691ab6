import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openGramLookup } from '../../../src/index/grep/gram-lookup.ts';
import { bytesPlan } from '../../../src/index/grep/gram-plan.ts';
import { type GramStore, openGramStore } from '../../../src/index/grep/gram-store.ts';
import { GramIndexDamaged } from '../../../src/index/grep/segment-format.ts';
import { createGramReader, gramsOf } from '../../../src/index/grep/trigrams.ts';
import { DiskFull, type MemoryDisk, memoryDisk } from './memory-disk.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 24);
const fileOf = (path: string, text: string) => ({ path, size: text.length, modified: text.length, hash: hashOf(text) });
const add = (store: GramStore, path: string, text: string) => store.add(fileOf(path, text), Buffer.from(text));
const open = (disk: MemoryDisk) => openGramStore({ disk, pairsInMemory: 60 });
const mergeAll = (store: GramStore) => {
  for (const _ of store.merge());
};

/** Every answer of the index, for each text that is in and some that are not. */
function expectSame(disk: MemoryDisk, model: ReadonlyMap<string, string>): void {
  const lookup = openGramLookup(disk);
  expect(lookup?.files ?? 0).toBe(model.size);
  expect(new Map(lookup?.allFiles().map(({ path, hash }) => [path, hash]))).toEqual(
    new Map([...model].map(([path, text]) => [path, hashOf(text)])),
  );
  const reader = createGramReader();
  const held = new Map([...model].map(([path, text]) => [path, new Set(reader.read(Buffer.from(text)))]));
  for (const wanted of [
    'alpha',
    'beta gamma',
    'abc',
    'nowhere',
    ...[...model.values()].slice(0, 3).map((text) => text.slice(2, 8)),
  ]) {
    if (wanted.length < 3 || wanted.includes('\n')) continue;
    const expected = [...held]
      .filter(([, grams]) => gramsOf(wanted).every((gram) => grams.has(gram)))
      .map(([path]) => path);
    const found = lookup?.candidates(bytesPlan(wanted)).map(({ path }) => path) ?? [];
    expect(found, wanted).toEqual(expect.arrayContaining(expected));
    // Few are not looked at twice, many are.
    if (expected.length > 8) expect(new Set(found)).toEqual(new Set(expected));
  }
  lookup?.close();
}

const path = fc.constantFrom(...Array.from({ length: 14 }, (_, index) => `src/${index}.ts`));
const text = fc
  .array(fc.constantFrom('alpha', 'beta', 'gamma', ' ', 'x', '\n', 'äö', 'abcdefgh', 'Q'), { maxLength: 12 })
  .map((words) => words.join(''));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('add' as const), path, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('remove' as const), path }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('commit', 'merge', 'reopen', 'clear' as const) }) },
);

test('after any steps the index answers for what was committed', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const disk = memoryDisk();
      let store = open(disk);
      let model = new Map<string, string>();
      let committed = new Map<string, string>();
      for (const one of steps) {
        if (one.do === 'add') {
          add(store, one.path, one.text);
          model.set(one.path, one.text);
        } else if (one.do === 'remove') {
          store.remove(one.path);
          model.delete(one.path);
        } else if (one.do === 'commit') {
          store.commit();
          committed = new Map(model);
        } else if (one.do === 'clear') {
          store.clear();
          model = new Map();
          committed = new Map();
        } else if (one.do === 'merge') {
          store.commit();
          committed = new Map(model);
          mergeAll(store);
        } else {
          store.close();
          store = open(disk);
          model = new Map(committed);
        }
        expect(store.size).toBe(model.size);
      }
      expectSame(disk, committed);
      store.commit();
      mergeAll(store);
      expectSame(disk, model);
    }),
    { seed: 21, numRuns: 150 },
  );
});

test('wherever the disk fails, what was committed stays, and the next try brings the rest', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 50 }), fc.nat(60), (steps, calls) => {
      const disk = memoryDisk();
      const store = open(disk);
      const model = new Map<string, string>();
      for (let at = 0; at < 6; at++) {
        add(store, `kept/${at}`, `alpha beta gamma ${at}`);
        model.set(`kept/${at}`, `alpha beta gamma ${at}`);
      }
      store.commit(1);
      const before = new Map(model);
      const attempts: ReadonlyMap<string, string>[] = [before];
      disk.failAfter(calls);
      const tried = (work: () => void) => {
        try {
          work();
        } catch (error) {
          if (!(error instanceof DiskFull)) throw error;
          disk.failAfter(undefined);
          crashed ??= disk.afterCrash();
        }
      };
      let crashed: MemoryDisk | undefined;
      for (const one of steps) {
        if (one.do === 'add') {
          tried(() => add(store, one.path, one.text));
          // Where the segment before could not be written the file was not taken; whoever adds asks again.
          if (store.get(one.path)?.hash !== hashOf(one.text)) add(store, one.path, one.text);
          model.set(one.path, one.text);
        } else if (one.do === 'remove') {
          store.remove(one.path);
          model.delete(one.path);
        } else if (one.do !== 'clear') {
          attempts.push(new Map(model));
          tried(() => {
            store.commit();
            if (one.do === 'merge') mergeAll(store);
          });
        }
      }
      disk.failAfter(undefined);
      store.commit(2);
      expectSame(disk, model);
      if (!crashed) return;
      // A crash at that moment: one of the states that were to be committed, whole.
      const again = open(crashed);
      const state = new Map([...again.paths()].map((known) => [known, again.get(known)!.hash]));
      expect(
        attempts.map((attempt) => new Map([...attempt].map(([known, content]) => [known, hashOf(content)]))),
      ).toContainEqual(state);
      expect(again.rebuilt).toBeUndefined();
      expect(crashed.list().filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }),
    { seed: 22, numRuns: 200 },
  );
});

function filled(): { disk: MemoryDisk; model: Map<string, string> } {
  const disk = memoryDisk();
  const store = openGramStore({ disk, pairsInMemory: 2_000 });
  const model = new Map<string, string>();
  for (let at = 0; at < 120; at++) {
    const content = `alpha ${at} beta gamma ${'xyz'.repeat(at % 7)} word${at}`;
    add(store, `src/${at}.ts`, content);
    model.set(`src/${at}.ts`, content);
  }
  store.commit(5);
  store.remove('src/3.ts');
  model.delete('src/3.ts');
  store.commit(6);
  return { disk, model };
}

test('a byte that flips anywhere is noticed or changes no answer', () => {
  const { disk, model } = filled();
  let noticed = 0;
  for (const [name, content] of disk.files)
    for (let at = 0; at < content.length; at += Math.max(1, Math.floor(content.length / 150))) {
      const broken = disk.afterCrash();
      const bytes = content.slice();
      bytes[at]! ^= 0x41;
      broken.files.set(name, bytes);
      try {
        expectSame(broken, model);
      } catch (error) {
        if (!(error instanceof GramIndexDamaged)) throw error;
        noticed++;
      }
    }
  expect(noticed).toBeGreaterThan(100);
});

test.each([
  ['cut off', (bytes: Uint8Array) => bytes.slice(0, bytes.length >>> 1)],
  ['empty', () => new Uint8Array(0)],
  [
    'of another version',
    (bytes: Uint8Array) =>
      Buffer.from(
        Buffer.from(bytes)
          .toString('latin1')
          .replace(/^grams-\d+/, 'grams-0'),
        'latin1',
      ),
  ],
  ['something else', () => Buffer.from('{}')],
])('a list of segments that is %s: all is built anew, and said', (_, damage) => {
  const { disk } = filled();
  disk.files.set('grams.json', damage(disk.files.get('grams.json')!));
  const store = open(disk);
  expect(store.rebuilt).toMatch(/^grams\.json: /);
  expect(store.size).toBe(0);
  expect(disk.list()).toEqual(['grams.json']);
  add(store, 'a', 'alpha beta');
  store.commit(7);
  expectSame(disk, new Map([['a', 'alpha beta']]));
});

test('a segment that is gone: all is built anew', () => {
  const { disk } = filled();
  disk.files.delete(disk.list().find((name) => name.endsWith('.segment'))!);
  expect(() => openGramLookup(disk)).toThrow(GramIndexDamaged);
  expect(open(disk)).toMatchObject({ size: 0, rebuilt: expect.stringContaining('it is missing') });
});

test('many commits of one file end as few segments, and only the newest is found', () => {
  const disk = memoryDisk();
  const store = open(disk);
  for (let at = 0; at < 100; at++) {
    add(store, 'a.ts', `version ${at} of it`);
    store.commit(at);
    mergeAll(store);
  }
  expect(segmentsOf(disk).length).toBeLessThan(4);
  expectSame(disk, new Map([['a.ts', 'version 99 of it']]));
});

const segmentsOf = (disk: MemoryDisk) => disk.list().filter((name) => name.endsWith('.segment'));

test('what was built at once ends as one segment', () => {
  const disk = memoryDisk();
  const store = open(disk);
  const model = new Map(
    Array.from({ length: 300 }, (_, at) => [`src/${at}.ts`, `word${at} alpha beta ${hashOf(`${at}`)}`]),
  );
  for (const [name, content] of model) add(store, name, content);
  store.commit(1);
  expect(segmentsOf(disk).length).toBeGreaterThan(64);
  mergeAll(store);
  expect(segmentsOf(disk)).toHaveLength(1);
  expectSame(disk, model);
});

test('files that change one by one leave a large segment alone until they are an eighth of it', () => {
  const disk = memoryDisk();
  const store = open(disk);
  for (let at = 0; at < 800; at++) add(store, `old/${at}.ts`, `alpha ${at}`);
  store.commit();
  mergeAll(store);
  const [large] = segmentsOf(disk);
  const most: number[] = [];
  let kept = 0;
  for (let at = 0; at < 200; at++) {
    add(store, `new/${at}.ts`, `beta ${at}`);
    store.commit();
    mergeAll(store);
    most.push(segmentsOf(disk).length);
    if (segmentsOf(disk).includes(large!)) kept = at + 1;
  }
  expect(kept).toBeGreaterThanOrEqual(90);
  expect(kept).toBeLessThan(150);
  expect(Math.max(...most)).toBeLessThanOrEqual(5);
});

test('a reader goes on with what it opened while files are added, removed and put together', () => {
  const { disk, model } = filled();
  const lookup = openGramLookup(disk)!;
  const store = open(disk);
  for (let at = 0; at < 60; at++) {
    store.remove(`src/${at}.ts`);
    store.commit();
  }
  mergeAll(store);
  expect(lookup.allFiles().length).toBe(model.size);
  expect(lookup.candidates(bytesPlan('word7')).map(({ path: found }) => found)).toContain('src/7.ts');
});

test('files that change and vanish while segments are put together are not lost and do not come back', () => {
  const disk = memoryDisk();
  const store = open(disk);
  const model = new Map<string, string>();
  const put = (name: string, content: string) => {
    add(store, name, content);
    model.set(name, content);
  };
  for (let at = 0; at < 200; at++) put(`f${at}`, `alpha ${at} ${hashOf(String(at))} beta${at * 7919}`);
  store.commit();
  let turns = 0;
  for (const _ of store.merge()) {
    put(`f${turns % 200}`, `changed in between ${turns}`);
    store.remove(`f${(turns + 50) % 200}`);
    model.delete(`f${(turns + 50) % 200}`);
    if (turns % 2 === 0) store.commit();
    turns++;
  }
  expect(turns).toBeGreaterThan(0);
  store.commit();
  expectSame(disk, model);
});

test('what lies right in some folders, of files that are there still', () => {
  const name = fc.constantFrom('a', 'ab', 'b', 'ä', 'a.ts', 'b.ts');
  const somePath = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.x`);
  fc.assert(
    fc.property(
      fc.uniqueArray(somePath, { maxLength: 40 }),
      fc.array(fc.nat(39), { maxLength: 6 }),
      fc.array(
        fc.oneof(
          fc.constant(''),
          somePath.map((one) => one.slice(0, Math.max(0, one.lastIndexOf('/')))),
        ),
      ),
      (all, removed, folders) => {
        const disk = memoryDisk();
        const store = open(disk);
        for (const one of all.toSorted()) add(store, one, `text of ${one}`);
        store.commit();
        for (const at of removed) store.remove(all[at] ?? '');
        store.commit();
        const left = all.filter((_, at) => !removed.includes(at));
        const expected = left.flatMap((one) =>
          one
            .split('/')
            .flatMap((_, depth, parts) =>
              folders.includes(parts.slice(0, depth).join('/')) ? [parts.slice(0, depth + 1).join('/')] : [],
            ),
        );
        const lookup = openGramLookup(disk);
        expect(new Set(lookup?.pathsIn(folders))).toEqual(new Set(expected));
        lookup?.close();
      },
    ),
    { seed: 17, numRuns: 300 },
  );
});

test('the files that changed last come first', () => {
  const disk = memoryDisk();
  const store = open(disk);
  for (const at of [5, 1, 9, 3]) store.add({ path: `f${at}`, size: 1, modified: at, hash: '00' }, Buffer.from('text'));
  store.commit();
  store.add({ path: 'f7', size: 1, modified: 7, hash: '00' }, Buffer.from('text'));
  store.commit();
  expect([...openGramLookup(disk)!.recentFiles()].map(({ path: found }) => found)).toEqual([
    'f9',
    'f7',
    'f5',
    'f3',
    'f1',
  ]);
});
