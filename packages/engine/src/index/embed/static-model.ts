import { hash } from 'node:crypto';

/**
 * A table of token vectors with a weight for each side of a search. The text of a query or passage becomes the weighted sum of the vectors of its
 * words; see docs/embeddings.md for the training and for the file's format.
 */
export interface StaticModel {
  /** `static-`, the versions of format and method, and what changes with the file's content. */
  readonly id: string;
  readonly dimensions: number;
  /** Token to row. Words that are not in it are put together from the longest tokens; what is left takes one of the hashed rows. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Rows behind the tokens' for the hashes of what is in no vocabulary. */
  readonly hashedRows: number;
  /** `(tokens.size + hashedRows) x dimensions`; a row's vector is its values times its scale. */
  readonly vectors: Int8Array;
  /** A row's scale times its weight, for each side. */
  readonly queryScales: Float32Array;
  readonly passageScales: Float32Array;
  /** A factor for the place of a word in its text, by `placeOf`: what a text begins with (names, the question itself) says more. */
  readonly queryPlaces: Float32Array;
  readonly passagePlaces: Float32Array;
}

export const PLACES = 8;

/** The words of a text in eight places that double in length: 0-3, 4-7, 8-15, ... 256 and on. */
export function placeOf(position: number): number {
  return position < 4 ? 0 : Math.min(PLACES - 1, 30 - Math.clz32(position));
}

/** The file is not a model, of another format, or damaged. */
export class ModelFileError extends Error {
  override readonly name = 'ModelFileError';
}

const MAGIC = 0x4d455354; // "TSEM", little endian
const FORMAT = 1;
/** Raised whenever the same file gives another vector for some text (its words, the sum): vectors from before are then not compared with new ones. */
const METHOD = 2;
const HEADER = 32;
const ALIGN = 8;

/** The layout: header, tokens (UTF-8, one a line), places and scales of both sides (float32), vectors (int8); each part begins at a multiple of 8 bytes. */
export function encodeStaticModel(model: Omit<StaticModel, 'id'>): Uint8Array {
  const names = new TextEncoder().encode([...model.tokens.keys()].join('\n'));
  const rows = model.tokens.size + model.hashedRows;
  const parts = partsOf(names.length, rows, model.dimensions);
  const bytes = new Uint8Array(parts.end);
  bytes.set(names, HEADER);
  bytes.set(new Uint8Array(model.queryPlaces.buffer, model.queryPlaces.byteOffset, PLACES * 4), parts.places);
  bytes.set(
    new Uint8Array(model.passagePlaces.buffer, model.passagePlaces.byteOffset, PLACES * 4),
    parts.places + PLACES * 4,
  );
  bytes.set(new Uint8Array(model.queryScales.buffer, model.queryScales.byteOffset, rows * 4), parts.query);
  bytes.set(new Uint8Array(model.passageScales.buffer, model.passageScales.byteOffset, rows * 4), parts.passage);
  bytes.set(new Uint8Array(model.vectors.buffer, model.vectors.byteOffset, rows * model.dimensions), parts.vectors);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, MAGIC, true);
  header.setUint32(4, FORMAT, true);
  header.setUint32(8, model.dimensions, true);
  header.setUint32(12, model.tokens.size, true);
  header.setUint32(16, model.hashedRows, true);
  header.setUint32(20, names.length, true);
  header.setUint32(24, Number.parseInt(hash('sha256', bytes.subarray(HEADER), 'hex').slice(0, 8), 16), true);
  return bytes;
}

/** Bytes at the start of the file that `staticModelHeader` needs. */
export const MODEL_HEADER = HEADER;

/** What the file says of itself, from its first bytes alone: whether the rest is whole is told by `decodeStaticModel`. @throws ModelFileError */
export function staticModelHeader(bytes: Uint8Array): Pick<StaticModel, 'id' | 'dimensions'> {
  const { dimensions, version } = readHeader(bytes);
  return { id: idOf(version), dimensions };
}

