import type { ChunkRow } from '../store/file-row.ts';

/** Of 64 bits; copies that differ in a name or a line are within 3, unrelated chunks are about 32 apart. */
const DISTANCE = 3;
/** Below this many terms the bits are mostly chance. */
const MIN_LENGTH = 12;

/** Whether two chunks say the same, but for a few words. */
export function nearlyEqual(a: ChunkRow, b: ChunkRow): boolean {
  const shorter = Math.min(a.length, b.length);
  const longer = Math.max(a.length, b.length);
  if (shorter < MIN_LENGTH || longer > shorter * 1.15 + 2) return false;
  return bits(a.simhash[0] ^ b.simhash[0]) + bits(a.simhash[1] ^ b.simhash[1]) <= DISTANCE;
}

function bits(value: number): number {
  let rest = value - ((value >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
