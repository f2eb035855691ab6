import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { analogy } from '../packages/engine/src/tab/sources/analogy.ts';
import { propagate } from '../packages/engine/src/tab/sources/propagate.ts';
import { createRepair } from '../packages/engine/src/tab/sources/repair.ts';
import { type Example, fitLogistic, probability } from './logistic.ts';
import { judgedCases } from './source-candidates.ts';

const SOURCES = { propagate, analogy, repair: createRepair() };
const name = process.argv[2] as keyof typeof SOURCES;
if (!Object.hasOwn(SOURCES, name)) {
  console.error(
    'Usage: node training/source-weights.ts propagate|analogy|repair [--write]   (after: node evals/src/tab/make-cases.ts)',
  );
  process.exit(2);
}
const cases = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals', 'cases');

interface Case {
  id: string;
  candidates: { features: Readonly<Record<string, number>>; score: number; exact: boolean }[];
}
async function load(split: string): Promise<Case[]> {
  const loaded: Case[] = [];
  for await (const { id, candidates } of judgedCases(join(cases, split, 'next-edit.jsonl'), [SOURCES[name]]))
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
function report(name: string, loaded: readonly Case[], score: (c: Case['candidates'][number]) => number): void {
  const tops = loaded.map(({ candidates }) => [...candidates].sort((a, b) => score(b) - score(a))[0]);
  const any = loaded.filter(({ candidates }) => candidates.some((c) => c.exact)).length;
  console.log(
    name,
    'cases',
    loaded.length,
    'with candidates',
    tops.filter(Boolean).length,
    'right one among them',
    any,
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
report('train as is', train, (c) => c.score);
report('dev as is', dev, (c) => c.score);
const examples: Example[] = train.flatMap(({ candidates }) =>
  candidates.map(({ features, exact }) => ({ features, accepted: exact })),
);
const model = fitLogistic(examples, 3e-4);
report('train fitted', train, (c) => probability(model, c.features));
report('dev fitted', dev, (c) => probability(model, c.features));
const rounded = (value: number) => Math.round(value * 1000) / 1000;
const file = {
  about:
    'Log-odds of each feature that a place is what the user wants next; made by training/source-weights.ts on the training split.',
  bias: rounded(model.bias),
  features: Object.fromEntries(Object.entries(model.features).map(([name, weight]) => [name, rounded(weight)])),
};
if (process.argv.includes('--write'))
  writeFileSync(
    new URL(`../packages/engine/src/tab/sources/${name}-weights.json`, import.meta.url),
    `${JSON.stringify(file, null, 2)}\n`,
  );
else console.log(file);
