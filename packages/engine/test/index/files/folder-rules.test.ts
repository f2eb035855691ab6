import { execFileSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { rulesIn, type Sandbox, sandbox, verdictOn } from './git-sandbox.ts';

let box: Sandbox;
let root: string;
beforeEach(() => {
  box = sandbox();
  root = join(box.folder, 'project');
  box.write('project/src/a.ts', 'a');
  box.git(root, 'init', '-q');
});
afterEach(() => box.dispose(), 60_000);

/** Verdicts as text, an empty one where a path is in. A path that ends with a slash is a folder. */
async function verdicts(
  paths: readonly string[],
  options: { root?: string; withoutGit?: boolean } = {},
): Promise<string[]> {
  const rules = await rulesIn(box, options.root ?? root, options);
  return paths.map((path) => {
    const verdict = verdictOn(rules, path.replace(/\/$/, ''), path.endsWith('/'));
    return verdict ? `${verdict.reason} | ${verdict.detail.replace(`${box.folder}/`, '')}` : '';
  });
}

it('names file, line and pattern of the rule that decides', async () => {
  box.write('project/.gitignore', '# built\ndist/\n*.log\n');
  box.write('project/src/.gitignore', '!keep.log\n');
  expect(await verdicts(['dist/x/y.js', 'a.log', 'src/b.log', 'src/keep.log', 'src/a.ts'])).toEqual([
    'ignored by git | .gitignore:2: dist/',
    'ignored by git | .gitignore:3: *.log',
    'ignored by git | .gitignore:3: *.log',
    '',
    '',
  ]);
});

it('a file below a folder that is out cannot be taken in again', async () => {
  box.write('project/.gitignore', 'out/\n!out/keep.txt\n');
  expect(await verdicts(['out/keep.txt'])).toEqual(['ignored by git | .gitignore:1: out/']);
});

it('.git/info/exclude stands below .gitignore, and core.excludesFile below both', async () => {
  box.write('general', '*.one\n*.two\n*.three\n');
  box.git(root, 'config', 'core.excludesFile', join(box.folder, 'general'));
  box.write('project/.git/info/exclude', '!*.two\n*.four\n');
  box.write('project/.gitignore', '!*.three\n!*.four\n');
  expect(await verdicts(['a.one', 'a.two', 'a.three', 'a.four'])).toEqual([
    'ignored by git | general:1: *.one',
    '',
    '',
    '',
  ]);
});

it('~/.config/git/ignore counts where nothing is set, with git and without', async () => {
  box.write('home/.config/git/ignore', '*.swp\n');
  for (const withoutGit of [false, true]) {
    expect(await verdicts(['a.swp', 'a.ts'], { withoutGit })).toEqual([
      'ignored by git | home/.config/git/ignore:1: *.swp',
      '',
    ]);
  }
});

it('configuration is read from git’s own files where git is missing', async () => {
  box.write('home/.gitconfig', '[user]\n\tname = x\n[core]\n\texcludesFile = ~/mine # comment\n');
  box.write('home/mine', '*.MINE\n');
  box.git(root, 'config', 'core.ignorecase', 'true');
  expect(await verdicts(['a.mine'], { withoutGit: true })).toEqual(['ignored by git | home/mine:1: *.MINE']);
  expect(await verdicts(['a.mine'])).toEqual(['ignored by git | home/mine:1: *.MINE']);
});

it('files that git tracks are in although a pattern ignores them, others beside them are not', async () => {
  box.write('project/.gitignore', 'dist/\n*.gen\n');
  box.write('project/dist/deep/kept.js', 'k');
  box.write('project/a.gen', 'g');
  box.git(root, 'add', '-f', 'dist/deep/kept.js', 'a.gen');
  for (const version of ['2', '3', '4']) {
    box.git(root, 'update-index', '--index-version', version);
    expect(await verdicts(['dist/deep/kept.js', 'dist/deep/other.js', 'dist/x/', 'a.gen', 'b.gen'])).toEqual([
      '',
      'ignored by git | .gitignore:1: dist/',
      'ignored by git | .gitignore:1: dist/',
      '',
      'ignored by git | .gitignore:2: *.gen',
    ]);
  }
});

it.each([
  ['split', ['update-index', '--split-index']],
  ['with an intent to add', ['add', '-N', 'src/a.ts']],
])('an index that is %s is read as well', async (_kind, parameters) => {
  box.write('project/.gitignore', 'dist/\n');
  box.write('project/dist/kept.js', 'k');
  box.git(root, 'add', '-f', 'dist/kept.js');
  box.git(root, ...parameters);
  expect(await verdicts(['dist/kept.js', 'dist/other.js'])).toEqual(['', 'ignored by git | .gitignore:1: dist/']);
});

it('an index with SHA-256 ids is read as well', async () => {
  rmSync(join(root, '.git'), { recursive: true });
  box.git(root, 'init', '-q', '--object-format=sha256');
  box.write('project/.gitignore', 'dist/\n');
  box.write('project/dist/kept.js', 'k');
  box.git(root, 'add', '-f', 'dist/kept.js');
  expect(await verdicts(['dist/kept.js', 'dist/other.js'], { withoutGit: true })).toEqual([
    '',
    'ignored by git | .gitignore:1: dist/',
  ]);
});

it('a worktree has the excludes of its repository and an index of its own', async () => {
  box.write('project/.gitignore', 'dist/\n');
  box.git(root, 'add', '.');
  box.git(root, 'commit', '-q', '-m', 'one');
  box.write('project/.git/info/exclude', '*.tmp\n');
  box.git(root, 'worktree', 'add', '-q', '../tree', '-b', 'other');
  const tree = join(box.folder, 'tree');
  box.write('tree/dist/kept.js', 'k');
  box.git(tree, 'add', '-f', 'dist/kept.js');
  const paths = ['a.tmp', 'dist/kept.js', 'dist/other.js', 'src/a.ts'];
  expect(await verdicts(paths, { root: tree })).toEqual([
    'ignored by git | project/.git/info/exclude:1: *.tmp',
    '',
    'ignored by git | .gitignore:1: dist/',
    '',
  ]);
  expect((await verdicts(paths))[1]).not.toBe('');
});

it('a folder inside a repository obeys the rules above it', async () => {
  box.write('project/.gitignore', '/packages/*/out\n*.log\n');
  box.write('project/packages/a/.gitignore', '!b.log\n');
  box.write('project/.tabstopignore', 'packages/a/big\n');
  expect(await verdicts(['out/x', 'a.log', 'b.log', 'big', 'src/out'], { root: join(root, 'packages/a') })).toEqual([
    'ignored by git | .gitignore:1: /packages/*/out',
    'ignored by git | .gitignore:2: *.log',
    '',
    'ignored by .tabstopignore | .tabstopignore:1: packages/a/big',
    '',
  ]);
});

it('a folder that the repository around it ignores stands alone when it is opened itself', async () => {
  box.write('project/.gitignore', '*\n');
  box.write('project/mine/.gitignore', '*.log\n');
  expect(await verdicts(['a.ts', 'a.log'], { root: join(root, 'mine') })).toEqual([
    '',
    'ignored by git | .gitignore:1: *.log',
  ]);
});

it('.cursorignore and .tabstopignore have the last word, either way', async () => {
  box.write('project/.gitignore', 'gen/\n*.csv\n');
  box.write('project/.cursorignore', 'docs/\n!gen/\nlegacy/\n');
  box.write('project/.tabstopignore', '!legacy/\nfixtures/*.json\n');
  expect(
    await verdicts([
      'gen/a/b.ts',
      'gen/x.csv',
      'docs/a.md',
      'legacy/a.ts',
      'fixtures/a.json',
      'fixtures/a.ts',
      'x.csv',
    ]),
  ).toEqual([
    '',
    '',
    'ignored by .cursorignore | .cursorignore:1: docs/',
    '',
    'ignored by .tabstopignore | .tabstopignore:2: fixtures/*.json',
    '',
    'ignored by git | .gitignore:2: *.csv',
  ]);
});

it('works without git: .gitignore files count in a folder that is no repository', async () => {
  box.write('plain/.gitignore', 'a/\n');
  box.write('plain/b/.gitignore', '/c\n');
  expect(await verdicts(['a/x', 'b/c', 'c', 'b/d/c'], { root: join(box.folder, 'plain') })).toEqual([
    'ignored by git | .gitignore:1: a/',
    'ignored by git | b/.gitignore:1: /c',
    '',
    '',
  ]);
});

it('a .gitignore that is a link is not followed, as in git', async () => {
  box.write('elsewhere', '*\n');
  symlinkSync(join(box.folder, 'elsewhere'), join(root, '.gitignore'));
  expect(await verdicts(['src/a.ts'])).toEqual(['']);
});

it('folders of packages and of version control are out whatever the rules say', async () => {
  box.write('project/.tabstopignore', '!node_modules/\n!.git/\n!.ssh/\n');
  expect(await verdicts(['node_modules/a/b.js', '.git/config', 'x/.ssh/config'])).toEqual([
    'never indexed | folders named node_modules are never indexed',
    'never indexed | it belongs to git',
    'may hold secrets | folders named .ssh hold secrets',
  ]);
});

it('a pattern of a hostile repository takes no time', async () => {
  const long = 'a'.repeat(250);
  box.write('project/.gitignore', `${'*a'.repeat(60)}b\n${'**/'.repeat(40)}${'*a*/'.repeat(20)}b\n`);
  const started = performance.now();
  expect(await verdicts([`${long}/${long}/${long}/${long}`])).toEqual(['']);
  // A matcher that tries every split would take years.
  expect(performance.now() - started).toBeLessThan(10_000);
});

it('a pipe that a configuration names as excludes is not waited for', async () => {
  execFileSync('mkfifo', [join(box.folder, 'pipe')]);
  box.git(root, 'config', 'core.excludesFile', join(box.folder, 'pipe'));
  expect(await verdicts(['src/a.ts'])).toEqual(['']);
});
