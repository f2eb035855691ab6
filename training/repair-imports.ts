/**
 * What `repair` knows of imports, on real projects: an import is taken out of a file together with the one line that uses it, the line is put back as an
 * edit, and the file has to come out as it was.
 *
 *   node training/repair-imports.ts [--split train|dev] [--per-project 40] [--show] [--write]   (after: node evals/src/tab/make-cases.ts)
 *
 * Prints by language how often the first proposal is right, the right import at another place, right as second, wrong; and silence. `--write` learns the weights of missing imports on the training split, keeps those of the other repairs and
 * writes sources/repair-weights.json.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { maskedCode } from '../packages/engine/src/tab/repair/code-mask.ts';
import { removalOf } from '../packages/engine/src/tab/repair/imports/remove.ts';
import { importSyntaxOf } from '../packages/engine/src/tab/repair/imports/syntax-of.ts';
import type { Candidate } from '../packages/engine/src/tab/source.ts';
import { createRepair } from '../packages/engine/src/tab/sources/repair.ts';
import weights from '../packages/engine/src/tab/sources/repair-weights.json' with { type: 'json' };
import { noLanguageFacts } from '../packages/engine/src/workspace/language-facts.ts';
import { languageOf } from '../packages/engine/src/workspace/languages.ts';
import { Snapshot } from '../packages/engine/src/workspace/snapshot.ts';
import { noSyntax } from '../packages/engine/src/workspace/syntax.ts';
import { applyEdits } from '../packages/engine/src/workspace/text-edit.ts';
import { occurrencesOf } from '../packages/engine/src/workspace/tokens.ts';
import { seededRandom } from '../packages/testkit/src/random.ts';
import { type Example, fitLogistic } from './logistic.ts';
import { type Project, projectOf } from './project.ts';

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'train' },
    'per-project': { type: 'string', default: '40' },
    show: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const cases = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals', 'cases');
const roots = new Set(
  readFileSync(join(cases, values.split, 'next-edit.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => (JSON.parse(line) as { root: string }).root),
);
/** One release of each package is enough. */
const byPackage = new Map([...roots].map((root) => [root.replace(/@[^@/]*$/, ''), root]));

interface Taken {
  readonly path: string;
  readonly original: string;
  readonly without: string;
  /** The line that is put back, as an edit of `without`. */
  readonly edit: readonly [number, number, string];
}

function* takenOut(project: Project, random: () => number, count: number): Iterable<Taken> {
  const paths = [...project.texts.keys()].filter((path) => importSyntaxOf(languageOf(path)));
  for (let tries = 0, found = 0; tries < count * 10 && found < count && paths.length > 0; tries++) {
    const path = paths[Math.floor(random() * paths.length)]!;
    const text = project.texts.get(path)!;
    const statements = importSyntaxOf(languageOf(path))!.parse(text);
    const names = statements.flatMap((statement) => statement.names.map((name) => ({ statement, name })));
    if (names.length === 0) continue;
    const { statement, name } = names[Math.floor(random() * names.length)]!;
    const code = maskedCode(text, languageOf(path), 'comments-and-strings');
    const uses = occurrencesOf(code, name.local).filter(
      (at) => !statements.some(({ start, end }) => at >= start && at < end),
    );
    const lines = new Set(uses.map((at) => text.lastIndexOf('\n', at) + 1));
    const [start] = lines;
    if (lines.size !== 1 || start === undefined || start < statement.end) continue;
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const withoutImport = applyEdits(text, removalOf(text, statement, [name]));
    const at = start - (text.length - withoutImport.length);
    const line = text.slice(start, end);
    if (withoutImport.slice(at, at + line.length) !== line) continue;
    found++;
    yield {
      path,
      original: text,
      without: withoutImport.slice(0, at) + withoutImport.slice(at + line.length),
      edit: [at, at, line],
    };
  }
}

