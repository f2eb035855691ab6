import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProjectFiles } from '../../src/server/project-files.ts';
import { diskFiles } from '../../src/workspace/disk-files.ts';
import { Document } from '../../src/workspace/document.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabstop-project-'));
  for (const name of ['one', 'two']) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'a.ts'), `export const in_${name} = 1;\n`);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const open = (path: string, text: string) => Document.open({ path, text, languageId: 'typescript', version: 1 });
const mapOf = (...documents: Document[]) => new Map(documents.map((document) => [document.path, document]));

function project(folders: readonly string[], documents?: ReadonlyMap<string, Document>) {
  const problems: string[] = [];
  const files = createProjectFiles({
    folders,
    dataDir: undefined,
    documents,
    openFiles: (next) => diskFiles(next, { disk: fs, now: () => performance.now() }),
    onStatus: () => {},
    onProblem: (message) => problems.push(message),
  });
  return { ...files, problems };
}

test('the token model knows the files, what is open over them, and what is closed again', async () => {
  const path = join(folder, 'one', 'a.ts');
  const { lexicon, observe, ready, dispose, problems } = project([join(folder, 'one')]);
  await ready();
  expect([lexicon.count('in_one'), lexicon.count('typed')]).toEqual([1, 0]);
  const document = open(path, 'typed(typed);\n');
  expect(observe(mapOf(document))).toEqual([document]);
  expect([lexicon.count('in_one'), lexicon.count('typed')]).toEqual([0, 2]);
  expect(observe(mapOf(document))).toEqual([]);
  observe(new Map());
  expect([lexicon.count('in_one'), lexicon.count('typed')]).toEqual([1, 0]);
  expect(problems).toEqual([]);
  dispose();
});

test('other folders are other files, and what is open stays open', async () => {
  const { lexicon, files, observe, ready, setFolders, dispose } = project([join(folder, 'one')]);
  await ready();
  observe(mapOf(open('/elsewhere.ts', 'typed;\n')));
  setFolders([join(folder, 'two')]);
  await ready();
  expect(['in_one', 'in_two', 'typed'].map((word) => lexicon.count(word))).toEqual([0, 1, 1]);
  expect(await files.read(join(folder, 'one', 'a.ts'))).toBe(undefined);
  expect(await files.read(join(folder, 'two', 'a.ts'))).toBe('export const in_two = 1;\n');
  dispose();
});

test('without folders the documents given are the project; as they are, they are not counted twice', async () => {
  const [a, b] = [open('a.ts', 'alpha;\n'), open('b.ts', 'beta;\n')];
  const { lexicon, observe, dispose } = project([], mapOf(a, b));
  expect(observe(mapOf(a, b))).toEqual([a, b]);
  expect(['alpha', 'beta'].map((word) => lexicon.count(word))).toEqual([1, 1]);
  const changed = open('a.ts', 'gamma;\n');
  expect(observe(mapOf(changed, b))).toEqual([changed]);
  expect(['alpha', 'beta', 'gamma'].map((word) => lexicon.count(word))).toEqual([0, 1, 1]);
  observe(mapOf(a, b));
  expect(['alpha', 'beta', 'gamma'].map((word) => lexicon.count(word))).toEqual([1, 1, 0]);
  dispose();
});
