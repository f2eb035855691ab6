/**
 * What the `continue` source does on the completion cases of a split, in this process:
 *
 *   node training/continue-cases.ts dev [--step 1] [--show]     (after: node evals/src/tab/make-cases.ts)
 *
 * Prints shown, exact and precision, by language and for comments, parts and whole lines apart. For figures that count, use `npm run eval:tab`.
 */
import { parseArgs } from 'node:util';
import type { Split } from '../evals/src/tab/packages.ts';
import { memoryFeedback } from '../packages/engine/src/tab/feedback.ts';
import { continueSource } from '../packages/engine/src/tab/sources/continue.ts';
import { createTab } from '../packages/engine/src/tab/tab.ts';
import { casesOfSplit } from './continue/real-cases.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { step: { type: 'string', default: '1' }, show: { type: 'boolean', default: false } },
});
interface Row {
  cases: number;
  shown: number;
  exact: number;
  partsRight: number;
  parts: number;
}
const rows = new Map<string, Row>();
const times: number[] = [];
for await (const { id, context, lexicon, rest } of casesOfSplit(
  (positionals[0] ?? 'dev') as Split,
  Number(values.step),
)) {
  const { snapshot, cursor, document } = context;
  const tab = createTab({
    ...context,
    lexicon,
    sources: [continueSource],
    feedback: memoryFeedback(),
    wallClock: () => 0,
  });
  const started = performance.now();
  const answer = await tab.predict(snapshot, { ...cursor, max: 3 }, new AbortController().signal);
  times.push(performance.now() - started);
  const first = answer.suggestions.find(({ shown }) => shown);
  const text = first?.edits[0]?.[2];
  const exact = text === rest;
  const part = text !== undefined && rest.startsWith(text) && !exact;
  const line = document.text.lineAt(cursor.offset).text;
  const names = ['all', document.languageId, ...(/^\s*(\/\/|\*|#(?!\[)|\/\*)/.test(line) ? ['comment'] : [])];
  for (const name of names) {
    const row = rows.get(name) ?? { cases: 0, shown: 0, exact: 0, partsRight: 0, parts: 0 };
    rows.set(name, row);
    row.cases++;
    if (text === undefined) continue;
    row.shown++;
    if (exact) row.exact++;
    if (part) row.partsRight++;
  }
  if (values.show && !exact)
    console.log(
      id,
      JSON.stringify([
        line.slice(-50),
        rest,
        text ?? '',
        answer.suggestions.slice(0, 2).map((one) => [one.edits[0]![2], one.confidence.toFixed(2), one.shown]),
      ]),
    );
}
const percent = (part: number, of: number) => `${((100 * part) / Math.max(1, of)).toFixed(1)} %`;
for (const [name, { cases, shown, exact, partsRight }] of rows)
  console.log(
    `${name}: ${cases} cases, shown ${percent(shown, cases)}, exact ${percent(exact, cases)}, precision ${percent(exact, shown)}, a right beginning ${percent(partsRight, shown)}`,
  );
times.sort((a, b) => a - b);
console.log(
  `ms p50 ${times[times.length >> 1]?.toFixed(2)}, p99 ${times[Math.floor(times.length * 0.99)]?.toFixed(2)}`,
);
