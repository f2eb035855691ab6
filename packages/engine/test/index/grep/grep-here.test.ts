import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeGramDisk } from '../../../src/index/grep/gram-disk.ts';
import { openGramLookup } from '../../../src/index/grep/gram-lookup.ts';
import { type GrepHereOptions, grepHere } from '../../../src/index/grep/grep-here.ts';
import { openNodeIndex } from '../../../src/index/node-index.ts';
import { stateFolder } from '../../../src/index/state-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A repository with another in it, and one more in that; each file holds the word newt and its own path. */
function project() {
  const base = temporaryFolder();
  const root = join(base, 'project');
  const dataDir = join(base, 'data');
  const write = (path: string, text = `newt in ${path}\n`) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const repository of ['', 'vendor/lib/', 'vendor/lib/deep/er/']) {
    write(`${repository}.git/HEAD`, 'ref: refs/heads/main\n');
    write(`${repository}a.ts`);
    write(`${repository}src/b.ts`);
  }
  const found = async (
    pattern: string,
    more: Partial<GrepHereOptions['query']> = {},
    roots: readonly string[] = [root],
  ) => {
    const answer = await grepHere({ roots, dataDir, query: { pattern, ...more }, env: process.env });
    return { ...answer, paths: answer.matches.map(({ path }) => path) };
  };
  async function index() {
    const opened = await openNodeIndex(
      { folders: [root], dataDir, embedding: { kind: 'none' } },
      { env: process.env, onProblem: (message) => expect.fail(message) },
    );
    onTestFinished(() => opened.dispose());
    await opened.sync();
    return opened;
  }
  return { root, dataDir, write, found, index };
}

const ALL = [
  'a.ts',
  'src/b.ts',
  'vendor/lib/a.ts',
  'vendor/lib/deep/er/a.ts',
  'vendor/lib/deep/er/src/b.ts',
  'vendor/lib/src/b.ts',
];

test('repositories inside are searched too, with and without an index, as the open index does', async () => {
  const { found, index } = project();
  const without = await found('newt in');
  expect(without.paths).toEqual(ALL);
  expect(without.notes).toHaveLength(3);
  expect(without.notes[1]).toMatch(/^vendor\/lib: there is no complete n-gram index/);
  const opened = await index();
  const answer = await found('newt in');
  expect(answer).toMatchObject({ paths: ALL, files: 6, notes: [], known: 'reconciled', truncated: false });
  const open = await opened.grep({ pattern: 'newt in' });
  expect(open.matches.map(({ path }) => path).sort()).toEqual(ALL);
});

test('what the n-grams take is part of the bytes on disk, also before anything was asked', async () => {
  const { root, dataDir, index } = project();
  const first = await index();
  const grams = [root, join(root, 'vendor/lib'), join(root, 'vendor/lib/deep/er')].map((folder) => {
    const disk = nodeGramDisk(stateFolder(dataDir, folder));
    return disk
      .list()
      .filter((name) => name.endsWith('.segment'))
      .reduce((sum, name) => sum + disk.open(name)!.size, 0);
  });
  const stores = first.roots.reduce((sum, { session }) => sum + session.bytes(), 0);
  expect(grams.every((bytes) => bytes > 0)).toBe(true);
  expect(first.status().bytes).toBe(stores + grams[0]! + grams[1]! + grams[2]!);
  await first.dispose();
  const again = await openNodeIndex(
    { folders: [root], dataDir, embedding: { kind: 'none' } },
    { env: process.env, onProblem: (message) => expect.fail(message) },
  );
  // Repositories inside are opened when the folder was looked at.
  expect(again.status().bytes).toBe(again.roots[0]!.session.bytes() + grams[0]!);
  await again.dispose();
});

test('lines and files are counted over all of them', async () => {
  const { found, index } = project();
  await index();
  expect(await found('newt in', { limit: 4 })).toMatchObject({ paths: ALL.slice(0, 4), truncated: true });
  expect((await found('newt in', { globs: ['/vendor/**/src/*.ts'] })).paths).toEqual([
    'vendor/lib/deep/er/src/b.ts',
    'vendor/lib/src/b.ts',
  ]);
  expect((await found('newt in', { globs: ['!vendor'] })).paths).toEqual(['a.ts', 'src/b.ts']);
});

test('the index knows them without a look at the folder, until they are gone', async () => {
  const { root, dataDir, found, index, write } = project();
  const opened = await index();
  const nested = (folder: string) => openGramLookup(nodeGramDisk(stateFolder(dataDir, folder)))!.nested;
  expect(nested(root)).toEqual(['vendor/lib']);
  expect(nested(join(root, 'vendor/lib'))).toEqual(['deep/er']);
  rmSync(join(root, 'vendor/lib/deep'), { recursive: true });
  expect((await found('newt in')).paths).toEqual(ALL.filter((path) => !path.includes('deep')));
  write('other/.git/HEAD', 'ref: refs/heads/main\n');
  write('other/c.ts');
  expect((await found('newt in other')).paths).toEqual(['other/c.ts']);
  await opened.sync();
  expect(nested(root)).toEqual(['other', 'vendor/lib']);
  expect(nested(join(root, 'vendor/lib'))).toEqual([]);
});

test('one that is a root of its own answers once', async () => {
  const { root, found } = project();
  const { matches } = await found('newt in', {}, [root, join(root, 'vendor/lib')]);
  expect(matches.map(({ root: of, path }) => `${of === root ? '' : 'lib: '}${path}`)).toEqual([
    'a.ts',
    'src/b.ts',
    'lib: a.ts',
    'lib: deep/er/a.ts',
    'lib: deep/er/src/b.ts',
    'lib: src/b.ts',
  ]);
});
