import type { DatabaseSync } from 'node:sqlite';

export interface VectorCacheOptions {
  /** `<dataDir>/cache/vectors.db`; its folder must exist. `:memory:` for none on disk. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Deletes a file; no error where there is none. */
  readonly remove: (file: string) => void;
  /** Bytes of vectors kept; 512 MB (about 450,000 of 256 float32) unless told. */
  readonly maxBytes?: number;
  /** Told when the file was damaged or of another format and is begun anew, or when the cache cannot be used at the moment. */
  readonly onProblem?: (problem: string) => void;
}

/**
 * Vectors by model and chunk hash, shared by all projects and processes of the machine. A cache: whatever goes wrong with it costs time, never an
 * answer, so nothing here throws.
 */
export interface VectorCache {
  /** What is known of these hashes; unknown ones are left out. */
  get(model: string, hashes: readonly string[]): Map<string, Float32Array>;
  put(model: string, vectors: Iterable<readonly [hash: string, vector: Float32Array]>): void;
  /** Writes down what was used (eviction goes by it) and evicts what is over the limit. Called by itself every so often, and by `close`. */
  maintain(): void;
  readonly stats: { readonly entries: number; readonly bytes: number };
  close(): void;
}

const FORMAT = 1;
/** What one row costs beside its vector: keys, times, the index on them. Measured: 100,000 rows of 256 dimensions take 127 MB. */
const ROW_OVERHEAD = 200;
/** Uses are written down together after so many, and no more often than a day for one entry: reading must stay cheap. */
const TOUCHES = 2_000;
const DAY = 86_400_000;
/** Below the limit by this much after an eviction, so that it does not run at every insert. */
const EVICT_TO = 0.9;
/** Rows written between two looks at the size. */
const WRITES = 5_000;
/** SQLite takes no more than 32,766 parameters in a statement; this keeps the number of prepared statements at one. */
const PER_QUERY = 256;

export function openVectorCache(options: VectorCacheOptions): VectorCache {
  const maxBytes = options.maxBytes ?? 512 << 20;
  let database: DatabaseSync | undefined;
  let statements: Statements | undefined;
  const touched = new Map<number, number>();
  let writes = 0;

  function opened(): Statements | undefined {
    if (statements) return statements;
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        database = new (sqlite().DatabaseSync)(options.file);
        prepareFile(database);
        statements = statementsOf(database);
        return statements;
      } catch (error) {
        closeQuietly();
        if (attempt > 0 || !isDamage(error)) {
          options.onProblem?.(`the cache of vectors cannot be used: ${(error as Error).message}`);
          return undefined;
        }
        begin(error as Error);
      }
    }
    return undefined;
  }

  function begin(error: Error): void {
    options.onProblem?.(`the cache of vectors is begun anew: ${error.message}`);
    for (const ending of ['', '-wal', '-shm'])
      try {
        options.remove(options.file + ending);
      } catch {
        // Another process may hold it (Windows): the next opening tries again.
      }
  }

  function closeQuietly(): void {
    statements = undefined;
    touched.clear();
    try {
      database?.close();
    } catch {
      // A damaged file may not even close.
    }
    database = undefined;
  }

  /** Runs `work`; a damaged file is thrown away, a locked or full one leaves the cache out this time. */
  function guarded<T>(work: (statements: Statements) => T, otherwise: T): T {
    const ready = opened();
    if (!ready) return otherwise;
    try {
      return work(ready);
    } catch (error) {
      if (isDamage(error)) {
        closeQuietly();
        begin(error as Error);
      } else options.onProblem?.(`the cache of vectors was left out once: ${(error as Error).message}`);
      return otherwise;
    }
  }

  function inTransaction(work: () => void): void {
    database!.exec('BEGIN IMMEDIATE');
    try {
      work();
      database!.exec('COMMIT');
    } catch (error) {
      try {
        database!.exec('ROLLBACK');
      } catch {
        // The error that led here is the one to tell.
      }
      throw error;
    }
  }

  function writeTouches(ready: Statements): void {
    if (touched.size === 0) return;
    const now = options.now();
    inTransaction(() => {
      for (const row of touched.keys()) ready.touch.run(now, row);
    });
    touched.clear();
  }

  function evict(ready: Statements): void {
    const { bytes } = sizeOf(ready);
    if (bytes <= maxBytes) return;
    inTransaction(() => {
      let over = bytes - maxBytes * EVICT_TO;
      const doomed: number[] = [];
      for (const row of ready.oldest.iterate() as Iterable<{ id: number; size: number }>) {
        if (over <= 0) break;
        doomed.push(row.id);
        over -= row.size + ROW_OVERHEAD;
      }
      for (const id of doomed) ready.remove.run(id);
    });
    // Gives the pages back to the file system bit by bit; the file shrinks at the next checkpoint.
    database!.exec('PRAGMA incremental_vacuum');
  }

  const cache: VectorCache = {
    get(model, hashes) {
      return guarded((ready) => {
        const found = new Map<string, Float32Array>();
        const now = options.now();
        const modelId = modelIdOf(ready, model);
        if (modelId === undefined) return found;
        for (let at = 0; at < hashes.length; at += PER_QUERY) {
          const asked = hashes.slice(at, at + PER_QUERY);
          while (asked.length < PER_QUERY) asked.push(asked[0]!);
          for (const row of ready.get.all(modelId, ...asked) as unknown as Row[]) {
            const vector = vectorOf(row.vector);
            if (!vector) continue;
            found.set(row.hash, vector);
            if (now - row.used > DAY) touched.set(row.id, now);
          }
        }
        if (touched.size >= TOUCHES) writeTouches(ready);
        return found;
      }, new Map<string, Float32Array>());
    },

    put(model, vectors) {
      guarded((ready) => {
        const now = options.now();
        inTransaction(() => {
          const modelId = modelIdOf(ready, model) ?? Number((ready.addModel.get(model) as { id: number }).id);
          for (const [hash, vector] of vectors) {
            ready.put.run(modelId, hash, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), now);
            writes++;
          }
        });
        if (writes >= WRITES) {
          writes = 0;
          evict(ready);
        }
      }, undefined);
    },

    maintain() {
      guarded((ready) => {
        writeTouches(ready);
        evict(ready);
      }, undefined);
    },

    get stats() {
      return guarded(sizeOf, { entries: 0, bytes: 0 });
    },

    close() {
      if (database) cache.maintain();
      closeQuietly();
    },
  };
  return cache;
}

