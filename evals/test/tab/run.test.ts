import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const here = import.meta.dirname;
const fake = `${process.execPath} ${join(here, 'fake-predictor.mjs')}`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'eval tab-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `eval:tab` on a file with these contents, in a process of its own. */
function evalTab(contents: string, flags: string[] = [], kind = '--cases', command = fake) {
  const file = 'input ü.jsonl';
  writeFileSync(join(folder, file), contents);
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(here, '../../src/tab/run.ts'), kind, file, '--command', command, ...flags],
    {
      encoding: 'utf8',
      env: { ...process.env, INIT_CWD: folder },
    },
  );
  return { stdout, stderr, status };
}

function figures(contents: string, flags: string[] = [], kind?: string) {
  const { stdout, status } = evalTab(contents, ['--json', ...flags], kind);
  expect(status).toBe(0);
  return JSON.parse(stdout);
}

function line(id: string, more: object = {}) {
  const text = 'let foo = 1;\n';
  const accept = [[{ path: 'a.ts', edits: [[4, 7, 'bar']] }]];
  return JSON.stringify({
    id,
    documents: [{ path: 'a.ts', text }],
    events: [],
    cursor: { path: 'a.ts', offset: 0 },
    accept,
    ...more,
  });
}

describe('ablation', () => {
  test('measures without each source that showed something', () => {
    const { exact, ablations } = figures(line('1'), ['--ablation']);
    expect([exact, ablations.map(({ name, shown, exact }: Record<string, unknown>) => [name, shown, exact])]).toEqual([
      1,
      [['without fake', 0, 0]],
    ]);
    expect(evalTab(line('1'), ['--ablation', '--table']).stdout).toMatch(
      /^ablation.*\n.*\ntabstop +1 +1 .*\nwithout fake +1 +0 /m,
    );
  });
  test('is left out unless asked for', () => {
    expect(figures(line('1')).ablations).toEqual([]);
  });
});

