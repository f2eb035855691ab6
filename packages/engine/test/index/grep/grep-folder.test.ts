import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeGramDisk } from '../../../src/index/grep/gram-disk.ts';
import { openGramStore } from '../../../src/index/grep/gram-store.ts';
import { type FollowerAnswer, grepFolder, type GrepFolderOptions } from '../../../src/index/grep/grep-folder.ts';
import { nodeGrepEffects } from '../../../src/index/grep/node-grep.ts';
import { nodeTreeEffects } from '../../../src/index/tree/node-effects.ts';
import { openFolderTree } from '../../../src/index/tree/open-tree.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Given {
  readonly root: string;
  readonly state: string;
  write(path: string, text: string): void;
  /** Brings the index in step, and lets it look `seconds` older than it is so that what follows was not written at the same moment. */
  index(seconds?: number): Promise<void>;
  grep(
    pattern: string,
    more?: Partial<GrepFolderOptions>,
  ): Promise<{ found: string[]; known: string; candidates: number; notes: readonly string[] }>;
  treesOpened: number;
}

function folder(files: Readonly<Record<string, string>>): Given {
  const base = temporaryFolder();
  const root = join(base, 'project');
  const state = join(base, 'state');
  const openTree = () => {
    given.treesOpened++;
    return openFolderTree({ root, effects: nodeTreeEffects({ env: {} }) });
  };
  const given: Given = {
    root,
    state,
    treesOpened: 0,
    write(path, text) {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    async index(seconds = 0) {
      const tree = await openTree();
      await tree.reconcile();
      const store = openGramStore({ disk: nodeGramDisk(state) });
      const { effects } = nodeGrepEffects(root, process.env);
      for (const file of tree.files()) store.add(file, effects.readFile(file.path)!);
      store.commit(Date.now() + 3_000 + seconds * 1_000);
      store.close();
      given.treesOpened = 0;
    },
    async grep(pattern, more = {}) {
      const { effects, list } = nodeGrepEffects(root, process.env);
      const answer = await grepFolder({
        root,
        disk: nodeGramDisk(state),
        query: { pattern, regex: false, ignoreCase: false, wholeWord: false, limit: 1_000 },
        alwaysFresh: 0,
        lookFor: 60_000,
        openTree,
        list,
        effects: { ...effects, wallClock: () => Date.now() + 10_000 },
        ...more,
      });
      return { ...answer, found: answer.matches.map(({ path, line }) => `${path}:${line}`) };
    },
  };
  for (const [path, text] of Object.entries(files)) given.write(path, text);
  return given;
}

const FILES = { 'src/a.ts': 'const needle = 1;\n', 'src/b.ts': 'const other = 2;\n', 'docs/c.md': '# needle\n' };
/** As when the file was changed after everything else: later than the index was in step. */
const LATER = new Date(Date.now() + 8_000);

describe('an answer from the index', () => {
  test('reads the files that can match alone, opens no tree, and says how old it is', async () => {
    const given = folder(FILES);
    await given.index();
    expect(await given.grep('needle')).toMatchObject({
      found: ['docs/c.md:1', 'src/a.ts:1'],
      known: 'index',
      candidates: 2,
    });
    expect(await given.grep('no such thing')).toMatchObject({
      found: [],
      candidates: 0,
      notes: [expect.stringMatching(/^as of \d+ s ago: .*--fresh looks at all 3 files/)],
    });
    expect(given.treesOpened).toBe(0);
  });
  test('sees a file that was changed', async () => {
    const given = folder(FILES);
    await given.index();
    given.write('src/b.ts', 'const other = needle;\n');
    expect((await given.grep('needle')).found).toEqual(['docs/c.md:1', 'src/a.ts:1', 'src/b.ts:1']);
  });
  test('sees a change of the same length, by its time', async () => {
    const given = folder(FILES);
    await given.index();
    given.write('src/b.ts', 'const ether = 2;\n');
    utimesSync(join(given.root, 'src/b.ts'), LATER, LATER);
    expect((await given.grep('ether')).found).toEqual(['src/b.ts:1']);
  });
  test('does not show what is gone', async () => {
    const given = folder(FILES);
    await given.index();
    rmSync(join(given.root, 'src/a.ts'));
    expect((await given.grep('needle')).found).toEqual(['docs/c.md:1']);
  });
});

describe('new files', () => {
  // Folders tell by the time of their last change, which cannot be set: the index is made to be older.
  test.each([
    ['beside others', 'src/new.ts', ['src/new.ts:1']],
    ['in a new folder', 'src/deep/er/new.ts', ['src/deep/er/new.ts:1']],
    ['that are ignored', 'src/ignored/new.ts', []],
    ['that are never indexed', 'src/.env', []],
  ])('%s', async (_, path, found) => {
    const given = folder({ ...FILES, '.gitignore': 'ignored/\n' });
    await given.index(-8);
    given.write(path, 'fresh needle\n');
    expect((await given.grep('fresh needle')).found).toEqual(found);
  });
  test('very many: the whole folder is looked at', async () => {
    const given = folder(FILES);
    await given.index(-8);
    for (let index = 0; index < 250; index++) given.write(`src/n${index}.ts`, `fresh needle ${index}\n`);
    expect(await given.grep('fresh needle')).toMatchObject({ found: { length: 250 }, known: 'reconciled' });
  });
  test('a file that got another name', async () => {
    const given = folder(FILES);
    await given.index(-8);
    renameSync(join(given.root, 'src/a.ts'), join(given.root, 'src/z.ts'));
    expect((await given.grep('const needle')).found).toEqual(['src/z.ts:1']);
  });
});

test('after the clock was set back times tell nothing: what the index knows is answered, and said to be that', async () => {
  const given = folder(FILES);
  await given.index(3_600);
  given.write('src/b.ts', 'const other = needle;\n');
  expect(await given.grep('needle')).toMatchObject({
    found: ['docs/c.md:1', 'src/a.ts:1'],
    known: 'index',
    notes: [expect.stringContaining('--fresh')],
  });
  expect(await given.grep('needle', { fresh: true })).toMatchObject({
    found: { length: 3 },
    known: 'reconciled',
    notes: [],
  });
});

test('small folders are looked at whole, without being asked', async () => {
  const given = folder(FILES);
  await given.index();
  given.write('empty/before/new.ts', 'needle\n');
  expect(await given.grep('needle', { alwaysFresh: 10 })).toMatchObject({
    found: { length: 3 },
    known: 'reconciled',
    candidates: 3,
    notes: [],
  });
});

describe('where a process follows the folder', () => {
  const follower = (answer: FollowerAnswer | undefined) => ({ follower: async () => answer, alwaysFresh: 10 });
  test('what it knows to be waiting is read too, and nothing is said', async () => {
    const given = folder(FILES);
    await given.index();
    given.write('src/b.ts', 'needle\n');
    given.write('src/n.ts', 'needle\n');
    const answer = await given.grep(
      'needle',
      follower({ pending: ['src/b.ts', 'src/n.ts', 'src/gone.ts'], asOf: Date.now() + 9_000 }),
    );
    expect(answer).toMatchObject({ found: { length: 4 }, known: 'followed', notes: [] });
    expect(given.treesOpened).toBe(0);
  });
  test('what changed just now, before it was told, is seen by its time', async () => {
    const given = folder(FILES);
    await given.index();
    given.write('src/b.ts', 'needle, longer than before\n');
    expect(await given.grep('needle', follower({ pending: [], asOf: Date.now() - 500 }))).toMatchObject({
      found: { length: 3 },
      known: 'followed',
    });
  });
  test('without an answer the folder is looked at', async () => {
    const given = folder(FILES);
    await given.index();
    expect(await given.grep('needle', follower(undefined))).toMatchObject({ known: 'reconciled' });
  });
});

describe('without an index that can be used', () => {
  test('all files are read, and that is said', async () => {
    const given = folder(FILES);
    expect(await given.grep('needle')).toMatchObject({
      found: { length: 2 },
      candidates: 3,
      known: 'reconciled',
      notes: [expect.stringContaining('tabstop index sync')],
    });
  });
  test('a damaged one is not trusted', async () => {
    const given = folder(FILES);
    await given.index();
    const disk = nodeGramDisk(given.state);
    const name = disk.list().find((one) => one.endsWith('.segment'))!;
    const bytes = disk.readAll(name)!;
    // In the lists, which are read when they are needed.
    bytes.fill(0xaa, 0, 40);
    writeFileSync(join(given.state, name), bytes);
    expect(await given.grep('const')).toMatchObject({
      found: ['src/a.ts:1', 'src/b.ts:1'],
      notes: [expect.stringContaining('damaged')],
    });
    writeFileSync(join(given.state, 'grams.json'), 'nonsense');
    expect(await given.grep('needle')).toMatchObject({
      found: { length: 2 },
      notes: [expect.stringContaining('damaged')],
    });
  });
});

test('globs narrow, the limit cuts and says so', async () => {
  const given = folder(FILES);
  await given.index();
  const query = { pattern: 'needle', regex: false, ignoreCase: false, wholeWord: false, limit: 1_000 };
  expect((await given.grep('', { query: { ...query, globs: ['*.ts'] } })).found).toEqual(['src/a.ts:1']);
  expect((await given.grep('', { query: { ...query, globs: ['!docs'] } })).found).toEqual(['src/a.ts:1']);
  expect(await given.grep('', { query: { ...query, limit: 1 } })).toMatchObject({
    found: ['docs/c.md:1'],
    truncated: true,
  });
});
