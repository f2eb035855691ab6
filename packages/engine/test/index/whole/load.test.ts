import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { IndexStatus, SyncReport } from '../../../src/index/code-index.ts';
import {
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

test('eight processes on one project: one writes, all answer for what changes, and the store is not damaged', {
  timeout: 600_000,
}, async () => {
  const box = sandbox();
  writeProject(box.root, 120);
  const processes = await Promise.all(Array.from({ length: 8 }, () => startProcess(box, { follow: true })));
  await Promise.all(processes.map((process) => process.ask('sync')));
  const statuses = await Promise.all(processes.map((process) => process.ask<IndexStatus>('status')));
  expect(statuses.filter(({ follower }) => !follower).length).toBe(1);
  const everywhere = async (text: string, path: string) => {
    for (const process of processes)
      for (const question of ['grep', 'search'] as const)
        await until(`${text} by ${question}`, async () => {
          const found = await process.ask<string[]>(question, text);
          return Array.isArray(found) && found.includes(path);
        });
  };
  write(box.root, pathOf(5), `${sourceText(5, 1)}// firstMarkerOfAll\n`);
  await everywhere('firstMarkerOfAll', pathOf(5));
  // The one that writes is killed: another one takes over.
  const writer = processes.splice(
    statuses.findIndex(({ follower }) => !follower),
    1,
  )[0]!;
  await writer.kill();
  write(box.root, 'src/new.ts', `${sourceText(999, 1)}// secondMarkerOfAll\n`);
  await everywhere('secondMarkerOfAll', 'src/new.ts');
  await until('a new writer', async () => {
    const now = await Promise.all(processes.map((process) => process.ask<IndexStatus>('status')));
    return now.filter(({ follower }) => !follower).length === 1;
  });
  for (const process of processes) {
    const { problems } = await process.ask<{ problems: string[] }>('close');
    expect(problems).toEqual([]);
    expect(process.complaints()).toBe('');
  }
  await expectLikeFresh(box);
});

test('build output that changes all the time is not indexed over and over', { timeout: 300_000 }, async () => {
  const box = sandbox();
  writeProject(box.root, 60);
  write(box.root, '.gitignore', 'dist/\n*.log\n');
  write(box.root, 'dist/bundle.js', 'let first;\n');
  const index = await openHere(box, true);
  await index.sync();
  await until('ready', async () => index.status().state === 'ready');
  const { lastChange } = index.status();
  const states = new Set<string>();
  const stop = index.onStatus(({ state }) => states.add(state));
  for (let round = 0; round < 60; round++) {
    write(box.root, 'dist/bundle.js', `let round${round};\n`.repeat(200));
    write(box.root, `dist/chunk${round}.js`, 'let chunk;\n');
    write(box.root, 'debug.log', `line ${round}\n`);
    await setTimeout(20);
  }
  // Something that counts comes through all the same.
  write(box.root, pathOf(3), `${sourceText(3, 1)}// afterTheBuild\n`);
  await until(
    'the change that counts',
    async () => (await index.grep({ pattern: 'afterTheBuild' })).matches.length === 1,
  );
  await until('ready again', async () => index.status().state === 'ready');
  stop();
  expect(index.status().files).toBe(61);
  expect((await index.grep({ pattern: 'round59' })).matches).toEqual([]);
  expect(index.status().lastChange).toBeGreaterThan(lastChange ?? 0);
  expect(index.problems).toEqual([]);
  await index.dispose();
  await expectLikeFresh(box);
});

test('a file of the index that changes all the time does not keep it busy, and ends as it is', {
  timeout: 300_000,
}, async () => {
  const box = sandbox();
  writeProject(box.root, 60);
  const index = await openHere(box, true);
  await index.sync();
  for (let round = 0; round < 80; round++) {
    write(box.root, 'src/generated.ts', `export const round = 'hotRound${round}';\n`);
    await setTimeout(15);
    // Queries are answered meanwhile.
    if (round % 20 === 10)
      expect((await index.search({ text: 'upload12', mode: 'lexical' })).results.map(({ path }) => path)).toContain(
        pathOf(12),
      );
  }
  await until('the last one by grep', async () => (await index.grep({ pattern: "'hotRound79'" })).matches.length === 1);
  await until(
    'the last one by words',
    async () =>
      (await index.search({ text: 'hotRound79', mode: 'lexical' })).results[0]?.text.includes('hotRound79') === true,
  );
  await until('ready', async () => index.status().state === 'ready');
  await index.dispose();
  await expectLikeFresh(box);
});

test('thousands of small files: a second start has nothing to do', { timeout: 600_000 }, async () => {
  const box = sandbox();
  writeProject(box.root, 3_000);
  const process = await startProcess(box);
  expect(await process.ask<SyncReport>('sync')).toMatchObject({
    added: 3_000,
    modified: 0,
    removed: 0,
    chunked: expect.any(Number),
  });
  await process.ask('close');
  const again = await openHere(box);
  expect(await again.sync()).toMatchObject({ added: 0, modified: 0, removed: 0, chunked: 0 });
  expect((await again.grep({ pattern: 'upload1212(' })).matches.map(({ path }) => path)).toEqual([pathOf(1212)]);
  expect((await again.search({ text: 'upload1212', mode: 'lexical' })).results[0]?.path).toBe(pathOf(1212));
  await again.dispose();
});
