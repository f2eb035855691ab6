/** What `npm test` runs once there is a Node 24: the rest of the set-up, Chromium, then every check with its seconds. */
import { join } from 'node:path';
import { ensureChromium } from './setup/chromium.ts';
import { ensureSetup, ROOT } from './setup/ensure.ts';
import { runChecks } from './setup/run-checks.ts';
import { SetupError } from './setup/runner.ts';

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);
const results = join(ROOT, '.cache', 'test-results');

try {
  await ensureSetup();
  ensureChromium();
  process.send?.('set-up done');
  const outcome = await runChecks(
    [
      { title: 'types', command: [bin('tsc'), '-p', 'tsconfig.json'] },
      { title: 'lint', command: [bin('biome'), 'lint', '.'] },
      {
        title: 'arrows and cycles',
        command: [bin('depcruise'), '--config', '.dependency-cruiser.cjs', 'apps', 'packages', 'evals', 'scripts'],
      },
      { title: 'build', command: [process.execPath, join(ROOT, 'scripts/build.ts')] },
      vitest('unit'),
      { ...vitest('browser'), secondRun: true },
    ],
    { root: ROOT, print: (text) => process.stdout.write(text) },
  );
  process.stdout.write(`\n${outcome.passed} passed, ${outcome.failed} failed\n`);
  process.exit(outcome.failed === 0 ? 0 : 1);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`npm test: ${error.message}\n`);
  process.exit(1);
}

function vitest(project: string): { title: string; command: string[]; report: string } {
  const report = join(results, `${project}.json`);
  return {
    title: `${project} tests`,
    command: [
      bin('vitest'),
      'run',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    report,
  };
}
