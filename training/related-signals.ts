import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { evaluateRelated, type RelatedFigures } from '../evals/src/search/related-eval.ts';
import { LOG_FORMAT, parseCommitLog } from '../packages/engine/src/index/related/commit-log.ts';
import { SIGNALS, type Signals } from '../packages/engine/src/index/related/related-files.ts';

const HELP = `Usage: node training/related-signals.ts [--root DIR] [--before COMMIT]

Measures weights of the signals of related files (SIGNALS in packages/engine/src/index/related/related-files.ts) on the older half of a repository's
commits, or on those up to COMMIT: beginning with those that ship, one after the other is tried with other values, judged by the mean of the three MRR@10 that \`npm run eval:related\` prints (which asks about
the newer half).
`;

/** The others are measured in units of `together`. */
const GRID: Readonly<Record<keyof Signals, readonly number[]>> = {
  together: [],
  subjects: [0.4, 1],
  kinship: [0.3, 0.7, 1],
  pathWords: [0.3, 1],
};

const { values } = parseArgs({
  options: { root: { type: 'string' }, before: { type: 'string' }, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(HELP);
else choose(values.root ?? process.cwd(), values.before);

function choose(root: string, before: string | undefined): void {
  const log = ['--no-pager', '-c', 'core.quotePath=false', 'log', '--name-status', '-M', '--no-merges', LOG_FORMAT];
  const output = execFileSync('git', [...log, before ?? 'HEAD', '--', '.'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const all = parseCommitLog(output, '');
  const commits = before === undefined ? all.slice(Math.floor(all.length / 2)) : all;
  const last = Math.floor(commits.length / 2);
  process.stdout.write(`${commits.length} commits, the newest ${last} asked about; mean of three MRR@10\n`);
  let best = { signals: SIGNALS as Signals, value: worth(evaluateRelated(commits, last)) };
  process.stdout.write(`${best.value.toFixed(4)}  ${JSON.stringify(best.signals)} ships\n`);
  for (const [name, weights] of Object.entries(GRID))
    for (const weight of weights) {
      const signals = { ...best.signals, [name]: weight };
      if (weight === best.signals[name as keyof Signals]) continue;
      const value = worth(evaluateRelated(commits, last, signals));
      process.stdout.write(`${value.toFixed(4)}  ${JSON.stringify(signals)}\n`);
      if (value > best.value) best = { signals, value };
    }
  process.stdout.write(`best: ${JSON.stringify(best.signals)}\n`);
}

function worth({ leaveOneOut, withSubject, subjectAlone }: RelatedFigures): number {
  return (leaveOneOut.reciprocal + withSubject.reciprocal + subjectAlone.reciprocal) / 3;
}
