import * as fs from 'node:fs';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { encodeState, STATE_FILE } from '../../../src/index/tree/state-file.ts';
import { EMPTY_FOLDER } from '../../../src/index/tree/folder-node.ts';
import { FolderGoneError } from '../../../src/index/tree/scan.ts';
import { type Sandbox, sandbox } from '../files/git-sandbox.ts';
import { changesOf, diskWith, laterClock, openIn, pathsOf } from './tree-sandbox.ts';

let box: Sandbox;
let root: string;
beforeEach(() => {
  box = sandbox();
  root = join(box.folder, 'p');
  box.write('p/src/a.ts', 'one\n');
  box.write('p/src/b.ts', 'two\n');
  box.write('p/readme.md', '# read\n');
});
afterEach(() => box.dispose(), 60_000);

/** Counts the files whose content was opened. */
function countingDisk(): { disk: ReturnType<typeof diskWith>; opened: string[] } {
  const opened: string[] = [];
  const disk = diskWith((real) => ({
    openSync(path, flags, mode) {
      if (path.startsWith(`${root}/`) && !path.includes('ignore') && !path.includes('/.git'))
        opened.push(path.slice(root.length + 1));
      return real.openSync(path, flags, mode);
    },
  }));
  return { disk, opened };
}

it('the first look finds everything, the next start only what changed since', async () => {
  const tree = await openIn(box, root);
  expect(changesOf(await tree.reconcile())).toEqual(['+ readme.md', '+ src/a.ts', '+ src/b.ts']);
  expect(changesOf(await tree.reconcile())).toEqual([]);
  box.write('p/src/a.ts', 'other\n');
  box.write('p/src/new.ts', 'n\n');
  rmSync(join(root, 'readme.md'));
  const next = await openIn(box, root);
  expect(next.rootHash).toBe(tree.rootHash);
  expect(await next.reconcile()).toMatchObject({
    changes: expect.arrayContaining([{ kind: 'removed', path: 'readme.md' }]),
  });
  expect(pathsOf(next)).toEqual(['src/a.ts', 'src/b.ts', 'src/new.ts']);
  expect(next.file('src/a.ts')).toMatchObject({ size: 6, modified: statSync(join(root, 'src/a.ts')).mtimeMs });
  expect(next.file('src')).toBeUndefined();
  expect(changesOf(await (await openIn(box, root)).reconcile())).toEqual([]);
});

it('a file is read when size, times or inode differ, and not otherwise', async () => {
  const { disk, opened } = countingDisk();
  const over = { ...laterClock, disk };
  await (await openIn(box, root, { over })).reconcile();
  expect(opened.sort()).toEqual(['readme.md', 'src/a.ts', 'src/b.ts']);
  opened.length = 0;
  await (await openIn(box, root, { over })).reconcile();
  expect(opened).toEqual([]);
  // The same content with new times is read, and no change.
  utimesSync(join(root, 'src/a.ts'), 1_000, 1_000);
  expect(changesOf(await (await openIn(box, root, { over })).reconcile())).toEqual([]);
  expect(opened).toEqual(['src/a.ts']);
});

it('the same size and the same times as before do not hide a change made right after the file was read', async () => {
  // The times of every file lie still, as on a file system that keeps whole seconds; so does the inode.
  const frozen = Math.floor(Date.now() / 1_000) * 1_000;
  const freeze = (stats: fs.Stats): fs.Stats => Object.assign(stats, { mtimeMs: frozen, ctimeMs: frozen });
  const disk = diskWith((real) => ({
    lstatSync: (path) => freeze(real.lstatSync(path)),
    fstatSync: (descriptor) => freeze(real.fstatSync(descriptor)),
  }));
  let clock = frozen + 500;
  const over = { disk, now: () => clock };
  const open = () => openIn(box, root, { over });
  await (await open()).reconcile();
  writeFileSync(join(root, 'src/a.ts'), 'ONE\n');
  clock = frozen + 60_000;
  expect(changesOf(await (await open()).reconcile())).toEqual(['~ src/a.ts']);
  // Read long after its times, the file is beyond doubt: that is what the rule rests on.
  writeFileSync(join(root, 'src/a.ts'), 'two\n');
  expect(changesOf(await (await open()).reconcile())).toEqual([]);
});

