import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GramDisk } from '../../../src/index/grep/gram-disk.ts';
import { type LiveGrams, openLiveGrams } from '../../../src/index/grep/live-grams.ts';
import { nodeGrepEffects } from '../../../src/index/grep/node-grep.ts';
import { fakeTree } from './fake-tree.ts';
import { memoryDisk } from './memory-disk.ts';
import { temporaryFolder } from './temporary-folder.ts';

function following(disk: GramDisk = memoryDisk(), root = temporaryFolder(), tree = fakeTree(root)) {
  const { effects } = nodeGrepEffects(root, process.env);
  const given = { writes: true, problems: [] as string[], timers: [] as (() => void)[], turns: () => {} };
  const grams = openLiveGrams({
    tree,
    disk,
    mayWrite: () => given.writes,
    mayClear: () => true,
    readFile: effects.readFile,
    effects,
    now: () => time++,
    wallClock: Date.now,
    turn: async () => given.turns(),
    after(_, call) {
      given.timers.push(call);
      return () => void given.timers.splice(given.timers.indexOf(call), 1);
    },
    onProblem: (message) => given.problems.push(message),
    pairsInMemory: 400,
  });
  return { ...given, given, disk, root, tree, grams };
}
let time = 0;

async function found(grams: LiveGrams, pattern: string) {
  const { matches, candidates } = await grams.grep({
    pattern,
    regex: false,
    ignoreCase: false,
    wholeWord: false,
    limit: 1_000,
  });
  return { paths: matches.map(({ path }) => path), candidates };
}

test('before the index is there, answers are right and read all; afterwards they read few', async () => {
  const { grams, tree } = following();
  for (let index = 0; index < 30; index++) tree.write(`f${index}.ts`, `word${index} and text`);
  await grams.tree.reconcile();
  expect(await found(grams, 'word7 and')).toEqual({ paths: ['f7.ts'], candidates: 30 });
  expect(await grams.sync()).toMatchObject({ added: 30, removed: 0 });
  expect(await found(grams, 'word7 and')).toEqual({ paths: ['f7.ts'], candidates: expect.any(Number) });
  expect((await found(grams, 'word7 and')).candidates).toBeLessThan(4);
  expect(await grams.sync()).toMatchObject({ added: 0, removed: 0 });
});

test('what the watcher tells is found at once, and is in the index after the pause', async () => {
  const { grams, tree, given } = following();
  tree.write('a.ts', 'first text');
  await grams.tree.reconcile();
  await grams.tree.watch(() => {});
  await grams.sync();
  tree.write('a.ts', 'second text');
  tree.write('b.ts', 'second text too');
  tree.tell();
  expect((await found(grams, 'second text')).paths).toEqual(['a.ts', 'b.ts']);
  expect((await found(grams, 'first text')).paths).toEqual([]);
  expect(grams.followed()).toMatchObject({ pending: expect.arrayContaining(['a.ts', 'b.ts']) });
  expect(given.timers.length).toBe(1);
  given.timers.pop()!();
  await grams.sync();
  expect(grams.followed()).toMatchObject({ pending: [] });
  expect(await found(grams, 'second text too')).toEqual({ paths: ['b.ts'], candidates: expect.any(Number) });
});

test('nobody is told that the folder is followed before it is, nor after events were lost', async () => {
  const { grams, tree } = following();
  tree.write('a.ts', 'text');
  expect(grams.followed()).toBeUndefined();
  await grams.tree.reconcile();
  await grams.sync();
  expect(grams.followed()).toBeUndefined();
  const stop = await grams.tree.watch(() => {});
  expect(grams.followed()).toEqual({ pending: [], asOf: expect.any(Number) });
  await stop();
  expect(grams.followed()).toBeUndefined();
});

test('the one that reads along sees what the other commits, and what its own tree knows before that', async () => {
  const writer = following();
  const reader = following(writer.disk, writer.root, fakeTree(writer.root));
  reader.given.writes = false;
  for (const { tree } of [writer, reader]) tree.write('a.ts', 'first text');
  await writer.grams.tree.reconcile();
  await reader.grams.tree.reconcile();
  expect((await found(reader.grams, 'first')).paths).toEqual(['a.ts']);
  await writer.grams.sync();
  expect(await reader.grams.sync()).toMatchObject({ added: 0 });
  expect(await found(reader.grams, 'no such text')).toEqual({ paths: [], candidates: 0 });
  for (const { tree } of [writer, reader]) tree.write('a.ts', 'newer text');
  await reader.grams.tree.reconcile();
  expect((await found(reader.grams, 'newer text')).paths).toEqual(['a.ts']);
  await writer.grams.tree.reconcile();
  await writer.grams.sync();
  expect((await found(reader.grams, 'newer text')).paths).toEqual(['a.ts']);
  // And takes over.
  reader.given.writes = true;
  reader.tree.write('b.ts', 'newer text as well');
  await reader.grams.tree.reconcile();
  await reader.grams.sync();
  expect((await found(reader.grams, 'newer text')).paths).toEqual(['a.ts', 'b.ts']);
});

