import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChunkTerms } from '../lexical/fields.ts';
import { PostingsWriter } from '../lexical/postings.ts';
import { type ChunkRow, packChunks, type StoredFile, sealed, unpackChunks, unsealed } from './file-row.ts';
import {
  type DatabaseSync,
  guarded,
  openDatabase,
  type SQLInputValue,
  type StatementSync,
  StoreError,
  storeErrorOf,
  transaction,
} from './sqlite.ts';
import { packedLength } from './vectors.ts';

/** Raise it when anything that is stored changes its meaning (terms, chunks, vectors): older stores are built anew. */
export const STORE_VERSION = 1;
/** `Tbst`, so that a file of another program is not taken for ours. */
const APPLICATION_ID = 0x54627374;

const SCHEMA = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, hash TEXT NOT NULL, language TEXT NOT NULL, modified REAL NOT NULL,
    first INTEGER NOT NULL, chunks BLOB NOT NULL, symbols TEXT NOT NULL
  );
  CREATE TABLE postings (term TEXT NOT NULL, segment INTEGER NOT NULL, docs BLOB NOT NULL, PRIMARY KEY (term, segment)) WITHOUT ROWID;
  CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, dimensions INTEGER NOT NULL);
  CREATE TABLE vectors (id INTEGER PRIMARY KEY, model INTEGER NOT NULL, file INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE (model, file));
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${STORE_VERSION};
`;

export interface NewFile {
  readonly path: string;
  readonly hash: string;
  readonly language: string;
  readonly modified: number;
  readonly chunks: readonly ChunkRow[];
  /** Of each chunk. */
  readonly terms: readonly ChunkTerms[];
}

export interface StoredVectors {
  readonly file: number;
  /** Of all chunks of the file, see `packVectors`. */
  readonly data: Uint8Array;
}

export interface OpenStoreOptions {
  /** Milliseconds to wait for another process that is in a transaction. */
  readonly timeout?: number;
  /** Pages of 4 KB that the store may have: for tests of a full disk. */
  readonly maxPages?: number;
}

export interface OpenedStore {
  readonly store: IndexStore;
  /** Why what was there could not be used. */
  readonly note?: string;
}

/**
 * Opens the store in `folder`, for which the caller holds the lease, and makes it where there is none. What is damaged or of another version is thrown away.
 * @throws StoreError where that is not possible
 */
export async function openStore(folder: string, options: OpenStoreOptions = {}): Promise<OpenedStore> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'store.db');
  let note: string | undefined;
  try {
    const database = await openDatabase(file, options.timeout ?? 5_000);
    const unusable = guarded(() => prepare(database, options));
    if (unusable === undefined) return { store: new IndexStore(database, file) };
    database.close();
    note = unusable;
  } catch (error) {
    const fault = storeErrorOf(error);
    if (!(fault instanceof StoreError) || fault.fault !== 'corrupt') throw fault;
    note = fault.message;
  }
  await removeStore(folder);
  const database = await openDatabase(file, options.timeout ?? 5_000);
  guarded(() => prepare(database, options));
  return { store: new IndexStore(database, file), note: `the index was built anew: ${note}` };
}

/** Opens the store that another process writes, to read along. `undefined` where there is none that can be read. */
export async function openStoreToRead(folder: string): Promise<IndexStore | undefined> {
  const file = join(folder, 'store.db');
  if ((await stat(file).catch(() => undefined)) === undefined) return undefined;
  const database = await openDatabase(file, 1_000);
  try {
    if (guarded(() => versionOf(database)) === undefined) return new IndexStore(database, file);
  } catch {
    // The writer finds the same fault and builds it anew.
  }
  database.close();
  return undefined;
}

export async function removeStore(folder: string): Promise<void> {
  for (const ending of ['', '-wal', '-shm']) await rm(join(folder, `store.db${ending}`), { force: true });
}

/** @returns why the database cannot be used */
function prepare(database: DatabaseSync, options: OpenStoreOptions): string | undefined {
  // WAL: readers never wait for the writer. NORMAL may lose the last transactions when power fails, and the next start makes up for them.
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000; PRAGMA journal_size_limit = 16777216;',
  );
  if (options.maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${options.maxPages}`);
  const empty = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  if (empty.tables === 0) {
    transaction(database, () => database.exec(SCHEMA));
    return undefined;
  }
  return versionOf(database);
}