it('a clock that was set back leaves files in doubt until their times have passed', async () => {
  const { disk, opened } = countingDisk();
  const yesterday = { disk, now: () => Date.now() - 86_400_000 };
  const open = (over: object) => openIn(box, root, { over });
  await (await open(yesterday)).reconcile();
  opened.length = 0;
  await (await open(yesterday)).reconcile();
  expect(opened).toHaveLength(3);
  await (await open({ disk, ...laterClock })).reconcile();
  opened.length = 0;
  await (await open({ disk, ...laterClock })).reconcile();
  expect(opened).toEqual([]);
});

it('a renamed folder is told as removed and added, and none of its files is read', async () => {
  const { disk, opened } = countingDisk();
  const open = () => openIn(box, root, { over: { disk, ...laterClock } });
  await (await open()).reconcile();
  opened.length = 0;
  renameSync(join(root, 'src'), join(root, 'lib'));
  expect(changesOf(await (await open()).reconcile())).toEqual(['+ lib/a.ts', '+ lib/b.ts', '- src/a.ts', '- src/b.ts']);
  expect(opened).toEqual([]);
});

it('a file that changes once while it is read is read again; one that always does is taken and read again next time', async () => {
  let changes = 1;
  const disk = diskWith((real) => ({
    readSync(descriptor, buffer, offset, length, position) {
      const count = real.readSync(descriptor, buffer, offset, length, position);
      const target = real.fstatSync(descriptor);
      if (changes > 0 && target.ino === real.lstatSync(join(root, 'src/a.ts')).ino && count > 0) {
        changes--;
        fs.appendFileSync(join(root, 'src/a.ts'), 'more\n');
      }
      return count;
    },
  }));
  const tree = await openIn(box, root, { over: { disk, ...laterClock } });
  expect((await tree.reconcile()).note).toBeUndefined();
  expect(await tree.read('src/a.ts')).toMatchObject({ text: 'one\nmore\n', hash: tree.file('src/a.ts')!.hash });
  changes = 1_000;
  utimesSync(join(root, 'src/a.ts'), 1_000, 1_000);
  expect((await tree.reconcile()).note).toBe('1 files kept changing while they were read and are read again next time');
  changes = 0;
  const settled = await tree.reconcile();
  expect(changesOf(settled)).toEqual(['~ src/a.ts']);
  expect(settled.note).toBeUndefined();
  expect((await tree.read('src/a.ts')) as object).toMatchObject({ hash: tree.file('src/a.ts')!.hash });
});

it('disk full: the state is not kept, which is said, and the tree goes on', async () => {
  let full = true;
  const disk = diskWith((real) => ({
    writeSync(descriptor, buffer, offset, length) {
      if (full) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return real.writeSync(descriptor, buffer, offset, length);
    },
  }));
  const tree = await openIn(box, root, { over: { disk } });
  const batch = await tree.reconcile();
  expect(batch.note).toBe(
    'the state could not be kept (ENOSPC): the next start finds again what changed since it last was',
  );
  expect(batch.changes).toHaveLength(3);
  expect((await (await openIn(box, root, { over: { disk } })).reconcile()).changes).toHaveLength(3);
  full = false;
  box.write('p/src/a.ts', 'changed\n');
  expect(await tree.reconcile()).toMatchObject({ changes: [{ kind: 'modified', path: 'src/a.ts' }] });
  expect(changesOf(await (await openIn(box, root)).reconcile())).toEqual([]);
});

it.each([
  ['damaged', (file: string) => fs.appendFileSync(file, 'x'), 'it is cut off'],
  [
    'older',
    (file: string) => fs.writeFileSync(file, Buffer.from(encodeState('x', EMPTY_FOLDER)).fill(0, 4, 8)),
    'it has version 0 and not 1',
  ],
])('a %s state is rebuilt, and the batch says so', async (_kind, spoil, why) => {
  await (await openIn(box, root)).reconcile();
  spoil(join(box.folder, 'state', STATE_FILE));
  const batch = await (await openIn(box, root)).reconcile();
  expect(batch.note).toBe(`the kept state was not used and is rebuilt: ${why}`);
  expect(batch.changes).toHaveLength(3);
  expect(await (await openIn(box, root)).reconcile()).toEqual({ changes: [] });
});

