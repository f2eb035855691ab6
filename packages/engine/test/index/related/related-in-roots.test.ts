import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { relatedInRoots } from '../../../src/index/related/related-in-roots.ts';
import { runProcess } from '../../../src/workspace/run-process.ts';
import { fakeTree } from '../grep/fake-tree.ts';
import { temporaryFolder } from '../grep/temporary-folder.ts';

function repository() {
  const root = temporaryFolder();
  const tree = fakeTree(root);
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
      { cwd: root, stdio: 'pipe' },
    );
  git('init', '-q');
  let version = 0;
  return {
    root,
    tree,
    git,
    async commit(subject: string, ...paths: string[]) {
      version++;
      for (const path of paths) tree.write(path, `${path} ${'line\n'.repeat(9)}${version}`);
      await tree.reconcile();
      git('add', '-A');
      git('commit', '-q', '-m', subject);
    },
  };
}

test('over two repositories: absolute paths find their root, renamed files keep what they learned, new commits are seen', async () => {
  const left = repository();
  const right = repository();
  await left.commit('start', 'src/a.ts', 'src/b.ts', 'lonely/z.md');
  await left.commit('more of b', 'src/a.ts', 'src/b.ts');
  await right.commit('start', 'x.ts', 'deep/y.ts');
  let time = 0;
  const related = relatedInRoots({ run: runProcess, now: () => time, wallClock: Date.now });
  const ask = (paths: string[], prompt?: string) =>
    related([left, right], { paths, ...(prompt === undefined ? {} : { prompt }) });

  expect(await ask([join(left.root, 'src/a.ts')])).toMatchObject([
    { root: left.root, path: 'src/b.ts', why: 'changed together 2 of 2 times' },
    { root: left.root, path: 'lonely/z.md', why: 'changed together 1 of 2 times' },
  ]);
  expect(await ask([join(right.root, 'x.ts')])).toMatchObject([{ root: right.root, path: 'deep/y.ts' }]);
  expect(await ask(['/elsewhere/x.ts'])).toEqual([]);
  expect((await ask([], 'more of b')).map(({ path }) => path)).toContain('src/b.ts');

  mkdirSync(dirname(join(left.root, 'lib/bb.ts')), { recursive: true });
  left.git('mv', 'src/b.ts', 'lib/bb.ts');
  left.tree.remove.call(left.tree, 'src/a.ts');
  writeFileSync(join(left.root, 'src/a.ts'), 'kept');
  left.tree.write('src/a.ts', 'kept');
  left.tree.write('lib/bb.ts', 'moved');
  await left.tree.reconcile();
  left.git('commit', '-q', '-m', 'move');
  time += 60_000;
  expect((await ask([join(left.root, 'src/a.ts')]))[0]).toMatchObject({
    path: 'lib/bb.ts',
    why: 'changed together 2 of 2 times',
  });
});

test('a folder below the repository has its own names; without a repository there is kinship alone', async () => {
  const whole = repository();
  await whole.commit('one', 'packages/a/x.ts', 'packages/a/y.ts', 'other.ts');
  const tree = fakeTree(join(whole.root, 'packages/a'));
  for (const path of ['x.ts', 'y.ts']) tree.write(path, 'text');
  await tree.reconcile();
  const related = relatedInRoots({ run: runProcess, now: () => 0, wallClock: Date.now });
  expect(await related([{ root: tree.root, tree }], { paths: ['x.ts'] })).toMatchObject([
    { path: 'y.ts', why: 'changed together 1 of 1 time' },
  ]);
  const bare = fakeTree(temporaryFolder());
  for (const path of ['x.ts', 'x.test.ts']) bare.write(path, 'text');
  await bare.reconcile();
  const without = relatedInRoots({ run: async () => undefined, now: () => 0, wallClock: Date.now });
  expect(await without([{ root: bare.root, tree: bare }], { paths: ['x.ts'] })).toMatchObject([
    { path: 'x.test.ts', why: 'test of x.ts' },
  ]);
});

test('a question that was cancelled says so', async () => {
  const tree = fakeTree(temporaryFolder());
  const related = relatedInRoots({ run: async () => undefined, now: () => 0, wallClock: Date.now });
  await expect(
    related([{ root: tree.root, tree }], { paths: ['x.ts'] }, AbortSignal.abort(new Error('enough'))),
  ).rejects.toThrow('enough');
});
