import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type ChromiumEffects, CHROMIUM, ensureChromium } from '../setup/chromium.ts';
import { failedFiles, countTests, runChecks } from '../setup/run-checks.ts';

const report = (passed: number, failed: number): string =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed });

test.each<[string, number, string | undefined, number, number]>([
  ['a command that went well', 0, undefined, 1, 0],
  ['a command that failed', 2, undefined, 0, 1],
  ['tests that went well', 0, report(12, 0), 12, 0],
  ['tests that failed', 1, report(10, 2), 10, 2],
  ['tests that crashed after they went well', 1, report(12, 0), 12, 1],
  ['a run without a test', 0, report(0, 0), 0, 1],
  ['a run that left no report', 0, '', 0, 1],
  ['a report that was cut off', 1, '{"numPassedTests": 1', 0, 1],
])('%s', (_what, code, text, passed, failed) => {
  expect(countTests(code, text)).toEqual({ passed, failed });
});

test('every check runs, a failing one shows all it printed, and an old report does not count', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tabstop-checks-'));
  const path = join(root, 'report.json');
  writeFileSync(path, report(99, 0));
  const printed: string[] = [];
  const node = (script: string): string[] => [process.execPath, '-e', script];
  try {
    const outcome = await runChecks(
      [
        { title: 'quiet', command: node('console.log("not shown")') },
        { title: 'broken', command: node('console.log("to stdout"); console.error("to stderr"); process.exit(3)') },
        { title: 'stale', command: node(''), report: path },
        {
          title: 'tested',
          command: node(`require("fs").writeFileSync(${JSON.stringify(path)}, '${report(5, 0)}')`),
          report: path,
        },
        { title: 'missing', command: [join(root, 'no-such-program')] },
      ],
      { root, print: (text) => printed.push(text) },
    );
    expect(outcome).toEqual({ passed: 1 + 5, failed: 1 + 1 + 1 });
  } finally {
    rmSync(root, { recursive: true });
  }
  const text = printed.join('');
  expect(text).toMatch(/✓ quiet +\d+\.\d s\n/);
  expect(text).toMatch(/✗ broken +\d+\.\d s\nto stdout\nto stderr\n/);
  expect(text).toMatch(/✗ stale \(0 passed, 1 failed\)/);
  expect(text).toMatch(/✓ tested \(5 passed, 0 failed\)/);
  expect(text).not.toContain('not shown');
});

/** A machine on which apt-get answers as told, and Chromium appears when its install went well. */
function machine(parts: { chromium?: boolean; uid?: number; apt?: Record<string, number | null>; appears?: boolean }) {
  const ran: string[] = [];
  let there = parts.chromium ?? false;
  const effects: ChromiumEffects = {
    exists: (path) => path === CHROMIUM && there,
    run: (command, args) => {
      ran.push([command, ...args].join(' '));
      const code = parts.apt?.[args[0]!] ?? (parts.apt?.[args[0]!] === null ? null : 0);
      if (args[0] === 'install' && code === 0) there = parts.appears ?? true;
      return code;
    },
    uid: parts.uid ?? 0,
    print: () => {},
  };
  return { effects, ran };
}

test('Chromium that is there is left alone', () => {
  const { effects, ran } = machine({ chromium: true, uid: 1000 });
  ensureChromium(effects);
  expect(ran).toEqual([]);
});

test.each<[string, Parameters<typeof machine>[0]]>([
  ['usually', {}],
  ['with an old list of packages', { apt: { update: 100 } }],
])('root gets it from the packages, %s', (_when, parts) => {
  const { effects, ran } = machine(parts);
  ensureChromium(effects);
  expect(ran).toEqual(['apt-get update', 'apt-get install -y --no-install-recommends chromium']);
});

test.each<[string, Parameters<typeof machine>[0], RegExp]>([
  ['a user who is not root', { uid: 1000 }, /apt-get install chromium, and run npm test again/],
  ['no apt-get', { apt: { update: null } }, /no apt-get to install it with/],
  ['no package', { apt: { install: 100 } }, /could not be installed\. Install/],
  ['no network', { apt: { update: 100, install: 100 } }, /package servers cannot be reached/],
  ['a package that brings another path', { appears: false }, /could not be installed/],
])('%s is a sentence', (_what, parts, sentence) => {
  expect(() => ensureChromium(machine(parts).effects)).toThrow(sentence);
});

test('the files that failed are named by the report', () => {
  const report = JSON.stringify({
    testResults: [
      { name: '/a.test.ts', status: 'passed' },
      { name: '/b.test.ts', status: 'failed' },
    ],
  });
  expect(failedFiles(report)).toEqual(['/b.test.ts']);
  expect(failedFiles('torn')).toEqual([]);
});