async function candidatesFor(project: Project, { path, without, edit }: Taken): Promise<readonly Candidate[]> {
  let snapshot = Snapshot.empty.open({ path, languageId: languageOf(path), version: 1, text: without });
  snapshot = snapshot.change({ path, baseVersion: 1, version: 2, edits: [edit], origin: 'typed', at: 0 });
  const cursor = { path, offset: edit[0] + edit[2].trimEnd().length, selecting: false };
  const found: Candidate[] = [];
  const context = {
    snapshot: snapshot.moveCursor(cursor),
    cursor,
    document: snapshot.documents.get(path)!,
    facts: noLanguageFacts,
    syntax: noSyntax,
    files: { read: async (other: string) => (other === path ? undefined : project.texts.get(other)) },
    lexicon: project.lexicon,
    now: () => performance.now(),
  };
  for await (const candidate of createRepair().propose(context, new AbortController().signal)) found.push(candidate);
  return found;
}

const examples: Example[] = [];
const table = new Map<string, { right: number; elsewhere: number; second: number; wrong: number; silent: number }>();
const times: number[] = [];
for (const root of byPackage.values()) {
  const project = await projectOf(root);
  for (const taken of takenOut(project, seededRandom(3), Number(values['per-project']))) {
    const started = performance.now();
    const found = (await candidatesFor(project, taken)).filter(({ features }) => features['missing-import'] === 1);
    times.push(performance.now() - started);
    const text = applyEdits(taken.without, [taken.edit]);
    const right = found.map(({ edits }) => applyEdits(text, edits) === taken.original);
    for (const [index, { features }] of found.entries()) examples.push({ features, accepted: right[index]! });
    const language = languageOf(taken.path).replace('react', '');
    const row = table.get(language) ?? { right: 0, elsewhere: 0, second: 0, wrong: 0, silent: 0 };
    table.set(language, row);
    if (found.length === 0) row.silent++;
    else if (right[0]) row.right++;
    // The right import at another place than where the author put it.
    else if (sameWords(applyEdits(text, found[0]!.edits), taken.original)) row.elsewhere++;
    else if (right.includes(true)) row.second++;
    else row.wrong++;
    if (values.show && found.length > 0 && !right[0] && !sameWords(applyEdits(text, found[0]!.edits), taken.original))
      console.log(taken.path, JSON.stringify([taken.edit[2].trim(), found[0]!.edits[0], found[0]!.score.toFixed(2)]));
  }
}
console.table(Object.fromEntries(table));
times.sort((a, b) => a - b);
console.log(
  `ms p50 ${times[times.length >> 1]?.toFixed(1)}, p99 ${times[Math.floor(times.length * 0.99)]?.toFixed(1)}`,
);
const rounded = (value: number) => Math.round(value * 1000) / 1000;
const model = fitLogistic(
  examples.map(({ features, accepted }) => ({
    accepted,
    features: Object.fromEntries(Object.entries(features).filter(([name]) => name.startsWith('missing-import:'))),
  })),
  3e-3,
);
const learned = {
  'missing-import': rounded(model.bias),
  ...Object.fromEntries(Object.entries(model.features).map(([name, weight]) => [name, rounded(weight)])),
};
console.log(learned);
if (values.write) {
  // Typing on and older edits do not occur here: those weights stay.
  const unseen = ['missing-import:typing', 'missing-import:age', 'missing-import:without', 'missing-import:bySyntax'];
  const kept = Object.entries(weights.features).filter(
    ([name]) => !name.startsWith('missing-import') || unseen.includes(name),
  );
  const features = { ...learned, ...Object.fromEntries(kept) };
  writeFileSync(
    new URL('../packages/engine/src/tab/sources/repair-weights.json', import.meta.url),
    `${JSON.stringify({ ...weights, features }, null, 2)}\n`,
  );
}

function sameWords(a: string, b: string): boolean {
  const words = (text: string) => (text.match(/[\w$./]+/g) ?? []).sort().join(' ');
  return words(a) === words(b);
}
