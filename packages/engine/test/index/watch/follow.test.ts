import * as fs from 'node:fs';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakeClock, fakeClock } from '@tabstop/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { TreeDisk } from '../../../src/index/files/disk.ts';
import type { FolderTree, TreeBatch } from '../../../src/index/parts.ts';
import type { Subscribe } from '../../../src/index/tree/effects.ts';
import { type Sandbox, sandbox } from '../files/git-sandbox.ts';
import { changesOf, diskWith, openIn, pathsOf } from '../tree/tree-sandbox.ts';

/** Following under a fake clock and a watcher that tells what the test says, over the real disk. */

let box: Sandbox;
let root: string;
let clock: FakeClock;
let batches: TreeBatch[];
let calls: string[];
let tree: FolderTree;
let stop: () => Promise<void>;
let watcher: { tell: (...paths: string[]) => void; lose: () => void; subscribed: string[][]; stopped: number };

beforeEach(() => {
  box = sandbox();
  root = join(box.folder, 'p');
  clock = fakeClock();
  batches = [];
  calls = [];
  watcher = { tell: () => {}, lose: () => {}, subscribed: [], stopped: 0 };
  box.write('p/src/a.ts', 'a');
  box.write('p/src/deep/b.ts', 'b');
  box.write('p/.gitignore', 'dist/\n*.log\n');
  box.write('p/dist/out.js', 'o');
});
afterEach(async () => {
  await stop?.();
  box.dispose();
}, 60_000);

const subscribe: Subscribe = async (folder, onEvents, { ignore }) => {
  watcher.subscribed.push(ignore.map((path) => path.slice(folder.length + 1)));
  watcher.tell = (...paths) =>
    onEvents(
      undefined,
      paths.map((path) => join(folder, path)),
    );
  watcher.lose = () => onEvents(new Error('events were dropped'), []);
  return {
    stop: async () => {
      watcher.stopped++;
    },
    missesNewFolders: true,
  };
};

async function follow(
  given: { subscribe?: Subscribe | undefined; disk?: TreeDisk; now?: () => number } = { subscribe },
): Promise<void> {
  const counting = diskWith((real) => ({
    readdirSync(path, options) {
      if (path.startsWith(root)) calls.push(`list ${path.slice(root.length + 1)}`);
      return (given.disk ?? real).readdirSync(path, options);
    },
    openSync(path, flags, mode) {
      if (path.startsWith(root)) calls.push(`open ${path.slice(root.length + 1)}`);
      return real.openSync(path, flags, mode);
    },
  }));
  tree = await openIn(box, root, {
    over: {
      disk: { ...(given.disk ?? fs), readdirSync: counting.readdirSync, openSync: counting.openSync },
      monotonic: clock.now,
      // Files were written long ago for the tree, so that nothing is read again to be sure.
      now: given.now ?? (() => Date.now() + 3_600_000),
      run: undefined,
      schedule: (run, milliseconds) => {
        const id = clock.setTimeout(run, milliseconds);
        return () => clock.clearTimeout(id);
      },
      subscribe: given.subscribe,
    },
  });
  await tree.reconcile();
  stop = await tree.watch((batch) => batches.push(batch));
  calls.length = 0;
}

/** Time passes in small steps until so many batches are there. */
async function until(count: number, most = 10_000): Promise<void> {
  for (let time = 0; batches.length < count && time < most; time += 10) await clock.advance(10);
  expect(batches.length).toBeGreaterThanOrEqual(count);
}

it('one saved file is a batch of one, and only its folders are looked at', async () => {
  await follow();
  box.write('p/src/a.ts', 'other');
  watcher.tell('src/a.ts');
  await until(1, 200);
  expect(batches.map(changesOf)).toEqual([['~ src/a.ts']]);
  expect(calls.filter((call) => call.startsWith('list'))).toEqual(['list ', 'list src']);
});

it('many changes in quick succession are one batch', async () => {
  await follow();
  for (let index = 0; index < 50; index++) {
    box.write(`p/src/n${index}.ts`, String(index));
    watcher.tell(`src/n${index}.ts`);
    await clock.advance(5);
  }
  rmSync(join(root, 'src/deep'), { recursive: true });
  watcher.tell('src/deep/b.ts', 'src/deep');
  await until(1);
  await clock.advance(2_000);
  expect(batches).toHaveLength(1);
  expect(batches[0]!.changes).toHaveLength(51);
});

it('ignored output that changes all the time is not even listed', async () => {
  await follow();
  for (let round = 0; round < 200; round++) {
    box.write('p/dist/out.js', String(round));
    box.write('p/src/debug.log', String(round));
    watcher.tell('dist/out.js', 'src/debug.log', `dist/new${round}/x.js`, 'logo.png', '.git/index');
    await clock.advance(50);
  }
  expect([batches, calls.filter((call) => !call.endsWith('.gitignore') && !call.endsWith('ignore'))]).toEqual([[], []]);
});

it('left-out folders are not watched at all', async () => {
  box.write('p/node_modules/x/i.js', 'x');
  await follow();
  expect(watcher.subscribed[0]).toEqual(expect.arrayContaining(['dist', 'node_modules', '.git']));
});

