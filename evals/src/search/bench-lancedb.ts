import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chunkTerms } from '../../../packages/engine/src/index/lexical/fields.ts';
import { best } from '../../../packages/engine/src/index/retrieve/bm25.ts';
import { Catalog } from '../../../packages/engine/src/index/retrieve/catalog.ts';
import { type NewFile, openStore } from '../../../packages/engine/src/index/store/store.ts';
import { packVectors } from '../../../packages/engine/src/index/store/vectors.ts';
import { seededRandom } from '../../../packages/testkit/src/index.ts';
import { tableOf } from '../tab/table.ts';
import { quantile } from './metrics.ts';

const HELP = `Usage: node evals/src/search/bench-lancedb.ts --modules DIR [--chunks N]

The same chunks (text, lines, a vector of 256 dimensions) in LanceDB and in our store: opening, writing, replacing one file, the 200 nearest of a query,
size on disk, installed size. LanceDB is no dependency of ours (half a gigabyte): install it elsewhere and name its folder:

  mkdir /tmp/lance && cd /tmp/lance && npm install --no-save @lancedb/lancedb apache-arrow
  node evals/src/search/bench-lancedb.ts --modules /tmp/lance/node_modules
`;

const DIMENSIONS = 256;
const PER_FILE = 10;
const QUERIES = 200;

/** The few methods that are called. */
interface Lance {
  connect(uri: string): Promise<{
    createTable(name: string, rows: object[]): Promise<LanceTable>;
    openTable(name: string): Promise<LanceTable>;
  }>;
}
interface LanceTable {
  add(rows: object[]): Promise<unknown>;
  delete(where: string): Promise<unknown>;
  countRows(): Promise<number>;
  vectorSearch(vector: Float32Array): {
    distanceType(type: string): {
      limit(count: number): { select(columns: string[]): { toArray(): Promise<unknown[]> } };
    };
  };
}

interface Figures {
  write: number;
  open: number;
  replace: number;
  p50: number;
  p99: number;
  disk: number;
}

const { values } = parseArgs({
  options: { modules: { type: 'string' }, chunks: { type: 'string', default: '25000' }, help: { type: 'boolean' } },
});
if (values.help || values.modules === undefined) process.stdout.write(HELP);
else await compare(values.modules, Number(values.chunks));

