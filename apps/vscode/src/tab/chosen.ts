import type { WireEdit } from '@tabstop/protocol';

/**
 * Which of several changes of one text were made, by what the text has become: the user may have taken some of them off a list. `undefined` when something else was
 * changed as well. Each change is a list of edits; all edits are relative to `before` and do not overlap.
 */
export function chosen(
  before: string,
  after: string,
  changes: readonly (readonly WireEdit[])[],
): readonly boolean[] | undefined {
  const edits = changes
    .flatMap((list, change) => list.map((edit) => ({ edit, change })))
    .sort((a, b) => a.edit[0] - b.edit[0] || a.edit[1] - b.edit[1]);
  const made = new Map<number, boolean>();
  /** Reads on from offset `at` of `before` and `behind` of `after`, with the edits from `index` on. */
  const read = (index: number, at: number, behind: number): boolean => {
    const next = edits[index];
    const gap = before.slice(at, next?.edit[0]);
    if (!after.startsWith(gap, behind)) return false;
    if (!next) return behind + gap.length === after.length;
    const [start, end, text] = next.edit;
    const from = behind + gap.length;
    const known = made.get(next.change);
    for (const yes of known === undefined ? [true, false] : [known]) {
      const there = yes ? text : before.slice(start, end);
      if (!after.startsWith(there, from)) continue;
      made.set(next.change, yes);
      if (read(index + 1, end, from + there.length)) return true;
      if (known === undefined) made.delete(next.change);
    }
    return false;
  };
  return read(0, 0, 0) ? changes.map((_, change) => made.get(change) ?? false) : undefined;
}
