import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoggedCommit } from '../../../src/index/related/commit-log.ts';
import { commitModel } from '../../../src/index/related/commit-model.ts';
import { isTest, kinship, pathWords, subjectOf } from '../../../src/index/related/path-kinship.ts';
import { relatedFiles } from '../../../src/index/related/related-files.ts';

const DAY = 86_400;
const NOW = 1_000 * DAY;

/** `days ago: subject: files`. */
function history(...lines: string[]): LoggedCommit[] {
  return lines.map((line) => {
    const [days, subject, files] = line.split(/\s*:\s*/) as [string, string, string];
    return { time: NOW - Number(days) * DAY, subject, paths: files.split(/\s+/) };
  });
}

function ask(
  commits: readonly LoggedCommit[],
  question: { paths?: string[]; prompt?: string; limit?: number },
  more: readonly string[] = [],
) {
  const files = new Set([...commits.flatMap(({ paths }) => paths), ...more]);
  return relatedFiles(
    {
      paths: question.paths ?? [],
      limit: question.limit ?? 10,
      ...(question.prompt === undefined ? {} : { prompt: question.prompt }),
    },
    {
      history: commitModel(commits, NOW),
      words: pathWords(files),
      exists: (path) => files.has(path) && !path.startsWith('gone'),
      files: () => files,
    },
  );
}

const PROJECT = history(
  '1: retry uploads that time out: net/upload.ts net/retry.ts docs/net.md',
  '2: colour of the buttons: ui/button.ts ui/theme.css',
  '4: upload in pieces: net/upload.ts net/retry.ts',
  '9: theme for the dark: ui/theme.css ui/dark.css gone.css',
  '12: tidy up: net/upload.ts',
  '20: first version: net/upload.ts ui/button.ts log.ts',
);

describe('files of history', () => {
  test('what changed with a file, the most often first, in words', () => {
    expect(ask(PROJECT, { paths: ['net/upload.ts'], limit: 2 })).toEqual([
      { path: 'net/retry.ts', score: 1, why: 'changed together 2 of 4 times' },
      { path: 'docs/net.md', score: expect.any(Number), why: 'changed together 1 of 4 times' },
    ]);
  });
  test('with several files: what a commit changed with both comes first, and the why names one of them', () => {
    const found = ask(PROJECT, { paths: ['ui/button.ts', 'net/upload.ts'] });
    expect(found[0]).toMatchObject({ path: 'log.ts', why: 'changed with button.ts 1 of 2 times' });
    expect(found.find(({ path }) => path === 'net/retry.ts')!.why).toBe('changed with upload.ts 2 of 4 times');
  });
  test('what is gone and what was given is not suggested', () => {
    const paths = ask(PROJECT, { paths: ['ui/theme.css'] }).map(({ path }) => path);
    expect(paths).not.toContain('gone.css');
    expect(paths).not.toContain('ui/theme.css');
    expect(paths).toContain('ui/dark.css');
  });
  test('recent changes count more', () => {
    const commits = history('1: b: a.ts b.ts', '900: c: a.ts c.ts', '901: c: a.ts c.ts');
    expect(ask(commits, { paths: ['a.ts'] }).map(({ path }) => path)).toEqual(['b.ts', 'c.ts']);
  });
  test('a commit of many files binds less than one of two, one of very many nothing', () => {
    const many = Array.from({ length: 30 }, (_, index) => `m${index}.ts`).join(' ');
    const commits = history(
      `1: all: a.ts ${many}`,
      '1: two: a.ts b.ts',
      `1: format: a.ts ${many} ${many.replaceAll('m', 'n')}`,
    );
    const found = ask(commits, { paths: ['a.ts'], limit: 100 });
    expect(found[0]!.path).toBe('b.ts');
    expect(
      found.some(
        ({ path }) => path.startsWith('n') && found.find((hit) => hit.path === path)!.why.startsWith('changed'),
      ),
    ).toBe(false);
  });
});

