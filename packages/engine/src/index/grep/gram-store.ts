import { createGramBuffer } from './gram-buffer.ts';
import type { GramDisk } from './gram-disk.ts';
import {
  EMPTY,
  isDead,
  MANIFEST,
  type Manifest,
  readDead,
  readManifest,
  writeDead,
  writeManifest,
} from './manifest.ts';
import { openSegment, type Segment } from './segment.ts';
import { type GramFile, GramIndexDamaged, keptHash } from './segment-format.ts';
import { mergeSegments } from './segment-merge.ts';
import { createSegmentWriter } from './segment-writer.ts';
import { createGramReader, searchedBytes } from './trigrams.ts';

/** The one writer of an n-gram index. Readers see what was committed last, whole. */
export interface GramStore {
  /** Files that are in, the ones that wait for a commit included. */
  readonly size: number;
  readonly bytes: number;
  readonly syncedAt: number;
  /** Why what was stored could not be used, where that is so. */
  readonly rebuilt: string | undefined;
  get(path: string): GramFile | undefined;
  paths(): Iterable<string>;
  /** Stands for what was known of the path. `content` as it is on disk. Throws what the disk throws; what was added before is not lost by that. */
  add(file: GramFile, content: Uint8Array): void;
  remove(path: string): void;
  /**
   * Makes visible what was added and removed. `syncedAt`: everything on disk at that time is in; `nested`: folders that have an index of their own; left
   * out, nothing new is known of that.
   */
  commit(syncedAt?: number, nested?: readonly string[]): void;
  /** Puts segments together where there are many; a step takes a few milliseconds. */
  merge(): Generator<void, void>;
  clear(): void;
  close(): void;
}

export interface GramStoreOptions {
  readonly disk: GramDisk;
  /** Pairs of n-gram and file that are held in memory before a segment is written. */
  readonly pairsInMemory?: number;
}

interface LiveSegment {
  readonly segment: Segment;
  readonly dead: Uint8Array;
  deadCount: number;
  /** `undefined`: not on disk as it is in memory. */
  deadName: string | undefined;
}

interface Place {
  readonly file: GramFile;
  /** `undefined`: in memory still. */
  segment: LiveSegment | undefined;
  readonly number: number;
}

/** Segments that are left as they are. */
const FEW = 3;
/** A segment is written anew when those smaller than it have together as many files as this part of its own. */
const GROWTH = 8;
/** Open files, and pages in memory, while segments are put together. */
const MOST_AT_ONCE = 64;

