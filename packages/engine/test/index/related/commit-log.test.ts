import { expect, test } from 'vitest';
import { parseCommitLog } from '../../../src/index/related/commit-log.ts';

const commit = (time: number, subject: string, ...lines: string[]) =>
  `\0${time}\x1f${subject}\n\n${lines.join('\n')}\n`;

test('commits with their subjects and files, newest first', () => {
  expect(parseCommitLog(commit(20, 'feat: two', 'M\ta.ts', 'A\tsrc/b.ts') + commit(10, 'one', 'D\tc.ts'))).toEqual([
    { time: 20, subject: 'feat: two', paths: ['a.ts', 'src/b.ts'] },
    { time: 10, subject: 'one', paths: ['c.ts'] },
  ]);
});

test('a file that was renamed has the name of now in older commits, twice renamed too', () => {
  const output =
    commit(40, 'edit', 'M\tnew.ts') +
    commit(30, 'again', 'R090\tmiddle.ts\tnew.ts') +
    commit(20, 'move', 'R100\told.ts\tmiddle.ts', 'M\tx.ts') +
    commit(10, 'start', 'A\told.ts', 'A\tx.ts');
  expect(parseCommitLog(output).map(({ paths }) => paths)).toEqual([
    ['new.ts'],
    ['new.ts'],
    ['new.ts', 'x.ts'],
    ['new.ts', 'x.ts'],
  ]);
});

test('a name that was given to another file since is not mixed up with it', () => {
  const output = commit(30, 'swap', 'R100\ta.ts\tb.ts', 'R100\tb.ts\ta.ts') + commit(10, 'start', 'A\ta.ts');
  expect(parseCommitLog(output)[1]!.paths).toEqual(['b.ts']);
});

test.each([
  ['M\t"with \\"quotes\\" and\\ttab.ts"', 'with "quotes" and\ttab.ts'],
  ['M\t"\\303\\244.ts"', 'ä.ts'],
  ['M\t"ä \\\\ b.ts"', 'ä \\ b.ts'],
  ['M\tspace and ä.ts', 'space and ä.ts'],
  ['T100\tlink', 'link'],
])('%s', (line, path) => {
  expect(parseCommitLog(commit(1, 's', line))).toEqual([{ time: 1, subject: 's', paths: [path] }]);
});

test('below a folder of the repository only what lies there counts', () => {
  expect(
    parseCommitLog(
      commit(1, 's', 'M\tpackages/a/x.ts', 'M\tpackages/b/y.ts', 'R100\tz.ts\tpackages/a/z.ts'),
      'packages/a/',
    ),
  ).toEqual([{ time: 1, subject: 's', paths: ['x.ts', 'z.ts'] }]);
});

test.each([
  '',
  'fatal: not a git repository',
  '\0',
  '\0abc\x1fsubject\nM\ta',
  '\x0012\x1fsubject',
  '\x0012\x1fsubject\nnonsense\nM\n',
])('%j is no commit', (output) => {
  expect(parseCommitLog(output)).toEqual([]);
});
