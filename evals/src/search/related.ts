/** `npm run eval:related -- [--root DIR] [--last N] [--json]`: files from history, on the history of a repository (this one unless told). */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { LOG_FORMAT, parseCommitLog } from '../../../packages/engine/src/index/related/commit-log.ts';
import { evaluateRelated, type Recall } from './related-eval.ts';

const { values } = parseArgs({
  options: { root: { type: 'string' }, last: { type: 'string' }, json: { type: 'boolean' } },
});
const root = values.root ?? process.cwd();
const output = execFileSync(
  'git',
  ['--no-pager', '-c', 'core.quotePath=false', 'log', '--name-status', '-M', '--no-merges', LOG_FORMAT, '--', '.'],
  {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  },
);
const prefix = execFileSync('git', ['rev-parse', '--show-prefix'], { cwd: root, encoding: 'utf8' }).trim();
const commits = parseCommitLog(output, prefix);
// The newest half is asked about; the older half is what there is to learn from at the beginning.
const last = values.last === undefined ? Math.floor(commits.length / 2) : Number(values.last);
const figures = evaluateRelated(commits, last);
if (values.json) process.stdout.write(`${JSON.stringify({ commits: commits.length, last, ...figures })}\n`);
else {
  process.stdout.write(`${commits.length} commits, the newest ${last} asked about\n\n`);
  process.stdout.write(
    `${'given'.padEnd(34)}${'questions'.padStart(10)}${'recall@5'.padStart(10)}${'recall@10'.padStart(11)}${'MRR@10'.padStart(9)}\n`,
  );
  row('other files of the commit', figures.leaveOneOut);
  row('other files and the subject', figures.withSubject);
  row('the subject alone', figures.subjectAlone);
  row('(most often changed files)', figures.mostChanged);
}

function row(name: string, { questions, at5, at10, reciprocal }: Recall): void {
  process.stdout.write(
    `${name.padEnd(34)}${String(questions).padStart(10)}${`${at5.toFixed(1)} %`.padStart(10)}${`${at10.toFixed(1)} %`.padStart(11)}${reciprocal.toFixed(3).padStart(9)}\n`,
  );
}
