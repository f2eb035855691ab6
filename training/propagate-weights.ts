import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { TreeFile } from '../packages/engine/src/tab/rewrite/trees.ts';
import { propagate } from '../packages/engine/src/tab/sources/propagate.ts';
import { type Boosted, fitBoosted, oddsOf, type Outcome, type Tree } from './boosting.ts';
import { fitOutcomes } from './continue/fit.ts';
import { calibrationError, type Judged, type JudgedTops, reportOf } from './propagate-report.ts';
import { judgedCases } from './source-candidates.ts';

/**
 * Learns how the features of a place become P(accept), from all candidates of `propagate` in next-edit cases of the training split: more of them than are measured on, from the same packages.
 *
 *   node evals/src/tab/make-cases.ts --split train --changes 80 --stops 3 --out DIR
 *   node training/propagate-weights.ts --cases DIR/train/next-edit.jsonl [--judged FILE] [--write]
 *
 * With --judged the candidates are kept in that file, or read from it where it is there: to fit again takes seconds then. Trees learn which candidates are exact: what a person would have done in one go stands before a part of it. What is said to be likely is then that the best one is accepted, as the user of the
 * sessions does: all of it is part of the change (logistic on the odds of the best candidates, Platt 1999). It is learned on packages that neither has seen.
 * Prints what would be shown and right on train as learned without the packages in question, and on dev. Deterministic; takes some minutes.
 */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals', 'cases');
const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: join(cache, 'train', 'next-edit.jsonl') },
    dev: { type: 'string', default: join(cache, 'dev', 'next-edit.jsonl') },
    judged: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const PARTS = 5;
/** Cases of one package, evenly spread: none outweighs the others. */
const PER_PACKAGE = 80;
/**
 * Nothing is known of places in files that are not open: the cases open every file of their change, so no such place ever counts as right. They are left out, and weighed by
 * hand: of files alike, the one that is open is the likelier one.
 */
const CLOSED = -1;
/**
 * What more of a feature can only say, as far as the trees go: the nearest place of many alike is the next one, whatever the cases tell. They are made hunk by hunk, and a diff has no two hunks on neighbouring
 * lines; a person at work stops on every line.
 */
const RAISES = words(
  'near madeShareAlike madeShare likeMade alikeFar lineLike ahead evidence streak share left right ways confirmed learned together knowsNew',
);
const LOWERS = words(
  'nth likerPassed passed leaves leavesOthers unbalances remains beside partOfWhole partOfHunk punctuation prose leavesRewrites partOfSeveral mixed indentOff noWords',
);

async function load(file: string): Promise<Judged[]> {
  const loaded: Judged[] = [];
  for await (const { id, candidates } of judgedCases(file, [propagate]))
    loaded.push({
      package: id.slice(0, id.lastIndexOf('@')),
      candidates: candidates.map(({ candidate: { features, score }, exact, agrees }) => ({
        features,
        score,
        exact,
        agrees,
      })),
    });
  return loaded;
}

