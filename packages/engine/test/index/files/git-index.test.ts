import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import { seededRandom } from '@tabstop/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseGitIndex, parseLsFiles } from '../../../src/index/files/git-index.ts';
import { coreValues } from '../../../src/index/files/git-settings.ts';
import { type Sandbox, sandbox } from './git-sandbox.ts';

let box: Sandbox;
let root: string;
const paths: string[] = [];

beforeAll(() => {
  box = sandbox();
  root = join(box.folder, 'p');
  const random = seededRandom(3);
  for (let index = 0; index < 400; index++) {
    const depth = Math.floor(random() * 5);
    const folders = Array.from({ length: depth }, () =>
      'abcdé'[Math.floor(random() * 5)]!.repeat(1 + Math.floor(random() * 200)),
    );
    const path = [...folders, `f${index}${'x'.repeat(Math.floor(random() * 20))}`].join('/');
    if (path.length > 900 || folders.some((folder) => folder.length > 120)) continue;
    paths.push(path);
    box.write(`p/${path}`, String(index));
  }
  box.git(root, 'init', '-q');
  box.git(root, 'add', '.');
}, 120_000);
afterAll(() => box.dispose(), 60_000);

it.each(['2', '3', '4'])('version %s: the files that git lists, and their folders', (version) => {
  box.git(root, 'update-index', '--index-version', version);
  const parsed = parseGitIndex(readFileSync(join(root, '.git/index')))!;
  const listed = box.git(root, 'ls-files', '-z').split('\0').filter(Boolean);
  expect([...parsed.files].sort()).toEqual(listed.sort());
  expect(listed).toHaveLength(paths.length);
  const folders = new Set(
    paths.flatMap((path) => path.split('/').map((_, depth, parts) => parts.slice(0, depth).join('/'))),
  );
  folders.delete('');
  expect([...parsed.folders].sort()).toEqual([...folders].sort());
  const told = parseLsFiles(box.git(root, 'ls-files', '-z', '--stage'));
  expect([[...told.files].sort(), [...told.folders].sort()]).toEqual([listed, [...folders].sort()]);
});

it('files in conflict count once, submodules are folders', () => {
  const blob = box.gitWith(root, 'x', 'hash-object', '-w', '--stdin').trim();
  const commit = 'a'.repeat(40);
  const entries = [
    `100644 ${blob} 1\tzz/conflict`,
    `100644 ${blob} 2\tzz/conflict`,
    `100644 ${blob} 3\tzz/conflict`,
    `160000 ${commit} 0\tzz/module`,
  ];
  box.gitWith(root, `${entries.join('\n')}\n`, 'update-index', '--index-info');
  const parsed = parseGitIndex(readFileSync(join(root, '.git/index')))!;
  expect([...parsed.files].filter((path) => path.startsWith('zz'))).toEqual(['zz/conflict']);
  expect([...parsed.folders].filter((path) => path.startsWith('zz')).sort()).toEqual(['zz', 'zz/module']);
});

it('a damaged index is refused wherever the damage is, and so is anything else', () => {
  const good = readFileSync(join(root, '.git/index'));
  const random = seededRandom(8);
  for (let run = 0; run < 300; run++) {
    const bad = Buffer.from(good);
    const at = Math.floor(random() * bad.length);
    bad[at] = bad[at]! ^ (1 + Math.floor(random() * 255));
    expect([at, parseGitIndex(bad)]).toEqual([at, undefined]);
    expect(parseGitIndex(good.subarray(0, at))).toBeUndefined();
  }
});

it('a wrong content under a right checksum ends, too', () => {
  const good = readFileSync(join(root, '.git/index'));
  const random = seededRandom(9);
  for (let run = 0; run < 300; run++) {
    const bad = Buffer.from(good);
    for (let count = 0; count < 5; count++)
      bad[4 + Math.floor(random() * (bad.length - 24))] = Math.floor(random() * 256);
    hash('sha1', bad.subarray(0, -20), 'buffer').copy(bad, bad.length - 20);
    const parsed = parseGitIndex(bad);
    expect(parsed === undefined || parsed.files.size <= 500).toBe(true);
  }
});

it('the core section of a configuration file', () => {
  const content = [
    '# comment',
    '[user]',
    '  excludesFile = not this',
    '[core]',
    '\tignoreCase = true ; really',
    '\tExcludesFile = "/a \\"b\\" # c" # comment',
    '  bare',
    '[core "sub"]',
    '  ignorecase = false',
    '[CORE] excludesfile = ~/last',
    '[other]',
    '  ignorecase = false',
  ].join('\r\n');
  expect([...coreValues(content)]).toEqual([
    ['core.ignorecase', 'true'],
    ['core.excludesfile', '/a "b" # c'],
    ['core.bare', ''],
    ['core.excludesfile', '~/last'],
  ]);
});
