/**
 * Ascending numbers of files as bytes: gaps as variable-length integers (seven bits a byte, lowest first), or a bit for every file of the segment where
 * that is shorter, as it is for the windows that most files hold.
 */
export interface EncodedList {
  readonly bytes: Uint8Array;
  readonly dense: boolean;
}

export interface ListEncoder {
  /** `numbers[from..to)` ascending, each below `files`. The bytes are valid until the next call. */
  encode(numbers: Uint32Array | Uint16Array, from: number, to: number, files: number): EncodedList;
}

export function createListEncoder(): ListEncoder {
  let buffer = new Uint8Array(1 << 16);
  return {
    encode(numbers, from, to, files) {
      const bitmap = (files + 7) >>> 3;
      const most = Math.min((to - from) * 5, bitmap + 5);
      if (buffer.length < most) buffer = new Uint8Array(most * 2);
      let length = 0;
      let previous = -1;
      for (let at = from; at < to && length <= bitmap; at++) {
        const number = numbers[at]!;
        let gap = number - previous - 1;
        previous = number;
        while (gap > 127) {
          buffer[length++] = (gap & 127) | 128;
          gap >>>= 7;
        }
        buffer[length++] = gap;
      }
      if (length <= bitmap) return { bytes: buffer.subarray(0, length), dense: false };
      buffer.fill(0, 0, bitmap);
      for (let at = from; at < to; at++) buffer[numbers[at]! >>> 3]! |= 1 << (numbers[at]! & 7);
      return { bytes: buffer.subarray(0, bitmap), dense: true };
    },
  };
}

/** Writes the numbers to `into` and answers how many there are; at most 8 per byte of a dense list, one per byte of another. */
export function decodeList(bytes: Uint8Array, dense: boolean, into: Uint32Array): number {
  let count = 0;
  if (dense) {
    for (let at = 0; at < bytes.length; at++)
      for (let rest = bytes[at]!; rest !== 0; rest &= rest - 1) into[count++] = at * 8 + 31 - Math.clz32(rest & -rest);
    return count;
  }
  let previous = -1;
  let gap = 0;
  let shift = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    gap |= (byte & 127) << shift;
    if (byte > 127) {
      shift += 7;
      continue;
    }
    previous += gap + 1;
    into[count++] = previous;
    gap = 0;
    shift = 0;
  }
  return count;
}

/** How long `into` has to be for `decodeList`. */
export const mostNumbers = (bytes: Uint8Array, dense: boolean): number => (dense ? bytes.length * 8 : bytes.length);

/**
 * Those of `candidates`, ascending, that an encoded list holds. Without unpacking it: as a rule they are few, and the list is as long as many files have the
 * n-gram. Written for a process that has just started, where nothing is compiled: one loop, no calls.
 */
export function keepListed(candidates: Uint32Array, bytes: Uint8Array, dense: boolean): Uint32Array {
  const kept = new Uint32Array(candidates.length);
  let count = 0;
  if (dense) {
    for (let index = 0; index < candidates.length; index++) {
      const number = candidates[index]!;
      if ((bytes[number >>> 3]! & (1 << (number & 7))) !== 0) kept[count++] = number;
    }
    return kept.subarray(0, count);
  }
  let listed = -1;
  let gap = 0;
  let shift = 0;
  let index = 0;
  let wanted = candidates[0] ?? -1;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    gap |= (byte & 127) << shift;
    if (byte > 127) {
      shift += 7;
      continue;
    }
    listed += gap + 1;
    gap = 0;
    shift = 0;
    while (wanted < listed) {
      if (++index >= candidates.length) return kept.subarray(0, count);
      wanted = candidates[index]!;
    }
    if (wanted === listed) kept[count++] = listed;
  }
  return kept.subarray(0, count);
}

export function union(left: Uint32Array, right: Uint32Array): Uint32Array {
  const out = new Uint32Array(left.length + right.length);
  let count = 0;
  let a = 0;
  let b = 0;
  while (a < left.length || b < right.length) {
    const next = Math.min(left[a] ?? Number.POSITIVE_INFINITY, right[b] ?? Number.POSITIVE_INFINITY);
    if (left[a] === next) a++;
    if (right[b] === next) b++;
    out[count++] = next;
  }
  return out.subarray(0, count);
}
