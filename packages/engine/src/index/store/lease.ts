import { join } from 'node:path';
import { type DatabaseSync, guarded, openDatabase, StoreError } from './sqlite.ts';

/** The right to write one store. Held by a lock of the operating system on a small database, so it ends with the process that holds it, however that ends. */
export interface Lease {
  readonly held: boolean;
  /** Takes it where it is free. Answers at once. */
  tryTake(): boolean;
  release(): void;
  /** Also releases. */
  close(): void;
}

/** @throws StoreError where the folder cannot be written */
export async function openLease(folder: string): Promise<Lease> {
  const database = await openDatabase(join(folder, 'lease.db'), 0);
  let held = false;
  let closed = false;
  return {
    get held() {
      return held;
    },
    tryTake() {
      if (held) return true;
      if (closed) return false;
      held = takeLock(database);
      return held;
    },
    release() {
      if (held) guarded(() => database.exec('ROLLBACK'));
      held = false;
    },
    close() {
      if (closed) return;
      closed = true;
      held = false;
      database.close();
    },
  };
}

function takeLock(database: DatabaseSync): boolean {
  try {
    guarded(() => database.exec('BEGIN EXCLUSIVE'));
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'busy') return false;
    throw error;
  }
}