/** Opens what is there; what is damaged or of another version is thrown away. */
export function openGramStore({ disk, pairsInMemory }: GramStoreOptions): GramStore {
  const reader = createGramReader();
  let buffer = createGramBuffer(pairsInMemory);
  const places = new Map<string, Place>();
  let segments: LiveSegment[] = [];
  let manifest: Manifest = EMPTY;
  let next = 1;
  let rebuilt: string | undefined;
  /** Numbers in the buffer whose file was added again or removed. */
  let staleNumbers: number[] = [];
  let changed = false;
  /** The segment that a merge writes. */
  let merging: string | undefined;

  try {
    load();
  } catch (error) {
    if (!(error instanceof GramIndexDamaged)) throw error;
    rebuilt = error.message;
    for (const { segment } of segments) segment.close();
    segments = [];
    places.clear();
    manifest = EMPTY;
    // Names in use by someone who still reads must not come again with other content.
    next = Math.max(1, ...disk.list().map((name) => Number(/^grams\.(\d+)\./.exec(name)?.[1] ?? 0) + 1));
  }
  removeUnused();

  function load(): void {
    manifest = readManifest(disk) ?? EMPTY;
    next = manifest.next;
    for (const entry of manifest.segments) {
      const segment = openSegment(disk, entry.name);
      if (!segment) throw new GramIndexDamaged(`${entry.name}: it is missing`);
      const live: LiveSegment = {
        segment,
        dead: readDead(disk, entry),
        deadCount: entry.deadCount,
        deadName: entry.dead,
      };
      segments.push(live);
      for (const [number, file] of segment.allFiles().entries())
        if (!isDead(live.dead, number)) places.set(file.path, { file, segment: live, number });
    }
  }

  function removeUnused(): void {
    const used = new Set([MANIFEST, ...manifest.segments.flatMap(({ name, dead }) => [name, dead ?? name])]);
    const unfinished = (name: string) => merging !== undefined && name.startsWith(`${merging}.`);
    for (const name of disk.list())
      if (name.startsWith('grams.') && !used.has(name) && !unfinished(name)) disk.remove(name);
  }

  function forget(place: Place): void {
    changed = true;
    if (!place.segment) staleNumbers.push(place.number);
    else kill(place.segment, place.number);
  }

  function kill(live: LiveSegment, number: number): void {
    live.dead[number >>> 3]! |= 1 << (number & 7);
    live.deadCount++;
    live.deadName = undefined;
  }

  function create(write: (file: ReturnType<GramDisk['create']>) => void): LiveSegment {
    const name = `grams.${next++}.segment`;
    const file = disk.create(name);
    try {
      write(file);
      file.finish();
    } catch (error) {
      file.abandon();
      throw error;
    }
    const segment = openSegment(disk, name);
    if (!segment) throw new GramIndexDamaged(`${name}: it is gone`);
    return { segment, dead: new Uint8Array((segment.files + 7) >>> 3), deadCount: 0, deadName: undefined };
  }

  function flush(): void {
    if (buffer.files.length === 0) return;
    const waiting = buffer.files;
    const live = create((file) => buffer.write(file));
    buffer.reset();
    segments.push(live);
    for (const number of staleNumbers) kill(live, number);
    staleNumbers = [];
    for (const [number, { path }] of waiting.entries()) {
      const place = places.get(path);
      if (place && !place.segment && place.number === number) place.segment = live;
    }
  }

  function publish(syncedAt: number, nested: readonly string[]): void {
    for (const live of segments) {
      if (live.deadCount === 0 || live.deadName !== undefined) continue;
      const name = `grams.${next++}.dead`;
      writeDead(disk, name, live.dead);
      live.deadName = name;
    }
    const published: Manifest = {
      next,
      syncedAt,
      segments: segments.map(({ segment, deadName, deadCount }) => ({
        name: segment.name,
        files: segment.files,
        ...(deadName === undefined ? {} : { dead: deadName }),
        deadCount,
      })),
      nested,
    };
    writeManifest(disk, published);
    manifest = published;
    changed = false;
    removeUnused();
  }

  function* mergeOnce(chosen: readonly LiveSegment[]): Generator<void, void> {
    const name = `grams.${next++}.segment`;
    const file = disk.create(name);
    merging = name;
    // What dies while this runs is carried over at the end.
    const deadBefore = chosen.map(({ dead }) => dead.slice());
    let finished = false;
    try {
      const sources = chosen.map(({ segment }, index) => ({
        segment,
        isDead: (number: number) => isDead(deadBefore[index]!, number),
      }));
      yield* mergeSegments(sources, createSegmentWriter(file));
      file.finish();
      finished = true;
    } finally {
      merging = undefined;
      // Also where the caller does not go on with the generator.
      if (!finished) file.abandon();
    }
    const segment = openSegment(disk, name);
    if (!segment) throw new GramIndexDamaged(`${name}: it is gone`);
    const merged: LiveSegment = {
      segment,
      dead: new Uint8Array((segment.files + 7) >>> 3),
      deadCount: 0,
      deadName: undefined,
    };
    for (const [number, { path }] of segment.allFiles().entries()) {
      const place = places.get(path);
      if (place?.segment && chosen.includes(place.segment))
        places.set(path, { file: place.file, segment: merged, number });
      else kill(merged, number);
    }
    const others = segments.filter((live) => !chosen.includes(live));
    segments = segment.files > merged.deadCount ? [merged, ...others] : others;
    if (!segments.includes(merged)) segment.close();
    changed = true;
    flush();
    publish(manifest.syncedAt, manifest.nested);
    for (const live of chosen) live.segment.close();
  }

  return {
    get size() {
      return places.size;
    },
    get bytes() {
      return segments.reduce((sum, { segment }) => sum + segment.bytes, 0);
    },
    get syncedAt() {
      return manifest.syncedAt;
    },
    get rebuilt() {
      return rebuilt;
    },
    get: (path) => places.get(path)?.file,
    paths: () => places.keys(),
    add(given, content) {
      if (buffer.isFull) flush();
      const file = { ...given, hash: keptHash(given.hash) };
      const known = places.get(file.path);
      if (known) forget(known);
      changed = true;
      const number = buffer.add(file, reader.read(searchedBytes(content)));
      places.set(file.path, { file, segment: undefined, number });
    },
    remove(path) {
      const known = places.get(path);
      if (!known) return;
      forget(known);
      places.delete(path);
    },
    commit(syncedAt = manifest.syncedAt, nested = manifest.nested) {
      flush();
      const sameNested =
        nested.length === manifest.nested.length && nested.every((path, index) => path === manifest.nested[index]);
      if (changed || syncedAt !== manifest.syncedAt || !sameNested) publish(syncedAt, nested);
    },
    *merge() {
      for (;;) {
        const chosen = merging === undefined ? worthMerging(segments) : undefined;
        if (!chosen) return;
        yield* mergeOnce(chosen);
      }
    },
    clear() {
      if (merging !== undefined) throw new Error('clear while segments are put together');
      for (const { segment } of segments) segment.close();
      segments = [];
      buffer = createGramBuffer(pairsInMemory);
      changed = false;
      places.clear();
      staleNumbers = [];
      disk.remove(MANIFEST);
      manifest = EMPTY;
      removeUnused();
    },
    close() {
      for (const { segment } of segments) segment.close();
      segments = [];
    },
  };
}

/**
 * A question looks up each of its n-grams in every segment, so there are to be few of them: one of which half is gone is written anew; where there are more than
 * a few, the smallest become one as long as they are together not much smaller than the next. What was built at once is one segment that way, written twice;
 * what changes by and by is written some eight times for each eightfold size it grows to.
 */
function worthMerging(segments: readonly LiveSegment[]): readonly LiveSegment[] | undefined {
  const halfGone = segments.find((live) => live.deadCount * 2 > live.segment.files);
  if (halfGone) return [halfGone];
  if (segments.length <= FEW) return undefined;
  const bySize = segments.toSorted((a, b) => liveFiles(a) - liveFiles(b)).slice(0, MOST_AT_ONCE);
  let chosen = 0;
  let files = 0;
  for (const [index, live] of bySize.entries()) {
    if (index > 0 && files * GROWTH >= liveFiles(live)) chosen = index + 1;
    files += liveFiles(live);
  }
  return chosen > 0 ? bySize.slice(0, chosen) : undefined;
}

const liveFiles = ({ segment, deadCount }: LiveSegment): number => segment.files - deadCount;
