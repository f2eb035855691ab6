import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IndexStatus } from '../../src/index/code-index.ts';
import { openNodeIndex } from '../../src/index/node-index.ts';

const FILES = {
  'src/queue.ts':
    'export class Queue {\n  push(item: string) {\n    this.items.push(item);\n  }\n}\n\nexport const enqueue = () => 1;\n',
  'docs/guide.md': '# Guide\n\nText.\n\n## Colours\n\nMore text.\n',
};

let home: string;
let project: string;
beforeAll(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'tabstop-real-index-')));
  project = join(home, 'project');
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), text);
  }
});
afterAll(() => rm(home, { recursive: true, force: true }));

const opened = (name: string, follow: boolean) =>
  openNodeIndex(
    { folders: [project], dataDir: join(home, name), follow, embedding: { kind: 'none' } },
    { env: {}, onProblem: () => {} },
  );

test('cleared it stays empty and paused; resumed it is built anew, as the view promises', async () => {
  const index = await opened('cleared', true);
  const until = (right: (status: IndexStatus) => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!right(index.status())) return;
        stop();
        resolve();
      };
      const stop = index.onStatus(look);
      look();
    });
  await until(({ state, files }) => state === 'ready' && files === 2);
  await index.clear();
  expect(index.status()).toMatchObject({ state: 'paused', files: 0 });
  index.resume();
  await until(({ state, files }) => state === 'ready' && files === 2);
  expect((await index.search({ text: 'enqueue' })).results[0]?.path).toBe('src/queue.ts');
  await index.dispose();
});

test('an outline is nested, as agents and people read a file', async () => {
  const index = await opened('outlined', false);
  await index.sync();
  const names = (items: Awaited<ReturnType<typeof index.outline>>): unknown[] =>
    items.map(({ name, startLine, endLine, children }) => [name, startLine, endLine, ...names(children)]);
  expect(names(await index.outline('src/queue.ts'))).toEqual([
    ['Queue', 1, 5, ['push', 2, 4]],
    ['enqueue', 7, 7],
  ]);
  expect(names(await index.outline('docs/guide.md'))).toEqual([['Guide', 1, 7, ['Colours', 5, 7]]]);
  await index.dispose();
});