const idOf = (version: string): string => `static-${FORMAT}.${METHOD}-${version}`;

function readHeader(bytes: Uint8Array) {
  if (bytes.length < HEADER) throw new ModelFileError('the model file is cut off: install Tabstop anew');
  const header = new DataView(bytes.buffer, bytes.byteOffset, HEADER);
  const field = (index: number) => header.getUint32(index * 4, true);
  if (field(0) !== MAGIC) throw new ModelFileError('this is no embedding model of Tabstop');
  if (field(1) !== FORMAT)
    throw new ModelFileError(`the model file has format ${field(1)}, this version reads format ${FORMAT}`);
  const [dimensions, count, hashedRows, nameBytes, checksum] = [2, 3, 4, 5, 6].map(field) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { dimensions, count, hashedRows, nameBytes, version: checksum.toString(16).padStart(8, '0') };
}

/** @throws ModelFileError */
export function decodeStaticModel(bytes: Uint8Array): StaticModel {
  const { dimensions, count, hashedRows, nameBytes, version } = readHeader(bytes);
  const rows = count + hashedRows;
  const parts = partsOf(nameBytes, rows, dimensions);
  if (parts.end !== bytes.length) throw new ModelFileError('the model file is cut off: install Tabstop anew');
  if (hash('sha256', bytes.subarray(HEADER), 'hex').slice(0, 8) !== version)
    throw new ModelFileError('the model file is damaged: install Tabstop anew');
  // Typed arrays need an aligned start, which a slice of a pool (small files) has not.
  const aligned = bytes.byteOffset % ALIGN === 0 ? bytes : new Uint8Array(bytes);
  const names = new TextDecoder().decode(aligned.subarray(HEADER, HEADER + nameBytes));
  const tokens = new Map<string, number>();
  if (nameBytes > 0) for (const name of names.split('\n')) tokens.set(name, tokens.size);
  if (tokens.size !== count) throw new ModelFileError('the model file is damaged: install Tabstop anew');
  const floats = (at: number, length: number) => new Float32Array(aligned.buffer, aligned.byteOffset + at, length);
  return {
    id: idOf(version),
    dimensions,
    tokens,
    hashedRows,
    queryPlaces: floats(parts.places, PLACES),
    passagePlaces: floats(parts.places + PLACES * 4, PLACES),
    queryScales: floats(parts.query, rows),
    passageScales: floats(parts.passage, rows),
    vectors: new Int8Array(aligned.buffer, aligned.byteOffset + parts.vectors, rows * dimensions),
  };
}

function partsOf(names: number, rows: number, dimensions: number) {
  const up = (value: number) => Math.ceil(value / ALIGN) * ALIGN;
  const places = up(HEADER + names);
  const query = places + PLACES * 8;
  const passage = up(query + rows * 4);
  const vectors = up(passage + rows * 4);
  return { places, query, passage, vectors, end: vectors + rows * dimensions };
}

/** Random directions for hashed words: works without training, as a bag of words does; for tests and as the floor of comparisons. */
export function untrainedModel(dimensions = 256, hashedRows = 32_768): StaticModel {
  const vectors = new Int8Array(dimensions * hashedRows);
  let state = 0x9e3779b9;
  for (let index = 0; index < vectors.length; index++) {
    state = Math.imul(state ^ (state >>> 15), 0x85ebca6b) + 0x6d2b79f5;
    vectors[index] = ((state >>> 16) & 0xff) - 128;
  }
  const scales = new Float32Array(hashedRows).fill(1 / 128);
  return {
    id: `untrained-${dimensions}`,
    dimensions,
    tokens: new Map(),
    hashedRows,
    vectors,
    queryScales: scales,
    passageScales: scales,
    queryPlaces: new Float32Array(PLACES).fill(1),
    passagePlaces: new Float32Array(PLACES).fill(1),
  };
}
