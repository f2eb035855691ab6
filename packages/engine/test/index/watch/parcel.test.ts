import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { FolderTree, TreeBatch } from '../../../src/index/parts.ts';
import { parcelSubscribe } from '../../../src/index/watch/parcel.ts';
import { type Sandbox, sandbox } from '../files/git-sandbox.ts';
import { openIn } from '../tree/tree-sandbox.ts';

/** The real watcher on the real disk. What is waited for is a condition, never a time. */

let box: Sandbox;
let root: string;
let tree: FolderTree;
let stop: () => Promise<void>;
let batches: TreeBatch[];

beforeEach(async () => {
  box = sandbox();
  root = join(box.folder, 'p');
  batches = [];
  box.write('p/.gitignore', 'dist/\n');
  for (let index = 0; index < 1_500; index++)
    box.write(`p/src/d${index % 30}/e${index % 3}/f${index}.ts`, `one ${index}\n`);
  box.git(root, 'init', '-q', '-b', 'one');
  box.git(root, 'add', '.');
  box.git(root, 'commit', '-q', '-m', 'one');
  tree = await openIn(box, root, { over: { subscribe: parcelSubscribe } });
  await tree.reconcile();
  stop = await tree.watch((batch) => batches.push(batch));
}, 120_000);
afterEach(async () => {
  await stop?.();
  box.dispose();
}, 120_000);

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

const hashOf = async (): Promise<string> => {
  const fresh = await openIn(box, root, { stateDir: undefined });
  await fresh.reconcile();
  return fresh.rootHash;
};

it('a checkout of 1,200 files comes as a whole', async () => {
  box.git(root, 'checkout', '-q', '-b', 'two');
  for (let index = 0; index < 1_200; index++)
    box.write(`p/src/d${index % 30}/e${index % 3}/f${index}.ts`, `two ${index}\n`);
  box.git(root, 'commit', '-q', '-a', '-m', 'two');
  await until(() => batches.reduce((count, batch) => count + batch.changes.length, 0) >= 1_200);
  batches.length = 0;
  box.git(root, 'checkout', '-q', 'one');
  const count = (): number => batches.reduce((sum, batch) => sum + batch.changes.length, 0);
  await until(() => count() >= 1_200);
  expect(count()).toBe(1_200);
  // One where the machine keeps up; a watcher's thread that is late gives a second one. The fake watcher's tests are exact.
  expect(batches.length).toBeLessThan(5);
  expect(tree.rootHash).toBe(await hashOf());
}, 240_000);

it('saves, new folders, renamed folders and what changes in them later are followed', async () => {
  box.write('p/src/d1/e1/f1.ts', 'saved');
  await until(() => batches.length > 0);
  box.write('p/new/a/b/c.ts', 'new');
  await until(() => tree.file('new/a/b/c.ts') !== undefined);
  renameSync(join(root, 'src/d2'), join(root, 'src/z2'));
  await until(() => tree.file('src/z2/e2/f2.ts') !== undefined && tree.file('src/d2/e2/f2.ts') === undefined);
  const known = [tree.file('src/z2/e2/f2.ts')!.hash, tree.file('new/a/b/c.ts')!.hash];
  box.write('p/src/z2/e2/f2.ts', 'in the renamed folder');
  box.write('p/new/a/b/c.ts', 'in the new folder');
  await until(() => tree.file('src/z2/e2/f2.ts')!.hash !== known[0] && tree.file('new/a/b/c.ts')!.hash !== known[1]);
  rmSync(join(root, 'src'), { recursive: true });
  await until(() => tree.size === 2);
  expect(tree.rootHash).toBe(await hashOf());
}, 240_000);

it('a folder that is left out and whose name looks like a pattern hides no other', async () => {
  await stop();
  box.write('p/x*y/left.ts', 'left out');
  box.write('p/xay/in.ts', 'in');
  box.write('p/.gitignore', 'dist/\nx\\*y\n');
  stop = await tree.watch((batch) => batches.push(batch));
  expect([tree.file('xay/in.ts') !== undefined, tree.file('x*y/left.ts')]).toEqual([true, undefined]);
  const known = tree.file('xay/in.ts')!.hash;
  box.write('p/xay/in.ts', 'changed');
  await until(() => tree.file('xay/in.ts')!.hash !== known);
}, 240_000);

it('a state that is found by watching is the state that is found by looking, after anything', async () => {
  for (let round = 0; round < 6; round++) {
    mkdirSync(join(root, `x${round}/y`), { recursive: true });
    for (let index = 0; index < 30; index++) box.write(`p/x${round}/y/f${index}.ts`, `${round} ${index}`);
    if (round > 1) rmSync(join(root, `x${round - 2}`), { recursive: true, force: true });
    if (round > 2) renameSync(join(root, `x${round - 1}`), join(root, `moved${round}`));
    await new Promise((resolve) => setTimeout(resolve, round * 40));
  }
  const wanted = await hashOf();
  await until(() => tree.rootHash === wanted);
}, 240_000);
