import { hashOf } from './scan.ts';

/** The parts of a frozen vocabulary: plain buffers, so that a worker can hand it over and a file can hold it. */
export interface VocabularyParts {
  /** UTF-16 code units of all strings, one after another. */
  readonly chars: Uint16Array;
  /** Where string `i` starts in `chars`; one more entry than strings. */
  readonly starts: Uint32Array;
  /** Open-addressing hash table of string numbers plus one; its length is a power of two. */
  readonly table: Int32Array;
}

/**
 * Strings and their numbers in typed arrays. A JS `Map` of 200,000 strings costs 20 MB and 60 ms on the event loop each time it is made; this costs
 * what its characters do, and nothing to take over from the worker.
 */
export class Vocabulary {
  #chars: Uint16Array;
  #starts: Uint32Array;
  #table: Int32Array;
  #size: number;
  readonly #decoded = new Map<number, string>();

  constructor(parts?: VocabularyParts) {
    this.#chars = parts?.chars ?? new Uint16Array(1 << 12);
    this.#starts = parts?.starts ?? new Uint32Array(1 << 9);
    this.#table = parts?.table ?? new Int32Array(1 << 10);
    this.#size = parts ? parts.starts.length - 1 : 0;
  }

  get size(): number {
    return this.#size;
  }

  /** The number of `text[start, end)`, or -1. `hash` is `hashOf` of it. */
  find(text: string, start: number, end: number, hash: number): number {
    const mask = this.#table.length - 1;
    for (let slot = mix(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#table[slot]!;
      if (entry === 0) return -1;
      if (this.#equals(entry - 1, text, start, end)) return entry - 1;
    }
  }

  /** The number of `text[start, end)`, given now if it is new. Not for a vocabulary made of parts. */
  add(text: string, start: number, end: number, hash: number): number {
    const known = this.find(text, start, end, hash);
    if (known >= 0) return known;
    const length = end - start;
    const from = this.#starts[this.#size]!;
    if (from + length > this.#chars.length) {
      const grown = new Uint16Array(Math.max(this.#chars.length * 2, from + length));
      grown.set(this.#chars);
      this.#chars = grown;
    }
    for (let k = 0; k < length; k++) this.#chars[from + k] = text.charCodeAt(start + k);
    if (this.#size + 2 > this.#starts.length) {
      const grown = new Uint32Array(this.#starts.length * 2);
      grown.set(this.#starts);
      this.#starts = grown;
    }
    this.#starts[this.#size + 1] = from + length;
    const number = this.#size++;
    if (this.#size * 2 > this.#table.length) this.#rehash();
    else this.#insert(number, hash);
    return number;
  }

  idOf(word: string): number {
    return this.find(word, 0, word.length, hashOf(word, 0, word.length));
  }

  /** @throws RangeError for a number that was never given. */
  text(number: number): string {
    if (number < 0 || number >= this.#size) throw new RangeError(`no string ${number} among ${this.#size}`);
    let text = this.#decoded.get(number);
    if (text === undefined) {
      text = String.fromCharCode(...this.#chars.subarray(this.#starts[number]!, this.#starts[number + 1]!));
      if (this.#decoded.size > 20_000) this.#decoded.clear();
      this.#decoded.set(number, text);
    }
    return text;
  }

  /** Exact-size shared copies. */
  parts(): VocabularyParts {
    const chars = new Uint16Array(new SharedArrayBuffer(this.#starts[this.#size]! * 2));
    chars.set(this.#chars.subarray(0, chars.length));
    const starts = new Uint32Array(new SharedArrayBuffer((this.#size + 1) * 4));
    starts.set(this.#starts.subarray(0, starts.length));
    const table = new Int32Array(new SharedArrayBuffer(this.#table.length * 4));
    table.set(this.#table);
    return { chars, starts, table };
  }

  #equals(number: number, text: string, start: number, end: number): boolean {
    const from = this.#starts[number]!;
    if (this.#starts[number + 1]! - from !== end - start) return false;
    for (let k = 0, length = end - start; k < length; k++)
      if (this.#chars[from + k] !== text.charCodeAt(start + k)) return false;
    return true;
  }

  #insert(number: number, hash: number): void {
    const mask = this.#table.length - 1;
    let slot = mix(hash) & mask;
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
    this.#table[slot] = number + 1;
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    for (let number = 0; number < this.#size; number++) {
      let hash = 0;
      for (let k = this.#starts[number]!; k < this.#starts[number + 1]!; k++)
        hash = (Math.imul(hash, 31) + this.#chars[k]!) | 0;
      this.#insert(number, hash);
    }
  }
}

/** Spreads the low bits of the polynomial hash, which alone cluster badly for short words. */
function mix(hash: number): number {
  const spread = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return spread ^ (spread >>> 13);
}