it('what cannot be read for want of permission is out; after an error of the moment what was known stays, and it is said', async () => {
  const fail: Record<string, string> = {};
  const guard = (path: string): void => {
    const code = fail[path.slice(root.length + 1)];
    if (code) throw Object.assign(new Error(code), { code });
  };
  const disk = diskWith((real) => ({
    openSync(path, flags, mode) {
      guard(path);
      return real.openSync(path, flags, mode);
    },
    readdirSync(path, options) {
      guard(path);
      return real.readdirSync(path, options);
    },
  }));
  box.write('p/deep/x.ts', 'x');
  const tree = await openIn(box, root, { over: { disk } });
  await tree.reconcile();
  Object.assign(fail, { 'src/a.ts': 'EMFILE', deep: 'EIO' });
  box.write('p/src/a.ts', 'changed\n');
  const batch = await tree.reconcile();
  expect(changesOf(batch)).toEqual([]);
  expect(batch.note).toBe('2 could not be read and stay as they were: deep/: EIO, src/a.ts: EMFILE');
  Object.assign(fail, { 'src/a.ts': 'EACCES', deep: 'EACCES' });
  expect(changesOf(await tree.reconcile())).toEqual(['- deep/x.ts', '- src/a.ts']);
  expect(tree.skipped()).toEqual([{ reason: 'cannot be read', count: 2, examples: ['deep/', 'src/a.ts'] }]);
  for (const path of Object.keys(fail)) delete fail[path];
  expect(changesOf(await tree.reconcile())).toEqual(['+ deep/x.ts', '+ src/a.ts']);
});

it('a root that is gone is an error and empties nothing', async () => {
  const tree = await openIn(box, root);
  await tree.reconcile();
  renameSync(root, `${root}-away`);
  await expect(tree.reconcile()).rejects.toThrow(FolderGoneError);
  expect(tree.size).toBe(3);
  renameSync(`${root}-away`, root);
  expect(changesOf(await tree.reconcile())).toEqual([]);
});

it('links are left out, whether they lead outside, inside or nowhere, and never followed when a folder became one', async () => {
  box.write('outside/secret.ts', 'outside\n');
  symlinkSync(join(box.folder, 'outside'), join(root, 'out'));
  symlinkSync(join(box.folder, 'outside/secret.ts'), join(root, 'file.ts'));
  symlinkSync(join(root, 'src/a.ts'), join(root, 'inside.ts'));
  symlinkSync('nowhere', join(root, 'broken.ts'));
  const tree = await openIn(box, root);
  await tree.reconcile();
  expect(pathsOf(tree)).toEqual(['readme.md', 'src/a.ts', 'src/b.ts']);
  expect(tree.skipped()).toEqual([{ reason: 'link', count: 4, examples: ['broken.ts', 'file.ts', 'inside.ts'] }]);
  expect(
    await Promise.all(['out', 'out/secret.ts', 'inside.ts', 'broken.ts'].map((path) => tree.explain(path))),
  ).toEqual([
    { indexed: false, reason: 'a link that leaves the folder' },
    { indexed: false, reason: 'out/: a link that leaves the folder' },
    { indexed: false, reason: 'a link; what it points to is indexed as src/a.ts, if at all' },
    { indexed: false, reason: 'a link that leads nowhere' },
  ]);
  // The tree still has src/a.ts when src is exchanged for a link to a folder with a file of that name.
  rmSync(join(root, 'src'), { recursive: true });
  box.write('outside/a.ts', 'outside\n');
  symlinkSync(join(box.folder, 'outside'), join(root, 'src'));
  expect(await tree.read('src/a.ts')).toEqual({ skipped: 'behind a link' });
  for (const path of ['../outside/a.ts', 'out/secret.ts', '/etc/hostname', '']) {
    expect(await tree.read(path)).toEqual({ skipped: 'not in the tree' });
  }
});