/** @returns why not, where it is none of this version */
function versionOf(database: DatabaseSync): string | undefined {
  const { application_id: application } = database.prepare('PRAGMA application_id').get() as { application_id: number };
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (application !== APPLICATION_ID) return 'the file was no index';
  return version === STORE_VERSION
    ? undefined
    : `the one on disk has version ${version}, this Tabstop uses ${STORE_VERSION}`;
}

interface FileRow {
  readonly id: number;
  readonly path: string;
  readonly hash: string;
  readonly language: string;
  readonly modified: number;
  readonly first: number;
  readonly chunks: Uint8Array;
  readonly symbols: string;
}

/** Files, chunks, postings and vectors of one folder. Every method is one transaction and throws `StoreError`. */
export class IndexStore {
  readonly file: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, file: string) {
    this.#database = database;
    this.file = file;
  }

  /** Changes when another connection has written. */
  dataVersion(): number {
    return guarded(() => (this.#prepared('PRAGMA data_version').get() as { data_version: number }).data_version);
  }

  fileIds(): number[] {
    return guarded(() => (this.#prepared('SELECT id FROM files').all() as { id: number }[]).map(({ id }) => id));
  }

  allFiles(): StoredFile[] {
    return guarded(() =>
      (this.#prepared('SELECT * FROM files ORDER BY id').all() as unknown as FileRow[]).map(storedFile),
    );
  }

  fileById(id: number): StoredFile | undefined {
    return guarded(() => {
      const row = this.#prepared('SELECT * FROM files WHERE id = ?').get(id) as unknown as FileRow | undefined;
      return row && storedFile(row);
    });
  }

  meta(key: string): string | undefined {
    return guarded(
      () => (this.#prepared('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined)?.value,
    );
  }

  setMeta(key: string, value: string): void {
    transaction(this.#database, () => this.#run('INSERT OR REPLACE INTO meta VALUES (?, ?)', key, value));
  }

  /** Takes files out and puts others in (by path: what was there of the same path goes). @returns the new ones as stored */
  commit(removed: readonly string[], added: readonly NewFile[]): StoredFile[] {
    return transaction(this.#database, () => {
      const gone = [...removed, ...added.map((file) => file.path)];
      for (const path of gone) {
        this.#run('DELETE FROM vectors WHERE file = (SELECT id FROM files WHERE path = ?)', path);
        this.#run('DELETE FROM files WHERE path = ?', path);
      }
      let next = Number(this.#value('nextChunk') ?? 0);
      const segment = Number(this.#value('segment') ?? 0) + 1;
      const writers = new Map<string, PostingsWriter>();
      const stored = added.map((file): StoredFile => {
        const symbols = JSON.stringify(file.chunks.map((chunk) => chunk.symbol ?? null));
        const { lastInsertRowid } = this.#run(
          'INSERT INTO files (path, hash, language, modified, first, chunks, symbols) VALUES (?, ?, ?, ?, ?, ?, ?)',
          file.path,
          file.hash,
          file.language,
          file.modified,
          next,
          sealed(packChunks(file.chunks)),
          symbols,
        );
        const firstChunk = next;
        for (const { terms } of file.terms) {
          for (const [term, use] of terms) {
            let writer = writers.get(term);
            if (writer === undefined) {
              writer = new PostingsWriter();
              writers.set(term, writer);
            }
            writer.add(next, use);
          }
          next++;
        }
        const { path, hash, language, modified, chunks } = file;
        return { id: Number(lastInsertRowid), path, hash, language, modified, firstChunk, chunks };
      });
      // In the order of the key, each page of the tree is touched once.
      for (const term of [...writers.keys()].sort())
        this.#run('INSERT INTO postings VALUES (?, ?, ?)', term, segment, sealed(writers.get(term)!.bytes()));
      this.#run("INSERT OR REPLACE INTO meta VALUES ('nextChunk', ?)", String(next));
      if (added.length > 0) this.#run("INSERT OR REPLACE INTO meta VALUES ('segment', ?)", String(segment));
      return stored;
    });
  }

  /** The postings of a term, a blob for each segment, in rising order of chunks. */
  postings(term: string): Uint8Array[] {
    return guarded(() =>
      (
        this.#prepared('SELECT docs FROM postings WHERE term = ? ORDER BY segment').all(term) as { docs: Uint8Array }[]
      ).map(({ docs }) => unsealed(docs)),
    );
  }

  /** Its number in this store; made where it is new. */
  model(name: string, dimensions: number): number {
    const known = this.modelNamed(name);
    if (known !== undefined) return known;
    return transaction(this.#database, () =>
      Number(this.#run('INSERT INTO models (name, dimensions) VALUES (?, ?)', name, dimensions).lastInsertRowid),
    );
  }

  modelNamed(name: string): number | undefined {
    return guarded(
      () => (this.#prepared('SELECT id FROM models WHERE name = ?').get(name) as { id: number } | undefined)?.id,
    );
  }

  /** Vectors of files that went meanwhile are left out. */
  addVectors(model: number, rows: readonly StoredVectors[]): void {
    transaction(this.#database, () => {
      for (const { file, data } of rows)
        this.#run(
          'INSERT OR REPLACE INTO vectors (model, file, data) SELECT ?, id, ? FROM files WHERE id = ?',
          model,
          sealed(data),
          file,
        );
    });
  }

  /** Forgets the vectors of all other models. */
  keepModel(model: number): void {
    transaction(this.#database, () => {
      this.#run('DELETE FROM vectors WHERE model <> ?', model);
      this.#run('DELETE FROM models WHERE id <> ?', model);
    });
  }

  /** Files that have vectors of the model. */
  vectorFiles(model: number): number[] {
    return guarded(() =>
      (this.#prepared('SELECT file FROM vectors WHERE model = ?').all(model) as { file: number }[]).map(
        ({ file }) => file,
      ),
    );
  }

  /** Of one file or of all. Blobs of a wrong length are damage. */
  vectors(
    model: number,
    dimensions: number,
    counts: (file: number) => number | undefined,
    file?: number,
  ): StoredVectors[] {
    return guarded(() => {
      const rows = (
        file === undefined
          ? this.#prepared('SELECT file, data FROM vectors WHERE model = ?').all(model)
          : this.#prepared('SELECT file, data FROM vectors WHERE model = ? AND file = ?').all(model, file)
      ) as { file: number; data: Uint8Array }[];
      return rows.flatMap((row) => {
        const count = counts(row.file);
        if (count === undefined) return [];
        const data = unsealed(row.data);
        if (data.length !== packedLength(count, dimensions))
          throw new StoreError('corrupt', 'the index on disk is damaged (vectors)');
        return [{ file: row.file, data }];
      });
    });
  }

  /** Bytes on disk that are in use. */
  bytes(): number {
    return guarded(() => {
      const { page_count: pages } = this.#prepared('PRAGMA page_count').get() as { page_count: number };
      const { freelist_count: free } = this.#prepared('PRAGMA freelist_count').get() as { freelist_count: number };
      return (pages - free) * 4096;
    });
  }

  /** Empties everything; ids go on, so that others who read along see it. */
  clear(): void {
    transaction(this.#database, () =>
      this.#database.exec('DELETE FROM files; DELETE FROM postings; DELETE FROM vectors; DELETE FROM models;'),
    );
  }

  /** For `compactPostings`. */
  get database(): DatabaseSync {
    return this.#database;
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #value(key: string): string | undefined {
    return (this.#prepared('SELECT value FROM meta WHERE key = ?').get(key) as { value: string } | undefined)?.value;
  }

  #run(sql: string, ...parameters: SQLInputValue[]): { lastInsertRowid: number | bigint; changes: number | bigint } {
    return this.#prepared(sql).run(...parameters);
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function storedFile(row: FileRow): StoredFile {
  let symbols: (string | null)[];
  try {
    symbols = JSON.parse(row.symbols) as (string | null)[];
  } catch (error) {
    throw new StoreError('corrupt', 'the index on disk is damaged (symbols)', error);
  }
  const { id, path, hash, language, modified, first } = row;
  return { id, path, hash, language, modified, firstChunk: first, chunks: unpackChunks(unsealed(row.chunks), symbols) };
}
