/**
 * Learns the two small tables of the `continue` source: `lexicon/token-weights.json` (what weighs the experts for one token) and `continue/calibration-weights.json`
 * (how likely a whole text is right).
 *
 *   node training/continue-calibration.ts --packages DIR/node_modules [--places 400] [--only calibration]
 *
 * Deterministic for the same packages. The second run of `--only calibration` is needed after the first table changed, as it reads the shipped one.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CUT_FEATURES, cutFeatures } from '../packages/engine/src/tab/continue/calibration.ts';
import { cutsOf } from '../packages/engine/src/tab/continue/cuts.ts';
import { decodeLine } from '../packages/engine/src/tab/continue/decode.ts';
import { encode } from '../packages/engine/src/tab/lexicon/encode.ts';
import { FEATURE_NAMES, lastUnseen, predict } from '../packages/engine/src/tab/lexicon/predict.ts';
import { endsLine } from '../packages/engine/src/tab/lexicon/symbols.ts';
import { seededRandom } from '../packages/testkit/src/random.ts';
import { type MaskedPlace, maskedPlaces } from './continue/corpus.ts';
import { type Choice, fitChoices, fitOutcomes, judgeChoices, type Outcome } from './continue/fit.ts';
import { DEV, TRAIN } from './continue/packages.ts';

const { values } = parseArgs({
  options: {
    packages: { type: 'string' },
    places: { type: 'string', default: '400' },
    only: { type: 'string' },
  },
});
if (!values.packages) throw new Error('--packages names the node_modules folder to learn from');
const packages = values.packages;
const places = Number(values.places);
const engine = new URL('../packages/engine/src/tab/', import.meta.url);

/** Options kept of each choice besides the true one; the rest share almost nothing. */
const OPTIONS = 24;
/** Tokens learned from at each place. */
const TOKENS = 6;

if (values.only !== 'calibration') {
  const train = choicesOf(TRAIN, places, 7);
  const dev = choicesOf(DEV, places / 2, 11);
  const weights = fitChoices(train, FEATURE_NAMES.length, seededRandom(1));
  console.log(
    `${train.length} tokens; train`,
    judgeChoices(train.slice(0, 5_000), weights),
    'dev',
    judgeChoices(dev, weights),
  );
  write('lexicon/token-weights.json', {
    about: 'Conditional logit over the candidates for the next token.',
    weights: table(FEATURE_NAMES, weights),
  });
}
if (values.only !== 'tokens') {
  const outcomes = outcomesOf(TRAIN, places, 23);
  const tables = Object.fromEntries(
    (['whole', 'part'] as const).map((kind) => {
      const some = outcomes.filter((outcome) => outcome.whole === (kind === 'whole'));
      console.log(`${kind}: ${some.length} texts, ${some.filter((outcome) => outcome.happened).length} right`);
      return [kind, table(CUT_FEATURES, fitOutcomes(some))];
    }),
  );
  write('continue/calibration-weights.json', { about: 'Log-odds that a text is exactly what comes next.', ...tables });
}

function choicesOf(projects: readonly string[], count: number, seed: number): Choice[] {
  const choices: Choice[] = [];
  for (const project of projects)
    for (const place of maskedPlaces(packages, project, count, seededRandom(seed))) choices.push(...choicesAt(place));
  return choices;
}

/** Walks the true rest of the line token by token. */
function choicesAt({ knowledge, cursor, text, offset, rest }: MaskedPlace): Choice[] {
  const choices: Choice[] = [];
  const lineFrom = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineFrom, offset - cursor.partial.length);
  const line = encode(`${before}${cursor.partial}${rest}\nx`, knowledge.words);
  const symbols = [...cursor.symbols];
  const patterns = [...cursor.patterns];
  const state = cursor.state.fork();
  const first = line.starts.findIndex((start) => start >= before.length);
  for (let at = first; at >= 0 && at < Math.min(line.symbols.length - 1, first + TOKENS); at++) {
    const truth = line.symbols[at]!;
    const options = predict(knowledge, { symbols, patterns, state }, at === first ? cursor.accepts : undefined);
    const found = options.findIndex((option) => (endsLine(truth) ? endsLine(option.symbol) : option.symbol === truth));
    const kept = options.slice(0, OPTIONS).map((option) => option.features);
    if (found >= OPTIONS) kept.push(options[found]!.features);
    choices.push({
      options: [...kept, lastUnseen],
      chosen: found < 0 ? kept.length : Math.min(found, OPTIONS),
    });
    symbols.push(truth);
    patterns.push(state.next(truth));
    if (endsLine(truth)) break;
  }
  return choices;
}

function outcomesOf(projects: readonly string[], count: number, seed: number): (Outcome & { whole: boolean })[] {
  const outcomes: (Outcome & { whole: boolean })[] = [];
  for (const project of projects)
    for (const place of maskedPlaces(packages, project, count, seededRandom(seed))) {
      const { knowledge, cursor, rest } = place;
      const texts = new Set<string>();
      for (const [rank, path] of decodeLine(knowledge, cursor).slice(0, 3).entries())
        for (const cut of cutsOf(knowledge, cursor, path, rank)) {
          if (texts.has(`${cut.whole}${cut.text}`)) continue;
          texts.add(`${cut.whole}${cut.text}`);
          const features = cutFeatures(knowledge, cursor, cut);
          const happened = cut.whole ? rest.trimEnd() === cut.text : isBeginning(cut.text, rest);
          outcomes.push({ features: CUT_FEATURES.map((name) => features[name]), happened, whole: cut.whole });
        }
    }
  return outcomes;
}

/** True where `text` is a beginning of `rest` that ends with a token. */
function isBeginning(text: string, rest: string): boolean {
  return rest.startsWith(text) && !(/[\w$]$/.test(text) && /^[\w$]/.test(rest.slice(text.length)));
}

function table(names: readonly string[], weights: Float64Array): Record<string, number> {
  return Object.fromEntries(names.map((name, index) => [name, Number(weights[index]!.toFixed(4))]));
}

function write(path: string, content: object): void {
  writeFileSync(new URL(path, engine), `${JSON.stringify(content, null, 2)}\n`);
}
