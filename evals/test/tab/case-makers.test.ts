import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@tabstop/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Case, parseCases, textsOf } from '../../src/tab/case.ts';
import { completionCase, nextEditCases } from '../../src/tab/case-makers.ts';
import { outcomeOf } from '../../src/tab/documents.ts';
import { applyEdits } from '../../src/tab/edits.ts';
import { CASE_LIMITS, changesBetween, SESSION_LIMITS } from '../../src/tab/histories.ts';
import { hunksOf, stepsOf } from '../../src/tab/hunks.ts';
import { PACKAGES, SPLITS } from '../../src/tab/packages.ts';
import { fetchRelease, RegistryError, type Run, sourcesOf } from '../../src/tab/registry.ts';
import { finalTexts } from '../../src/tab/replay.ts';
import { keysOf, typingSession } from '../../src/tab/session-maker.ts';

const SEED = 20_260_705;
const lines = fc.array(fc.constantFrom('a(b);', 'a(c);', 'let x = y;', '', '  if (x) {', '  }', 'ü🙂();'), {
  maxLength: 14,
});
const texts = lines.map((some) => some.join('\n'));

describe('hunks', () => {
  test('neighbouring changed lines are one, with offsets into the old text', () => {
    expect(hunksOf('a\nb\nc\nd\n', 'a\nB\nC\nd\ne\n')).toEqual([
      { start: 2, end: 6, old: 'b\nc\n', text: 'B\nC\n' },
      { start: 8, end: 8, old: '', text: 'e\n' },
    ]);
  });
  test('all of them make the new text, and so do the steps of each', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const hunks = hunksOf(before, after);
        expect(
          applyEdits(
            before,
            hunks.map(({ start, end, text }) => [start, end, text]),
          ),
        ).toBe(after);
        let text = before;
        let shift = 0;
        for (const hunk of hunks) {
          for (const step of stepsOf(hunk, hunk.start + shift))
            for (const key of keysOf(step)) text = applyEdits(text, [key]);
          shift += hunk.text.length - hunk.old.length;
        }
        expect(text).toBe(after);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
  test('a changed line is changed token by token, added lines come line by line', () => {
    expect(stepsOf({ start: 0, end: 9, old: 'f(a, b);\n', text: 'g(a, c);\n' }, 10)).toEqual([
      [10, 11, 'g'],
      [15, 16, 'c'],
    ]);
    expect(stepsOf({ start: 3, end: 3, old: '', text: 'x\ny\n' }, 3)).toEqual([
      [3, 3, 'x\n'],
      [5, 5, 'y\n'],
    ]);
  });
});

describe('keys', () => {
  test.each<[string, [number, number, string], [number, number, string][]]>([
    [
      'a word replaced: the first key takes the selection',
      [4, 7, 'ab'],
      [
        [4, 7, 'a'],
        [5, 5, 'b'],
      ],
    ],
    [
      'a line break comes with its indentation',
      [0, 0, '{\n  x'],
      [
        [0, 0, '{'],
        [1, 1, '\n  '],
        [4, 4, 'x'],
      ],
    ],
    [
      'a short deletion is made backwards',
      [2, 4, ''],
      [
        [3, 4, ''],
        [2, 3, ''],
      ],
    ],
    ['a long one at once', [2, 30, ''], [[2, 30, '']]],
    ['a surrogate pair is one key', [0, 0, '🙂'], [[0, 0, '🙂']]],
  ])('%s', (_name, edit, keys) => {
    expect(keysOf(edit)).toEqual(keys);
  });
});

/** Ten lines in each file, of which these are changed. */
function release(files: Record<string, string[]>) {
  const text = (some: string[]) =>
    Array.from({ length: 10 }, (_, index) => `${some[index] ?? `line ${index}`}\n`).join('');
  return new Map(Object.entries(files).map(([path, some]) => [path, text(some)]));
}
const before = release({ 'a.ts': [], 'b.ts': [], 'c.ts': [] });
const after = release({
  'a.ts': ['renamed 0', 'line 1', 'renamed 2'],
  'b.ts': ['line other'],
  'c.ts': ['line 0', 'renamed 1'],
});

describe('changes between releases', () => {
  test('files with the same identifiers in their hunks belong together', () => {
    expect(
      changesBetween(before, after, CASE_LIMITS).map((change) => change.map(({ path, hunks }) => [path, hunks.length])),
    ).toEqual([
      [
        ['a.ts', 2],
        ['c.ts', 1],
      ],
    ]);
  });
  test('a hunk over the limit was there before', () => {
    const long = Array.from({ length: 9 }, (_, index) => `added ${index}`).join('\n');
    const [change] = changesBetween(
      before,
      release({ 'a.ts': [`${long}\nline 0`, 'line 1', 'new 2', 'line 3', 'new 4', 'line 5', 'new 6'] }),
      CASE_LIMITS,
    );
    expect(change?.[0]?.before).toMatch(/^added 0[\s\S]*added 8\nline 0\n/);
    expect(change?.[0]?.hunks.map(({ text }) => text)).toEqual(['new 2\n', 'new 4\n', 'new 6\n']);
  });
  test('too few or too many hunks, or spacing alone, make no case', () => {
    expect(changesBetween(before, release({ 'a.ts': ['new 0'] }), CASE_LIMITS)).toEqual([]);
    expect(
      changesBetween(before, release({ 'a.ts': [' line 0', 'line 1', ' line 2', 'line 3', ' line 4'] }), CASE_LIMITS),
    ).toEqual([]);
  });
});

describe('made cases', () => {
  const setting = () => ({ id: 'p@1#1', root: '/root', random: seededRandom(SEED) });
  const [change] = changesBetween(before, after, CASE_LIMITS);
  test('a next-edit case stands after hunks 1..k, and each outcome is one that is left', () => {
    const made = nextEditCases(change!, [{ path: 'r.ts', text: 'related' }], 9, setting());
    expect(made.map(({ id, accept }) => [id, accept.length])).toEqual([
      ['p@1#1:1of3', 2],
      ['p@1#1:2of3', 1],
    ]);
    const last = made[1]!;
    const now = textsOf(last as unknown as Case);
    expect(now.get('a.ts')).toBe(after.get('a.ts'));
    expect(outcomeOf(now, last.accept[0]!)).toEqual(new Map([['c.ts', after.get('c.ts')]]));
    expect(now.get(last.cursor.path)?.slice(0, last.cursor.offset)).toBe('renamed 0\nline 1\nrenamed');
  });
  test('any change of texts gives cases that the harness reads, whose outcomes together make the new text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, texts), { minLength: 1, maxLength: 4 }), fc.nat(), (pairs, seed) => {
        const old = new Map(pairs.map(([text], index) => [`${index}.ts`, text]));
        const next = new Map(pairs.map(([, text], index) => [`${index}.ts`, text]));
        for (const files of changesBetween(old, next, SESSION_LIMITS)) {
          const made = nextEditCases(files, [], 3, { ...setting(), random: seededRandom(seed) });
          const { cases, problems } = parseCases(made.map((one) => JSON.stringify(one)).join('\n'));
          expect(problems).toEqual([]);
          for (const one of cases) {
            const all = outcomeOf(textsOf(one), one.accept!.flat());
            for (const { path, before: text, hunks } of files)
              expect(all.get(path) ?? textsOf(one).get(path)).toBe(
                applyEdits(
                  text,
                  hunks.map(({ start, end, text: insert }) => [start, end, insert]),
                ),
              );
          }
          const session = typingSession(files, [], { ...setting(), random: seededRandom(seed) });
          for (const { path, before: text, hunks } of files)
            expect(finalTexts(session).get(path)).toBe(
              applyEdits(
                text,
                hunks.map(({ start, end, text: insert }) => [start, end, insert]),
              ),
            );
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });
  test('a completion stands in a line that was added, and wants the rest of it', () => {
    for (let seed = 0; seed < 200; seed++) {
      const one = completionCase('a.ts', 'first\nlast\n', 'first\n  const a = b(c);\r\n  const d = 1;\nlast\n', [], {
        ...setting(),
        random: seededRandom(seed),
      })!;
      const now = textsOf(one as unknown as Case).get('a.ts')!;
      const done = [...outcomeOf(new Map([['a.ts', now]]), one.accept[0]!).values()];
      expect(done[0]).toMatch(
        /^first\n {2}const a = b\(c\);\nlast\n$|^first\n {2}const a = b\(c\);\r\n {2}const d = 1;\nlast\n$/,
      );
      expect(now.slice(0, one.cursor.offset)).toMatch(/\n {2}[^\n]*$/);
    }
  });
  test('nothing added, nothing asked', () => {
    expect(completionCase('a.ts', 'a\nb\n', 'a\n', [], setting())).toBeUndefined();
  });
  test('the same seed gives the same session', () => {
    const session = () => typingSession(change!, [], setting());
    expect(session()).toEqual(session());
    expect(session().events.every(({ t }, index, all) => index === 0 || t >= all[index - 1]!.t)).toBe(true);
  });
});

describe('the package list', () => {
  test('has 25 and more packages, each in one split, five languages in every split', () => {
    expect(new Set(PACKAGES.map(({ ecosystem, name }) => `${ecosystem} ${name}`)).size).toBe(PACKAGES.length);
    expect(PACKAGES.length).toBeGreaterThanOrEqual(25);
    for (const split of SPLITS) {
      const ecosystems = PACKAGES.filter((each) => each.split === split).map(({ ecosystem }) => ecosystem);
      expect([...new Set(ecosystems)].sort()).toEqual(['cargo', 'go', 'npm', 'pypi']);
    }
    for (const { name, versions } of PACKAGES) expect([name, new Set(versions).size > 2]).toEqual([name, true]);
  });
});

describe('a release', () => {
  let cache: string;
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'releases-'));
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));
  const source = { split: 'dev', ecosystem: 'npm', name: '@scope/thing', folder: 'src', versions: [] } as const;

  test('is fetched once by the registry client, keeps its sources alone, and what is generated is not asked about', () => {
    const calls: string[] = [];
    const run: Run = (program, args, cwd) => {
      calls.push([program, ...args].join(' ').replaceAll(cwd, '.'));
      if (program === 'npm') writeFileSync(join(cwd, 'scope-thing-1.0.0.tgz'), '');
      else {
        const files = {
          'package.json': '{}',
          'src/a.ts': 'one',
          'src/gen/b.ts': 'two',
          'src/c.ts': '// Code generated by x. DO NOT EDIT.',
          'dist/a.js': 'one',
          'src/a.d.ts': '',
          'src/x.png': '',
          'lib/d.ts': '',
        };
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(join(cwd, 'unpacked', path, '..'), { recursive: true });
          writeFileSync(join(cwd, 'unpacked', path), text);
        }
      }
      return '';
    };
    const folder = fetchRelease(source, '1.0.0', cache, run);
    expect(calls).toEqual([
      'npm pack @scope/thing@1.0.0 --pack-destination . --ignore-scripts --silent',
      'tar -xzf scope-thing-1.0.0.tgz -C unpacked --strip-components=1',
    ]);
    expect(readdirSync(join(folder, 'src')).sort()).toEqual(['a.ts', 'c.ts', 'gen']);
    expect([...sourcesOf(folder)]).toEqual([['src/a.ts', 'one']]);
    expect(fetchRelease(source, '1.0.0', cache, () => expect.fail('it is there already'))).toBe(folder);
  });
  test('that cannot be had leaves nothing behind and says which', () => {
    const run: Run = () => {
      throw new Error('404 not found\nlong story');
    };
    expect(() => fetchRelease(source, '9.9.9', cache, run)).toThrow(
      new RegistryError('npm @scope/thing 9.9.9: 404 not found long story'),
    );
    expect(existsSync(join(cache, 'releases/npm/@scope+thing@9.9.9'))).toBe(false);
    expect(readdirSync(join(cache, 'work'))).toEqual([]);
  });
});
