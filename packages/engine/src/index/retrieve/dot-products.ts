/**
 * Dot products of one vector with many, by the vector unit of the processor: 16 components at a time where JavaScript takes one. The machine code below
 * is WebAssembly, which every Node runs; it is copied to block by block, so that the vectors may lie where they are.
 */

/**
 * `dot(query, rows, out, count, dimensions)`: addresses of the query (int16), of `count` rows one after the other (int8) and of the sums (int32).
 * Dimensions are a multiple of 16.
 */
// biome-ignore format: one instruction a line
const CODE = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // magic, version
  0x01, 0x09, 0x01, 0x60, 0x05, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x00, // type 0: five i32 -> nothing
  0x02, 0x0a, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x01, 0x6d, 0x02, 0x00, 0x04, // import env.m: memory of at least 4 pages
  0x03, 0x02, 0x01, 0x00, // one function, of type 0
  0x07, 0x07, 0x01, 0x03, 0x64, 0x6f, 0x74, 0x00, 0x00, // export it as `dot`
  0x0a, 0x92, 0x01, 0x01, 0x8f, 0x01, // code: one body of 143 bytes
  0x03, 0x01, 0x7f, 0x01, 0x7b, 0x01, 0x7b, // locals: 5 at: i32, 6 sum: v128, 7 row: v128
  0x03, 0x40, // loop: rows
  0x41, 0x00, 0x22, 0x05, 0xfd, 0x11, 0x21, 0x06, // at = 0, sum = 0
  0x03, 0x40, // loop: 16 components
  0x20, 0x01, 0xfd, 0x00, 0x00, 0x00, 0x21, 0x07, // row = load(rows)
  0x20, 0x06, // sum
  0x20, 0x07, 0xfd, 0x87, 0x01, // the lower eight, as int16
  0x20, 0x00, 0x20, 0x05, 0x41, 0x01, 0x74, 0x6a, 0xfd, 0x00, 0x00, 0x00, // load(query + 2 * at)
  0xfd, 0xba, 0x01, 0xfd, 0xae, 0x01, // dot, add
  0x20, 0x07, 0xfd, 0x88, 0x01, // the upper eight
  0x20, 0x00, 0x20, 0x05, 0x41, 0x01, 0x74, 0x6a, 0xfd, 0x00, 0x00, 0x10, // load(query + 2 * at + 16)
  0xfd, 0xba, 0x01, 0xfd, 0xae, 0x01, 0x21, 0x06, // dot, add, to sum
  0x20, 0x01, 0x41, 0x10, 0x6a, 0x21, 0x01, // rows += 16
  0x20, 0x05, 0x41, 0x10, 0x6a, 0x22, 0x05, // at += 16
  0x20, 0x04, 0x49, 0x0d, 0x00, 0x0b, // again while at < dimensions
  0x20, 0x02, // out:
  0x20, 0x06, 0xfd, 0x1b, 0x00, 0x20, 0x06, 0xfd, 0x1b, 0x01, 0x6a, // lanes 0 and 1
  0x20, 0x06, 0xfd, 0x1b, 0x02, 0x6a, 0x20, 0x06, 0xfd, 0x1b, 0x03, 0x6a, // and 2 and 3
  0x36, 0x02, 0x00, // store
  0x20, 0x02, 0x41, 0x04, 0x6a, 0x21, 0x02, // out += 4
  0x20, 0x03, 0x41, 0x01, 0x6b, 0x22, 0x03, 0x0d, 0x00, 0x0b, // again while --count
  0x0b,
);

/** The part of it that is used here; Node's types leave it out. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
    readonly Module: new (code: Uint8Array) => object;
    readonly Instance: new (module: object, imports: object) => { readonly exports: { readonly dot: Kernel } };
  };
};

type Kernel = (query: number, rows: number, out: number, count: number, dimensions: number) => void;

const PAGES = 4;
const ROWS = 16_384;
/** What the kernel takes: more would not fit beside the rows. */
const MOST_DIMENSIONS = 4_096;

export type DotProducts = (
  query: Float32Array,
  rows: Int8Array,
  count: number,
  scales: Float32Array,
  target: Float32Array,
) => void;

/**
 * Makes a function that puts the dot products of a unit vector with the first `count` rows of `rows` (`query.length` int8 components each), times the scale of
 * each row, into `target`. The query is rounded to 16 bits: products are off by at most .0001. 30,000 x 256 take 2 ms, in JavaScript 12.
 */
export function dotProducts(): DotProducts {
  let memory: InstanceType<typeof WebAssembly.Memory> | undefined;
  let dot: Kernel | undefined;
  return (query, rows, count, scales, target) => {
    const dimensions = query.length;
    if (dimensions % 16 !== 0 || dimensions === 0 || dimensions > MOST_DIMENSIONS) {
      oneByOne(query, rows, count, scales, target);
      return;
    }
    memory ??= new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    dot ??= new WebAssembly.Instance(new WebAssembly.Module(CODE), { env: { m: memory } }).exports.dot;
    const bytes = new Int8Array(memory.buffer);
    const scale = put(query, new Int16Array(memory.buffer, 0, dimensions));
    const block = Math.floor((bytes.length - ROWS) / (dimensions + 4));
    const sums = new Int32Array(memory.buffer, bytes.length - 4 * block, block);
    for (let first = 0; first < count; first += block) {
      const many = Math.min(block, count - first);
      bytes.set(rows.subarray(first * dimensions, (first + many) * dimensions), ROWS);
      dot(0, ROWS, sums.byteOffset, many, dimensions);
      for (let at = 0; at < many; at++) target[first + at] = (sums[at]! * scales[first + at]!) / scale;
    }
  };
}

/** Rounds to 16 bits, so that no sum of products with int8 components exceeds 31 bits (by Cauchy and Schwarz). @returns what a component is multiplied by */
function put(query: Float32Array, target: Int16Array): number {
  let most = 0;
  let squares = 0;
  for (const component of query) {
    most = Math.max(most, Math.abs(component));
    squares += component * component;
  }
  if (most === 0) {
    target.fill(0);
    return 1;
  }
  const scale = Math.min(32_767 / most, 2 ** 30 / (128 * Math.sqrt(query.length * squares)));
  for (let at = 0; at < query.length; at++) target[at] = Math.round(query[at]! * scale);
  return scale;
}

function oneByOne(
  query: Float32Array,
  rows: Int8Array,
  count: number,
  scales: Float32Array,
  target: Float32Array,
): void {
  for (let row = 0; row < count; row++) {
    let sum = 0;
    for (let at = 0; at < query.length; at++) sum += query[at]! * rows[row * query.length + at]!;
    target[row] = sum * scales[row]!;
  }
}
