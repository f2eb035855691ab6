import { hash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffTrees } from '../../../src/index/tree/diff.ts';
import {
  EMPTY_FOLDER,
  type FolderNode,
  findFolder,
  folderNode,
  HASH_BYTES,
  hex,
  locate,
  walkFiles,
} from '../../../src/index/tree/folder-node.ts';
import { changesOf } from './tree-sandbox.ts';

/** A tree by hand: path -> content. A content of `out` is a file that its content keeps out. */
type Files = ReadonlyMap<string, string>;

function build(files: Files): FolderNode {
  const own: { name: string; content: string }[] = [];
  const below = new Map<string, Map<string, string>>();
  for (const [path, content] of files) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      own.push({ name: path, content });
      continue;
    }
    const inside = below.get(path.slice(0, slash)) ?? new Map<string, string>();
    inside.set(path.slice(slash + 1), content);
    below.set(path.slice(0, slash), inside);
  }
  const byName = (a: string, b: string): number => (a < b ? -1 : 1);
  const entries = own
    .sort((a, b) => byName(a.name, b.name))
    .map(({ name, content }) => ({
      name,
      size: content.length,
      modified: 1,
      changed: 1,
      inode: 1,
      mark: content === 'out' ? 1 : 0,
      hash: hash('sha256', content, 'buffer').subarray(0, HASH_BYTES),
    }));
  const folders = [...below].sort((a, b) => byName(a[0], b[0])).map(([name, inside]) => [name, build(inside)] as const);
  return folderNode(entries, folders, undefined);
}

function naive(before: Files, after: Files): string[] {
  const isIn = (files: Files, path: string): string | undefined =>
    files.get(path) === 'out' ? undefined : files.get(path);
  const changes: string[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const was = isIn(before, path);
    const is = isIn(after, path);
    if (was !== undefined && is === undefined) changes.push(`- ${path}`);
    else if (was === undefined && is !== undefined) changes.push(`+ ${path}`);
    else if (was !== is) changes.push(`~ ${path}`);
  }
  return changes.sort();
}

const part = fc.constantFrom('a', 'b', 'c', 'd', 'B', 'ab', 'a.b');
/** Files end with `.f`, so that no path is a file and a folder at once. */
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.f`);
const files = fc
  .array(fc.tuple(path, fc.constantFrom('1', '2', '3', 'out')), { maxLength: 40 })
  .map((pairs) => new Map(pairs));
const edits = fc.array(fc.tuple(path, fc.constantFrom('1', '2', 'out', undefined)), { maxLength: 8 });

it('random edit scripts: the differences are those of the lists of files', () => {
  fc.assert(
    fc.property(files, edits, (before, script) => {
      const after = new Map(before);
      for (const [file, content] of script) {
        if (content === undefined) after.delete(file);
        else after.set(file, content);
      }
      const { changes, visited } = diffTrees(build(before), build(after));
      expect(changesOf({ changes })).toEqual(naive(before, after));
      // Every opened folder lies on the way to an edit.
      const folders = new Set(['']);
      for (const change of naive(before, after)) {
        const parts = change.slice(2).split('/');
        for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
      }
      expect(visited).toBeLessThanOrEqual(folders.size);
    }),
    { seed: 1, numRuns: 500 },
  );
});

it('any two trees: differences there and back are each other’s mirror, and applied to the one they give the other', () => {
  fc.assert(
    fc.property(files, files, (one, other) => {
      const there = diffTrees(build(one), build(other)).changes;
      const back = diffTrees(build(other), build(one)).changes;
      const turned = changesOf({ changes: back }).map((change) =>
        change.replace(/^[+-]/, (sign) => (sign === '+' ? '-' : '+')),
      );
      expect(changesOf({ changes: there })).toEqual(turned.sort());
      const result = new Map(
        [...walkFiles(build(one))].map(({ path, folder, index }) => [
          path,
          hex(folder.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)),
        ]),
      );
      for (const change of there) {
        if (change.kind === 'removed') result.delete(change.path);
        else result.set(change.path, change.hash);
      }
      const wanted = [...walkFiles(build(other))].map(({ path, folder, index }) => [
        path,
        hex(folder.hashes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)),
      ]);
      expect([...result].sort()).toEqual(wanted.sort());
    }),
    { seed: 2, numRuns: 300 },
  );
});

it('equal content has equal hashes, however the tree came to be; other content has others', () => {
  fc.assert(
    fc.property(files, files, (one, other) => {
      const same = naive(one, other).length === 0;
      expect(Buffer.from(build(one).hash).equals(build(other).hash)).toBe(same);
    }),
    { seed: 3, numRuns: 300 },
  );
});

it.each([
  ['a name that looks like the end of another', ['ab.f', 'c.f'], ['a.f', 'bc.f']],
  ['a folder and a file of its name', ['x'], ['x/x']],
  ['another depth', ['a/b/c'], ['a/b', 'c']],
])('%s gives another hash', (_kind, one, other) => {
  const hashOf = (paths: readonly string[]): string => hex(build(new Map(paths.map((name) => [name, '1']))).hash);
  expect(hashOf(one)).not.toBe(hashOf(other));
});

it('one changed file among 10,000 in 1,000 folders opens as many folders as it is deep', () => {
  const many = new Map<string, string>();
  for (let index = 0; index < 10_000; index++)
    many.set(`a${index % 10}/b${index % 100}/c${index % 1_000}/f${index}`, String(index));
  const changed = new Map(many).set('a7/b77/c777/f777', 'other');
  expect(diffTrees(build(many), build(changed))).toMatchObject({
    changes: [{ kind: 'modified', path: 'a7/b77/c777/f777' }],
    visited: 4,
  });
  expect(diffTrees(build(many), build(many)).visited).toBe(1);
});

it('folders that hold nothing do not count', () => {
  const node = folderNode([], [['empty', EMPTY_FOLDER]], undefined);
  expect(diffTrees(EMPTY_FOLDER, node)).toEqual({ changes: [], visited: 1 });
});

it('finds folders and files by path', () => {
  const node = build(
    new Map([
      ['a/b/c', '1'],
      ['d', '2'],
    ]),
  );
  expect(findFolder(node, 'a/b')?.names).toEqual(['c']);
  expect(findFolder(node, '')).toBe(node);
  for (const missing of ['a/x', 'd', 'a/b/c', 'a/b/c/d']) expect(findFolder(node, missing)).toBeUndefined();
  expect(locate(node, 'a/b/c')?.index).toBe(0);
  expect(locate(node, 'a/b')?.index).toBe(-1);
});