it('while git holds the lock of its index nothing is taken, then all of it at once', async () => {
  box.git(root, 'init', '-q');
  await follow();
  const lock = join(root, '.git/index.lock');
  const soon = (Date.now() + 3_600_000) / 1_000;
  writeFileSync(lock, '');
  utimesSync(lock, soon, soon);
  for (let index = 0; index < 300; index++) {
    box.write(`p/src/c${index}.ts`, String(index));
    watcher.tell(`src/c${index}.ts`);
    if (index % 10 === 0) await clock.advance(70);
  }
  expect(batches).toEqual([]);
  rmSync(lock);
  await until(1);
  expect(batches[0]!.changes).toHaveLength(300);
});

it('a lock that a killed git left behind does not hold anything up', async () => {
  box.git(root, 'init', '-q');
  await follow();
  writeFileSync(join(root, '.git/index.lock'), '');
  box.write('p/src/a.ts', 'other');
  watcher.tell('src/a.ts');
  await until(1, 200);
});

it('lost events are found by a look at everything', async () => {
  await follow();
  box.write('p/src/a.ts', 'other');
  box.write('p/src/deep/b.ts', 'other');
  watcher.lose();
  await until(1);
  expect(batches.map(changesOf)).toEqual([['~ src/a.ts', '~ src/deep/b.ts']]);
});

it('a large burst is followed by a look at everything, as the kernel may have dropped some of it in silence', async () => {
  await follow();
  const told: string[] = [];
  for (let index = 0; index < 400; index++) {
    box.write(`p/src/n${index}.ts`, String(index));
    told.push(`src/n${index}.ts`);
  }
  watcher.tell(...told);
  await until(1);
  box.write('p/src/deep/b.ts', 'never told');
  await until(2);
  expect(changesOf(batches[1]!)).toEqual(['~ src/deep/b.ts']);
});

it('new folders with folders inside are subscribed to anew, the old subscription first let go', async () => {
  await follow();
  box.write('p/new/one/two/x.ts', 'x');
  watcher.tell('new');
  await until(1);
  expect(changesOf(batches[0]!)).toEqual(['+ new/one/two/x.ts']);
  // What changed before the new subscription is found as well.
  box.write('p/new/one/two/y.ts', 'y');
  await until(2);
  expect(changesOf(batches[1]!)).toEqual(['+ new/one/two/y.ts']);
  expect([watcher.subscribed.length, watcher.stopped]).toEqual([2, 1]);
});

it('changed rules put out and take in what lies below them', async () => {
  await follow();
  box.write('p/src/.gitignore', 'deep\n');
  watcher.tell('src/.gitignore');
  await until(1);
  expect(changesOf(batches[0]!)).toEqual(['+ src/.gitignore', '- src/deep/b.ts']);
  box.write('p/.gitignore', '\n');
  watcher.tell('.gitignore');
  await until(2);
  expect(changesOf(batches[1]!)).toEqual(['+ dist/out.js', '~ .gitignore']);
  // What was left out was not watched: now it has to be.
  await clock.advance(2_000);
  expect(watcher.subscribed.map((ignored) => ignored.includes('dist'))).toEqual([true, false]);
});

it('a folder that becomes a repository leaves the tree, and what changes in it is no longer looked at', async () => {
  await follow();
  box.git(join(root, 'src/deep'), 'init', '-q');
  watcher.tell('src/deep/.git', 'src/deep/.git/HEAD');
  await until(1);
  expect(changesOf(batches[0]!)).toEqual(['- src/deep/b.ts']);
  expect(tree.nestedRoots()).toEqual(['src/deep']);
  calls.length = 0;
  box.write('p/src/deep/b.ts', 'other');
  watcher.tell('src/deep/b.ts', 'src/deep/.git/index');
  await clock.advance(1_000);
  expect([batches.length, calls.filter((call) => call.startsWith('list'))]).toEqual([1, []]);
});

it('a file that git begins to track although it is ignored comes in with the next change', async () => {
  box.git(root, 'init', '-q');
  await follow();
  box.git(root, 'add', '-f', 'dist/out.js');
  expect(await tree.explain('dist/out.js')).toMatchObject({ indexed: true });
  box.write('p/src/a.ts', 'other');
  watcher.tell('src/a.ts');
  await until(1);
  expect(changesOf(batches[0]!)).toEqual(['+ dist/out.js', '~ src/a.ts']);
});

it('a changed .git/info/exclude counts from the next change on', async () => {
  box.git(root, 'init', '-q');
  await follow();
  box.write('p/.git/info/exclude', 'deep/\n');
  // A question reads the rules as they are now; what it saw is still to be applied.
  expect(await tree.explain('src/deep/b.ts')).toMatchObject({ indexed: false });
  box.write('p/src/a.ts', 'other');
  watcher.tell('src/a.ts');
  await until(1);
  expect(changesOf(batches[0]!)).toEqual(['- src/deep/b.ts', '~ src/a.ts']);
});

