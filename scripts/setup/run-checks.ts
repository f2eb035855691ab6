import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { progressLine } from './runner.ts';

export interface Check {
  readonly title: string;
  readonly command: readonly string[];
  /** Where the command leaves vitest's JSON report; a check without one counts as one test. */
  readonly report?: string;
  /**
   * Test files that failed are run once more, each said by name: a browser on a machine that does other work at the same time misses keys. What fails twice has failed.
   */
  readonly secondRun?: boolean;
}

export interface Outcome {
  readonly passed: number;
  readonly failed: number;
}

export interface CheckEffects {
  readonly root: string;
  print(text: string): void;
}

/** Runs every check, one after the other and whatever the ones before said; shows a failing one's output in full. */
export async function runChecks(checks: readonly Check[], effects: CheckEffects): Promise<Outcome> {
  let passed = 0;
  let failed = 0;
  for (const check of checks) {
    // A report of an earlier run must not speak for this one.
    if (check.report !== undefined) await rm(check.report, { force: true });
    const start = performance.now();
    const { code, output } = await runCommand(check.command, effects.root);
    const report = check.report === undefined ? undefined : await readFile(check.report, 'utf8').catch(() => '');
    let counts = countTests(code, report);
    const files = check.secondRun && counts.failed > 0 ? failedFiles(report ?? '') : [];
    if (files.length > 0) {
      effects.print(`  ! ${check.title}: ${counts.failed} failed, run again: ${files.join(', ')}\n`);
      effects.print(`${output}\n`);
      const again = await runCommand([...check.command, ...files], effects.root);
      const second = countTests(again.code, await readFile(check.report!, 'utf8').catch(() => ''));
      counts = { passed: counts.passed + Math.min(second.passed, counts.failed), failed: second.failed };
      if (second.failed > 0) effects.print(`${again.output}\n`);
    }
    passed += counts.passed;
    failed += counts.failed;
    const detail = check.report === undefined ? '' : ` (${counts.passed} passed, ${counts.failed} failed)`;
    effects.print(
      `${progressLine(`${counts.failed === 0 ? '✓' : '✗'} ${check.title}${detail}`, performance.now() - start)}\n`,
    );
    if (counts.failed > 0 && files.length === 0) effects.print(`${output}\n`);
  }
  return { passed, failed };
}

/** Pure: the test files of vitest's JSON report in which something failed. */
export function failedFiles(report: string): string[] {
  try {
    const parsed = JSON.parse(report) as { testResults?: { name: string; status: string }[] };
    return (parsed.testResults ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);
  } catch {
    return [];
  }
}

/**
 * Pure: what a check's exit code and report say together. A command that failed has at least one failure, even if its
 * report has none (a crash, an unhandled error); a test run that ran no test has failed.
 */
export function countTests(code: number, report: string | undefined): Outcome {
  if (report === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  let passed = 0;
  let failed = 0;
  try {
    const parsed = JSON.parse(report) as { numPassedTests?: number; numFailedTests?: number };
    passed = parsed.numPassedTests ?? 0;
    failed = parsed.numFailedTests ?? 0;
  } catch {
    return { passed: 0, failed: 1 };
  }
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1;
  return { passed, failed };
}

function runCommand(command: readonly string[], cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command[0]!, command.slice(1), {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', (error) => resolve({ code: 1, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
