import { createListEncoder } from './posting-list.ts';
import type { Segment } from './segment.ts';
import type { GramFile } from './segment-format.ts';
import type { SegmentWriter } from './segment-writer.ts';

export interface MergeSource {
  readonly segment: Segment;
  readonly isDead: (number: number) => boolean;
}

/**
 * Writes several segments as one, without the files that are gone. Reads each from front to back, a block at a time. A generator, so that whoever
 * shares the thread gets a turn: yields every few hundred n-grams and returns the size in bytes.
 */
export function* mergeSegments(sources: readonly MergeSource[], writer: SegmentWriter): Generator<void, number> {
  const files: GramFile[] = [];
  const cursors = sources.map(({ segment, isDead }) => {
    const renumbered = new Int32Array(segment.files).fill(-1);
    for (const [number, file] of segment.allFiles().entries())
      if (!isDead(number)) renumbered[number] = files.push(file) - 1;
    const lists = segment.lists()[Symbol.iterator]();
    return { lists, renumbered, head: lists.next() };
  });
  const encoder = createListEncoder();
  // Numbers grow from source to source, so the lists of one n-gram only have to be put behind each other.
  const numbers = new Uint32Array(files.length);
  for (let written = 0; ; written++) {
    if (written % 512 === 511) yield;
    let gram = Number.POSITIVE_INFINITY;
    for (const { head } of cursors) if (!head.done && head.value.gram < gram) gram = head.value.gram;
    if (gram === Number.POSITIVE_INFINITY) return writer.end(files);
    let count = 0;
    for (const cursor of cursors) {
      if (cursor.head.done || cursor.head.value.gram !== gram) continue;
      for (const number of cursor.head.value.numbers) {
        const moved = cursor.renumbered[number]!;
        if (moved >= 0) numbers[count++] = moved;
      }
      cursor.head = cursor.lists.next();
    }
    if (count > 0) writer.add(gram, encoder.encode(numbers, 0, count, files.length));
  }
}
