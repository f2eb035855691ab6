/**
 * `node evals/src/search/bench-fts5.ts CORPUS.jsonl QUERIES.jsonl [MORE-CORPUS.jsonl …]`: SQLite's FTS5 against the postings of the index: the same texts, the same
 * terms for both (cut and stemmed by us), the same questions as the same terms, the best 200 by BM25 of each.
 */
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { chunkTerms } from '../../../packages/engine/src/index/lexical/fields.ts';
import { PostingsWriter } from '../../../packages/engine/src/index/lexical/postings.ts';
import { eachTerm } from '../../../packages/engine/src/index/lexical/terms.ts';
import { best, PLAIN, scoreTerms } from '../../../packages/engine/src/index/retrieve/bm25.ts';
import { Catalog } from '../../../packages/engine/src/index/retrieve/catalog.ts';
import { type ParsedQuery, parseQuery } from '../../../packages/engine/src/index/retrieve/query.ts';
import { parseCorpus, parseQueries } from './case.ts';
import { quantile } from './metrics.ts';

const LIMIT = 200;
const [corpus, questions, ...more] = process.argv.slice(2);
if (corpus === undefined || questions === undefined) throw new Error('give a corpus and queries');
const texts = [corpus, ...more]
  .flatMap((file) => parseCorpus(readFileSync(file, 'utf8'), file))
  .map(({ text }) => text);
const queries = parseQueries(readFileSync(questions, 'utf8'), questions).map(({ query }) => parseQuery(query));
const common = parseQuery('self file path list value return');

const systems = { 'FTS5, contentless': fts5(texts), 'our postings': postings(texts) };
process.stdout.write(`${texts.length} texts, ${queries.length} questions, the best ${LIMIT}; milliseconds\n`);
for (const [name, ask] of Object.entries(systems)) {
  for (const query of queries.slice(0, 20)) ask(query);
  const times = queries.map((query) => timed(() => ask(query)));
  const ofCommon = Array.from({ length: 25 }, () => timed(() => ask(common)));
  process.stdout.write(
    `${name.padEnd(20)} p50 ${quantile(times, 0.5).toFixed(2)}  p99 ${quantile(times, 0.99).toFixed(2)}  six common words, median ${quantile(ofCommon, 0.5).toFixed(2)}\n`,
  );
}

function timed(work: () => void): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function fts5(given: readonly string[]): (query: ParsedQuery) => void {
  const database = new DatabaseSync(':memory:');
  // Terms come as hexadecimal words, so that its tokenizer leaves them as they are.
  database.exec("CREATE VIRTUAL TABLE texts USING fts5(body, content='', tokenize='ascii')");
  const insert = database.prepare('INSERT INTO texts(rowid, body) VALUES (?, ?)');
  database.exec('BEGIN');
  for (const [index, text] of given.entries()) {
    const words: string[] = [];
    eachTerm(text, (term) => words.push(hex(term)));
    insert.run(index + 1, words.join(' '));
  }
  database.exec("COMMIT; INSERT INTO texts(texts) VALUES ('optimize')");
  const select = database.prepare(
    `SELECT rowid, bm25(texts) AS score FROM texts WHERE texts MATCH ? ORDER BY score LIMIT ${LIMIT}`,
  );
  return ({ terms }) => void select.all(terms.map(({ term }) => hex(term)).join(' OR '));
}

function hex(term: string): string {
  return `x${Buffer.from(term).toString('hex')}`;
}

function postings(given: readonly string[]): (query: ParsedQuery) => void {
  const catalog = new Catalog();
  const writers = new Map<string, PostingsWriter>();
  for (const [id, text] of given.entries()) {
    const { terms, length, simhash } = chunkTerms({ path: '', language: 'python', text });
    const chunk = { startLine: 1, endLine: 1, start: 0, end: text.length, kind: 'lines' as const, length, simhash };
    catalog.add({ id, path: String(id), hash: '', language: 'python', modified: 0, firstChunk: id, chunks: [chunk] });
    for (const [term, use] of terms) {
      if (!writers.has(term)) writers.set(term, new PostingsWriter());
      writers.get(term)!.add(id, use);
    }
  }
  // As the store has them, on a page of SQLite's.
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE postings(term TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID');
  const insert = database.prepare('INSERT INTO postings VALUES (?, ?)');
  for (const [term, writer] of writers) insert.run(term, writer.bytes());
  const select = database.prepare('SELECT data FROM postings WHERE term = ?');
  const read = (term: string) => {
    const row = select.get(term) as { readonly data: Uint8Array } | undefined;
    return row === undefined ? [] : [row.data];
  };
  return ({ terms }) => {
    const { slots, scores } = scoreTerms(terms, read, catalog, PLAIN);
    best(slots, scores, LIMIT, catalog);
  };
}
