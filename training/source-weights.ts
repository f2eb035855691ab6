import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analogy } from '../packages/engine/src/tab/sources/analogy.ts';
import { createRepair } from '../packages/engine/src/tab/sources/repair.ts';
import { fitOutcomes } from './continue/fit.ts';
import { judgedCases } from './source-candidates.ts';

/**
 * Learns how the features of `analogy` or `repair` become P(accept) (those of `propagate`: propagate-weights.ts), from all candidates it has in next-edit cases of the training split. The sets that are measured on are small, so
 * there is an option for more of the same packages:
 *
 *   node evals/src/tab/make-cases.ts --split train --split dev --changes 200 --stops 9 --out DIR
 *   node training/source-weights.ts analogy|repair --cases DIR [--write]
 *
 * Prints, for several bars, how many of the best candidates would be shown and how many of them are right: on train as learned without the packages in question (five
 * parts), on train as a whole and on dev; and how far the estimates of the best candidates are off (expected calibration error). Deterministic.
 */
const SOURCES = { analogy, repair: createRepair() };
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cases: {
      type: 'string',
      default: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals', 'cases'),
    },
    write: { type: 'boolean', default: false },
  },
});
const name = positionals[0] as keyof typeof SOURCES;
if (!Object.hasOwn(SOURCES, name)) {
  console.error('Usage: node training/source-weights.ts analogy|repair [--cases DIR] [--write]');
  process.exit(2);
}
const PARTS = 5;
interface Case {
  id: string;
  candidates: { features: Readonly<Record<string, number>>; score: number; exact: boolean }[];
}
async function load(split: string): Promise<Case[]> {
  const loaded: Case[] = [];
  for await (const { id, candidates } of judgedCases(join(values.cases, split, 'next-edit.jsonl'), [SOURCES[name]]))
    loaded.push({
      id,
      candidates: candidates.map(({ candidate, exact }) => ({
        features: candidate.features,
        score: candidate.score,
        exact,
      })),
    });
  return loaded;
}
type Score = (c: Case['candidates'][number]) => number;
const topsOf = (loaded: readonly Case[], score: Score) =>
  loaded.map(({ candidates }) => [...candidates].sort((a, b) => score(b) - score(a))[0]);
/** Mean distance of estimate and outcome over ten bins of the best candidates, each bin counted by its size. */
function calibrationError(loaded: readonly Case[], score: Score): number {
  const tops = topsOf(loaded, score).filter((top) => top !== undefined);
  let error = 0;
  for (let bin = 0; bin < 10; bin++) {
    const inside = tops.filter((top) => Math.min(9, Math.floor(score(top) * 10)) === bin);
    error += Math.abs(inside.reduce((sum, top) => sum + score(top) - (top.exact ? 1 : 0), 0));
  }
  return error / tops.length;
}
function report(name: string, loaded: readonly Case[], score: Score): void {
  const tops = topsOf(loaded, score);
  const any = loaded.filter(({ candidates }) => candidates.some((c) => c.exact)).length;
  console.log(
    name,
    'cases',
    loaded.length,
    'with candidates',
    tops.filter(Boolean).length,
    'right one among them',
    any,
    'calibration error',
    `${(calibrationError(loaded, score) * 100).toFixed(1)} %`,
  );
  for (const bar of [0, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5]) {
    const shown = tops.filter((top) => top && score(top) >= bar);
    const exact = shown.filter((top) => top!.exact).length;
    console.log(
      `  bar ${bar}: shown ${shown.length} exact ${exact} (${((exact / loaded.length) * 100).toFixed(1)} %) precision ${((exact / Math.max(1, shown.length)) * 100).toFixed(1)} %`,
    );
  }
}
const train = await load('train');
const dev = await load('dev');
const names = [
  ...new Set(train.flatMap(({ candidates }) => candidates.flatMap((c) => Object.keys(c.features)))),
].sort();
const columns = (features: Readonly<Record<string, number>>) => [1, ...names.map((feature) => features[feature] ?? 0)];
function odds(weights: ArrayLike<number>): Score {
  return ({ features }) => columns(features).reduce((sum, value, index) => sum + value * weights[index]!, 0);
}
const probability =
  (score: Score): Score =>
  (candidate) =>
    1 / (1 + Math.exp(-score(candidate)));
function weightsOf(cases: readonly Case[]): Float64Array {
  return fitOutcomes(
    cases.flatMap(({ candidates }) =>
      candidates.map(({ features, exact }) => ({ features: columns(features), happened: exact })),
    ),
  );
}

report('train as is', train, (c) => c.score);
report('dev as is', dev, (c) => c.score);
const packages = [...new Set(train.map(({ id }) => packageOf(id)))];
const unseen = new Map<Case['candidates'][number], number>();
for (let part = 0; part < PARTS; part++) {
  const out = new Set(packages.filter((_, index) => index % PARTS === part));
  const score = odds(weightsOf(train.filter(({ id }) => !out.has(packageOf(id)))));
  for (const { candidates } of train.filter(({ id }) => out.has(packageOf(id))))
    for (const candidate of candidates) unseen.set(candidate, score(candidate));
}
const weights = weightsOf(train);
report(
  'train, packages not seen',
  train,
  probability((c) => unseen.get(c)!),
);
report('train fitted', train, probability(odds(weights)));
report('dev fitted', dev, probability(odds(weights)));

const rounded = (value: number) => Math.round(value * 1000) / 1000;
const file = {
  about:
    'Log-odds of each feature that a place is what the user wants next; made by training/source-weights.ts on the training split.',
  bias: rounded(weights[0]!),
  features: Object.fromEntries(
    names.map((feature, index): [string, number] => [feature, rounded(weights[index + 1]!)]),
  ),
};
if (values.write)
  writeFileSync(
    new URL(`../packages/engine/src/tab/sources/${name}-weights.json`, import.meta.url),
    `${JSON.stringify(file, null, 2)}\n`,
  );
else console.log(file);

function packageOf(id: string): string {
  return id.slice(0, id.lastIndexOf('@'));
}