/** Loaded when the first cache is opened: older versions of Node have none, and run everything else. */
function sqlite(): typeof import('node:sqlite') {
  const found = process.getBuiltinModule?.('node:sqlite');
  if (!found) throw new Error(`it needs Node 24 (this is ${process.version})`);
  return found;
}

interface Row {
  readonly id: number;
  readonly hash: string;
  readonly vector: Uint8Array;
  readonly used: number;
}

type Statements = ReturnType<typeof statementsOf>;

function statementsOf(database: DatabaseSync) {
  return {
    model: database.prepare('SELECT id FROM models WHERE name = ?'),
    addModel: database.prepare(
      'INSERT INTO models (name) VALUES (?) ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id',
    ),
    get: database.prepare(
      `SELECT id, hash, vector, used FROM vectors WHERE model = ? AND hash IN (${Array(PER_QUERY).fill('?').join(',')})`,
    ),
    put: database.prepare(
      'INSERT INTO vectors (model, hash, vector, used) VALUES (?, ?, ?, ?) ON CONFLICT (model, hash) DO UPDATE SET vector = excluded.vector, used = excluded.used',
    ),
    touch: database.prepare('UPDATE vectors SET used = ? WHERE id = ?'),
    oldest: database.prepare('SELECT id, length(vector) AS size FROM vectors ORDER BY used, id'),
    remove: database.prepare('DELETE FROM vectors WHERE id = ?'),
    size: database.prepare('SELECT entries, bytes FROM totals'),
  };
}

function modelIdOf(statements: Statements, model: string): number | undefined {
  return (statements.model.get(model) as { id: number } | undefined)?.id;
}

function sizeOf(statements: Statements): { entries: number; bytes: number } {
  const { entries, bytes } = statements.size.get() as { entries: number; bytes: number };
  return { entries, bytes: bytes + entries * ROW_OVERHEAD };
}

/** Undefined where the blob is no vector. */
function vectorOf(blob: Uint8Array): Float32Array | undefined {
  if (blob.byteLength === 0 || blob.byteLength % 4 !== 0) return undefined;
  // A copy: the blob's own bytes need not be aligned.
  const bytes = new Uint8Array(blob);
  return new Float32Array(bytes.buffer, 0, bytes.byteLength / 4);
}

/** @throws SQLite's error, or one that `isDamage` knows for another format */
function prepareFile(database: DatabaseSync): void {
  // Others write at the same time; a busy database is waited for this long, then left out.
  database.exec('PRAGMA busy_timeout = 5000');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version !== 0 && version !== FORMAT) throw new OtherFormat(version);
  if (version === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL');
  // In step with the disk at checkpoints alone: a crash of the machine may lose the newest vectors, which are made again.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216');
  if (version === FORMAT) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(`
      CREATE TABLE IF NOT EXISTS models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
      CREATE TABLE IF NOT EXISTS vectors (
        id INTEGER PRIMARY KEY, model INTEGER NOT NULL, hash TEXT NOT NULL, vector BLOB NOT NULL, used INTEGER NOT NULL,
        UNIQUE (model, hash));
      CREATE INDEX IF NOT EXISTS vectors_by_use ON vectors (used, id);
      CREATE TABLE IF NOT EXISTS totals (entries INTEGER NOT NULL, bytes INTEGER NOT NULL);
      INSERT INTO totals SELECT 0, 0 WHERE NOT EXISTS (SELECT 1 FROM totals);
      CREATE TRIGGER IF NOT EXISTS counted_in AFTER INSERT ON vectors BEGIN
        UPDATE totals SET entries = entries + 1, bytes = bytes + length(new.vector); END;
      CREATE TRIGGER IF NOT EXISTS counted_out AFTER DELETE ON vectors BEGIN
        UPDATE totals SET entries = entries - 1, bytes = bytes - length(old.vector); END;
      CREATE TRIGGER IF NOT EXISTS counted_again AFTER UPDATE OF vector ON vectors BEGIN
        UPDATE totals SET bytes = bytes - length(old.vector) + length(new.vector); END;
      PRAGMA user_version = ${FORMAT};
    `);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

class OtherFormat extends Error {
  constructor(version: number) {
    super(`it has format ${version}, this version of Tabstop writes ${FORMAT}`);
  }
}

/** SQLite's own words for a file that is not or no longer a database (`SQLITE_CORRUPT`, `SQLITE_NOTADB`), tables that are not ours, or another format. */
function isDamage(error: unknown): boolean {
  if (error instanceof OtherFormat) return true;
  const code = (error as { errcode?: number }).errcode;
  if (code === undefined) return false;
  const primary = code & 0xff;
  return primary === 11 || primary === 26 || (primary === 1 && /no such (table|column)/.test((error as Error).message));
}