it('a root that is itself reached by a link is the folder behind it', async () => {
  symlinkSync(root, join(box.folder, 'alias'));
  const tree = await openIn(box, join(box.folder, 'alias'));
  expect((await tree.reconcile()).changes).toHaveLength(3);
  expect(tree.root).toBe(root);
  expect(await tree.read('src/a.ts')).toMatchObject({ text: 'one\n' });
});

it('size, name and content leave files out, each with its reason; a file may come back', async () => {
  const tree = await openIn(box, root, { maxFileBytes: 1_000, over: laterClock });
  box.write('p/big.ts', 'x'.repeat(1_001));
  box.write('p/min.js', `${'var a=1;'.repeat(200)}\n`.slice(0, 1_000));
  box.write('p/.env.local', 'KEY=1');
  box.write('p/logo.png', 'not looked at');
  box.write('p/data.txt', new Uint8Array([1, 2, 0, 3]));
  box.write('p/api.ts', '// Code generated by a tool. DO NOT EDIT.\n');
  box.write('p/package-lock.json', '{}');
  box.write('p/id.txt', `-----BEGIN OPENSSH PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEAAAAA'}\n`);
  await tree.reconcile();
  expect(pathsOf(tree)).toEqual(['min.js', 'readme.md', 'src/a.ts', 'src/b.ts']);
  expect(tree.skipped()).toEqual([
    { reason: 'binary', count: 2, examples: ['logo.png', 'data.txt'] },
    { reason: 'generated', count: 2, examples: ['package-lock.json', 'api.ts'] },
    { reason: 'may hold secrets', count: 2, examples: ['.env.local', 'id.txt'] },
    { reason: 'larger than 1000 B', count: 1, examples: ['big.ts'] },
  ]);
  expect(await tree.read('data.txt')).toEqual({ skipped: 'not in the tree' });
  expect(await tree.explain('big.ts')).toEqual({ indexed: false, reason: 'larger than 1000 B (1001 B)' });
  expect(await tree.explain('api.ts')).toEqual({ indexed: false, reason: 'generated (by its content)' });
  expect(await tree.explain('src/a.ts')).toEqual({ indexed: true, reason: 'text in utf-8, 4 B' });
  expect(await tree.explain('none.ts')).toEqual({ indexed: false, reason: 'does not exist' });
  box.write('p/big.ts', 'small');
  box.write('p/data.txt', 'text');
  box.write('p/src/a.ts', new Uint8Array([0, 1, 2]));
  expect(changesOf(await tree.reconcile())).toEqual(['+ big.ts', '+ data.txt', '- src/a.ts']);
  // The reasons by content are kept: nothing is read again for them.
  const { disk, opened } = countingDisk();
  const next = await openIn(box, root, { maxFileBytes: 1_000, over: { disk, ...laterClock } });
  expect(changesOf(await next.reconcile())).toEqual([]);
  expect(opened).toEqual([]);
  expect(next.skipped().map(({ reason, count }) => `${count} ${reason}`)).toEqual([
    '2 binary',
    '2 generated',
    '2 may hold secrets',
  ]);
});

