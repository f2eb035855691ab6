import * as zlib from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 (IEEE), continued from `start`. */
export function crc32(bytes: Uint8Array, start = 0): number {
  return native ? native(bytes, start) : tableCrc32(bytes, start);
}

/** Came with Node 22.2, and the command line runs on 20 too. A process that lives for 50 ms never gets the loop below compiled. */
const native: typeof zlib.crc32 | undefined = zlib.crc32;

export function tableCrc32(bytes: Uint8Array, start = 0): number {
  let value = ~start;
  for (let at = 0; at < bytes.length; at++) value = (value >>> 8) ^ TABLE[(value ^ bytes[at]!) & 255]!;
  return ~value >>> 0;
}
