import { eachPosting, PostingsWriter } from '../lexical/postings.ts';
import { sealed, unsealed } from './file-row.ts';
import type { IndexStore } from './store.ts';
import { guarded, transaction } from './sqlite.ts';

/** Rows of postings that one slice takes: about 10 ms. */
const ROWS = 4_000;
/** Segments written since the last compaction from which the next is worth its second. */
export const COMPACT_SEGMENTS = 150;

export function wantsCompaction(store: IndexStore): boolean {
  return Number(store.meta('segment') ?? 0) - Number(store.meta('compacted') ?? 0) >= COMPACT_SEGMENTS;
}

/**
 * Merges the rows of each term into one and leaves out chunks that are gone. Every slice is a transaction of its own, after which the store says the same
 * as before: it can be stopped anywhere.
 */
export async function compactPostings(
  store: IndexStore,
  isAlive: (chunk: number) => boolean,
  turn: () => Promise<void>,
): Promise<void> {
  const { database } = store;
  const upTo = store.meta('segment') ?? '0';
  const select = database.prepare(
    'SELECT term, segment, docs FROM postings WHERE term > ? ORDER BY term, segment LIMIT ?',
  );
  const erase = database.prepare('DELETE FROM postings WHERE term = ?');
  const insert = database.prepare('INSERT INTO postings VALUES (?, ?, ?)');
  let after = '';
  for (;;) {
    const last = transaction(database, () => {
      const rows = guarded(() => select.all(after, ROWS)) as unknown as {
        term: string;
        segment: number;
        docs: Uint8Array;
      }[];
      const byTerm = Map.groupBy(rows, (row) => row.term);
      const terms = [...byTerm.keys()];
      // The last term may go on behind the slice, unless it is the last of all or fills the slice alone.
      const whole = rows.length < ROWS || terms.length === 1 ? terms : terms.slice(0, -1);
      for (const term of whole) {
        const parts = terms.length === 1 && rows.length === ROWS ? allOf(store, term) : byTerm.get(term)!;
        const writer = new PostingsWriter();
        let dead = 0;
        for (const part of parts)
          eachPosting(unsealed(part.docs), (chunk, count, fields) => {
            if (isAlive(chunk)) writer.add(chunk, { count, fields });
            else dead++;
          });
        if (parts.length === 1 && dead === 0) continue;
        erase.run(term);
        if (writer.bytes().length > 0) insert.run(term, parts.at(-1)!.segment, sealed(writer.bytes()));
      }
      return rows.length === 0 ? undefined : whole.at(-1)!;
    });
    if (last === undefined) break;
    after = last;
    await turn();
  }
  store.setMeta('compacted', upTo);
}

function allOf(store: IndexStore, term: string): { segment: number; docs: Uint8Array }[] {
  return guarded(() =>
    store.database.prepare('SELECT segment, docs FROM postings WHERE term = ? ORDER BY segment').all(term),
  ) as unknown as {
    segment: number;
    docs: Uint8Array;
  }[];
}
