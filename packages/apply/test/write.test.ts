import { describe, expect, it } from 'vitest';
import {
  applyEdit,
  ChangedSinceReadError,
  type FileWrite,
  planWrites,
  type WriteEffects,
  WriteFailedError,
  WritePlanError,
  writeFilesAtomically,
} from '../src/index.ts';

interface FakeDisk extends WriteEffects {
  readonly files: Map<string, { text: string; mode: number }>;
  readonly log: string[];
}

/** A disk in memory; `fail` breaks the operation whose log line it matches, every time or from its n-th on. */
function fakeDisk(files: Record<string, string>, fail: (entry: string) => boolean = () => false): FakeDisk {
  const disk = new Map(Object.entries(files).map(([path, text]) => [path, { text, mode: 0o640 }]));
  const log: string[] = [];
  let count = 0;
  const step = (entry: string) => {
    log.push(entry);
    if (fail(entry)) throw new Error(`disk: ${entry}`);
  };
  return {
    files: disk,
    log,
    async read(path) {
      const file = disk.get(path);
      return file && { bytes: new TextEncoder().encode(file.text), mode: file.mode };
    },
    follow: async (path) => (path === '/link' ? '/a' : path),
    async create(path, bytes, mode) {
      step(`create ${path.replace(/\.\d+$/, '')}`);
      disk.set(path, { text: new TextDecoder().decode(bytes), mode: mode ?? 0o644 });
    },
    async rename(from, to) {
      step(`rename to ${to}`);
      disk.set(to, disk.get(from)!);
      disk.delete(from);
    },
    async remove(path) {
      step(`remove ${path.replace(/\.\d+$/, '')}`);
      if (!disk.delete(path)) throw new Error('no such file');
    },
    makeFolderOf: async () => [],
    removeFolder: async () => {},
    syncFolderOf: async () => {},
    temporaryName: (path) => `${path}.tmp.${count++}`,
  };
}

const contents = (disk: FakeDisk) => Object.fromEntries([...disk.files].map(([path, { text }]) => [path, text]));
const BOTH: FileWrite[] = [
  { path: '/a', expected: 'one', text: 'ONE' },
  { path: '/b', expected: 'two', text: 'TWO' },
];

describe('writing a set of files', () => {
  it('replaces each by a rename, keeps permissions and leaves nothing behind', async () => {
    const disk = fakeDisk({ '/a': 'one', '/b': 'two' });
    await writeFilesAtomically(disk, BOTH);
    expect(contents(disk)).toEqual({ '/a': 'ONE', '/b': 'TWO' });
    expect(disk.files.get('/a')!.mode).toBe(0o640);
    expect(disk.log.findIndex((entry) => entry.startsWith('rename'))).toBeGreaterThan(
      disk.log.findLastIndex((entry) => entry.startsWith('create')),
    );
  });

  it('creates, deletes and follows links', async () => {
    const disk = fakeDisk({ '/a': 'one', '/b': 'two' });
    await writeFilesAtomically(disk, [
      { path: '/link', expected: 'one', text: 'ONE' },
      { path: '/b', expected: 'two', text: undefined },
      { path: '/c', expected: undefined, text: 'new' },
    ]);
    expect(contents(disk)).toEqual({ '/a': 'ONE', '/c': 'new' });
  });

  it.each([
    ['changed', { '/a': 'one', '/b': 'other' }],
    ['gone', { '/a': 'one' }],
  ])('touches nothing when one is %s since it was read', async (_, files) => {
    const disk = fakeDisk(files);
    await expect(writeFilesAtomically(disk, BOTH)).rejects.toBeInstanceOf(ChangedSinceReadError);
    expect(contents(disk)).toEqual(files);
    expect(disk.log).toEqual([]);
  });

  it('notices a change that comes while the new texts are written', async () => {
    const disk = fakeDisk({ '/a': 'one', '/b': 'two' }, (entry) => {
      if (entry === 'create /b.tmp') disk.files.set('/a', { text: 'typed meanwhile', mode: 0o640 });
      return false;
    });
    await expect(writeFilesAtomically(disk, BOTH)).rejects.toBeInstanceOf(ChangedSinceReadError);
    expect(contents(disk)).toEqual({ '/a': 'typed meanwhile', '/b': 'two' });
  });

  it('is undone wherever it fails', async () => {
    const start = { '/a': 'one', '/b': 'two' };
    const writes: FileWrite[] = [...BOTH, { path: '/c', expected: undefined, text: 'new' }];
    const clean = fakeDisk(start);
    await writeFilesAtomically(clean, writes);
    const steps = clean.log.filter((entry) => !entry.startsWith('remove'));
    expect(steps.length).toBeGreaterThan(6);
    for (const [n] of steps.entries()) {
      let seen = 0;
      const disk = fakeDisk(start, () => seen++ === n);
      const error = await writeFilesAtomically(disk, writes).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(WriteFailedError);
      expect((error as WriteFailedError).restored).toBe(true);
      expect(contents(disk)).toEqual(start);
    }
  });

  it('tells where the old text is when it cannot be put back', async () => {
    const disk = fakeDisk(
      { '/a': 'one', '/b': 'two' },
      (entry) =>
        entry === 'rename to /b' || (entry === 'rename to /a' && disk.log.filter((e) => e === entry).length > 1),
    );
    const error = (await writeFilesAtomically(disk, BOTH).catch((e: unknown) => e)) as WriteFailedError;
    expect(error.restored).toBe(false);
    const copy = error.unrestored.get('/a')!;
    expect(disk.files.get(copy)!.text).toBe('one');
  });
});

describe('planning writes', () => {
  const result = (original: string, edit: string) => applyEdit(original, edit, { format: 'whole' });
  it('turns results into writes, and leaves unchanged files alone', () => {
    const writes = planWrites([
      { path: '/a', original: 'x\n', result: result('x\n', 'y\n') },
      { path: '/b', original: 'x\n', result: result('x\n', 'x\n') },
      { path: '/c', original: 'x\n', result: result('x\n', 'z\n'), moveTo: '/d' },
    ]);
    expect(writes).toEqual([
      { path: '/a', expected: 'x\n', text: 'y\n' },
      { path: '/d', expected: undefined, text: 'z\n' },
      { path: '/c', expected: 'x\n', text: undefined },
    ]);
  });

  it('refuses half an edit, and two writes of one file', () => {
    expect(() => planWrites([{ path: '/a', original: 'x\n', result: result('x\n', '') }])).toThrow(WritePlanError);
    const twice = { path: '/a', original: 'x\n', result: result('x\n', 'y\n') };
    expect(() => planWrites([twice, twice])).toThrow(WritePlanError);
  });
});