describe('files for a prompt', () => {
  test('subjects of commits that are about it', () => {
    const [first] = ask(PROJECT, { prompt: 'why do uploads time out?' });
    expect(first).toMatchObject({ path: 'net/upload.ts' });
    expect(ask(PROJECT, { prompt: 'dark' })[0]).toMatchObject({ path: 'ui/dark.css' });
    expect(ask(PROJECT, { prompt: 'retrying', limit: 1 })[0]!.path).toBe('net/retry.ts');
  });
  test('the why tells the subject and how many more', () => {
    const found = ask(PROJECT, { prompt: 'upload pieces' });
    expect(found.find(({ path }) => path === 'net/retry.ts')!.why).toBe(
      'changed by “upload in pieces” and 1 more like it',
    );
  });
  test('words in paths, without history', () => {
    const found = ask([], { prompt: 'the upload queue' }, [
      'net/upload-queue.ts',
      'net/upload.ts',
      'ui/button.ts',
      ...Array.from({ length: 20 }, (_, index) => `x/${index}.ts`),
    ]);
    expect(found.map(({ path }) => path)).toEqual(['net/upload-queue.ts', 'net/upload.ts']);
    expect(found[0]!.why).toBe('its path has “upload”, “queue”');
  });
  test.each(['', '   ', '???', 'zzz qqq'])('%j finds nothing, and says no nonsense', (prompt) => {
    expect(ask(PROJECT, { prompt })).toEqual([]);
  });
});

describe('kinship of paths', () => {
  test.each([
    ['src/upload.ts', 'test/upload.test.ts', 'tested by upload.test.ts'],
    ['test/upload.test.ts', 'src/upload.ts', 'test of upload.ts'],
    ['tests/test_upload.py', 'app/upload.py', 'test of upload.py'],
    ['upload_test.go', 'upload.go', 'test of upload.go'],
    ['ui/Button.css', 'ui/Button.tsx', 'named as Button.tsx is'],
    ['ui/a.ts', 'ui/b.ts', 'beside b.ts'],
    ['ui/a.ts', 'net/b.ts', undefined],
    ['ui/index.ts', 'net/index.ts', undefined],
    ['latest/a.ts', 'ui/b.ts', undefined],
  ])('%s and %s', (path, other, why) => {
    expect(kinship(path, other)?.why).toBe(why);
  });
  test('the test in the matching folder is nearer than one of the same name elsewhere', () => {
    const near = kinship('packages/a/test/upload.test.ts', 'packages/a/src/upload.ts')!;
    expect(near.score).toBeGreaterThan(kinship('packages/b/test/upload.test.ts', 'packages/a/src/upload.ts')!.score);
  });
  test('names', () => {
    expect(['a.test.ts', 'a.spec.tsx', 'test_a.py', 'a_test.go', 'A.ts', 'src/a.d.ts'].map(subjectOf)).toEqual([
      'a',
      'a',
      'a',
      'a',
      'a',
      'a',
    ]);
    expect(['a.test.ts', 'test/a.ts', 'src/__tests__/a.js', 'contest.ts', 'src/latest.ts'].map(isTest)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
  test('a new file without history still has its relatives', () => {
    expect(
      ask([], { paths: ['src/new.ts'] }, ['src/new.ts', 'test/new.test.ts', 'src/old.ts', 'x/y.ts']).map(
        ({ path, why }) => [path, why],
      ),
    ).toEqual([
      ['test/new.test.ts', 'test of new.ts'],
      ['src/old.ts', 'beside new.ts'],
    ]);
  });
});

const file = fc.constantFrom(...'abcdefgh').map((letter) => `src/${letter}.ts`);
const commits = fc.array(
  fc.record({
    time: fc.integer({ min: 1, max: NOW + DAY }),
    subject: fc
      .array(fc.constantFrom('fix', 'upload', 'Retry', 'queue', 'ä', ''), { maxLength: 4 })
      .map((words) => words.join(' ')),
    paths: fc.uniqueArray(file, { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 30 },
);

test('whatever the history: no more than asked for, none twice, scores fall from 1 to above 0, each with a why', () => {
  fc.assert(
    fc.property(
      commits,
      fc.uniqueArray(file, { maxLength: 3 }),
      fc.constantFrom('', 'fix the upload queue', 'a'),
      fc.integer({ min: 1, max: 12 }),
      (all, paths, prompt, limit) => {
        const found = ask(all, { paths, prompt, limit });
        expect(found.length).toBeLessThanOrEqual(limit);
        expect(new Set(found.map(({ path }) => path)).size).toBe(found.length);
        for (const [index, { score, why, path }] of found.entries()) {
          expect(why).not.toMatch(/undefined|NaN|“”/);
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(index === 0 ? 1 : found[index - 1]!.score);
          expect(paths).not.toContain(path);
        }
        if (found.length > 0) expect(found[0]!.score).toBe(1);
      },
    ),
    { seed: 41, numRuns: 300 },
  );
});