async function judged(): Promise<{ readonly train: readonly Judged[]; readonly dev: readonly Judged[] }> {
  const file = values.judged;
  if (file !== undefined && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const both = { train: spread(await load(values.cases), PER_PACKAGE), dev: await load(values.dev) };
  if (file !== undefined) writeFileSync(file, JSON.stringify(both));
  return both;
}

/** At most `most` cases of each package, evenly spread over those it has. */
function spread(cases: readonly Judged[], most: number): readonly Judged[] {
  const counts = new Map<string, number>();
  for (const each of cases) counts.set(each.package, (counts.get(each.package) ?? 0) + 1);
  const seen = new Map<string, number>();
  return cases.filter((each) => {
    const index = seen.get(each.package) ?? 0;
    seen.set(each.package, index + 1);
    const share = Math.min(1, most / counts.get(each.package)!);
    return Math.floor((index + 1) * share) > Math.floor(index * share);
  });
}

/** A package with four times as many cases counts twice as much. */
function weightsOf(cases: readonly Judged[]): ReadonlyMap<Judged, number> {
  const counts = new Map<string, number>();
  for (const each of cases) counts.set(each.package, (counts.get(each.package) ?? 0) + 1);
  const weights = cases.map((each) => 1 / Math.sqrt(counts.get(each.package)!));
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / cases.length;
  return new Map(cases.map((each, index) => [each, weights[index]! / mean]));
}

const { train, dev } = await judged();
const weights = weightsOf(train);
const names = [
  ...new Set(train.flatMap(({ candidates }) => candidates.flatMap(({ features }) => Object.keys(features)))),
]
  .filter((name) => name !== 'closed')
  .sort();
const columnsOf = (features: Readonly<Record<string, number>>) =>
  Float64Array.from(names, (name) => features[name] ?? 0);

/** The log-odds of two models, in equal parts: the one knows no "only if", the other no slopes, and they are wrong about different packages. */
interface Model {
  readonly bias: number;
  /** By column. */
  readonly weights: readonly number[];
  readonly trees: Boosted;
}

function modelOf(cases: readonly Judged[]): Model {
  const outcomes = cases.flatMap((each): Outcome[] =>
    each.candidates
      .filter(({ features }) => !features.closed)
      .map(({ features, exact }) => ({
        features: columnsOf(features),
        happened: exact,
        weight: weights.get(each)!,
      })),
  );
  const [bias, ...slopes] = fitOutcomes(
    outcomes.map(({ features, ...rest }) => ({ ...rest, features: [1, ...Array.from(features)] })),
    NEWTON_STEPS,
  );
  const directions = names.map((name) => (RAISES.has(name) ? 1 : LOWERS.has(name) ? -1 : 0));
  return { bias: bias!, weights: slopes, trees: fitBoosted(outcomes, { trees: 150, directions }) };
}

function oddsBy({ bias, weights: slopes, trees }: Model, features: ArrayLike<number>): number {
  const linear = slopes.reduce((sum, slope, column) => sum + slope * features[column]!, bias);
  return (linear + oddsOf(trees, features)) / 2;
}

/** More change nothing in the fourth decimal. */
const NEWTON_STEPS = 10;

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** The odds of every candidate. */
function judgedBy(model: Model, cases: readonly Judged[]): JudgedTops[] {
  return cases.map((each) => ({
    weight: weights.get(each) ?? 1,
    candidates: each.candidates.map(({ features, exact, agrees }) => ({
      odds: oddsBy(model, columnsOf(features)) + CLOSED * (features.closed ?? 0),
      exact,
      agrees,
    })),
  }));
}

const asIs = (cases: readonly Judged[]): JudgedTops[] =>
  cases.map((each) => ({
    weight: weights.get(each) ?? 1,
    candidates: each.candidates.map(({ score, exact, agrees }) => ({
      odds: Math.log(score / (1 - score)),
      exact,
      agrees,
    })),
  }));

const packages = [...new Set(train.map((each) => each.package))].sort();
const unseen = Array.from({ length: PARTS }, (_, part) => {
  const out = new Set(packages.filter((_name, index) => index % PARTS === part));
  const model = modelOf(train.filter((each) => !out.has(each.package)));
  return judgedBy(
    model,
    train.filter((each) => out.has(each.package)),
  );
}).flat();
const [shift, slope] = fitOutcomes(
  unseen.flatMap(({ weight, candidates }) => {
    const top = candidates.toSorted((a, b) => b.odds - a.odds)[0];
    return top ? [{ features: [1, top.odds], happened: top.agrees, weight }] : [];
  }),
) as unknown as [number, number];
const accepted = (cases: readonly JudgedTops[]): JudgedTops[] =>
  cases.map((each) => ({
    ...each,
    candidates: each.candidates.map((candidate) => ({ ...candidate, odds: shift + slope * candidate.odds })),
  }));

const model = modelOf(train);
for (const [title, cases] of [
  ['train, as it is', asIs(train)],
  ['train, packages not seen', accepted(unseen)],
  ['dev, as it is', asIs(dev)],
  ['dev', accepted(judgedBy(model, dev))],
] as const)
  console.log(reportOf(title, cases));
console.log('calibration error against acceptance', calibrationError(accepted(unseen)).toFixed(4));

const rounded = (value: number) => Number(value.toFixed(4));
const written = (tree: Tree): TreeFile =>
  typeof tree === 'number'
    ? rounded((slope / 2) * tree)
    : [names[tree.column]!, tree.limit, written(tree.low), written(tree.high)];
const file = {
  about:
    'Log-odds that the user accepts a place: the sum of the bias, of the features by their weights, and of the trees, [feature, limit, at most limit, above it]; made by training/propagate-weights.ts on the training split.',
  bias: rounded(shift + (slope / 2) * (model.bias + model.trees.bias)),
  features: {
    ...Object.fromEntries(names.map((name, column) => [name, rounded((slope / 2) * model.weights[column]!)])),
    closed: CLOSED,
  },
};
const text = `{\n${Object.entries(file)
  .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
  .join(
    '',
  )}  "trees": [\n${model.trees.trees.map((tree) => `    ${JSON.stringify(written(tree))}`).join(',\n')}\n  ]\n}\n`;
if (values.write)
  writeFileSync(new URL('../packages/engine/src/tab/sources/propagate-weights.json', import.meta.url), text);
else console.log(`${text.length} bytes; --write writes them`);
