/**
 * Learns `continue/calibration-weights.json`, how likely a whole text is right, from the lines that published changes of the training split added:
 *
 *   node training/continue-calibration.ts [--places 40] [--write]     (after: node evals/src/tab/make-cases.ts)
 *
 * Prints how precise the best whole line is by share of places it is shown at, and how true the probabilities are, on train and dev. Deterministic.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CUT_FEATURES } from '../packages/engine/src/tab/continue/calibration.ts';
import { askedAt } from '../packages/engine/src/tab/sources/continue.ts';
import { fitOutcomes, type Outcome } from './continue/fit.ts';
import { freshCases, type RealCase } from './continue/real-cases.ts';

const { values } = parseArgs({
  options: { places: { type: 'string', default: '40' }, write: { type: 'boolean', default: false } },
});

interface Text extends Outcome {
  readonly case: string;
  readonly whole: boolean;
}

const train = [...freshCases('train', Number(values.places), 23)].map(textsAt);
const dev = [...freshCases('dev', Number(values.places) / 3, 29)].map(textsAt);
const tables = Object.fromEntries(
  (['whole', 'part'] as const).map((kind) => {
    const of = (cases: readonly (readonly Text[])[]) =>
      cases.map((texts) => texts.filter((text) => text.whole === (kind === 'whole')));
    const weights = fitOutcomes(of(train).flat());
    report(`${kind} train`, of(train), weights);
    report(`${kind} dev`, of(dev), weights);
    return [kind, Object.fromEntries(CUT_FEATURES.map((name, index) => [name, Number(weights[index]!.toFixed(4))]))];
  }),
);
if (values.write)
  writeFileSync(
    new URL('../packages/engine/src/tab/continue/calibration-weights.json', import.meta.url),
    `${JSON.stringify(
      {
        about:
          'Log-odds that a text is exactly what comes next; made by training/continue-calibration.ts on the training split.',
        ...tables,
      },
      null,
      2,
    )}\n`,
  );

function textsAt({ id, context, rest }: RealCase): Text[] {
  const { document } = context;
  const options = askedAt(context, document)?.options ?? [];
  const seen = new Set<string>();
  const texts: Text[] = [];
  for (const { cut, features } of options) {
    if (seen.has(`${cut.whole}${cut.text}`)) continue;
    seen.add(`${cut.whole}${cut.text}`);
    const happened = cut.whole ? rest.trimEnd() === cut.text : isBeginning(cut.text, rest);
    texts.push({ case: id, whole: cut.whole, happened, features: CUT_FEATURES.map((name) => features[name]) });
  }
  return texts;
}

/** True where `text` is a beginning of `rest` that ends with a token. */
function isBeginning(text: string, rest: string): boolean {
  return rest.startsWith(text) && !(/[\w$]$/.test(text) && /^[\w$]/.test(rest.slice(text.length)));
}

function report(name: string, cases: readonly (readonly Text[])[], weights: Float64Array): void {
  const chance = ({ features }: Text) =>
    1 / (1 + Math.exp(-features.reduce((sum, value, index) => sum + value * weights[index]!, 0)));
  const best = cases
    .flatMap((texts) => {
      const [first] = texts
        .map((text) => ({ chance: chance(text), right: text.happened }))
        .sort((a, b) => b.chance - a.chance);
      return first ? [first] : [];
    })
    .sort((a, b) => b.chance - a.chance);
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((share) => {
    const shown = best.slice(0, Math.round(cases.length * share));
    const right = shown.filter((one) => one.right).length / Math.max(1, shown.length);
    return `${Math.round(share * 100)} %: ${(100 * right).toFixed(1)} @${shown.at(-1)?.chance.toFixed(2)}`;
  });
  const bands = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((from) => {
    const some = best.filter((one) => one.chance >= from && one.chance < from + 0.1);
    return `${from}: ${(some.filter((one) => one.right).length / Math.max(1, some.length)).toFixed(2)} (${some.length})`;
  });
  console.log(`${name}: ${cases.length} places; shown: right @least: ${shares.join('; ')}\n   ${bands.join(', ')}`);
}
