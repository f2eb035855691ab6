import { crc32 } from './checksum.ts';
import type { GramDisk } from './gram-disk.ts';
import { GramIndexDamaged, VERSION } from './segment-format.ts';

/** Which segments make up the index, and which of their files are gone. Replaced at once with every commit. */
export interface Manifest {
  /** Number of the next file to write, so that no name is used twice. */
  readonly next: number;
  /** Milliseconds since 1970 at which everything on disk was known to be in the index; 0: never. */
  readonly syncedAt: number;
  readonly segments: readonly SegmentEntry[];
  /** Folders below that have a tree, and an index, of their own; relative. */
  readonly nested: readonly string[];
}

export interface SegmentEntry {
  readonly name: string;
  readonly files: number;
  /** File with a bit for each file that is gone. */
  readonly dead?: string;
  readonly deadCount: number;
}

export const MANIFEST = 'grams.json';
export const EMPTY: Manifest = { next: 1, syncedAt: 0, segments: [], nested: [] };

/** `undefined` where there is none. Throws `GramIndexDamaged` where it is not what was written. */
export function readManifest(disk: GramDisk): Manifest | undefined {
  const bytes = disk.readAll(MANIFEST);
  if (!bytes) return undefined;
  const text = Buffer.from(bytes).toString('utf8');
  const line = text.indexOf('\n');
  const [version, checksum] = text.slice(0, Math.max(0, line)).split(' ');
  const body = text.slice(line + 1);
  if (version !== `grams-${VERSION}`) throw new GramIndexDamaged(`${MANIFEST}: it is of version ${version || 'none'}`);
  if (checksum !== checksumOf(body)) throw new GramIndexDamaged(`${MANIFEST}: it does not have its checksum`);
  return JSON.parse(body) as Manifest;
}

export function writeManifest(disk: GramDisk, manifest: Manifest): void {
  const body = JSON.stringify(manifest);
  writeWhole(disk, MANIFEST, Buffer.from(`grams-${VERSION} ${checksumOf(body)}\n${body}`));
}

/** A bit for each file of the segment, then CRC-32. */
export function readDead(disk: GramDisk, { name, dead, files }: SegmentEntry): Uint8Array {
  const length = (files + 7) >>> 3;
  if (dead === undefined) return new Uint8Array(length);
  const bytes = disk.readAll(dead);
  if (!bytes) throw new GramIndexDamaged(`${dead}: it is missing`);
  const bits = bytes.subarray(0, length);
  const checksum = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length !== length + 4 || checksum.getUint32(length, true) !== crc32(bits))
    throw new GramIndexDamaged(`${dead}: it does not fit ${name}`);
  return Uint8Array.from(bits);
}

export function writeDead(disk: GramDisk, name: string, bits: Uint8Array): void {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(crc32(bits));
  writeWhole(disk, name, Buffer.concat([bits, checksum]));
}

export const isDead = (bits: Uint8Array, number: number): boolean => (bits[number >>> 3]! & (1 << (number & 7))) !== 0;

function writeWhole(disk: GramDisk, name: string, bytes: Uint8Array): void {
  const file = disk.create(name);
  try {
    file.write(bytes);
    file.finish();
  } catch (error) {
    file.abandon();
    throw error;
  }
}

function checksumOf(body: string): string {
  return crc32(Buffer.from(body)).toString(16).padStart(8, '0');
}
