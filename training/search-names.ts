import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { firstSentence } from '../evals/src/search/pair-cases.ts';
import { partsOf } from '../packages/engine/src/index/retrieve/name-words.ts';
import { pairsOfSplit } from './embedding/dataset.ts';
import { excluder } from './embedding/exclude.ts';
import { type Described, translateNames } from './name-translation.ts';

const HELP = `Usage: node training/search-names.ts [--exclude CORPUS.jsonl] [--write]

Learns which words of a description become which words of a name (packages/engine/src/index/retrieve/name-words.json) from the documented functions of
the train split of training/embedding-packages.txt, as training/embedding-pairs.ts took them apart.

  --exclude FILE   leave out functions that are, or nearly are, one of {"text"}: what search is measured on
`;

/** Documented functions of one package, and terms of a description and a name. */
const PER_PACKAGE = 1_500;
const MOST_SAID = 24;
const MOST_NAMED = 8;
const TABLE = join(import.meta.dirname, '../packages/engine/src/index/retrieve/name-words.json');

const { values } = parseArgs({
  options: { exclude: { type: 'string' }, write: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) process.stdout.write(HELP);
else {
  const texts = values.exclude === undefined ? [] : textsOf(values.exclude);
  const pairs = describedFunctions(texts.length === 0 ? () => false : excluder(texts));
  const table = translateNames(pairs);
  const entries = Object.values(table.words).reduce((total, line) => total + line.split(' ').length / 2, 0);
  process.stdout.write(
    `${pairs.length} functions, ${Object.keys(table.words).length} words, ${entries} translations\n`,
  );
  for (const word of ['whether', 'return', 'number', 'remov', 'convert'])
    process.stdout.write(`  ${word}: ${table.words[word]}\n`);
  if (values.write) writeFileSync(TABLE, `${JSON.stringify(table, null, 1)}\n`);
}

function describedFunctions(excluded: (code: string) => boolean): Described[] {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tabstop-evals');
  const perPackage = new Map<string, number>();
  const seen = new Set<string>();
  const pairs: Described[] = [];
  for (const pair of pairsOfSplit(cache, 'train')) {
    const before = perPackage.get(pair.package) ?? 0;
    if (pair.doc === '' || pair.name === '' || before >= PER_PACKAGE || excluded(pair.code)) continue;
    perPackage.set(pair.package, before + 1);
    const said = [...new Set(partsOf(firstSentence(pair.doc)))].slice(0, MOST_SAID);
    const named = [...new Set(partsOf(pair.name))].slice(0, MOST_NAMED);
    // The same words over many functions (generated clients) count once.
    const key = `${said.join(' ')}|${named.join(' ')}`;
    if (said.length < 2 || named.length === 0 || seen.has(key)) continue;
    seen.add(key);
    pairs.push({ said, named });
  }
  return pairs;
}

function textsOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text);
}
