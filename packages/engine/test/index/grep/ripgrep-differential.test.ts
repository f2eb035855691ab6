import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findRipgrep, nodeRipgrepPlaces } from '../../../src/index/grep/find-ripgrep.ts';
import { type FileMatch, type GrepPattern, GrepPatternError } from '../../../src/index/grep/grep-match.ts';
import { openLiveGrams } from '../../../src/index/grep/live-grams.ts';
import { isPlain, matchLiteral } from '../../../src/index/grep/literal-match.ts';
import { nodeGrepEffects } from '../../../src/index/grep/node-grep.ts';
import { pathGlobs } from '../../../src/index/grep/path-globs.ts';
import { parametersOf } from '../../../src/index/grep/ripgrep.ts';
import { type FakeTree, fakeTree } from './fake-tree.ts';
import { memoryDisk } from './memory-disk.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ripgrep = findRipgrep(nodeRipgrepPlaces(import.meta.url, process.env))!;

/** Texts with what makes byte, character and case differ. */
const WORDS = [
  'import',
  'readFile',
  'READFILE',
  'kelvin',
  '\u212aelvin',
  'sub',
  '\u017fub',
  'héllo',
  'HÉLLO',
  'a.b',
  'foo_bar',
  'x',
  '日本',
  '\t',
  '(',
  '{}',
  'ß',
  '𝕏y',
];
const WORD = fc.constantFrom(...WORDS);
const text = fc
  .array(fc.oneof({ weight: 4, arbitrary: WORD }, { weight: 3, arbitrary: fc.constantFrom(' ', '\n', '\r\n', '  ') }), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));

function seededTexts(count: number, seed: number): readonly string[] {
  return fc.sample(text, { numRuns: count, seed });
}

async function indexed(contents: readonly (string | Uint8Array)[]) {
  const root = temporaryFolder();
  const tree = fakeTree(root);
  for (const [index, content] of contents.entries())
    tree.write(`src/${index % 5}/f${index}.${index % 3 === 0 ? 'ts' : 'md'}`, content);
  await tree.reconcile();
  const { effects } = nodeGrepEffects(root, process.env);
  const grams = openLiveGrams({
    tree,
    disk: memoryDisk(),
    mayWrite: () => true,
    mayClear: () => true,
    readFile: (path) => effects.readFile(path),
    effects,
    now: effects.now,
    wallClock: effects.wallClock,
    turn: async () => {},
    after: () => () => {},
    onProblem: (message) => expect.unreachable(message),
    pairsInMemory: 2_000,
  });
  await grams.sync();
  return { root, tree, grams };
}

/** What ripgrep itself says of all files, read line by line; `undefined` where it takes the pattern for none. */
function truth(root: string, tree: FakeTree, pattern: GrepPattern): string[] | undefined {
  const files = [...tree.files()].map(({ path }) => `./${path}`);
  try {
    const output = execFileSync(ripgrep, [...parametersOf(pattern, Number.POSITIVE_INFINITY), ...files], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return output
      .toString('utf8')
      .split('\n')
      .filter((line) => line.startsWith('{"type":"match"'))
      .map((line) => {
        const { data } = JSON.parse(line);
        const bytes =
          data.lines.text === undefined ? Buffer.from(data.lines.bytes, 'base64') : Buffer.from(data.lines.text);
        const found = data.submatches.map(({ start, end }: { start: number; end: number }) =>
          bytes.subarray(start, end).toString('utf8').replace(/\r$/, ''),
        );
        return `${data.path.text.slice(2)}:${data.line_number}: ${bytes.toString('utf8').replace(/\r?\n$/, '')} <${found.join('|')}>`;
      })
      .sort();
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: Buffer };
    if (status === 1) return [];
    if (status === 2 && !stdout.includes('summary')) return undefined;
    throw error;
  }
}

const told = (matches: readonly FileMatch[]) =>
  matches
    .map(
      ({ path, line, text: content, ranges }) =>
        `${path}:${line}: ${content} <${ranges.map(([from, to]) => content.slice(from, to)).join('|')}>`,
    )
    .sort();

async function expectTruth(
  given: Awaited<ReturnType<typeof indexed>>,
  pattern: GrepPattern,
): Promise<number | undefined> {
  const expected = truth(given.root, given.tree, pattern);
  if (!expected) {
    await expect(given.grams.grep({ ...pattern, limit: 1e6 })).rejects.toThrow(GrepPatternError);
    return undefined;
  }
  const found = await given.grams.grep({ ...pattern, limit: 1e6 });
  expect(told(found.matches), JSON.stringify(pattern)).toEqual(expected);
  return expected.length;
}

