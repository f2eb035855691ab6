import type { NewFile } from './gram-disk.ts';
import { createListEncoder } from './posting-list.ts';
import type { GramFile } from './segment-format.ts';
import { createSegmentWriter } from './segment-writer.ts';

/** Pairs of n-gram and file, in memory, until they become a segment. */
export interface GramBuffer {
  readonly files: readonly GramFile[];
  readonly isFull: boolean;
  /** The number of the file in the segment to come. */
  add(file: GramFile, grams: Uint32Array): number;
  /** Writes a segment; answers the bytes. What is held stays until `reset`, for writing may fail. */
  write(file: NewFile): number;
  reset(): void;
}

/**
 * About two thousand files. The thread answers nothing while they are sorted and written: some 0.1 s. Fewer make more segments to put together: with 1.2
 * million, 500 MB took 73 s at a load under which 6 million took about half of that.
 */
const MOST_PAIRS = 2_500_000;
const MOST_FILES = 65_536;

export function createGramBuffer(mostPairs = MOST_PAIRS): GramBuffer {
  let files: GramFile[] = [];
  let grams = new Uint32Array(1 << 16);
  let numbers = new Uint16Array(1 << 16);
  let count = 0;
  return {
    get files() {
      return files;
    },
    get isFull() {
      return count >= mostPairs || files.length >= MOST_FILES;
    },
    add(file, own) {
      const number = files.push(file) - 1;
      if (grams.length < count + own.length) {
        const length = Math.max(grams.length * 2, count + own.length);
        grams = grown(grams, new Uint32Array(length));
        numbers = grown(numbers, new Uint16Array(length));
      }
      grams.set(own, count);
      numbers.fill(number, count, count + own.length);
      count += own.length;
      return number;
    },
    write(file) {
      const sorted = sortByGram(grams.subarray(0, count), numbers.subarray(0, count));
      const writer = createSegmentWriter(file);
      const encoder = createListEncoder();
      for (let from = 0; from < count; ) {
        const gram = sorted.grams[from]!;
        let to = from + 1;
        while (to < count && sorted.grams[to] === gram) to++;
        writer.add(gram, encoder.encode(sorted.numbers, from, to, files.length));
        from = to;
      }
      return writer.end(files);
    },
    reset() {
      files = [];
      count = 0;
      if (grams.length > 1 << 20) {
        grams = new Uint32Array(1 << 16);
        numbers = new Uint16Array(1 << 16);
      }
    },
  };
}

function grown<T extends Uint32Array | Uint16Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Radix sort in two passes of 12 bits: stable, so numbers stay ascending within an n-gram. */
function sortByGram(
  grams: Uint32Array<ArrayBuffer>,
  numbers: Uint16Array<ArrayBuffer>,
): { grams: Uint32Array<ArrayBuffer>; numbers: Uint16Array<ArrayBuffer> } {
  let from = { grams, numbers };
  let to = { grams: new Uint32Array(grams.length), numbers: new Uint16Array(grams.length) };
  for (const shift of [0, 12]) {
    const starts = new Uint32Array(4097);
    for (let at = 0; at < from.grams.length; at++) starts[((from.grams[at]! >>> shift) & 4095) + 1]!++;
    for (let digit = 0; digit < 4096; digit++) starts[digit + 1]! += starts[digit]!;
    for (let at = 0; at < from.grams.length; at++) {
      const place = starts[(from.grams[at]! >>> shift) & 4095]!++;
      to.grams[place] = from.grams[at]!;
      to.numbers[place] = from.numbers[at]!;
    }
    [from, to] = [to, from];
  }
  return from;
}
