import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { progressLine } from './runner.ts';

export interface Check {
  readonly title: string;
  readonly command: readonly string[];
  /** Where the command leaves vitest's JSON report; a check without one counts as one test. */
  readonly report?: string;
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
    const counts = countTests(
      code,
      check.report === undefined ? undefined : await readFile(check.report, 'utf8').catch(() => ''),
    );
    passed += counts.passed;
    failed += counts.failed;
    const detail = check.report === undefined ? '' : ` (${counts.passed} passed, ${counts.failed} failed)`;
    effects.print(
      `${progressLine(`${counts.failed === 0 ? '✓' : '✗'} ${check.title}${detail}`, performance.now() - start)}\n`,
    );
    if (counts.failed > 0) effects.print(`${output}\n`);
  }
  return { passed, failed };
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