const flags = fc.record({ ignoreCase: fc.boolean(), wholeWord: fc.boolean() });
const literal = fc.oneof(
  WORD,
  fc.array(WORD, { minLength: 2, maxLength: 3 }).map((words) => words.join(' ')),
  fc.tuple(WORD, WORD).map((words) => words.join('')),
  fc.constantFrom('port read', '-e', '--', '.ub', 'k', 'S', 'ELVIN', 'eadf', '{}', 'nowhere at all'),
);

const escaped = (word: string) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
const { regex } = fc.letrec<{ regex: string; branch: string; piece: string }>((tie) => ({
  regex: fc.oneof(
    { weight: 3, arbitrary: tie('branch') },
    { weight: 1, arbitrary: fc.tuple(tie('branch'), tie('branch')).map(([a, b]) => `${a}|${b}`) },
  ),
  branch: fc.array(tie('piece'), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: WORD.map(escaped) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '.',
        '.*',
        '\\w+',
        '\\s*',
        '\\b',
        '^',
        '$',
        '[a-f]',
        '[^x]',
        '[a-zA-Z_]+',
        'e?',
        'l{2}',
        '[kK]',
        '\\x61',
        '\\u{212a}',
        '\\p{Lu}',
        '[[:alpha:]]',
        '[rR&&[^R]]',
        '(?i)',
        '(?-i)',
        '\\t',
        '\\.',
        '[é日]',
      ),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('regex'), fc.constantFrom('(', '(?:', '(?i:', '(?P<n>'))
        .map(([inner, open]) => `${open}${inner})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('regex'), fc.constantFrom('*', '+', '?', '{1,2}', '{2}', '{0,1}', '+?'))
        .map(([inner, count]) => `(?:${inner})${count}`),
    },
  ),
}));

test('plain texts: what is found is what ripgrep finds in all files', { timeout: 120_000 }, async () => {
  const given = await indexed(seededTexts(60, 31));
  let matched = 0;
  for (const pattern of fc.sample(fc.record({ pattern: literal, regex: fc.constant(false), flags }), {
    seed: 32,
    numRuns: 120,
  }))
    if (await expectTruth(given, { pattern: pattern.pattern, regex: false, ...pattern.flags })) matched++;
  expect(matched).toBeGreaterThan(40);
});

test('expressions: what is found is what ripgrep finds in all files', { timeout: 240_000 }, async () => {
  const given = await indexed(seededTexts(60, 33));
  let matched = 0;
  let refused = 0;
  for (const { pattern, flags: own } of fc.sample(fc.record({ pattern: regex, flags }), { seed: 34, numRuns: 300 })) {
    const count = await expectTruth(given, { pattern, regex: true, ...own });
    if (count === undefined) refused++;
    else if (count > 0) matched++;
  }
  expect(matched).toBeGreaterThan(100);
  expect(refused).toBeLessThan(60);
});

test('files in other encodings, with NUL bytes and without a last line break', async () => {
  const given = await indexed([
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('import wide héllo\nnext readFile\n', 'utf16le')]),
    Buffer.from('caf\xe9 import latin readFile', 'latin1'),
    '\ufeffimport with mark readFile',
    `${'x'.repeat(5_000)}\0\nimport after nul readFile`,
    '',
    'import\r\nreadFile\r\n',
  ]);
  for (const pattern of ['import', 'readFile', 'héllo', 'caf', 'x readFile', 'after nul'])
    for (const ignoreCase of [false, true])
      await expectTruth(given, { pattern, regex: false, ignoreCase, wholeWord: false });
});

test('in this process or by ripgrep: the same lines', () => {
  fc.assert(
    fc.property(text, literal, flags, (content, pattern, own) => {
      const wanted = { pattern, regex: false, ...own };
      fc.pre(isPlain(wanted));
      const here = matchLiteral('f', Buffer.from(content), wanted);
      fc.pre(here !== undefined);
      // Plain texts of these words behave the same in JavaScript's Unicode mode, letters outside ASCII beside a word aside, which were left to ripgrep.
      const expression = new RegExp(
        own.wholeWord ? `(?<!\\w)${escaped(pattern)}(?!\\w)` : escaped(pattern),
        own.ignoreCase ? 'gi' : 'g',
      );
      const expected = content.split('\n').flatMap((line, index) => {
        const shown = line.replace(/\r$/, '');
        const ranges = [...line.matchAll(expression)].map((match) => [match.index, match.index + match[0].length]);
        return ranges.length === 0 ? [] : [{ path: 'f', line: index + 1, text: shown, ranges }];
      });
      expect(here).toEqual(expected);
    }),
    { seed: 35, numRuns: 400 },
  );
});

test.each([
  ['a Kelvin sign in the text', 'the \u212aelvin scale', 'kelvin', undefined],
  ['a long s in the text', 'a \u017fub here', 'SUB', undefined],
  ['both', 'ma\u017f\u212a', 'mask', undefined],
  ['elsewhere in the file', '\u212a and \u017f\n\nthe kelvin scale', 'KELVIN', 1],
  ['beside it, which is not looked at any closer', '\u212akelvin', 'kelvin', undefined],
  ['that the text does not have', '\u212a\u017f pond', 'POND', 1],
])('letters that only Unicode takes for one of ASCII are left to ripgrep: %s', (_, content, pattern, lines) => {
  const wanted = { pattern, regex: false, ignoreCase: true, wholeWord: false };
  expect(matchLiteral('f', Buffer.from(content), wanted)?.length).toBe(lines);
});

test('globs let through what ripgrep lets through', { timeout: 120_000 }, () => {
  const root = temporaryFolder();
  const tree = fakeTree(root);
  const paths = [
    'a.ts',
    'b.md',
    'src/a.ts',
    'src/b.js',
    'src/deep/a.ts',
    'src/deep/x.test.ts',
    'lib/a.ts',
    'lib/src/c.js',
    '.hidden/a.ts',
    'src/[x].ts',
    'ä/ö.ts',
  ];
  for (const path of paths) tree.write(path, 'word\n');
  const glob = fc
    .tuple(
      fc.constantFrom('', '', '!', '/', '!/'),
      fc.constantFrom(
        '*.ts',
        'src',
        'src/',
        'src/**',
        '**/src/*',
        'a.*',
        '*.{ts,md}',
        '{lib,src}/*',
        'deep/**',
        '?.ts',
        '*',
        '**',
        '[ab].*',
        'ä/*',
        '\\[x\\].ts',
        '*.test.ts',
      ),
    )
    .map((parts) => parts.join(''));
  for (const globs of fc.sample(fc.array(glob, { minLength: 1, maxLength: 3 }), { seed: 36, numRuns: 120 })) {
    let expected: string[] = [];
    try {
      const parameters = ['--no-config', '--no-ignore', '--hidden', '--files', ...globs.map((one) => `--glob=${one}`)];
      expected = execFileSync(ripgrep, parameters, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString('utf8')
        .trim()
        .split('\n');
    } catch (error) {
      if ((error as { status: number }).status !== 1) throw error;
    }
    expect(paths.filter(pathGlobs(globs)).sort(), globs.join(' ')).toEqual(expected.sort());
  }
});

test('the program is found below the packages, in the editor, or on the path, in that order', () => {
  const places = { platform: 'linux', arch: 'x64', path: '/usr/bin:/opt/bin', program: '/editor/bin/node' };
  const resolve = (name: string) => `/m/${name}`;
  const missing = () => {
    throw new Error('not installed');
  };
  const all = () => true;
  expect(findRipgrep({ ...places, resolve, exists: all })).toBe('/m/@vscode/ripgrep-linux-x64/bin/rg');
  expect(
    findRipgrep({
      ...places,
      resolve: (name) => (name.startsWith('@vscode') ? missing() : resolve(name)),
      exists: all,
    }),
  ).toBe('/m/code-server/lib/vscode/node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg');
  expect(findRipgrep({ ...places, resolve: missing, exists: (path) => path.startsWith('/opt') })).toBe('/opt/bin/rg');
  expect(findRipgrep({ ...places, resolve: missing, exists: () => false })).toBeUndefined();
});

test.each([
  [
    'linux',
    '/usr/share/code/code',
    '/usr/share/code/resources/app/node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg',
  ],
  ['linux', '/usr/share/code/code', '/usr/share/code/resources/app/node_modules.asar.unpacked/@vscode/ripgrep/bin/rg'],
  [
    'darwin',
    '/A/Code.app/Contents/MacOS/Electron',
    '/A/Code.app/Contents/Resources/app/node_modules/@vscode/ripgrep/bin/rg',
  ],
  ['linux', '/home/u/.vscode-server/bin/1/node', '/home/u/.vscode-server/bin/1/node_modules/@vscode/ripgrep/bin/rg'],
  ['linux', '/opt/code-server/lib/node', '/opt/code-server/lib/vscode/node_modules/@vscode/ripgrep/bin/rg'],
])('on %s, run by %s, that of the editor is found', (platform, program, expected) => {
  const resolve = () => {
    throw new Error('not installed');
  };
  const places = { platform, arch: 'x64', path: '/usr/bin', program, resolve };
  expect(findRipgrep({ ...places, exists: (path) => path === expected || path === '/usr/bin/rg' })).toBe(expected);
});