describe('cases', () => {
  test('the table, then the same as JSON on the last line', () => {
    const { stdout, status } = evalTab(
      [line('1'), line('2', { accept: [[{ path: 'a.ts', edits: [[4, 7, 'baz']] }]] })].join('\n'),
    );
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(
      /^all +cases +shown +exact +exact % +precision % +position % +delta-chrF +p50 ms +p90 ms +p99 ms$/,
    );
    expect(lines[2]?.split(/ +/)).toEqual([
      'tabstop',
      '2',
      '2',
      '1',
      '50.0',
      '50.0',
      '100.0',
      expect.stringMatching(/^\d\d\.\d$/),
      '2.5',
      '2.5',
      '2.5',
    ]);
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      name: 'tabstop',
      cases: 2,
      shown: 2,
      exact: 1,
      precision: 0.5,
      position: 1,
      latency: { p50: 2.5 },
    });
  });
  test('the predictor does not see the answers', () => {
    expect(figures(line('1')).bySource.map(({ name }: { name: string }) => name)).toEqual(['fake']);
  });
  test('what is held back is not shown, but in the curve', () => {
    expect(figures(line('holds back'))).toMatchObject({
      shown: 0,
      exact: 0,
      curve: [{ confidence: 0.8, coverage: 1, precision: 1 }],
    });
  });
  test('by language and kind', () => {
    const python = {
      documents: [{ path: 'b.py', text: 'foo' }],
      cursor: { path: 'b.py', offset: 0 },
      kind: 'completion',
      accept: [],
    };
    const { byLanguage, byKind } = figures([line('1'), line('2'), line('3', python)].join('\n'));
    expect(byLanguage.map(({ name, cases, exact }: Record<string, unknown>) => [name, cases, exact])).toEqual([
      ['TypeScript', 2, 2],
      ['Python', 1, 0],
    ]);
    expect(byKind.map(({ name, cases }: Record<string, unknown>) => [name, cases])).toEqual([
      ['case', 2],
      ['completion', 1],
    ]);
  });
  test('baselines stand in the same table', () => {
    const rename = line('1', {
      documents: [{ path: 'a.ts', text: 'one;\nfoo(one);\n' }],
      events: [{ path: 'a.ts', edits: [[0, 3, 'two']] }],
      accept: [[{ path: 'a.ts', edits: [[9, 12, 'two']] }]],
    });
    const { stdout } = evalTab(rename, ['--baselines', '--table']);
    expect(
      stdout
        .split('\n')
        .slice(2, 6)
        .map((row) => row.replace(/ {2,}/g, '|').split('|').slice(0, 5)),
    ).toEqual([
      ['tabstop', '1', '1', '0', '0.0'],
      ['silent', '1', '0', '0', '0.0'],
      ['last substitution again', '1', '1', '1', '100.0'],
      ['most frequent continuation', '1', expect.anything(), '0', '0.0'],
    ]);
  });
  test('lines that are no cases are named, counted, and the others run', () => {
    const { stdout, stderr, status } = evalTab(
      [
        '\ufeff{"id"',
        line('1'),
        '',
        '[]',
        line('2', { events: [{ path: 'a.ts', edits: [[5, 99, '']] }] }),
        line('3', { cursor: { path: 'a.ts', offset: 99 } }),
      ].join('\n'),
    );
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /line 1: not JSON: .*\n.*line 4: .*\n.*line 5: event 0 on a\.ts: edit \[5, 99\] is outside a text of 13 code units\n.*line 6: cursor at 99 is outside a\.ts/,
    );
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({ cases: 1, broken: 4 });
  });
  test.each([
    ['an empty document', { documents: [{ path: 'a.ts', text: '' }], accept: [] }, { shown: 0, exact: 0 }],
    ['no document that the outcome fits', { documents: [] }, { cases: 0, broken: 1 }],
    ['a document nobody gave', { documents: [], accept: [] }, { cases: 1, shown: 0 }],
    ['without accept: timed, not scored', { accept: undefined }, { cases: 1, shown: 1, exact: 0 }],
    ['accept of nothing: whatever is shown is wrong', { accept: [] }, { shown: 1, precision: 0, exactShare: 0 }],
    [
      'surrogate pairs',
      { documents: [{ path: 'a.ts', text: '🙂🙂foo' }], accept: [[{ path: 'a.ts', edits: [[4, 7, 'bar']] }]] },
      { exact: 1 },
    ],
    [
      'an outcome in two files is not reached by one',
      {
        accept: [
          [
            { path: 'a.ts', edits: [[4, 7, 'bar']] },
            { path: 'b.ts', edits: [[0, 0, 'x']] },
          ],
        ],
      },
      { exact: 0, shown: 1 },
    ],
  ])('%s', (_name, more, expected) => {
    expect(figures(line('1', more))).toMatchObject(expected);
  });
  test('an answer that is an error, or does not fit, counts as one and the next goes on', () => {
    expect(figures([line('refuses'), line('misfits'), line('1')].join('\n'))).toMatchObject({
      cases: 3,
      errors: 2,
      shown: 2,
      exact: 1,
    });
  });
  test.each([
    ['dies', /the predictor ended \(exit code 3\)\nout of luck/],
    ['babbles', /an answer that is none \(not JSON: .*\): hello/],
  ])('a predictor that %s ends the run with exit code 1', (id, message) => {
    const { stderr, status } = evalTab(line(id));
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(message) });
  });
  test.each([
    ['a file that is not there', ['--cases', 'nowhere.jsonl'], /cannot read nowhere\.jsonl/],
    ['an unknown option', ['--case', 'x'], /Unknown option '--case'/],
    ['an id that is not there', ['--explain', 'x'], /no case with the id x/],
    ['a limit that is no number', ['--limit', 'x'], /--limit wants a number/],
  ])('%s ends with exit code 2 and a sentence', (_name, flags, message) => {
    const { stderr, status } = evalTab(line('1'), flags);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
    expect(stderr).not.toContain('    at ');
  });
  test('--limit takes some, evenly spread', () => {
    const { cases, byLanguage } = figures(
      [line('1'), line('2'), line('3', { cursor: { path: 'b.py', offset: 0 } }), line('4')].join('\n'),
      ['--limit', '2'],
    );
    expect([cases, byLanguage.map(({ name }: { name: string }) => name)]).toEqual([2, ['Python', 'TypeScript']]);
  });
  test('--explain prints the case to be read', () => {
    const events = [{ path: 'a.ts', edits: [[0, 3, 'const']] }];
    const { stdout } = evalTab(line('holds back', { events, accept: [[{ path: 'a.ts', edits: [[6, 9, 'bar']] }]] }), [
      '--explain',
      'holds back',
    ]);
    expect(stdout).toBe(`case holds back: silent, case, TypeScript, delta-chrF 0.0, 2.5 ms

== events
1. a.ts:1
-let foo = 1;
+const foo = 1;

== a.ts, around the cursor
    1 | <|>const foo = 1;
    2 | 

== candidate 1: fake, confidence 0.80, not shown, exact
a.ts:1
-const foo = 1;
+const bar = 1;

== accepted outcome 1
a.ts:1
-const foo = 1;
+const bar = 1;
`);
  });
  test('--charts draws pictures that are well formed', () => {
    const out = join(folder, 'charts');
    evalTab([line('1'), line('2')].join('\n'), ['--charts', '--baselines', '--ablation', '--out', out]);
    const names = readdirSync(out);
    expect(names).toEqual(expect.arrayContaining(['tab-calibration.svg', 'tab-ablation.svg']));
    for (const name of names) {
      const svg = readFileSync(join(out, name), 'utf8');
      expect(svg).toMatch(/^<svg [^>]*>[\s\S]*prefers-color-scheme: dark[\s\S]*<\/svg>\n$/);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

describe('sessions', () => {
  const session = {
    documents: [{ path: 'a.ts', text: 'foo;\n' }],
    events: [
      { t: 0, path: 'a.ts', edits: [[5, 5, '/']], origin: 'typed' },
      { t: 90, path: 'a.ts', edits: [[0, 3, 'b']], origin: 'typed' },
      { t: 180, path: 'a.ts', edits: [[1, 1, 'a']], origin: 'typed' },
      { t: 270, path: 'a.ts', edits: [[2, 2, 'r']], origin: 'typed' },
    ],
  };
  test('a session alone, an array of them, and one a line are read', () => {
    const one = { keys: 4, saved: 0.5, shown: 1, right: 1, wrong: 0, wrongPer100: 0, jumps: 1 };
    expect(figures(JSON.stringify(session, undefined, 2), [], '--session')).toMatchObject(one);
    expect(figures(JSON.stringify([session, session]), [], '--session')).toMatchObject({
      ...one,
      keys: 8,
      shown: 2,
      right: 2,
      jumps: 2,
    });
    expect(figures(`${JSON.stringify(session)}\n${JSON.stringify(session)}\n`, [], '--session')).toMatchObject({
      keys: 8,
      saved: 0.5,
    });
  });
  test('the table names every session and all together', () => {
    const { stdout } = evalTab(
      JSON.stringify([{ ...session, id: 'mine' }, session]),
      ['--table', '--baselines'],
      '--session',
    );
    expect(
      stdout
        .split('\n')
        .slice(0, 5)
        .map((row) => row.replace(/ {2,}/g, '|').split('|').slice(0, 8)),
    ).toEqual([
      ['sessions', 'keys', 'saved %', 'shown', 'right', 'wrong', 'wrong/100', 'jumps'],
      [expect.stringMatching(/^-+$/)].concat(stdout.split('\n')[1]!.split('  ').slice(1, 8)),
      ['mine', '4', '50.0', '1', '1', '0', '0.0', '1'],
      ['input ü.jsonl#2', '4', '50.0', '1', '1', '0', '0.0', '1'],
      ['all', '8', '50.0', '2', '2', '0', '0.0', '2'],
    ]);
  });
  test.each([
    ['nothing', '', /is empty/],
    ['no JSON', '{"documents": [', /not JSON/],
    ['no session', '{"documents": []}', /events: /],
    [
      'an event that does not fit',
      JSON.stringify({ documents: [], events: [{ t: 0, path: 'a', edits: [[3, 4, '']], origin: 'typed' }] }),
      /event 0 on a: edit \[3, 4\] is outside/,
    ],
    ['a broken line', `${JSON.stringify(session)}\n{"documents": 3}`, /line 2: documents: /],
  ])('%s is refused with a sentence', (_name, contents, message) => {
    const { stderr, status } = evalTab(contents, [], '--session');
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(message) });
  });
});
