import type * as zlib from 'node:zlib';
import { onDemand } from './on-demand.ts';

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Bytes that the loop below takes in the time in which `node:zlib` is loaded: 4 ms. One question reads less. */
const WORTH_LOADING = 2_000_000;
let seen = 0;
let native: typeof zlib.crc32 | undefined;

/** CRC-32 (IEEE), continued from `start`. */
export function crc32(bytes: Uint8Array, start = 0): number {
  if (native) return native(bytes, start);
  seen += bytes.length;
  // Node's own came with 22.2, and the command line runs on 20 too.
  if (seen > WORTH_LOADING) native = onDemand<typeof zlib>('node:zlib').crc32 ?? tableCrc32;
  return tableCrc32(bytes, start);
}

export function tableCrc32(bytes: Uint8Array, start = 0): number {
  let value = ~start;
  for (let at = 0; at < bytes.length; at++) value = (value >>> 8) ^ TABLE[(value ^ bytes[at]!) & 255]!;
  return ~value >>> 0;
}