it('a file that changes all the time is taken every few seconds, its last state in the end, and others at once', async () => {
  await follow();
  const times: number[] = [];
  for (let round = 0; round < 300; round++) {
    box.write('p/src/hot.txt', `round ${round}`);
    watcher.tell('src/hot.txt');
    await clock.advance(100);
    if (batches.length > times.length) times.push(clock.now());
  }
  expect(times.length).toBeGreaterThan(5);
  expect(times.length).toBeLessThan(14);
  const before = batches.length;
  box.write('p/src/a.ts', 'saved');
  watcher.tell('src/a.ts', 'src/hot.txt');
  await until(before + 1, 200);
  expect(changesOf(batches[before]!)).toEqual(['~ src/a.ts']);
  await clock.advance(10_000);
  expect(await tree.read('src/hot.txt')).toMatchObject({ text: 'round 299', hash: tree.file('src/hot.txt')!.hash });
});

it('where the folder cannot be watched it is looked at again and again, and the first note says so', async () => {
  const refused: Subscribe = async () => {
    throw new Error('inotify_add_watch: no space left on device');
  };
  await follow({ subscribe: refused });
  expect(batches).toEqual([
    {
      changes: [],
      note: 'the folder cannot be watched (inotify_add_watch: no space left on device) and is looked at every 3 s or more',
    },
  ]);
  box.write('p/src/a.ts', 'other');
  await until(2);
  expect(batches[1]).toMatchObject({ changes: [{ kind: 'modified', path: 'src/a.ts' }] });
  expect(batches[1]!.note).toBeUndefined();
  box.write('p/src/a.ts', 'third');
  await until(3);
});

it('files whose times cannot tell a second change are read once more, each of them', async () => {
  // Times lie still, as on a file system with coarse ones, and the clock moves on only with the test.
  const frozen = 1_700_000_000_000;
  const freeze = (stats: fs.Stats): fs.Stats => Object.assign(stats, { mtimeMs: frozen, ctimeMs: frozen, ino: 1 });
  const disk = diskWith((real) => ({
    lstatSync: (path) => freeze(real.lstatSync(path)),
    fstatSync: (descriptor) => freeze(real.fstatSync(descriptor)),
  }));
  await follow({ subscribe, disk, now: () => frozen + clock.now() });
  box.write('p/src/a.ts', 'one1');
  watcher.tell('src/a.ts');
  await until(1);
  await clock.advance(500);
  box.write('p/src/deep/b.ts', 'two2');
  watcher.tell('src/deep/b.ts');
  await until(2);
  // Nobody tells, and neither size nor times do.
  box.write('p/src/a.ts', 'ONE1');
  box.write('p/src/deep/b.ts', 'TWO2');
  await until(3);
  await clock.advance(6_000);
  expect(batches.slice(2).flatMap(changesOf).sort()).toEqual(['~ src/a.ts', '~ src/deep/b.ts']);
});

it('without a watcher the same', async () => {
  await follow({ subscribe: undefined });
  expect(batches[0]?.note).toContain('there is no watcher');
});

it('a root that goes away is said once, empties nothing, and is followed again when it is back', async () => {
  await follow();
  fs.renameSync(root, `${root}-away`);
  watcher.tell('src/a.ts', 'src');
  await until(1);
  await clock.advance(20_000);
  expect(batches).toEqual([{ changes: [], note: `the folder cannot be looked at: cannot read the folder ${root}` }]);
  expect(tree.size).toBe(3);
  box.write('p-away/src/a.ts', 'other');
  fs.renameSync(`${root}-away`, root);
  await until(2);
  expect(changesOf(batches[1]!)).toEqual(['~ src/a.ts']);
  await clock.advance(1_000);
  expect(watcher.subscribed).toHaveLength(2);
  // The second time it is said again.
  fs.renameSync(root, `${root}-away`);
  watcher.tell('src/a.ts', 'src');
  await until(3);
  expect(batches[2]!.note).toContain('cannot be looked at');
  fs.renameSync(`${root}-away`, root);
  await clock.advance(10_000);
});

it('every few minutes everything is looked at, in case a change was never told', async () => {
  await follow();
  box.write('p/src/a.ts', 'never told');
  await clock.advance(4 * 60_000);
  expect(batches).toEqual([]);
  await clock.advance(2 * 60_000);
  expect(batches.map(changesOf)).toEqual([['~ src/a.ts']]);
});

it('the state is kept a while after a change and when watching stops', async () => {
  await follow();
  box.write('p/src/a.ts', 'other');
  watcher.tell('src/a.ts');
  await until(1);
  const kept = async () => (await openIn(box, root)).rootHash;
  const before = await kept();
  expect(before).not.toBe(tree.rootHash);
  await clock.advance(3_000);
  expect(await kept()).toBe(tree.rootHash);
  box.write('p/src/a.ts', 'third');
  watcher.tell('src/a.ts');
  await until(2);
  await stop();
  expect(await kept()).toBe(tree.rootHash);
  expect(watcher.stopped).toBe(1);
  watcher.tell('src/a.ts');
  await clock.advance(60_000);
  expect(batches).toHaveLength(2);
  expect(pathsOf(tree)).toEqual(['.gitignore', 'src/a.ts', 'src/deep/b.ts']);
});