async function compare(modules: string, count: number): Promise<void> {
  const random = seededRandom(1);
  const vectors = Array.from({ length: count }, () => unitVector(random));
  const queries = Array.from({ length: QUERIES }, () => unitVector(random));
  const texts = vectors.map(
    (_, index) => `function load${index}(path) { return read(path, ${index}); } // of module ${index % 97}`,
  );
  const folder = mkdtempSync(join(tmpdir(), 'tabstop-lance-'));
  try {
    const theirs = await lance(join(folder, 'lance'), modules, vectors, texts, queries);
    const ours = await own(join(folder, 'own'), vectors, texts, queries);
    const installed = sizeOf(join(modules, '@lancedb')) + sizeOf(join(modules, 'apache-arrow'));
    const row = (name: string, of: (figures: Figures) => string) => [name, of(theirs), of(ours)];
    const ms = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
    process.stdout.write(
      `${tableOf(
        [`${count} chunks, ${DIMENSIONS} dimensions`, 'LanceDB', 'ours'],
        [
          row('write all (ours with postings of the words)', ({ write }) => ms(write)),
          row('open and answer the first query', ({ open }) => ms(open)),
          row('replace a file of 10 chunks', ({ replace }) => ms(replace)),
          row('200 nearest, p50', ({ p50 }) => ms(p50)),
          row('200 nearest, p99', ({ p99 }) => ms(p99)),
          row('on disk', ({ disk }) => `${(disk / 1e6).toFixed(1)} MB`),
          ['installed', `${(installed / 1e6).toFixed(0)} MB`, '0 MB (in Node)'],
        ],
      )}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lance(
  folder: string,
  modules: string,
  vectors: readonly Float32Array[],
  texts: readonly string[],
  queries: readonly Float32Array[],
): Promise<Figures> {
  const require = createRequire(join(modules, 'x.js'));
  const { connect } = (await import(require.resolve('@lancedb/lancedb'))) as Lance;
  const rows = vectors.map((vector, index) => ({
    id: index,
    file: Math.floor(index / PER_FILE),
    startLine: 1,
    endLine: 9,
    text: texts[index]!,
    vector: [...vector],
  }));
  const database = await connect(folder);
  let began = performance.now();
  const table = await database.createTable('chunks', rows.slice(0, 2_500));
  for (let at = 2_500; at < rows.length; at += 2_500) await table.add(rows.slice(at, at + 2_500));
  const write = performance.now() - began;
  const nearest = (from: LanceTable, query: Float32Array) =>
    from.vectorSearch(query).distanceType('dot').limit(200).select(['id', '_distance']).toArray();
  began = performance.now();
  const again = await (await connect(folder)).openTable('chunks');
  await nearest(again, queries[0]!);
  const open = performance.now() - began;
  const times: number[] = [];
  for (const query of queries) {
    const start = performance.now();
    await nearest(again, query);
    times.push(performance.now() - start);
  }
  began = performance.now();
  for (let file = 0; file < 10; file++) {
    await again.delete(`file = ${file}`);
    await again.add(rows.slice(file * PER_FILE, (file + 1) * PER_FILE));
  }
  const replace = (performance.now() - began) / 10;
  return { write, open, replace, p50: quantile(times, 0.5), p99: quantile(times, 0.99), disk: sizeOf(folder) };
}

async function own(
  folder: string,
  vectors: readonly Float32Array[],
  texts: readonly string[],
  queries: readonly Float32Array[],
): Promise<Figures> {
  const files = Array.from({ length: Math.ceil(vectors.length / PER_FILE) }, (_, file) =>
    newFile(file, texts.slice(file * PER_FILE, (file + 1) * PER_FILE)),
  );
  const packed = files.map((_, file) => packVectors(vectors.slice(file * PER_FILE, (file + 1) * PER_FILE), DIMENSIONS));
  const { store } = await openStore(folder);
  let began = performance.now();
  const model = store.model('bench', DIMENSIONS);
  for (let at = 0; at < files.length; at += 250) {
    const stored = store.commit([], files.slice(at, at + 250));
    store.addVectors(
      model,
      stored.map(({ id }, index) => ({ file: id, data: packed[at + index]! })),
    );
  }
  const write = performance.now() - began;
  store.close();
  began = performance.now();
  const { store: again } = await openStore(folder);
  const catalog = new Catalog();
  for (const file of again.allFiles()) catalog.add(file);
  catalog.useModel(DIMENSIONS);
  for (const { file, data } of again.vectors(model, DIMENSIONS, (id) => catalog.fileById(id)?.slots.length))
    catalog.setVectors(file, data);
  const cosines = new Float32Array(catalog.slotCount);
  const slots = Array.from(cosines.keys());
  const nearest = (query: Float32Array) => {
    catalog.cosines(query, cosines);
    return best(slots, cosines, 200, catalog);
  };
  nearest(queries[0]!);
  const open = performance.now() - began;
  const times = queries.map((query) => {
    const start = performance.now();
    nearest(query);
    return performance.now() - start;
  });
  began = performance.now();
  for (let file = 0; file < 10; file++) {
    const stored = again.commit([], [files[file]!]);
    again.addVectors(model, [{ file: stored[0]!.id, data: packed[file]! }]);
  }
  const replace = (performance.now() - began) / 10;
  const disk = sizeOf(folder);
  again.close();
  return { write, open, replace, p50: quantile(times, 0.5), p99: quantile(times, 0.99), disk };
}

function newFile(file: number, texts: readonly string[]): NewFile {
  const terms = texts.map((text) => chunkTerms({ path: `f${file}.js`, language: 'javascript', text }));
  return {
    path: `f${file}.js`,
    hash: String(file),
    language: 'javascript',
    modified: 0,
    terms,
    chunks: texts.map((text, index) => ({
      startLine: 1,
      endLine: 9,
      start: 0,
      end: text.length,
      kind: 'function',
      length: terms[index]!.length,
      simhash: terms[index]!.simhash,
    })),
  };
}

function unitVector(random: () => number): Float32Array {
  const vector = Float32Array.from({ length: DIMENSIONS }, () => random() + random() + random() - 1.5);
  const norm = Math.hypot(...vector);
  return vector.map((component) => component / norm);
}

function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  return stat.isDirectory()
    ? readdirSync(path).reduce((total, name) => total + sizeOf(join(path, name)), 0)
    : stat.size;
}
