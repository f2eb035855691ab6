import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pick, seededRandom } from '@tabstop/testkit';
import { afterAll, expect, it } from 'vitest';
import { rulesIn, sandbox, verdictOn } from './git-sandbox.ts';

/** What git itself says about the same patterns and paths: `git check-ignore --no-index`, with the pattern that decided. */

const box = sandbox();
afterAll(() => box.dispose(), 120_000);

const NAMES = [
  'a',
  'b',
  'c',
  'ab',
  'abc',
  'a.c',
  'b.c',
  'foo',
  'Foo',
  'FOO',
  'bar',
  'foo.txt',
  '-',
  ']',
  '[',
  '!a',
  '#a',
  'x y',
  'a ',
  'é',
  'aé',
  '日',
  '*',
  '?',
  'a*b',
  'a\\b',
  'a\\',
  '\\',
  '^',
  '{a,b}',
  '.a',
  '..a',
  'a..b',
  '(',
  '+',
  '$',
  'a-c',
  '[ab]',
  '~',
] as const;
const PIECES = [
  'a',
  'b',
  'c',
  'A',
  'foo',
  'bar',
  'F',
  '.',
  '.c',
  '-',
  ' ',
  'é',
  '日',
  '*',
  '*',
  '*',
  '**',
  '**',
  '***',
  '?',
  '?',
  '/',
  '/',
  '/',
  '**/',
  '/**',
  '/**/',
  '/*/',
  '[ab]',
  '[!a]',
  '[^b]',
  '[a-c]',
  '[A-C]',
  '[A]',
  '[c-a]',
  '[]a]',
  '[!]a]',
  '[a-]',
  '[-a]',
  '[[:alpha:]]',
  '[[:upper:]]',
  '[[:lower:]b]',
  '[[:punct:]]',
  '[[:space:]]',
  '[[:digit:][:alpha:]]',
  '[[:alnum:]-z]',
  '[[:nope:]]',
  '[[:alpha:]',
  '[[:]',
  '[[::]]',
  '[a',
  '[',
  ']',
  '[\\]]',
  '[\\a-\\c]',
  '[a\\-c]',
  '[/]',
  '[!/]',
  '[*-/]',
  '\\',
  '\\*',
  '\\?',
  '\\[',
  '\\a',
  '\\A',
  '\\/',
  '\\ ',
  '!',
  '#',
  '$',
  '(',
  '{a,b}',
  '^',
  '+',
] as const;

function randomPattern(random: () => number): string {
  let pattern = '';
  for (let count = 1 + Math.floor(random() * 4); count > 0; count--) pattern += pick(random, PIECES);
  if (random() < 0.15) pattern = `/${pattern}`;
  if (random() < 0.15) pattern += '/';
  if (random() < 0.15) pattern = `!${pattern}`;
  if (random() < 0.05) pattern = `\\${pattern}`;
  if (random() < 0.1) pattern += pick(random, [' ', '  ', '\\ ', '\\  ', ' \\ ', '\t', '\r']);
  return pattern;
}

function randomPath(random: () => number): string {
  const parts: string[] = [];
  for (let count = 1 + Math.floor(random() * 3.5); count > 0; count--) parts.push(pick(random, NAMES));
  return parts.join('/');
}

/** Path -> what decided, as `file:line`, an empty text where nothing did; a pattern with `!` decides that it is not ignored. */
function askGit(root: string, paths: readonly string[]): Map<string, { by: string; ignored: boolean }> {
  const output = box.gitWith(root, `${paths.join('\0')}\0`, 'check-ignore', '--no-index', '-z', '-v', '-n', '--stdin');
  const fields = output.split('\0');
  const answers = new Map<string, { by: string; ignored: boolean }>();
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [source, line, pattern, path] = fields.slice(at, at + 4) as [string, string, string, string];
    answers.set(path, {
      by: source === '' ? '' : `${source}:${line}`,
      ignored: source !== '' && !pattern.startsWith('!'),
    });
  }
  return answers;
}

