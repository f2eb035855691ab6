import { crc32 } from 'node:zlib';
import { StoreError } from './sqlite.ts';

export const KINDS = ['function', 'method', 'class', 'type', 'block', 'section', 'lines'] as const;
export type ChunkKind = (typeof KINDS)[number];

/** What the index knows of a chunk without its text. */
export interface ChunkRow {
  readonly startLine: number;
  readonly endLine: number;
  /** UTF-16 code units in the file's text. */
  readonly start: number;
  readonly end: number;
  readonly kind: ChunkKind;
  readonly symbol?: string;
  /** Terms of its text. */
  readonly length: number;
  readonly simhash: readonly [low: number, high: number];
}

/** A file as it is stored. Its chunks have the ids `firstChunk`, `firstChunk + 1`, ...; no id is ever used twice. */
export interface StoredFile {
  readonly id: number;
  readonly path: string;
  /** Of the bytes that were chunked. */
  readonly hash: string;
  readonly language: string;
  /** Milliseconds since 1970, as the disk said when it was read. */
  readonly modified: number;
  readonly firstChunk: number;
  readonly chunks: readonly ChunkRow[];
}

const FIELDS = 8;

export function packChunks(chunks: readonly ChunkRow[]): Uint8Array {
  const numbers = new Int32Array(chunks.length * FIELDS);
  for (const [index, chunk] of chunks.entries())
    numbers.set(
      [
        chunk.startLine,
        chunk.endLine,
        chunk.start,
        chunk.end,
        KINDS.indexOf(chunk.kind),
        chunk.length,
        ...chunk.simhash,
      ],
      index * FIELDS,
    );
  return new Uint8Array(numbers.buffer);
}

/** @throws StoreError where the bytes are no chunks */
export function unpackChunks(bytes: Uint8Array, symbols: readonly (string | null)[]): ChunkRow[] {
  if (bytes.length !== symbols.length * FIELDS * 4)
    throw new StoreError('corrupt', 'the index on disk is damaged (chunks)');
  const numbers = new Int32Array(bytes.slice().buffer);
  return symbols.map((symbol, index) => {
    const at = index * FIELDS;
    return {
      startLine: numbers[at]!,
      endLine: numbers[at + 1]!,
      start: numbers[at + 2]!,
      end: numbers[at + 3]!,
      kind: KINDS[numbers[at + 4]!] ?? 'lines',
      ...(symbol === null ? {} : { symbol }),
      length: numbers[at + 5]!,
      simhash: [numbers[at + 6]!, numbers[at + 7]!],
    };
  });
}

/** The bytes with a checksum behind them: SQLite has none of its own. */
export function sealed(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length + 4);
  result.set(bytes);
  new DataView(result.buffer).setUint32(bytes.length, crc32(bytes));
  return result;
}

/** @throws StoreError where the checksum is wrong */
export function unsealed(bytes: Uint8Array): Uint8Array {
  const length = bytes.length - 4;
  if (length >= 0) {
    const content = bytes.subarray(0, length);
    if (new DataView(bytes.buffer, bytes.byteOffset + length).getUint32(0) === crc32(content)) return content;
  }
  throw new StoreError('corrupt', 'the index on disk is damaged (checksum)');
}