it('repositories, worktrees, submodules and other roots below are trees of their own', async () => {
  box.git(root, 'init', '-q');
  box.write('lib/x.ts', 'x');
  box.git(join(box.folder, 'lib'), 'init', '-q');
  box.git(join(box.folder, 'lib'), 'add', '.');
  box.git(join(box.folder, 'lib'), 'commit', '-q', '-m', 'x');
  box.git(
    root,
    '-c',
    'protocol.file.allow=always',
    'submodule',
    '--quiet',
    'add',
    join(box.folder, 'lib'),
    'vendor/lib',
  );
  box.git(root, 'commit', '-q', '-m', 'all');
  box.git(root, 'worktree', 'add', '-q', 'trees/one', '-b', 'one');
  box.write('p/clone/y.ts', 'y');
  box.git(join(root, 'clone'), 'init', '-q');
  box.write('p/other/z.ts', 'z');
  box.write('p/notgit/.git/z.ts', 'an empty folder named .git is no repository');
  box.write('p/notgit/z.ts', 'z');
  const tree = await openIn(box, root, { otherRoots: [join(root, 'other'), root] });
  await tree.reconcile();
  expect(pathsOf(tree)).toEqual(['.gitmodules', 'notgit/z.ts', 'readme.md', 'src/a.ts', 'src/b.ts']);
  expect([...tree.nestedRoots()].sort()).toEqual(['clone', 'other', 'trees/one', 'vendor/lib']);
  expect(await tree.explain('vendor/lib/x.ts')).toEqual({
    indexed: false,
    reason: 'vendor/lib/: a root of its own, with its own tree',
  });
  const nested = await openIn(box, join(root, 'vendor/lib'), { stateDir: join(box.folder, 'state2') });
  await nested.reconcile();
  expect(pathsOf(nested)).toEqual(['x.ts']);
  const worktree = await openIn(box, join(root, 'trees/one'), { stateDir: join(box.folder, 'state3') });
  await worktree.reconcile();
  // What is equal has equal hashes, so that it is embedded once.
  expect(worktree.file('.gitmodules')?.hash).toBe(tree.file('.gitmodules')?.hash);
});

it('a changed rule takes in and puts out what is already there', async () => {
  const tree = await openIn(box, root);
  await tree.reconcile();
  box.write('p/.tabstopignore', 'src/a.ts\n');
  expect(changesOf(await tree.reconcile())).toEqual(['+ .tabstopignore', '- src/a.ts']);
  expect(await tree.explain('src/a.ts')).toEqual({
    indexed: false,
    reason: 'ignored by .tabstopignore (.tabstopignore:1: src/a.ts)',
  });
  box.write('p/.tabstopignore', '#\n');
  expect(changesOf(await tree.reconcile())).toEqual(['+ src/a.ts', '~ .tabstopignore']);
});

it('names that are no UTF-8 are left out, and said to be; a replacement character in a name is a character', async () => {
  writeFileSync(Buffer.concat([Buffer.from(`${root}/bad`), Buffer.from([0xff])]), 'x');
  mkdirSync(Buffer.concat([Buffer.from(`${root}/folder`), Buffer.from([0xfe])]));
  box.write('p/good\ufffd.ts', 'x');
  const tree = await openIn(box, root);
  await tree.reconcile();
  expect(pathsOf(tree)).toContain('good\ufffd.ts');
  expect(tree.skipped()).toEqual([{ reason: 'name is not UTF-8', count: 2, examples: ['bad\ufffd', 'folder\ufffd/'] }]);
});

it('more files than the limit are left out, and said to be', async () => {
  for (let index = 0; index < 10; index++) box.write(`p/z/f${index}.ts`, String(index));
  const tree = await openIn(box, root, { maxFiles: 7 });
  await tree.reconcile();
  expect(tree.size).toBe(7);
  expect(tree.skipped()).toEqual([{ reason: 'beyond 7 files', count: 6, examples: ['z/f4.ts', 'z/f5.ts', 'z/f6.ts'] }]);
  rmSync(join(root, 'src'), { recursive: true });
  expect(changesOf(await tree.reconcile())).toEqual(['+ z/f4.ts', '+ z/f5.ts', '- src/a.ts', '- src/b.ts']);
});

it('text in any encoding is read as text', async () => {
  const tree = await openIn(box, root);
  box.write('p/wide.txt', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('größer\r\n', 'utf16le')]));
  box.write('p/latin.txt', Buffer.from('Le café est fermé, très tôt à Noël.\n'.repeat(5), 'latin1'));
  await tree.reconcile();
  expect(await tree.read('wide.txt')).toMatchObject({ text: 'größer\r\n', encoding: 'utf-16le' });
  expect(await tree.read('latin.txt')).toMatchObject({
    text: 'Le café est fermé, très tôt à Noël.\n'.repeat(5),
    encoding: 'windows-1252',
  });
});

