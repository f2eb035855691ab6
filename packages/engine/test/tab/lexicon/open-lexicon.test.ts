import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BaseBuilder } from '../../../src/tab/lexicon/base.ts';
import type { BuildRequest } from '../../../src/tab/lexicon/build-base.ts';
import {
  baseFileOf,
  type OpenLexicon,
  type OpenLexiconOptions,
  openLexicon,
  type WorkerMessage,
} from '../../../src/tab/lexicon/open-lexicon.ts';
import { diskFiles } from '../../../src/workspace/disk-files.ts';

let folder: string;
let dataDir: string;
let opened: OpenLexicon[];

beforeEach(async () => {
  const root = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'lexicon-')));
  folder = join(root, 'project');
  dataDir = join(root, 'data');
  opened = [];
  await fs.mkdir(join(folder, 'src'), { recursive: true });
  await fs.writeFile(join(folder, 'src/a.ts'), 'export const alpha = load(beta);\n');
  await fs.writeFile(join(folder, 'src/b.ts'), 'export const gamma = load(beta);\n');
});

afterEach(async () => {
  for (const one of opened) one.dispose();
  await fs.rm(join(folder, '..'), { recursive: true, force: true });
});

function start(options: Partial<OpenLexiconOptions> = {}): OpenLexicon & { logged: string[] } {
  const logged: string[] = [];
  const files = diskFiles([folder], { disk: fs, now: () => performance.now() });
  const lexicon = openLexicon({ folders: [folder], dataDir, files, log: (line) => logged.push(line), ...options });
  opened.push(lexicon);
  return Object.assign(lexicon, { logged });
}

const named = (lexicon: OpenLexicon, word: string) =>
  lexicon.lexicon
    .filesWith(word, 9)
    .map((path) => path.slice(folder.length + 1))
    .sort();

describe('a real worker', () => {
  test('builds with progress, keeps the base, and takes it up again', async () => {
    const first = start();
    const states: string[] = [];
    first.onStatus((status) => states.push(status.state === 'building' ? status.progress.phase : status.state));
    expect(first.status.state).toBe('building');
    expect(await first.ready).toMatchObject({ state: 'ready', files: 2, from: 'sources' });
    expect(states).toEqual(['listing', 'reading', 'sorting', 'saving', 'ready']);
    expect(named(first, 'beta')).toEqual(['src/a.ts', 'src/b.ts']);
    expect(await fs.readdir(join(dataDir, 'lexicon'))).toHaveLength(1);

    const second = start();
    expect(await second.ready).toMatchObject({ state: 'ready', files: 2, from: 'disk' });
    expect(named(second, 'alpha')).toEqual(['src/a.ts']);
    expect(second.logged).toEqual([]);
  });

  test('lays over a kept base what has changed, come and gone since', async () => {
    await start().ready;
    await fs.writeFile(join(folder, 'src/a.ts'), 'export const renamed = 1;\n');
    await fs.rm(join(folder, 'src/b.ts'));
    await fs.writeFile(join(folder, 'src/c.ts'), 'export const delta = 1;\n');
    const second = start();
    expect(await second.ready).toMatchObject({ from: 'disk' });
    expect([named(second, 'alpha'), named(second, 'gamma'), named(second, 'renamed'), named(second, 'delta')]).toEqual([
      [],
      [],
      ['src/a.ts'],
      ['src/c.ts'],
    ]);
  });

  test.each([
    ['cut short', async (file: string) => fs.truncate(file, 100), 'cut short'],
    [
      'damaged',
      async (file: string) => {
        const bytes = await fs.readFile(file);
        bytes[bytes.length - 9]! ^= 255;
        await fs.writeFile(file, bytes);
      },
      'checksum',
    ],
    ['no base at all', async (file: string) => fs.writeFile(file, 'x'.repeat(400)), 'is no lexicon'],
  ])('builds anew where the kept base is %s, and mends it', async (_, damage, reason) => {
    await start().ready;
    const file = baseFileOf(dataDir, [folder]);
    await damage(file);
    const second = start();
    expect(await second.ready).toMatchObject({ state: 'ready', from: 'sources' });
    expect(second.logged.join()).toContain(reason);
    expect(await start().ready).toMatchObject({ from: 'disk' });
  });

  test('goes on where the base cannot be kept', async () => {
    await fs.writeFile(dataDir, 'a file where the folder should be');
    const one = start();
    expect(await one.ready).toMatchObject({ state: 'ready', files: 2 });
    expect(one.logged.join()).toContain('could not be kept');
  });

  test('a folder that does not exist is an empty project', async () => {
    const one = start({ folders: [join(folder, 'nowhere')] });
    expect(await one.ready).toMatchObject({ state: 'ready', files: 0 });
  });
});

/** A build whose messages the test sends. */
function handBuild() {
  const requests: BuildRequest[] = [];
  const hear: ((message: WorkerMessage) => void)[] = [];
  let stopped = 0;
  return {
    requests,
    send: (message: WorkerMessage) => hear.at(-1)!(message),
    stopped: () => stopped,
    startBuild: (request: BuildRequest, listener: (message: WorkerMessage) => void) => {
      requests.push(request);
      hear.push(listener);
      return { stop: () => void stopped++ };
    },
  };
}

const built = (text: string): WorkerMessage => {
  const builder = new BaseBuilder();
  builder.add({ path: join(folder, 'src/a.ts'), modified: 1, size: 1 }, text);
  return { kind: 'built', built: { base: builder.freeze(), changed: [], from: 'sources' } };
};

describe('while and after building', () => {
  test('a file that changes meanwhile keeps its newer text', async () => {
    const build = handBuild();
    const one = start({ startBuild: build.startBuild });
    await fs.writeFile(join(folder, 'src/a.ts'), 'newer');
    await one.filesChanged([join(folder, 'src/a.ts')]);
    build.send(built('older'));
    expect([named(one, 'older'), named(one, 'newer')]).toEqual([[], ['src/a.ts']]);
  });

  test('many changes start a fresh build, which settles them', async () => {
    const build = handBuild();
    const one = start({ startBuild: build.startBuild });
    build.send(built('first'));
    await fs.writeFile(join(folder, 'src/a.ts'), 'second');
    const changed = Array.from({ length: 301 }, (_, index) =>
      join(folder, index === 0 ? 'src/a.ts' : `src/gone${index}.ts`),
    );
    await one.filesChanged(changed);
    expect(build.requests.map(({ fresh }) => fresh)).toEqual([false, true]);
    build.send(built('second'));
    expect(one.lexicon.changedPaths()).toEqual([]);
    expect(named(one, 'second')).toEqual(['src/a.ts']);
  });

  test('a failed build is told, and open documents still count', async () => {
    const build = handBuild();
    const one = start({ startBuild: build.startBuild });
    build.send({ kind: 'failed', reason: 'no memory' });
    expect(await one.ready).toEqual({ state: 'failed', reason: 'no memory' });
    await one.filesChanged([join(folder, 'src/a.ts')]);
    expect(named(one, 'alpha')).toEqual(['src/a.ts']);
  });

  test('after dispose nothing is heard any more', () => {
    const build = handBuild();
    const one = start({ startBuild: build.startBuild });
    one.dispose();
    build.send(built('late'));
    expect([build.stopped(), named(one, 'late')]).toEqual([1, []]);
  });
});
