import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '@tabstop/testkit';
import { expect, test } from 'vitest';
import type { IndexStatus } from '../../../src/index/code-index.ts';
import { stateFolder } from '../../../src/index/state-folder.ts';
import {
  contentsOf,
  editProject,
  expectLikeFresh,
  openHere,
  pathOf,
  sandbox,
  sourceText,
  startProcess,
  until,
  write,
  writeProject,
} from './index-sandbox.ts';

const FILES = 160;

test('killed at random moments, again and again: the next start ends with what an index made from nothing has', {
  timeout: 300_000,
}, async () => {
  const box = sandbox();
  const random = seededRandom(61);
  writeProject(box.root, FILES);
  let interrupted = 0;
  for (let round = 1; round <= 10; round++) {
    const process = await startProcess(box, { follow: round % 3 === 0 });
    const synced = process.ask('sync').then(
      () => true,
      () => false,
    );
    // A whole run takes some hundred milliseconds here and some thousand on a slow machine: both ends are met.
    await Promise.race([synced, setTimeout(random() * 60 * round)]);
    await process.kill();
    if (!(await synced)) interrupted++;
    editProject(box.root, FILES, random, round);
  }
  expect(interrupted).toBeGreaterThan(0);
  await expectLikeFresh(box);
});

test('a disk that is full: told, not fatal; once there is room all is as it should be', {
  timeout: 300_000,
}, async (context) => {
  if (process.platform === 'win32') context.skip('there is no limit on the size of files');
  const box = sandbox();
  writeProject(box.root, 400);
  for (const limit of [24, 200]) {
    const full = await startProcess(box, { limit }).catch((error: Error) => error);
    if (full instanceof Error) {
      // Not even the state could be made: it must say so, in words.
      expect(full.message).toMatch(/index|database|disk|write/i);
      continue;
    }
    await full.ask('sync').catch(() => undefined);
    const grep = await full.ask<string[] | { error: string }>('grep', 'upload12(');
    // What cannot be kept can still be read.
    if (Array.isArray(grep)) expect(grep).toEqual([pathOf(12)]);
    const status = await full.ask<IndexStatus & { problems: string[] }>('status');
    expect(
      [status.problem, status.note, ...status.problems].filter((text) => text !== undefined).length,
    ).toBeGreaterThan(0);
    await full.kill();
  }
  await expectLikeFresh(box);
});

test.each(['store.db', 'tree.bin', 'grams.json', '.segment'])(
  '%s damaged: noticed, built anew, right',
  { timeout: 120_000 },
  async (damaged) => {
    const box = sandbox();
    writeProject(box.root, 60);
    const first = await openHere(box);
    const wanted = await contentsOf(first);
    await first.dispose();
    const folder = stateFolder(box.dataDir, box.root);
    const names = readdirSync(folder).filter((name) => name.endsWith(damaged));
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const bytes = readFileSync(join(folder, name));
      bytes.fill(0x55, Math.floor(bytes.length / 4), Math.floor(bytes.length / 2));
      writeFileSync(join(folder, name), bytes);
      rmSync(join(folder, `${name}-wal`), { force: true });
      rmSync(join(folder, `${name}-shm`), { force: true });
    }
    const again = await openHere(box);
    // Before anything is brought in step, too.
    expect((await again.grep({ pattern: 'nowhere to be found' })).matches).toEqual([]);
    // Damage deep inside a file shows when it is read: by the first question at the latest.
    await contentsOf(again);
    await until('what was there', async () => isDeepStrictEqual(await contentsOf(again), wanted), 30_000).catch(
      () => {},
    );
    expect(await contentsOf(again)).toEqual(wanted);
    await again.dispose();
    await expectLikeFresh(box);
  },
);

test('a folder that gets another name is another index, and the old name holds nothing any more', {
  timeout: 120_000,
}, async () => {
  const box = sandbox();
  writeProject(box.root, 40);
  const before = await openHere(box);
  await before.sync();
  await before.dispose();
  const moved = { ...box, root: join(box.base, 'renamed') };
  renameSync(box.root, moved.root);
  await expectLikeFresh(moved);
  const gone = await openHere(box).catch((error: Error) => error);
  if (gone instanceof Error) expect(gone.message).toContain('project');
  else {
    await gone.sync().catch((error: Error) => expect(error.message).toMatch(/project|folder/));
    expect((await gone.search({ text: 'upload12', mode: 'lexical' })).results).toEqual([]);
    await gone.dispose();
  }
});

test('cleared, nothing of the n-grams stays and nothing is found; built anew, all is as it was', {
  timeout: 120_000,
}, async () => {
  const box = sandbox();
  writeProject(box.root, 50);
  const index = await openHere(box);
  const wanted = await contentsOf(index);
  const grams = () => readdirSync(stateFolder(box.dataDir, box.root)).filter((name) => name.startsWith('grams.'));
  expect(grams()).toHaveLength(2);
  await index.clear();
  expect(grams()).toEqual([]);
  expect((await index.grep({ pattern: 'export function' })).matches).toEqual([]);
  await index.rebuild();
  expect(await contentsOf(index)).toEqual(wanted);
  expect(grams()).toHaveLength(2);
  expect((await index.grep({ pattern: 'upload12(' })).candidates).toBeLessThan(5);
  await index.dispose();
});

test('folders and files below that get other names are followed', { timeout: 120_000 }, async () => {
  const box = sandbox();
  writeProject(box.root, 80);
  const index = await openHere(box);
  await index.sync();
  renameSync(join(box.root, 'src/part3'), join(box.root, 'src/moved'));
  renameSync(join(box.root, pathOf(4)), join(box.root, 'README.md'));
  await index.dispose();
  await expectLikeFresh(box);
});

test('a branch that is switched while the index follows: the other branch is found, the one before is not', {
  timeout: 300_000,
}, async () => {
  const box = sandbox();
  const git = (...parameters: string[]) =>
    execFileSync(
      'git',
      [
        '-c',
        'user.name=T',
        '-c',
        'user.email=t@localhost',
        '-c',
        'init.defaultBranch=main',
        '-c',
        'commit.gpgsign=false',
        ...parameters,
      ],
      { cwd: box.root, stdio: 'pipe' },
    );
  writeProject(box.root, 300);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
  git('checkout', '-q', '-b', 'other');
  for (let number = 0; number < 200; number++)
    write(box.root, pathOf(number), `${sourceText(number, 7)}// onlyOnOther${number}\n`);
  for (let number = 250; number < 300; number++) rmSync(join(box.root, pathOf(number)));
  git('add', '-A');
  git('commit', '-q', '-m', 'two');
  git('checkout', '-q', 'main');
  const index = await openHere(box, true);
  await index.sync();
  const paths = async (pattern: string) =>
    (await index.grep({ pattern, limit: 1_000 })).matches.map(({ path }) => path);
  expect(await paths('onlyOnOther')).toEqual([]);
  for (const [branch, files] of [
    ['other', 200],
    ['main', 0],
    ['other', 200],
  ] as const) {
    git('checkout', '-q', branch);
    await until(`${branch} by grep`, async () => (await paths('onlyOnOther')).length === files);
    await until(`${branch} by words`, async () => {
      const { results } = await index.search({ text: 'onlyOnOther17', mode: 'lexical' });
      return results.some(({ text }) => text.includes('onlyOnOther17')) === files > 0;
    });
  }
  await until('in step', async () => index.status().state === 'ready' && index.status().files === 250);
  await index.dispose();
  await expectLikeFresh(box);
});
