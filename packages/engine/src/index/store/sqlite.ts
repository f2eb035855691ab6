import type { DatabaseSync } from 'node:sqlite';

export type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** What went wrong with a store, and what is to be done about it. */
export type StoreFault = 'corrupt' | 'full' | 'busy' | 'unwritable' | 'other';

export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.fault = fault;
  }
}

const FAULTS: Readonly<Record<number, readonly [fault: StoreFault, message: string]>> = {
  5: ['busy', 'another process is writing the index'],
  6: ['busy', 'another process is writing the index'],
  8: ['unwritable', 'the folder of the index cannot be written'],
  10: ['full', 'the disk of the index failed to write (full, or an error of the device)'],
  11: ['corrupt', 'the index on disk is damaged'],
  13: ['full', 'the disk is full: the index cannot grow'],
  14: ['unwritable', 'the folder of the index cannot be opened'],
  26: ['corrupt', 'the index on disk is damaged (no database)'],
};

/** Any error of SQLite as a `StoreError`; others as they are. */
export function storeErrorOf(error: unknown): unknown {
  const code = (error as { errcode?: unknown }).errcode;
  if (typeof code !== 'number') return error;
  // The low byte is the primary code, the rest says more.
  const [fault, message] =
    FAULTS[code & 0xff] ?? (['other', `the index could not be read or written: ${(error as Error).message}`] as const);
  return new StoreError(fault, message, error);
}

/** Runs `work` with SQLite's errors as `StoreError`s. */
export function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw storeErrorOf(error);
  }
}

/** Node carries SQLite from version 22.5; it is loaded when the first store is opened, so that everything else runs on older ones. @throws StoreError */
export async function openDatabase(file: string, timeout: number): Promise<DatabaseSync> {
  let sqlite: typeof import('node:sqlite');
  try {
    sqlite = await import('node:sqlite');
  } catch (error) {
    throw new StoreError('other', `the index needs Node 24 (this is ${process.version})`, error);
  }
  return guarded(() => new sqlite.DatabaseSync(file, { timeout }));
}

/** `work` as one transaction: all of it or nothing. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  return guarded(() => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite rolls back by itself after some errors (full disk), and then there is nothing to roll back.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  });
}
