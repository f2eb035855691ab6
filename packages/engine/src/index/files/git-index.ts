import { hash } from 'node:crypto';

/** What git has in its index: files that count although a pattern ignores them. Submodules are none. */
export interface TrackedFiles {
  /** Paths below the top of the working tree, `/` between parts. */
  readonly files: ReadonlySet<string>;
  /** Folders that hold tracked files, at any depth. */
  readonly folders: ReadonlySet<string>;
}

export const NOTHING_TRACKED: TrackedFiles = { files: new Set(), folders: new Set() };

const HEADER = 12;
/** Times, device, inode, mode, owner, size, before the id. */
const FIXED = 40;
const FOLDER_MODE = 0o040000;
const SUBMODULE_MODE = 0o160000;

/**
 * Reads an index file, versions 2 to 4, as gitformat-index(5) describes it. `undefined` where the index has to be asked of git: a split or sparse index, an
 * unknown version, a damaged file.
 */
export function parseGitIndex(bytes: Uint8Array, idBytes = 20): TrackedFiles | undefined {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (data.length < HEADER + idBytes || data.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = data.readUInt32BE(4);
  const count = data.readUInt32BE(8);
  if (version < 2 || version > 4) return undefined;
  const end = data.length - idBytes;
  const sum = data.subarray(end);
  // `index.skipHash` leaves zeros.
  if (
    !hash(idBytes === 32 ? 'sha256' : 'sha1', data.subarray(0, end), 'buffer').equals(sum) &&
    sum.some((byte) => byte !== 0)
  )
    return undefined;
  const collected = collector();
  let at = HEADER;
  let previous: Buffer = Buffer.alloc(0);
  for (let entry = 0; entry < count; entry++) {
    const flagsAt = at + FIXED + idBytes;
    if (flagsAt + 2 > end) return undefined;
    const mode = data.readUInt32BE(at + 24);
    if (mode === FOLDER_MODE) return undefined;
    const extended = (data.readUInt16BE(flagsAt) & 0x4000) !== 0;
    let nameAt = flagsAt + (extended ? 4 : 2);
    let name: Buffer;
    if (version === 4) {
      let strip = 0;
      let byte: number;
      let digits = 0;
      do {
        byte = data[nameAt++] ?? 0;
        strip = digits++ === 0 ? byte & 0x7f : (strip + 1) * 128 + (byte & 0x7f);
      } while (byte & 0x80 && digits < 9);
      const nul = data.indexOf(0, nameAt);
      if (nul < 0 || nul >= end || strip > previous.length) return undefined;
      name = Buffer.concat([previous.subarray(0, previous.length - strip), data.subarray(nameAt, nul)]);
      at = nul + 1;
    } else {
      const nul = data.indexOf(0, nameAt);
      if (nul < 0 || nul >= end) return undefined;
      name = data.subarray(nameAt, nul);
      // Entries are padded with one to eight zeros to a multiple of eight.
      at += (Math.floor((nul - at) / 8) + 1) * 8;
    }
    previous = name;
    collected.add(name.toString('utf8'), mode);
  }
  // A split index keeps its entries elsewhere: the `link` extension says so.
  while (at + 8 <= end) {
    if (data.toString('latin1', at, at + 4) === 'link') return undefined;
    at += 8 + data.readUInt32BE(at + 4);
  }
  return collected.done();
}

/** The output of `git ls-files -z --stage`. */
export function parseLsFiles(output: string): TrackedFiles {
  const collected = collector();
  for (const item of output.split('\0')) {
    const tab = item.indexOf('\t');
    if (tab > 0) collected.add(item.slice(tab + 1), Number.parseInt(item.slice(0, 6), 8));
  }
  return collected.done();
}

function collector(): { add(path: string, mode: number): void; done(): TrackedFiles } {
  const files = new Set<string>();
  const folders = new Set<string>();
  return {
    add(path, mode) {
      // Their folders count: one below an ignored folder is looked at.
      if (mode !== SUBMODULE_MODE) files.add(path);
      else folders.add(path);
      for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        const folder = path.slice(0, slash);
        if (folders.has(folder)) break;
        folders.add(folder);
      }
    },
    done: () => ({ files, folders }),
  };
}
