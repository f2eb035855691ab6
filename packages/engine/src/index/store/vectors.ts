/**
 * Unit vectors as bytes: the largest component of each becomes 127, and the scale goes before it as a float32. 260 bytes for 256 dimensions; the
 * cosine of two of them is off by less than .005.
 */
export function packVectors(vectors: readonly Float32Array[], dimensions: number): Uint8Array {
  const bytes = new Uint8Array(vectors.length * (dimensions + 4));
  const view = new DataView(bytes.buffer);
  for (const [index, vector] of vectors.entries()) {
    const at = index * (dimensions + 4);
    let largest = 0;
    for (const component of vector) largest = Math.max(largest, Math.abs(component));
    const scale = largest / 127;
    view.setFloat32(at, scale, true);
    if (scale > 0) for (let d = 0; d < dimensions; d++) view.setInt8(at + 4 + d, Math.round(vector[d]! / scale));
  }
  return bytes;
}

/** Puts packed vectors where they are searched: components into `target` from `slot * dimensions` on, scales into `scales`. */
export function unpackVector(
  bytes: Uint8Array,
  index: number,
  dimensions: number,
  target: Int8Array,
  scales: Float32Array,
  slot: number,
): void {
  const at = index * (dimensions + 4);
  scales[slot] = new DataView(bytes.buffer, bytes.byteOffset + at).getFloat32(0, true);
  target.set(new Int8Array(bytes.buffer, bytes.byteOffset + at + 4, dimensions), slot * dimensions);
}

export function packedLength(count: number, dimensions: number): number {
  return count * (dimensions + 4);
}
