/**
 * Learns `lexicon/token-weights.json`, what weighs the experts for one token, from the lines that published changes of the training split added:
 *
 *   node training/continue-tokens.ts [--places 40] [--write]     (after: node evals/src/tab/make-cases.ts)
 *
 * Prints the mean negative log-likelihood and how often the likeliest token was the one, on train and dev, for the weights that ship and the new ones. Deterministic.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { encode } from '../packages/engine/src/tab/lexicon/encode.ts';
import { FEATURE_NAMES, lastUnseen, predict } from '../packages/engine/src/tab/lexicon/predict.ts';
import { endsLine } from '../packages/engine/src/tab/lexicon/symbols.ts';
import weightsFile from '../packages/engine/src/tab/lexicon/token-weights.json' with { type: 'json' };
import { seededRandom } from '../packages/testkit/src/random.ts';
import { type Choice, fitChoices, judgeChoices } from './continue/fit.ts';
import { freshCases, type RealCase } from './continue/real-cases.ts';

const { values } = parseArgs({
  options: { places: { type: 'string', default: '40' }, write: { type: 'boolean', default: false } },
});
/** Options kept of each choice besides the true one; the rest share almost nothing. */
const OPTIONS = 24;
/** Tokens learned from at each place. */
const TOKENS = 8;

const train = [...freshCases('train', Number(values.places), 7)].flatMap(choicesAt);
const dev = [...freshCases('dev', Number(values.places) / 4, 11)].flatMap(choicesAt);
const weights = fitChoices(train, FEATURE_NAMES.length, seededRandom(1));
const shipped = Float64Array.from(FEATURE_NAMES, (name) => (weightsFile.weights as Record<string, number>)[name] ?? 0);
for (const [name, table] of Object.entries({ shipped, learned: weights }))
  console.log(name, 'train', judgeChoices(train, table), 'dev', judgeChoices(dev, table));
console.log(`${train.length} tokens of train, ${dev.length} of dev`);
if (values.write)
  writeFileSync(
    new URL('../packages/engine/src/tab/lexicon/token-weights.json', import.meta.url),
    `${JSON.stringify(
      {
        about:
          'Conditional logit over the candidates for the next token; made by training/continue-tokens.ts on the training split.',
        weights: Object.fromEntries(FEATURE_NAMES.map((name, index) => [name, Number(weights[index]!.toFixed(4))])),
      },
      null,
      2,
    )}\n`,
  );

/** Walks the true rest of the line token by token. */
function choicesAt({ context, lexicon, rest }: RealCase): Choice[] {
  const { document, cursor: at } = context;
  const place = lexicon.place(document, at.offset);
  if (!place || /^[\w$]/.test(document.content.slice(at.offset))) return [];
  const { knowledge, cursor } = place;
  const choices: Choice[] = [];
  const lineFrom = document.content.lastIndexOf('\n', at.offset - 1) + 1;
  const before = document.content.slice(lineFrom, at.offset - cursor.partial.length);
  const line = encode(`${before}${cursor.partial}${rest}\nx`, knowledge.words);
  const symbols = [...cursor.symbols];
  const patterns = [...cursor.patterns];
  const state = cursor.state.fork();
  const first = line.starts.findIndex((start) => start >= before.length);
  for (let token = first; token >= 0 && token < Math.min(line.symbols.length - 1, first + TOKENS); token++) {
    const truth = line.symbols[token]!;
    const options = predict(knowledge, { symbols, patterns, state }, token === first ? cursor.accepts : undefined);
    const found = options.findIndex((option) => (endsLine(truth) ? endsLine(option.symbol) : option.symbol === truth));
    const kept = options.slice(0, OPTIONS).map((option) => option.features);
    if (found >= OPTIONS) kept.push(options[found]!.features);
    choices.push({ options: [...kept, lastUnseen], chosen: found < 0 ? kept.length : Math.min(found, OPTIONS) });
    symbols.push(truth);
    patterns.push(state.next(truth));
    if (endsLine(truth)) break;
  }
  return choices;
}
