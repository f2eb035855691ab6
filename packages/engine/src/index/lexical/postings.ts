import type { TermUse } from './fields.ts';

/**
 * The postings of one term in one segment: for each chunk, in rising order of id, the distance to the id before and `count << 3 | fields`, both as
 * variable-length integers of 7 bits a byte, low first. A common word takes 2 bytes a chunk.
 */
export class PostingsWriter {
  #bytes = new Uint8Array(16);
  #length = 0;
  #last = 0;

  /** `chunk` must be larger than the one before. */
  add(chunk: number, use: TermUse): void {
    if (this.#length + 12 > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#write(chunk - this.#last);
    // Beyond a thousand BM25 has long been saturated.
    this.#write((Math.min(use.count, 1_000) << 3) | use.fields);
    this.#last = chunk;
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #write(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }
}

/** Calls `each` for every chunk of a blob. @throws RangeError where the blob is cut off */
export function eachPosting(bytes: Uint8Array, each: (chunk: number, count: number, fields: number) => void): void {
  let at = 0;
  let chunk = 0;
  while (at < bytes.length) {
    let byte = bytes[at++]!;
    let distance = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (at >= bytes.length) throw new RangeError('postings are cut off');
      byte = bytes[at++]!;
      distance |= (byte & 0x7f) << shift;
    }
    chunk += distance;
    if (at >= bytes.length) throw new RangeError('postings are cut off');
    byte = bytes[at++]!;
    let use = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (at >= bytes.length) throw new RangeError('postings are cut off');
      byte = bytes[at++]!;
      use |= (byte & 0x7f) << shift;
    }
    each(chunk, use >>> 3, use & 7);
  }
}