async function compare(root: string, paths: readonly string[], isFolder: (path: string) => boolean): Promise<number> {
  const told = askGit(root, paths);
  const rules = await rulesIn(box, root);
  let ignored = 0;
  const wrong: unknown[] = [];
  for (const path of paths) {
    const git = told.get(path)!;
    const ours = verdictOn(rules, path, isFolder(path));
    if (git.ignored) ignored++;
    const by = ours?.detail.replace(/: .*$/s, '').replace(`${root}/`, '') ?? '';
    if (git.ignored !== (ours !== undefined) || (git.ignored && by !== git.by)) wrong.push({ path, git, ours });
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  return ignored;
}

for (const ignoreCase of [false, true]) {
  it(`each of 400 random patterns alone decides as in git, ignoreCase ${ignoreCase}`, async () => {
    const random = seededRandom(ignoreCase ? 11 : 7);
    const name = `alone-${ignoreCase}`;
    const root = join(box.folder, name);
    mkdirSync(root);
    box.git(root, 'init', '-q');
    box.git(root, 'config', 'core.ignorecase', String(ignoreCase));
    const paths: string[] = [];
    for (let index = 0; index < 400; index++) {
      box.write(`${name}/d${index}/.gitignore`, `${randomPattern(random)}${random() < 0.5 ? '\n' : ''}`);
      for (let count = 0; count < 40; count++) paths.push(`d${index}/${randomPath(random)}`);
    }
    const unique = [...new Set(paths)];
    // Neither side may win by ignoring nothing.
    expect(await compare(root, unique, () => false)).toBeGreaterThan(unique.length / 50);
  }, 240_000);
}

it('whole working trees with patterns in every place decide as in git', async () => {
  let ignored = 0;
  let all = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const random = seededRandom(seed);
    const name = `world-${seed}`;
    const root = join(box.folder, name);
    const folders = new Set<string>();
    const files = new Set<string>();
    for (let count = 0; count < 120; count++) {
      const parts = randomPath(random).split('/');
      const ways = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
      if (ways.slice(0, -1).some((way) => files.has(way)) || folders.has(ways.at(-1)!)) continue;
      for (const way of ways.slice(0, -1)) folders.add(way);
      files.add(ways.at(-1)!);
    }
    for (const folder of folders) mkdirSync(join(root, folder), { recursive: true });
    for (const file of files) box.write(`${name}/${file}`);
    const list = (most: number): string => {
      const lines: string[] = [];
      for (let count = Math.floor(random() * most); count >= 0; count--) {
        // Names that are there, too, so that patterns meet.
        const pattern =
          random() < 0.5
            ? randomPattern(random)
            : (random() < 0.3 ? '!' : '') + pick(random, NAMES) + (random() < 0.3 ? '/' : '');
        lines.push(pattern, ...(random() < 0.1 ? ['', '# a comment', '   '] : []));
      }
      return (
        (random() < 0.1 ? '\ufeff' : '') + lines.join(random() < 0.2 ? '\r\n' : '\n') + (random() < 0.5 ? '\n' : '')
      );
    };
    box.git(root, 'init', '-q');
    box.git(root, 'config', 'core.ignorecase', String(seed % 2 === 0));
    box.write(`${name}/.git/info/exclude`, random() < 0.6 ? list(4) : '');
    if (random() < 0.6) {
      box.write(`excludes-${seed}`, list(4));
      box.git(root, 'config', 'core.excludesFile', join(box.folder, `excludes-${seed}`));
    }
    for (const folder of ['', ...folders])
      if (folder === '' || random() < 0.4) box.write(join(name, folder, '.gitignore'), list(5));
    const paths = [...files, ...folders];
    ignored += await compare(root, paths, (path) => folders.has(path));
    all += paths.length;
  }
  expect(ignored / all).toBeGreaterThan(0.2);
  expect(ignored / all).toBeLessThan(0.9);
}, 240_000);
