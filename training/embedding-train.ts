import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '@tabstop/testkit';
import { embedFunction } from '../packages/engine/src/index/embed/static-embedder.ts';
import {
  decodeStaticModel,
  encodeStaticModel,
  PLACES,
  type StaticModel,
} from '../packages/engine/src/index/embed/static-model.ts';
import { createTokenizer } from '../packages/engine/src/index/embed/tokenizer.ts';
import { wordsOf } from '../packages/engine/src/index/embed/words.ts';
import { epochOrder, sidesOf, type TrainingSet } from './embedding/batches.ts';
import { createTrainer, type Parameters } from './embedding/contrast.ts';
import { bagsOf, pairsOfSplit, type SourcedPair } from './embedding/dataset.ts';
import { excluder } from './embedding/exclude.ts';
import { quantised } from './embedding/quantise.ts';
import { bm25Scorer, denseScorer, fused, rankingOf, type Scorer } from './embedding/ranking.ts';
import { vocabularyBuilder } from './embedding/vocabulary.ts';

const HELP = `Usage: node training/embedding-train.ts --out FILE [--epochs N] [--limit PAIRS] [--exclude CORPUS.jsonl] ...

Trains the embedding's table on the pairs that training/embedding-pairs.ts made (training split), prints ranks on the development split after each
epoch, and writes the quantised model. Same pairs, same seed: same file.

  --init FILE      begin with the vectors and weights of a model, instead of random ones
  --exclude FILE   leave out pairs whose code is one of {"text"}: what the model will be measured on
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    epochs: { type: 'string', default: '4' },
    limit: { type: 'string', default: '1000000' },
    exclude: { type: 'string' },
    init: { type: 'string' },
    batch: { type: 'string', default: '512' },
    dimensions: { type: 'string', default: '256' },
    words: { type: 'string', default: '40000' },
    pieces: { type: 'string', default: '6000' },
    rate: { type: 'string', default: '0.002' },
    sharpness: { type: 'string', default: '20' },
    run: { type: 'string', default: '8' },
    'query-dropout': { type: 'string', default: '0.15' },
    'name-mask': { type: 'string', default: '0.3' },
    'name-share': { type: 'string', default: '0.5' },
    minutes: { type: 'string', default: '15' },
    help: { type: 'boolean' },
  },
});
const HASHED_ROWS = 2_048;
const PHRASES = [
  'how to',
  'how do i',
  'how to use',
  'function to',
  'where do we',
  'code to',
  'way to',
  'a',
  'find',
  'method',
  '',
]; // as people ask
const LANGUAGE_WORDS: Readonly<Record<string, string>> = {
  python: 'python',
  typescript: 'typescript',
  typescriptreact: 'react',
  javascript: 'javascript',
  go: 'golang',
  rust: 'rust',
};

const started = performance.now();
const say = (text: string) =>
  process.stdout.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);

if (values.help || values.out === undefined) process.stdout.write(HELP);
else await train(values.out);

async function train(out: string): Promise<void> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');
  const random = seededRandom(20_261);
  const excluded = excluder(values.exclude === undefined ? [] : textsOf(values.exclude));
  const pairs = pairsFrom(cache, excluded, Number(values.limit));

  const builder = vocabularyBuilder({ words: Number(values.words), pieces: Number(values.pieces), packages: 2 });
  for (const pair of pairs) builder.add(`${pair.doc}\n${pair.code}`, pair.package);
  const { tokens, frequencies, texts } = builder.build();
  const rows = tokens.length + HASHED_ROWS;
  say(
    `${pairs.length} pairs, ${pairs.filter(({ doc }) => doc !== '').length} with a doc comment, ${tokens.length} tokens`,
  );

  const tokenizer = createTokenizer(new Map(tokens.map((token, row) => [token, row])), HASHED_ROWS);
  const set = trainingSet(pairs, tokenizer);
  say(`${set.passages.rows.length} rows of passages`);

  const dimensions = Number(values.dimensions);
  const vectors = new Float32Array(rows * dimensions);
  for (let at = 0; at < vectors.length; at++) vectors[at] = gaussian(random) / Math.sqrt(dimensions);
  // Rare words say more (smooth inverse frequency, Arora 2017); the rest is learned.
  const weight = (row: number) => Math.log(1e-2 / (1e-2 + (frequencies[row] ?? 1) / texts));
  const parameters: Parameters = {
    dimensions,
    vectors,
    queryWeights: Float32Array.from({ length: rows }, (_, row) => weight(row)),
    passageWeights: Float32Array.from({ length: rows }, (_, row) => weight(row)),
    queryPlaces: new Float32Array(PLACES),
    passagePlaces: new Float32Array(PLACES),
  };
  if (values.init !== undefined) startFrom(decodeStaticModel(readFileSync(values.init)), tokens, parameters);
  const rowsOf = (text: string) =>
    wordsOf(text).flatMap((word) => (tokens.indexOf(word) >= 0 ? [tokens.indexOf(word)] : []));
  const how = {
    queryDropout: Number(values['query-dropout']),
    passageDropout: 0,
    nameMask: Number(values['name-mask']),
    path: 0.5,
    asking: 0.35,
    phrases: PHRASES.map(rowsOf),
    languageRows: Object.values(LANGUAGE_WORDS).map(rowsOf),
  };
  const batch = Number(values.batch);
  const step = await createTrainer(parameters, { batch, sharpness: Number(values.sharpness), weightRate: 10 });
  const dev = devSets(cache);
  for (const [name, { bm25 }] of Object.entries(dev)) say(`dev ${name}: BM25 ${bm25}`);
  const measure = () => {
    const embed = embedFunction({ id: '', ...quantised(parameters, tokens, HASHED_ROWS) });
    for (const [name, { rank }] of Object.entries(dev)) say(`dev ${name}: ${rank(embed)}`);
  };
  measure();

  const epochs = Number(values.epochs);
  const until = Number(values.minutes) * 60_000;
  let total = 0;
  let done = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = epochOrder(set, random, batch, Number(values.run), Number(values['name-share']));
    total = order.length * epochs;
    let loss = 0;
    for (const [index, members] of order.entries()) {
      const { queries, passages, keys } = sidesOf(set, members, how, random);
      // A warm start, then down to nothing.
      const rate = Number(values.rate) * Math.min(1, (done + 1) / 200) * Math.max(0.02, 1 - done / total);
      loss += step(queries, passages, keys, rate);
      done++;
      if ((index + 1) % 100 === 0) {
        say(`epoch ${epoch + 1} step ${index + 1}/${order.length} loss ${(loss / 100).toFixed(3)}`);
        loss = 0;
      }
      if (performance.now() - started > until) break;
    }
    measure();
    const show = (places: Float32Array) => [...places].map((place) => Math.exp(place).toFixed(2)).join(' ');
    say(`places: query ${show(parameters.queryPlaces)}, passage ${show(parameters.passagePlaces)}`);
    writeFileSync(out, encodeStaticModel(quantised(parameters, tokens, HASHED_ROWS)));
  }
  say(`wrote ${out}`);
}

/** Rows of tokens that the model has; others (a vocabulary of other pairs) stay random. @throws when the vectors have another length */
function startFrom(model: StaticModel, tokens: readonly string[], parameters: Parameters): void {
  if (model.dimensions !== parameters.dimensions)
    throw new Error(`--init: the model has ${model.dimensions} dimensions`);
  const hashed = Array.from({ length: HASHED_ROWS }, (_, at) =>
    at < model.hashedRows ? model.tokens.size + at : undefined,
  );
  for (const [row, from] of [...tokens.map((token) => model.tokens.get(token)), ...hashed].entries()) {
    if (from === undefined) continue;
    // How a scale parts into the row's length and its weight is open: the rows get the length of the random ones they began as.
    const values = model.vectors.subarray(from * model.dimensions, (from + 1) * model.dimensions);
    const length = Math.sqrt(values.reduce((square, value) => square + value * value, 1e-12));
    for (const [at, value] of values.entries()) parameters.vectors[row * model.dimensions + at] = value / length;
    parameters.queryWeights[row] = Math.log(Math.max(1e-9, model.queryScales[from]! * length));
    parameters.passageWeights[row] = Math.log(Math.max(1e-9, model.passageScales[from]! * length));
  }
  parameters.queryPlaces.set(model.queryPlaces.map(Math.log));
  parameters.passagePlaces.set(model.passagePlaces.map(Math.log));
}

function pairsFrom(cache: string, excluded: (code: string) => boolean, limit: number): SourcedPair[] {
  const pairs: SourcedPair[] = [];
  const docs = new Map<string, number>();
  let left = 0;
  for (const pair of pairsOfSplit(cache, 'train')) {
    if (excluded(pair.code)) {
      left++;
      continue;
    }
    // The same words over many functions (generated clients) teach nothing but themselves.
    const times = pair.doc === '' ? 0 : (docs.get(pair.doc) ?? 0) + 1;
    if (pair.doc !== '') docs.set(pair.doc, times);
    if (times > 6 || (pair.doc === '' && wordsOf(pair.name).length < 2)) continue;
    pairs.push(pair);
    if (pairs.length >= limit) break;
  }
  if (left > 0) say(`${left} pairs left out: measured on`);
  return pairs;
}

function trainingSet(pairs: readonly SourcedPair[], tokenizer: ReturnType<typeof createTokenizer>): TrainingSet {
  const languages = Object.keys(LANGUAGE_WORDS);
  const packages = [...new Set(pairs.map((pair) => pair.package))];
  const packageNumbers = new Map(packages.map((name, index) => [name, index]));
  const keys = new Map<string, number>();
  const queryOf = (pair: SourcedPair) => (pair.doc === '' ? pair.name : pair.doc);
  const each = function* (text: (pair: SourcedPair) => string) {
    for (const pair of pairs) yield text(pair);
  };
  return {
    queries: bagsOf(each(queryOf), tokenizer),
    passages: bagsOf(
      each(({ code }) => code),
      tokenizer,
    ),
    paths: bagsOf(
      each(({ path, name }) => `${path}\n${name}`),
      tokenizer,
    ),
    names: bagsOf(
      each(({ name }) => name),
      tokenizer,
    ),
    documented: Uint8Array.from(pairs, ({ doc }) => (doc === '' ? 0 : 1)),
    languages: Uint8Array.from(pairs, ({ language }) => Math.max(0, languages.indexOf(language))),
    packages: Uint16Array.from(pairs, (pair) => packageNumbers.get(pair.package)!),
    keys: Int32Array.from(pairs, (pair) => {
      const key = queryOf(pair).toLowerCase();
      const known = keys.get(key) ?? keys.size;
      keys.set(key, known);
      return known;
    }),
  };
}

/** Doc comment -> function over all functions of the development packages, Python apart from the rest; `short`: the first six words of the doc. */
function devSets(cache: string) {
  const pairs = [...pairsOfSplit(cache, 'dev')].filter(({ doc, name }) => doc !== '' && name !== '');
  const sets = {
    python: pairs.filter(({ language }) => language === 'python').slice(0, 3_000),
    others: pairs.filter(({ language }) => language !== 'python').slice(0, 3_000),
  };
  const result: Record<string, { bm25: string; rank: (embed: ReturnType<typeof embedFunction>) => string }> = {};
  for (const [name, members] of Object.entries(sets)) {
    const texts = members.map(({ code }) => code);
    const every = Math.max(1, Math.floor(members.length / 700));
    const asked = members
      .map(({ doc }, index) => ({ text: doc, relevant: [index] }))
      .filter((_, index) => index % every === 0);
    const short = asked.map(({ text, relevant }) => ({ text: text.split(' ').slice(0, 6).join(' '), relevant }));
    const lexical = bm25Scorer(texts);
    const show = (score: Scorer) =>
      `mrr ${rankingOf(asked, score).mrr.toFixed(3)} r@10 ${rankingOf(asked, score).recall10.toFixed(3)}, short mrr ${rankingOf(short, score).mrr.toFixed(3)}`;
    result[name] = {
      bm25: `${show(lexical)} (${texts.length} functions, ${asked.length} queries)`,
      rank: (embed) => {
        const dense = denseScorer(texts, embed);
        return `dense ${show(dense)}; fused ${show(fused(lexical, dense))}`;
      },
    };
  }
  return result;
}

function textsOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text);
}

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
