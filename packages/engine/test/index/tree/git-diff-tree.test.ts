import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pick, seededRandom } from '@tabstop/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { diffTrees } from '../../../src/index/tree/diff.ts';
import type { FolderNode } from '../../../src/index/tree/folder-node.ts';
import { type Sandbox, sandbox } from '../files/git-sandbox.ts';
import { changesOf, mirrorOf } from './tree-sandbox.ts';

/** The comparison of two trees against `git diff-tree` on the same two commits of random repositories. */

let box: Sandbox;
beforeAll(() => {
  box = sandbox();
});
afterAll(() => box.dispose(), 120_000);

const NAMES = ['a', 'b', 'c', 'ä', 'x.ts', 'y.py', 'z.md', 'B', 'a b', 'a.', '日本', '𝒳', '\uffee'] as const;

/** One commit's worth of random edits on the working tree; `files` is kept in step. */
function edit(random: () => number, root: string, files: Set<string>): void {
  for (let count = 1 + Math.floor(random() * 12); count > 0; count--) {
    const what = random();
    const some = [...files];
    if (what < 0.5 || some.length === 0) {
      const parts: string[] = [];
      for (let depth = 1 + Math.floor(random() * 4); depth > 0; depth--) parts.push(pick(random, NAMES));
      const path = parts.join('/');
      const clashes = some.some((file) => path.startsWith(`${file}/`) || file.startsWith(`${path}/`));
      if (clashes) continue;
      // Folders that edits emptied stay on disk; git has none.
      rmSync(join(box.folder, root, path), { recursive: true, force: true });
      box.write(join(root, path), `${Math.floor(random() * 5)}\n`);
      files.add(path);
    } else if (what < 0.7) {
      box.write(join(root, pick(random, some)), `${random()}\n`);
    } else if (what < 0.85) {
      const path = pick(random, some);
      rmSync(join(box.folder, root, path));
      files.delete(path);
    } else {
      // A folder is renamed, where there is one.
      const from = pick(random, some).split('/')[0]!;
      const to = `moved${Math.floor(random() * 3)}`;
      const inside = some.filter((file) => file.startsWith(`${from}/`));
      if (inside.length === 0 || some.some((file) => file === to || file.startsWith(`${to}/`))) continue;
      rmSync(join(box.folder, root, to), { recursive: true, force: true });
      renameSync(join(box.folder, root, from), join(box.folder, root, to));
      for (const file of inside) {
        files.delete(file);
        files.add(to + file.slice(from.length));
      }
    }
  }
}

function gitDiff(root: string, from: string, to: string): string[] {
  const output = box.git(root, 'diff-tree', '-r', '-z', '--no-renames', '--name-status', from, to).split('\0');
  const sign: Record<string, string> = { A: '+', M: '~', D: '-' };
  const changes: string[] = [];
  for (let at = 0; at + 1 < output.length; at += 2) changes.push(`${sign[output[at]!]} ${output[at + 1]}`);
  return changes.sort();
}

/** Folders on the way to a change, the root included: nothing else has to be opened. */
function foldersOnTheWay(changes: readonly string[]): number {
  const folders = new Set(['']);
  for (const change of changes) {
    const parts = change.slice(2).split('/');
    for (let depth = 1; depth < parts.length; depth++) folders.add(parts.slice(0, depth).join('/'));
  }
  return folders.size;
}

for (let seed = 1; seed <= 6; seed++) {
  it(`random repository ${seed}: all pairs of commits differ as git says, and only the folders on the way are opened`, async () => {
    const random = seededRandom(seed);
    const name = `repository-${seed}`;
    const root = join(box.folder, name);
    mkdirSync(root);
    box.git(root, 'init', '-q');
    const files = new Set<string>();
    const states: { commit: string; node: FolderNode }[] = [];
    // One mirror follows the edits by `reconcile`, and a fresh one looks at each commit for the first time: the same hashes.
    const following = mirrorOf(box, root);
    for (let step = 0; step < 7; step++) {
      edit(random, name, files);
      box.git(root, 'add', '-A', '-f');
      box.git(root, 'commit', '-q', '--allow-empty', '-m', String(step));
      await following.look({ keep: 'later' });
      const fresh = mirrorOf(box, root);
      await fresh.look({ keep: 'later' });
      expect(Buffer.from(fresh.node().hash).equals(following.node().hash)).toBe(true);
      expect(fresh.node().count).toBe(files.size);
      states.push({ commit: box.git(root, 'rev-parse', 'HEAD').trim(), node: following.node() });
    }
    let compared = 0;
    for (const from of states) {
      for (const to of states) {
        const { changes, visited } = diffTrees(from.node, to.node);
        const expected = gitDiff(root, from.commit, to.commit);
        expect(changesOf({ changes })).toEqual(expected);
        expect(visited).toBeLessThanOrEqual(foldersOnTheWay(expected));
        compared += expected.length;
      }
    }
    expect(compared).toBeGreaterThan(50);
  }, 240_000);
}
