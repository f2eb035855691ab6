import type { Candidate, Source } from '../source.ts';
import { changedManifest } from '../terminal/changed-manifest.ts';
import { runOf } from '../terminal/edits.ts';
import { generatedSource } from '../terminal/generated-source.ts';
import { missingDependency } from '../terminal/missing-dependency.ts';
import { projectOf } from '../terminal/project.ts';
import { runTest } from '../terminal/run-test.ts';

/**
 * After some edits the next stop is the terminal: a package to install, dependencies to bring up to date, a test to run, code to generate. The tool is one that the
 * project itself shows (lock file, manifest, script), never a guess. The line is put there for the user to look at; nobody but the user presses Enter.
 */
export const terminal: Source = {
  name: 'terminal',
  async *propose(context, signal) {
    const run = runOf(context);
    if (!run) return;
    const project = projectOf(context);
    for (const find of [changedManifest, missingDependency, generatedSource, runTest]) {
      const stop = await find(context, project, run);
      if (signal.aborted) return;
      if (!stop) continue;
      const { command, path, score, kind } = stop;
      yield {
        path,
        edits: [],
        command,
        score,
        features: { [kind]: 1 },
        evidence: [command.reason, `${command.text} (in ${command.cwd || 'the project'})`],
      } satisfies Candidate;
      return;
    }
  },
};