test('a full disk is told, answers stay right, and the next try brings the index in step', async () => {
  const disk = memoryDisk();
  const { grams, tree } = following(disk);
  for (let index = 0; index < 40; index++)
    tree.write(`f${index}.ts`, `word${index} and much more text ${index * 7919}`);
  await grams.tree.reconcile();
  disk.failAfter(2);
  await expect(grams.sync()).rejects.toThrow('ENOSPC');
  expect((await found(grams, 'word11 and')).paths).toEqual(['f11.ts']);
  disk.failAfter(undefined);
  await grams.sync();
  expect((await found(grams, 'word11 and')).paths).toEqual(['f11.ts']);
  expect((await found(grams, 'word11 and')).candidates).toBeLessThan(4);
});

test('a damaged index is noticed in the middle of things, and built anew', async () => {
  const disk = memoryDisk();
  const { grams, tree, given } = following(disk);
  tree.write('a.ts', 'some text here');
  await grams.tree.reconcile();
  await grams.sync();
  for (const [name, bytes] of disk.files) if (name.endsWith('.segment')) disk.files.set(name, bytes.slice(0, 50));
  disk.files.set('grams.json', Buffer.from('broken'));
  expect((await found(grams, 'some text')).paths).toEqual(['a.ts']);
  expect(given.problems).toEqual([expect.stringContaining('built anew')]);
  given.timers.pop()!();
  await grams.sync();
  expect(await found(grams, 'nowhere to be found')).toEqual({ paths: [], candidates: 0 });
  expect((await found(grams, 'some text')).paths).toEqual(['a.ts']);
});

test('the tree that is handed on says what the tree says, at any time', async () => {
  const { grams, tree } = following();
  tree.write('a.ts', 'text');
  await grams.tree.reconcile();
  expect([grams.tree.size, grams.tree.rootHash]).toEqual([1, tree.rootHash]);
  tree.write('b.ts', 'text');
  await grams.tree.reconcile();
  expect([grams.tree.size, grams.tree.rootHash]).toEqual([2, tree.rootHash]);
});

test('clearing the tree clears the index', async () => {
  const disk = memoryDisk();
  const { grams, tree } = following(disk);
  tree.write('a.ts', 'some text here');
  await grams.tree.reconcile();
  await grams.sync();
  expect(disk.list().length).toBeGreaterThan(0);
  await grams.tree.clear();
  expect(disk.list()).toEqual([]);
  expect((await found(grams, 'some text')).paths).toEqual([]);
});

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('write' as const), path: fc.nat(12), text: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), path: fc.nat(12) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('tell', 'reconcile', 'sync', 'ask', 'restart') }) },
);

test('at every moment the answer is that of the files the tree knows', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 40 }), async (steps) => {
      const disk = memoryDisk();
      const root = temporaryFolder();
      const tree = fakeTree(root);
      let { grams } = following(disk, root, tree);
      await grams.tree.watch(() => {});
      const onDisk = new Map<string, string>();
      for (const one of steps) {
        if (one.do === 'write') {
          const text = `alpha ${'beta gamma delta '.slice(0, one.text * 4)} text${one.text}`;
          tree.write(`f${one.path}`, text);
          onDisk.set(`f${one.path}`, text);
        } else if (one.do === 'remove') {
          if (onDisk.delete(`f${one.path}`)) tree.remove(`f${one.path}`);
        } else if (one.do === 'tell') tree.tell();
        else if (one.do === 'reconcile') await grams.tree.reconcile();
        else if (one.do === 'sync') await grams.sync();
        else if (one.do === 'restart') {
          await grams.dispose();
          grams = following(disk, root, tree).grams;
          await grams.tree.watch(() => {});
        } else {
          // Files that changed and were not told of are read as they are, if at all: the ones told of are what counts.
          tree.tell();
          for (const wanted of ['text3', 'beta gamma', 'alpha'])
            expect((await found(grams, wanted)).paths).toEqual(
              [...onDisk]
                .filter(([, text]) => text.includes(wanted))
                .map(([path]) => path)
                .sort(),
            );
        }
      }
    }),
    { seed: 51, numRuns: 40 },
  );
});
