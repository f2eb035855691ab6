import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tabstop, transcript } from './shell.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tabstop-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const line = (value: object) => `${JSON.stringify(value)}\n`;
const rename = {
  id: 'rename',
  documents: [{ path: 'a.ts', text: 'const a = 1;\nconsole.log(a);\n' }],
  events: [{ path: 'a.ts', edits: [[6, 7, 'total']] }],
  cursor: { path: 'a.ts', offset: 11 },
};

describe('the command line', () => {
  test('tells what there is', async () => {
    const { code, stdout, stderr } = await tabstop(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of ['predict', 'tab', 'apply', 'prompt'])
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    expect(await transcript(['--version'])).toBe('$ tabstop --version\n| 0.1.0\n= 0');
  });
  test.each([
    [['nonsense'], 'tabstop: there is no command "nonsense"'],
    [['toString'], 'tabstop: there is no command "toString"'],
    [[], 'tabstop: a command is missing'],
  ])('%j is wrong', async (argv, message) => {
    const { code, stdout, stderr } = await tabstop(argv);
    expect([code, stdout, stderr.split('\n')[0]]).toEqual([2, '', message]);
  });
  test.each(['predict', 'tab'])('%s --help tells usage and exit codes', async (command) => {
    const { code, stdout } = await tabstop([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: tabstop ${command} `);
    expect(stdout).toContain('Exit codes: 0 ');
  });
});

describe('tabstop predict', () => {
  test.each([
    [[], '! tabstop predict: --jsonl is required'],
    [['--jsonl', '--budget', 'soon'], '! tabstop predict: --budget must be a number of milliseconds above 0'],
    [
      ['--jsonl', '--without', 'magic'],
      '! tabstop predict: --without magic: there is no such source; there are rename, ',
    ],
    [['--nonsense'], "! tabstop predict: Unknown option '--nonsense'"],
  ])('%j is wrong', async (argv, message) => {
    const ran = await transcript(['predict', ...argv]);
    expect(ran).toContain(message);
    expect(ran).toMatch(/! Try tabstop predict --help.\n= 2$/);
  });
  test('leaves sources out', async () => {
    const sources = async (argv: readonly string[]) => {
      const { code, stdout } = await tabstop(['predict', '--jsonl', ...argv], [line(rename)]);
      expect(code).toBe(0);
      return JSON.parse(stdout).suggestions.map(({ source }: { source: string }) => source);
    };
    expect(await sources([])).toContain('rename');
    expect(await sources(['--without', 'rename'])).not.toContain('rename');
    expect(await sources(['--without', 'rename', '--without', 'propagate', '--without', 'continue'])).toEqual([]);
  });
  test('answers every line in order; a broken one costs nothing but its own answer', async () => {
    const { code, stdout, stderr } = await tabstop(
      ['predict', '--jsonl'],
      [
        line(rename),
        'nonsense\n\n',
        line({ ...rename, id: 2, cursor: undefined }),
        '[]\n',
        line({ ...rename, id: 'last' }),
      ],
    );
    expect([code, stderr]).toEqual([0, '']);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(answers).toMatchObject([
      { id: 'rename', suggestions: [{ path: 'a.ts', edits: [[29, 30, 'total']], source: 'rename' }] },
      { id: null, error: expect.stringMatching(/^no JSON: /) },
      { id: 2, error: expect.stringMatching(/^cursor: /) },
      { id: null, error: expect.stringMatching(/^case: |^id: /) },
      { id: 'last', suggestions: [{ path: 'a.ts', edits: [[29, 30, 'total']] }] },
    ]);
    for (const { suggestions, ms } of [answers[0], answers[4]]) {
      expect(suggestions[0].confidence).toBeGreaterThan(0);
      expect(suggestions[0].confidence).toBeLessThanOrEqual(1);
      expect(ms).toBeGreaterThan(0);
    }
    expect(answers[4].suggestions).toEqual(answers[0].suggestions);
  });
  test('takes the files of the root for the rest of the workspace, and documents win over them', async () => {
    await mkdir(join(folder, 'with space', 'src'), { recursive: true });
    await writeFile(join(folder, 'with space', 'src', 'price.ts'), 'export function price() {}\n');
    await writeFile(join(folder, 'with space', 'src', 'use.ts'), "import { price } from './price';\nprice();\n");
    const given = line({
      id: 'root',
      documents: [{ path: 'src/price.ts', text: '// open, not saved\nexport function price() {}\n' }],
      events: [{ path: 'src/price.ts', edits: [[35, 40, 'cost']] }],
      cursor: { path: 'src/price.ts', offset: 39 },
      root: 'with space',
    });
    // Twice, as the first answer of a cold process may lack what took too long.
    const { stdout } = await tabstop(['predict', '--jsonl'], given + given, { cwd: folder });
    const [first] = JSON.parse(stdout.trimEnd().split('\n')[1]!).suggestions;
    expect(first).toMatchObject({ path: 'src/use.ts', source: 'rename', edits: [[9, 14, 'cost']] });
    expect(await readFile(join(folder, 'with space', 'src', 'use.ts'), 'utf8')).toContain('price');
  });
  test('keeps silent where Tab keeps out', async () => {
    const huge = { ...rename, documents: [{ path: 'a.ts', text: 'x'.repeat(1_000_001) }], events: [] };
    const { stdout } = await tabstop(['predict', '--jsonl'], line(huge));
    expect(JSON.parse(stdout)).toMatchObject({ id: 'rename', suggestions: [] });
  });
  test('stops when it is interrupted', async () => {
    const interrupted = new AbortController();
    interrupted.abort();
    expect(await tabstop(['predict', '--jsonl'], line(rename), { signal: interrupted.signal })).toMatchObject({
      code: 130,
      stdout: '',
    });
  });
});

describe('tabstop tab', () => {
  const entry = (source: string, outcome: string) =>
    line({ at: 1, source, language: 'typescript', outcome, confidence: 0.5, score: 0.5, features: {} });

  async function withFeedback(name: string): Promise<{ dataDir: string; file: string }> {
    const dataDir = join(folder, name);
    await mkdir(join(dataDir, 'engine'), { recursive: true });
    const file = join(dataDir, 'engine', 'tab-feedback.jsonl');
    const entries = [
      entry('rename', 'accepted'),
      entry('rename', 'rejected'),
      entry('continue', 'ignored'),
      entry('rename', 'accepted-part'),
      '{"torn',
    ];
    await writeFile(file, entries.join(''));
    return { dataDir, file };
  }

  test('stats counts by source, tells what was learned and how the estimates held', async () => {
    const { dataDir, file } = await withFeedback('stats');
    const ran = await transcript(['tab', 'stats'], '', { env: { TABSTOP_DATA_DIR: dataDir } });
    expect(ran.replace(/\d+ bytes/, 'N bytes').replace(file, 'FILE')).toBe(
      [
        '$ tabstop tab stats',
        '| source    shown  accepted  rejected  ignored  learned',
        '| rename        3         2         1        0    +0.02',
        '| continue      1         0         0        1    -0.01',
        '|',
        '| How the estimates held (bar: accepted, |: expected)',
        '| estimate  shown  expected  accepted',
        '| 50-60 %       4      50 %      43 %  #############  |',
        '|',
        '| FILE (N bytes)',
        '= 0',
      ].join('\n'),
    );
  });
  test('stats --json says the same to a program', async () => {
    const { dataDir, file } = await withFeedback('json');
    const { stdout } = await tabstop(['tab', 'stats', '--json', '--data-dir', dataDir]);
    expect(JSON.parse(stdout)).toEqual({
      sources: [
        { source: 'rename', shown: 3, accepted: 2, rejected: 1, ignored: 0, learned: 0.02 },
        { source: 'continue', shown: 1, accepted: 0, rejected: 0, ignored: 1, learned: -0.01 },
      ],
      calibration: [{ from: 0.5, to: 0.6, shown: 4, expected: 0.5, accepted: expect.closeTo(0.425) }],
      file,
      bytes: expect.any(Number),
    });
  });
  test('clear forgets all of it, also when there is nothing', async () => {
    const { file } = await withFeedback('clear');
    const clear = () => transcript(['tab', 'clear', '--data-dir', 'clear'], '', { cwd: folder });
    expect(await clear()).toBe(`$ tabstop tab clear --data-dir clear\n| cleared ${file}\n= 0`);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
    expect(await clear()).toContain('= 0');
    const { stdout } = await tabstop(['tab', 'stats', '--data-dir', 'clear'], '', { cwd: folder });
    expect(stdout).toBe(`No suggestion was shown yet. ${file}\n`);
  });
  test('a file that cannot be read is told', async () => {
    await mkdir(join(folder, 'odd', 'engine', 'tab-feedback.jsonl'), { recursive: true });
    const { code, stdout, stderr } = await tabstop(['tab', 'stats', '--data-dir', join(folder, 'odd')]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^tabstop tab: cannot read .*tab-feedback\.jsonl: EISDIR/);
    expect(stderr).not.toContain('    at ');
  });
  test.each([
    [[], 'stats or clear is missing'],
    [['nonsense'], 'there is no "nonsense"'],
    [['stats', 'more'], 'more is one word too many'],
    [['clear', '--json'], '--json is for stats'],
  ])('%j is wrong', async (argv, message) => {
    expect(await tabstop(['tab', ...argv])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: `tabstop tab: ${message}\nTry tabstop tab --help.\n`,
    });
  });
});
