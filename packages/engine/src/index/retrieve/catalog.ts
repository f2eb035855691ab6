import { dotProducts } from './dot-products.ts';
import type { ChunkRow, StoredFile } from '../store/file-row.ts';
import { unpackVector } from '../store/vectors.ts';

/** A file in memory. Its chunks lie in the slots `slots[0]`, `slots[1]`, ... */
export interface CatalogFile {
  readonly id: number;
  readonly path: string;
  readonly hash: string;
  readonly language: string;
  readonly modified: number;
  readonly firstChunk: number;
  readonly chunks: readonly ChunkRow[];
  readonly slots: readonly number[];
  embedded: boolean;
}

/**
 * What a query looks at, in memory: files, chunks by slot, vectors. A chunk of 256 dimensions takes about 400 bytes. A mirror of one store; slots are
 * used again after their chunk went.
 */
export class Catalog {
  readonly #dot = dotProducts();
  readonly #files = new Map<number, CatalogFile>();
  readonly #byPath = new Map<string, CatalogFile>();
  readonly #free: number[] = [];
  /** By chunk id, -1 where the chunk is gone. */
  #slotOfChunk = new Int32Array(1024).fill(-1);
  /** By slot. */
  #fileOf: (CatalogFile | undefined)[] = [];
  #indexInFile = new Int32Array(1024);
  #lengths = new Int32Array(1024);
  #dimensions = 0;
  #components = new Int8Array(0);
  /** 0 where there is no vector. */
  #scales = new Float32Array(0);
  #chunks = 0;
  #totalLength = 0;
  #embedded = 0;
  #revision = 0;

  get files(): IterableIterator<CatalogFile> {
    return this.#files.values();
  }

  get fileCount(): number {
    return this.#files.size;
  }

  get chunkCount(): number {
    return this.#chunks;
  }

  get embeddedChunks(): number {
    return this.#embedded;
  }

  /** Slots are below. */
  get slotCount(): number {
    return this.#fileOf.length;
  }

  get meanLength(): number {
    return this.#chunks === 0 ? 1 : Math.max(1, this.#totalLength / this.#chunks);
  }

  get dimensions(): number {
    return this.#dimensions;
  }

  /** Changes with every change. */
  get revision(): number {
    return this.#revision;
  }

  file(path: string): CatalogFile | undefined {
    return this.#byPath.get(path);
  }

  fileById(id: number): CatalogFile | undefined {
    return this.#files.get(id);
  }

  fileAt(slot: number): CatalogFile | undefined {
    return this.#fileOf[slot];
  }

  chunkAt(slot: number): ChunkRow | undefined {
    return this.#fileOf[slot]?.chunks[this.#indexInFile[slot]!];
  }

  lengthAt(slot: number): number {
    return this.#lengths[slot]!;
  }

  /** Order of two live slots by path and place. */
  compare(a: number, b: number): number {
    const [one, other] = [this.#fileOf[a], this.#fileOf[b]];
    if (one === other || one === undefined || other === undefined) return this.#indexInFile[a]! - this.#indexInFile[b]!;
    return one.path < other.path ? -1 : 1;
  }

  /** -1 where the chunk is gone. */
  slotOf(chunk: number): number {
    return chunk < this.#slotOfChunk.length ? this.#slotOfChunk[chunk]! : -1;
  }

  /** A file of the same path is replaced. */
  add(stored: StoredFile): void {
    const before = this.#byPath.get(stored.path);
    if (before !== undefined) this.remove(before.id);
    const slots = stored.chunks.map((chunk, index) => {
      const slot = this.#free.pop() ?? this.#fileOf.length;
      if (slot >= this.#lengths.length) this.#growSlots();
      const id = stored.firstChunk + index;
      if (id >= this.#slotOfChunk.length) this.#growChunks(id + 1);
      this.#slotOfChunk[id] = slot;
      this.#indexInFile[slot] = index;
      this.#lengths[slot] = chunk.length;
      this.#fileOf[slot] = undefined;
      this.#totalLength += chunk.length;
      if (slot < this.#scales.length) this.#scales[slot] = 0;
      return slot;
    });
    const file: CatalogFile = { ...stored, slots, embedded: stored.chunks.length === 0 };
    for (const slot of slots) this.#fileOf[slot] = file;
    this.#files.set(file.id, file);
    this.#byPath.set(file.path, file);
    this.#chunks += slots.length;
    this.#revision++;
  }

  remove(id: number): void {
    const file = this.#files.get(id);
    if (file === undefined) return;
    for (const [index, slot] of file.slots.entries()) {
      this.#slotOfChunk[file.firstChunk + index] = -1;
      this.#fileOf[slot] = undefined;
      this.#totalLength -= this.#lengths[slot]!;
      if (slot < this.#scales.length) this.#scales[slot] = 0;
      this.#free.push(slot);
    }
    if (file.embedded) this.#embedded -= file.slots.length;
    this.#chunks -= file.slots.length;
    this.#files.delete(id);
    if (this.#byPath.get(file.path) === file) this.#byPath.delete(file.path);
    this.#revision++;
  }

  /** Drops all vectors; from now on they have so many dimensions. */
  useModel(dimensions: number): void {
    this.#dimensions = dimensions;
    this.#components = new Int8Array(this.#lengths.length * dimensions);
    this.#scales = new Float32Array(this.#lengths.length);
    this.#embedded = 0;
    for (const file of this.#files.values()) file.embedded = file.slots.length === 0;
    this.#revision++;
  }

  /** The vectors of a file are in the store and come later, by `setVectors`, before they are looked at. */
  expectVectors(id: number): void {
    const file = this.#files.get(id);
    if (file === undefined || file.embedded) return;
    file.embedded = true;
    this.#embedded += file.slots.length;
    this.#revision++;
  }

  /** Packed vectors of all chunks of a file, see `packVectors`. */
  setVectors(id: number, data: Uint8Array): void {
    const file = this.#files.get(id);
    if (file === undefined || this.#dimensions === 0) return;
    for (const [index, slot] of file.slots.entries())
      unpackVector(data, index, this.#dimensions, this.#components, this.#scales, slot);
    if (!file.embedded) this.#embedded += file.slots.length;
    file.embedded = true;
    this.#revision++;
  }

  hasVector(slot: number): boolean {
    return slot < this.#scales.length && this.#scales[slot]! > 0;
  }

  /** Cosines of a unit vector with the vectors of all slots, into `target`; 0 where there is none. */
  cosines(query: Float32Array, target: Float32Array): void {
    this.#dot(query, this.#components, this.slotCount, this.#scales, target);
  }

  clear(): void {
    for (const id of [...this.#files.keys()]) this.remove(id);
  }

  #growSlots(): void {
    const size = this.#lengths.length * 2;
    this.#lengths = grown(this.#lengths, new Int32Array(size));
    this.#indexInFile = grown(this.#indexInFile, new Int32Array(size));
    if (this.#dimensions === 0) return;
    this.#components = grown(this.#components, new Int8Array(size * this.#dimensions));
    this.#scales = grown(this.#scales, new Float32Array(size));
  }

  #growChunks(atLeast: number): void {
    const before = this.#slotOfChunk.length;
    this.#slotOfChunk = grown(this.#slotOfChunk, new Int32Array(Math.max(before * 2, atLeast)).fill(-1));
  }
}

function grown<T extends Int32Array | Int8Array | Float32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
