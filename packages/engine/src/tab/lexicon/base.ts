import { encodeInto, grow, indentUnit } from './encode.ts';
import { patternsOf } from './patterns.ts';
import { sortContexts } from './suffix-array.ts';
import { BOUNDARY, wordOf } from './symbols.ts';
import { Words, type WordsParts } from './words.ts';

/** A file as the model saw it. */
export interface FileStamp {
  readonly path: string;
  /** Milliseconds, and bytes, as `stat` gave them; 0 where the text did not come from disk. */
  readonly modified: number;
  readonly size: number;
}

/**
 * The frozen part of the model: every file's symbols and patterns in one stream each, with the positions of both sorted by context.
 * All arrays lie in shared buffers: the worker that built them and the engine see the same memory.
 */
export interface Base {
  readonly words: WordsParts;
  readonly files: readonly FileStamp[];
  /** Where file `i` begins in `symbols`, at its `BOUNDARY`; one more entry than files. */
  readonly fileStarts: Int32Array;
  readonly symbols: Int32Array;
  readonly order: Int32Array;
  readonly patterns: Int32Array;
  readonly patternOrder: Int32Array;
  /** Files of word `w` are `postings[postingStarts[w] .. postingStarts[w + 1])`, ascending. */
  readonly postingStarts: Int32Array;
  readonly postings: Int32Array;
  /** Occurrences of each word. */
  readonly counts: Int32Array;
}

/**
 * Symbols the model holds at most; beyond, files are known by their identifiers only. 4 million (about 24 MB of code) are 64 MB, and building them stays below
 * 300 MB for the whole process.
 */
export const SYMBOL_LIMIT = 4_000_000;

/** Takes files in one by one, then freezes. */
export class BaseBuilder {
  readonly #words = new Words();
  readonly #files: FileStamp[] = [];
  readonly #starts: number[] = [];
  readonly #limit: number;
  #symbols = new Int32Array(1 << 16);
  #size = 0;
  /** (word, file) pairs, each once, in order of files. */
  #pairs = new Int32Array(1 << 14);
  #pairCount = 0;
  #seen = new Int32Array(1 << 12);
  #counts = new Int32Array(1 << 12);

  constructor(limit: number = SYMBOL_LIMIT) {
    this.#limit = limit;
  }

  get symbols(): number {
    return this.#size;
  }

  add(stamp: FileStamp, text: string): void {
    const file = this.#files.length;
    this.#files.push(stamp);
    this.#starts.push(this.#size);
    const keep = this.#size < this.#limit;
    if (keep) this.#push(BOUNDARY);
    encodeInto(text, this.#words, indentUnit(text), (symbol) => {
      if (keep) this.#push(symbol);
      const word = wordOf(symbol);
      if (word >= 0) this.#note(word, file);
    });
  }

  /** `step` is called between the phases, with what is being done. */
  freeze(step: (phase: 'patterns' | 'contexts' | 'done') => void = () => {}): Base {
    const symbols = shared(this.#symbols.subarray(0, this.#size));
    // The room of the symbols is used again: it is as long as they are, or longer.
    const rank = this.#symbols;
    this.#symbols = new Int32Array(0);
    step('patterns');
    const patterns = shared(this.#size);
    patternsOf(symbols, this.#words, patterns);
    const { postingStarts, postings } = this.#invert();
    const words = this.#words.parts();
    const counts = shared(this.#counts.subarray(0, this.#words.size));
    step('contexts');
    const order = shared(this.#size);
    sortContexts(symbols, order, rank);
    const patternOrder = shared(this.#size);
    sortContexts(patterns, patternOrder, rank);
    step('done');
    const fileStarts = shared(Int32Array.from([...this.#starts, this.#size]));
    return {
      words,
      files: this.#files,
      fileStarts,
      symbols,
      order,
      patterns,
      patternOrder,
      postingStarts,
      postings,
      counts,
    };
  }

  #push(symbol: number): void {
    if (this.#size === this.#symbols.length) this.#symbols = grow(this.#symbols, 1.5);
    this.#symbols[this.#size++] = symbol;
  }

  #note(word: number, file: number): void {
    if (word >= this.#seen.length) {
      this.#seen = grow(this.#seen);
      this.#counts = grow(this.#counts);
    }
    this.#counts[word]!++;
    if (this.#seen[word] === file + 1) return;
    this.#seen[word] = file + 1;
    if (this.#pairCount + 2 > this.#pairs.length) this.#pairs = grow(this.#pairs, 1.5);
    this.#pairs[this.#pairCount++] = word;
    this.#pairs[this.#pairCount++] = file;
  }

  #invert(): { postingStarts: Int32Array; postings: Int32Array } {
    const postingStarts = shared(this.#words.size + 1);
    for (let at = 0; at < this.#pairCount; at += 2) postingStarts[this.#pairs[at]! + 1]!++;
    for (let word = 0; word < this.#words.size; word++) postingStarts[word + 1]! += postingStarts[word]!;
    const next = postingStarts.slice();
    const postings = shared(this.#pairCount / 2);
    for (let at = 0; at < this.#pairCount; at += 2) postings[next[this.#pairs[at]!]!++] = this.#pairs[at + 1]!;
    this.#pairs = new Int32Array(0);
    return { postingStarts, postings };
  }
}

/** An array in a shared buffer: of a length, or holding a copy. */
function shared(from: number | Int32Array): Int32Array {
  const length = typeof from === 'number' ? from : from.length;
  const array = new Int32Array(new SharedArrayBuffer(length * 4));
  if (typeof from !== 'number') array.set(from);
  return array;
}

/** The file that position `at` belongs to. */
export function fileAt(base: Base, at: number): number {
  let lo = 0;
  let hi = base.files.length - 1;
  while (lo < hi) {
    const middle = (lo + hi + 1) >>> 1;
    if (base.fileStarts[middle]! <= at) lo = middle;
    else hi = middle - 1;
  }
  return lo;
}

export const emptyBase: Base = new BaseBuilder().freeze();
