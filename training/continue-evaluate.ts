/**
 * What the `continue` source is worth on projects it has not learned from:
 *
 *   node training/continue-evaluate.ts --packages DIR/node_modules [--places 100] [--sessions 3] [--show]
 *
 * Prints, for masked places, how often the whole rest of the line is right by share of places shown; how true the scores are; and for files typed
 * anew key by key, what accepting right suggestions saves and how many wrong ones are shown, by threshold.
 */
import { parseArgs } from 'node:util';
import { BaseBuilder } from '../packages/engine/src/tab/lexicon/base.ts';
import { ProjectLexicon } from '../packages/engine/src/tab/lexicon/project-lexicon.ts';
import type { Candidate } from '../packages/engine/src/tab/source.ts';
import { continueSource } from '../packages/engine/src/tab/sources/continue.ts';
import { noFiles } from '../packages/engine/src/workspace/files.ts';
import { noLanguageFacts } from '../packages/engine/src/workspace/language-facts.ts';
import { languageOf } from '../packages/engine/src/workspace/languages.ts';
import { Snapshot } from '../packages/engine/src/workspace/snapshot.ts';
import { noSyntax } from '../packages/engine/src/workspace/syntax.ts';
import { seededRandom } from '../packages/testkit/src/random.ts';
import { maskedPlaces, sourcesOf } from './continue/corpus.ts';
import { DEV } from './continue/packages.ts';

const { values } = parseArgs({
  options: {
    packages: { type: 'string' },
    places: { type: 'string', default: '100' },
    sessions: { type: 'string', default: '3' },
    show: { type: 'boolean', default: false },
  },
});
if (!values.packages) throw new Error('--packages names the node_modules folder to try on');
const packages = values.packages;
const times: number[] = [];

function propose(lexicon: ProjectLexicon, path: string, text: string, offset: number): Candidate | undefined {
  const cursor = { path, offset, selecting: false };
  const snapshot = Snapshot.empty.open({ path, languageId: languageOf(path), version: 1, text }).moveCursor(cursor);
  const document = snapshot.documents.get(path)!;
  const started = performance.now();
  const [first] = continueSource.propose(
    {
      snapshot,
      cursor,
      document,
      facts: noLanguageFacts,
      syntax: noSyntax,
      files: noFiles,
      lexicon,
      now: () => performance.now(),
    },
    new AbortController().signal,
  ) as Iterable<Candidate>;
  times.push(performance.now() - started);
  return first;
}

interface Shown {
  readonly score: number;
  /** All that is shown of this line is right; and it is all of the line. */
  readonly right: boolean;
  readonly wholeLine: boolean;
  readonly several: boolean;
  readonly small: boolean;
  readonly rest: string;
}

const shown: Shown[] = [];
for (const project of DEV) {
  let lexicon: ProjectLexicon | undefined;
  let count = 0;
  for (const place of maskedPlaces(packages, project, Number(values.places), seededRandom(99))) {
    count++;
    if (!place.small) lexicon ??= new ProjectLexicon(place.knowledge.base);
    const small = new ProjectLexicon();
    for (const [index, { path, text }] of place.neighbours.entries()) small.fileChanged(`${path}?${index}`, text);
    const best = propose(place.small ? small : lexicon!, place.path, place.text, place.offset);
    const text = best?.edits[0]?.[2] ?? '';
    const line = text.split('\n')[0]!;
    const rest = place.rest.trimEnd();
    const right =
      best !== undefined && rest.startsWith(line) && !(/[\w$]$/.test(line) && /^[\w$]/.test(rest.slice(line.length)));
    const several = text.includes('\n');
    const wholeLine = best !== undefined && line === rest;
    shown.push({
      score: best?.score ?? 0,
      right: several ? wholeLine : right,
      wholeLine,
      several,
      small: place.small,
      rest,
    });
    if (values.show && count % 5 === 0)
      console.log(
        JSON.stringify([
          place.text.slice(Math.max(0, place.offset - 40), place.offset),
          place.rest,
          text,
          best?.score.toFixed(2),
        ]),
      );
  }
}

report('all', shown);
report(
  'in a project',
  shown.filter((one) => !one.small),
);
report(
  'few files',
  shown.filter((one) => one.small),
);
const truth = Array.from({ length: 10 }, (_, band) =>
  shown.filter((one) => one.score > 0 && Math.min(9, Math.floor(one.score * 10)) === band),
);
console.log(
  'score -> right:',
  truth
    .filter((band) => band.length > 0)
    .map(
      (band) =>
        `${mean(band.map((one) => one.score)).toFixed(2)} -> ${mean(band.map((one) => Number(one.right))).toFixed(2)} (${band.length})`,
    )
    .join(', '),
);
console.log('several lines:', shown.filter((one) => one.several).length);

