import { crc32 } from 'node:zlib';
import type { Base, FileStamp } from './base.ts';

/** Grows whenever symbols, the lexer or the layout change: an older file is then built anew. */
export const BASE_VERSION = 1;
const MAGIC = 0x58454c54;

/** What the base on disk is not: from another version, cut short, or damaged. The cure is always to build it again. */
export class BaseFileError extends Error {
  override readonly name = 'BaseFileError';
}

interface Header {
  readonly files: readonly FileStamp[];
  /** Name, kind and length of each array, in order. */
  readonly arrays: readonly (readonly [name: string, kind: Kind, length: number])[];
}

const KINDS = { i32: Int32Array, u32: Uint32Array, u16: Uint16Array, u8: Uint8Array } as const;
type Kind = keyof typeof KINDS;
type Numbers = Int32Array | Uint32Array | Uint16Array | Uint8Array;

/**
 * Layout: five 32-bit words (magic, version, length of the header, length of the arrays, CRC-32 of all behind these words), the header as JSON padded to 8 bytes, then the arrays, each
 * padded to 8 bytes. Byte order is the machine's own: the file never leaves it.
 */
export function writeBase(base: Base): Uint8Array[] {
  const arrays: [string, Kind, Numbers][] = [
    ['chars', 'u16', base.words.chars],
    ['starts', 'u32', base.words.starts],
    ['table', 'i32', base.words.table],
    ['traits', 'u8', base.words.traits],
    ['fileStarts', 'i32', base.fileStarts],
    ['symbols', 'i32', base.symbols],
    ['order', 'i32', base.order],
    ['patterns', 'i32', base.patterns],
    ['patternOrder', 'i32', base.patternOrder],
    ['postingStarts', 'i32', base.postingStarts],
    ['postings', 'i32', base.postings],
    ['counts', 'i32', base.counts],
  ];
  const header: Header = { files: base.files, arrays: arrays.map(([name, kind, array]) => [name, kind, array.length]) };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const spaces = new Uint8Array(paddingOf(json.length)).fill(0x20);
  const parts = [json, spaces];
  // Arrays are passed on as they are: a copy of each would double the memory of a build at its peak.
  for (const [, , array] of arrays) {
    parts.push(new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength));
    parts.push(new Uint8Array(paddingOf(array.byteLength)));
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const crc = parts.reduce((sum, part) => crc32(part, sum), 0);
  const jsonLength = json.length + spaces.length;
  const head = new Uint32Array([MAGIC, BASE_VERSION, jsonLength, length - jsonLength, crc, 0]);
  return [new Uint8Array(head.buffer), ...parts];
}

/** The base in `bytes`, without copying: its arrays are views of the same buffer. @throws BaseFileError */
export function readBase(bytes: Uint8Array): Base {
  if (bytes.length < 24) throw new BaseFileError('shorter than its head');
  const [magic, version, jsonLength, length, crc] = new Uint32Array(bytes.buffer, bytes.byteOffset, 6);
  if (magic !== MAGIC) throw new BaseFileError('is no lexicon');
  if (version !== BASE_VERSION) throw new BaseFileError(`is of version ${version}, not ${BASE_VERSION}`);
  if (bytes.length !== 24 + jsonLength! + length!) throw new BaseFileError('is cut short');
  if (crc32(bytes.subarray(24)) !== crc) throw new BaseFileError('has a wrong checksum');
  const json = new TextDecoder().decode(bytes.slice(24, 24 + jsonLength!));
  const header = JSON.parse(json) as Header;
  const found = new Map<string, Numbers>();
  let at = bytes.byteOffset + 24 + jsonLength!;
  for (const [name, kind, count] of header.arrays) {
    const Type = KINDS[kind];
    found.set(name, new Type(bytes.buffer as ArrayBuffer, at, count));
    at += Math.ceil((count * Type.BYTES_PER_ELEMENT) / 8) * 8;
  }
  const take = <T extends Numbers>(name: string): T => {
    const array = found.get(name);
    if (!array) throw new BaseFileError(`has no ${name}`);
    return array as T;
  };
  return {
    words: { chars: take('chars'), starts: take('starts'), table: take('table'), traits: take('traits') },
    files: header.files,
    fileStarts: take('fileStarts'),
    symbols: take('symbols'),
    order: take('order'),
    patterns: take('patterns'),
    patternOrder: take('patternOrder'),
    postingStarts: take('postingStarts'),
    postings: take('postings'),
    counts: take('counts'),
  };
}

/** Bytes up to the next multiple of 8. */
function paddingOf(length: number): number {
  return (8 - (length % 8)) % 8;
}