it('a look can be called off, and leaves the tree as it was', async () => {
  const tree = await openIn(box, root);
  const controller = new AbortController();
  controller.abort(new Error('enough'));
  await expect(tree.reconcile({ signal: controller.signal })).rejects.toThrow('enough');
  expect(tree.size).toBe(0);
  expect((await tree.reconcile()).changes).toHaveLength(3);
});

it('gives way to the event loop in slices, and says how far it is', async () => {
  for (let index = 0; index < 400; index++) box.write(`p/many/f${index}.ts`, `${index}\n`);
  // Each call of the clock is a millisecond later: a slice is over after eight of them.
  let ticks = 0;
  let turns = 0;
  const seen: number[] = [];
  const tree = await openIn(box, root, {
    over: {
      monotonic: () => ++ticks,
      turn: async () => {
        turns++;
      },
    },
  });
  await tree.reconcile({ onProgress: (files) => seen.push(files) });
  expect(turns).toBeGreaterThan(30);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBeGreaterThan(300);
});

it('cleared, the tree and what is kept of it are empty', async () => {
  const tree = await openIn(box, root);
  await tree.reconcile();
  await tree.clear();
  expect([tree.size, readdirSync(join(box.folder, 'state'))]).toEqual([0, []]);
  expect((await tree.reconcile()).changes).toHaveLength(3);
});

it('pipes and folders without permission do not stop a look', async () => {
  mkdirSync(join(root, 'locked'));
  chmodSync(join(root, 'locked'), 0);
  box.git(root, 'init', '-q');
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [join(root, 'pipe')]);
  const tree = await openIn(box, root);
  expect((await tree.reconcile()).changes).toHaveLength(3);
  expect(tree.skipped()).toContainEqual({ reason: 'not a regular file', count: 1, examples: ['pipe'] });
  chmodSync(join(root, 'locked'), 0o700);
});

it('explanations in a row ask git once, and see changed rules at once', async () => {
  box.git(root, 'init', '-q');
  let asked = 0;
  const tree = await openIn(box, root, {
    over: {
      run: async () => {
        asked++;
        return 'tabstop.present\ntrue\0';
      },
    },
  });
  await tree.reconcile();
  asked = 0;
  const indexed = async (): Promise<boolean[]> =>
    Promise.all(['src/a.ts', 'readme.md'].map(async (path) => (await tree.explain(path)).indexed));
  await tree.explain('src/a.ts');
  for (let round = 0; round < 20; round++) expect(await indexed()).toEqual([true, true]);
  expect(asked).toBe(1);
  box.write('p/.gitignore', 'readme.md\n');
  expect(await indexed()).toEqual([true, false]);
  box.write('p/src/.tabstopignore', 'a.ts\n');
  expect(await indexed()).toEqual([false, false]);
  box.write('p/.git/info/exclude', '!readme.md\n');
  box.git(root, 'add', '-f', 'readme.md');
  expect(await indexed()).toEqual([false, true]);
});

it('what was left out becomes known after a start, and the state is written again only where something changed', async () => {
  box.write('p/.gitignore', '*.log\n');
  box.write('p/src/deep/x.log', 'x\n');
  box.write('p/src/deep/d.ts', 'd\n');
  const written: string[] = [];
  const disk = diskWith((real) => ({
    renameSync(from, to) {
      written.push(String(to));
      return real.renameSync(from, to);
    },
  }));
  const open = () => openIn(box, root, { over: { disk, ...laterClock } });
  await (await open()).reconcile();
  // Read long after its times, nothing is in doubt any more: that is written once.
  await (await open()).reconcile();
  written.length = 0;
  const again = await open();
  const { rootHash } = again;
  expect(changesOf(await again.reconcile())).toEqual([]);
  expect(again.rootHash).toBe(rootHash);
  const counts = Object.fromEntries(again.skipped().map(({ reason, count }) => [reason, count]));
  expect(Object.values(counts)).toContain(1);
  expect(written).toEqual([]);
  box.write('p/src/deep/d.ts', 'other\n');
  expect(changesOf(await again.reconcile())).toEqual(['~ src/deep/d.ts']);
  expect(written).toHaveLength(1);
  expect(changesOf(await (await open()).reconcile())).toEqual([]);
});