const sessions: Keys[] = [];
for (const project of DEV) {
  const files = sourcesOf(packages, project);
  if (files.length < 5) continue;
  const random = seededRandom(5);
  for (let number = 0; number < Number(values.sessions); number++) {
    const held = files[Math.floor(random() * files.length)]!;
    const builder = new BaseBuilder();
    for (const { path, text } of files) if (path !== held.path) builder.add({ path, modified: 0, size: 0 }, text);
    sessions.push(...typed(new ProjectLexicon(builder.freeze()), held.path, held.text, random));
  }
}
for (const threshold of [0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
  const at = sessions.filter((keys) => keys.threshold === threshold);
  const sum = (key: 'all' | 'saved' | 'wrong' | 'right') => at.reduce((total, keys) => total + keys[key], 0);
  console.log(
    `typed at >= ${threshold}: ${sum('all')} keys, saved ${((100 * sum('saved')) / sum('all')).toFixed(1)} %, right ${sum('right')}, wrong per 100 keys ${((100 * sum('wrong')) / sum('all')).toFixed(2)}`,
  );
}
times.sort((a, b) => a - b);
const quantile = (share: number) => times[Math.floor(times.length * share)]?.toFixed(2);
console.log(`ms p50 ${quantile(0.5)}, p90 ${quantile(0.9)}, p99 ${quantile(0.99)} over ${times.length}`);

interface Keys {
  readonly threshold: number;
  all: number;
  saved: number;
  right: number;
  wrong: number;
}

/** Types a stretch of 15 lines anew, in the middle of the file, at each threshold. Indentation is the editor's. */
function typed(lexicon: ProjectLexicon, path: string, text: string, random: () => number): Keys[] {
  const lines = text.split('\n');
  const from = Math.floor(random() * Math.max(1, lines.length - 20));
  const stretch = lines.slice(from, from + 15);
  const before = lines
    .slice(0, from)
    .map((line) => `${line}\n`)
    .join('');
  const after = `\n${lines.slice(from + 15).join('\n')}`;
  const goal = stretch.join('\n');
  const memory = new Map<number, Candidate | undefined>();
  return [0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((threshold) => {
    const keys: Keys = { threshold, all: 0, saved: 0, right: 0, wrong: 0 };
    let at = 0;
    let pending = '';
    while (at < goal.length) {
      const indent = /^\n[ \t]*/.exec(goal.slice(at));
      if (indent) {
        at += indent[0].length;
        keys.all++;
        pending = '';
        continue;
      }
      if (pending === '') {
        if (!memory.has(at))
          memory.set(at, propose(lexicon, path, before + goal.slice(0, at) + after, before.length + at));
        const best = memory.get(at);
        if (best && best.score >= threshold) {
          const suggestion = best.edits[0]![2];
          if (
            goal.startsWith(suggestion, at) &&
            !(/[\w$]$/.test(suggestion) && /^[\w$]/.test(goal.slice(at + suggestion.length)))
          ) {
            const length = suggestion.replaceAll(/\n[ \t]*/g, '\n').length;
            keys.all += length;
            keys.saved += length - 1;
            keys.right++;
            at += suggestion.length;
            continue;
          }
          keys.wrong++;
          pending = suggestion;
        }
      }
      // A wrong suggestion stays, and counts once, for as long as what is typed agrees with it.
      pending = pending.startsWith(goal[at]!) ? pending.slice(1) : '';
      at++;
      keys.all++;
    }
    return keys;
  });
}

function report(name: string, places: readonly Shown[]): void {
  const sorted = [...places].sort((a, b) => b.score - a.score);
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((share) => {
    const first = sorted.slice(0, Math.max(1, Math.round(sorted.length * share)));
    return `${share * 100} %: ${(100 * mean(first.map((one) => Number(one.wholeLine)))).toFixed(1)}/${(100 * mean(first.map((one) => Number(one.right)))).toFixed(1)} @${first.at(-1)!.score.toFixed(2)}`;
  });
  console.log(
    `${name}: ${places.length} places, line exact ${(100 * mean(places.map((one) => Number(one.wholeLine)))).toFixed(1)} %; shown, exact line/right @score: ${shares.join('; ')}`,
  );
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
