import type { GramDisk } from './gram-disk.ts';
import type { GramPlan } from './gram-plan.ts';
import { isDead, type Manifest, readDead, readManifest } from './manifest.ts';
import { union } from './posting-list.ts';
import { openSegment, type Segment, type StoredList } from './segment.ts';
import { type GramFile, GramIndexDamaged, type SeenFile } from './segment-format.ts';

/** The index as it was committed last; does not see later commits. */
export interface GramLookup {
  /** Tells this commit from others. */
  readonly stamp: string;
  readonly files: number;
  /** On disk. */
  readonly bytes: number;
  /** Milliseconds since 1970; 0: the index was never in step with the disk. */
  readonly syncedAt: number;
  /** Folders below that have an index of their own; relative. */
  readonly nested: readonly string[];
  /** Files in which the pattern may match. Throws `GramIndexDamaged`. */
  candidates(plan: GramPlan): readonly GramFile[];
  allFiles(): readonly GramFile[];
  /** Paths of the files and folders that lie right in these (`''`: the root). Throws `GramIndexDamaged`. */
  pathsIn(folders: readonly string[]): ReadonlySet<string>;
  /** The files that changed last, newest first: some hundred of each segment. */
  recentFiles(): Iterable<SeenFile>;
  close(): void;
}

interface OpenSegment {
  readonly segment: Segment;
  readonly dead: Uint8Array;
}

/** Times a reader starts over when a commit took files away while it opened them. */
const ATTEMPTS = 5;
/** N-grams that are looked up together. */
const FEW_GRAMS = 6;
/** Bytes of lists that are read and checked in the time in which a file is read and searched, and of looking a list up. */
const BYTES_PER_FILE = 1_000;
const BYTES_PER_FIND = 1_500;

/** `undefined` where there is no index. Throws `GramIndexDamaged`. */
export function openGramLookup(disk: GramDisk): GramLookup | undefined {
  for (let attempt = 1; ; attempt++) {
    const manifest = readManifest(disk);
    if (!manifest) return undefined;
    const opened: OpenSegment[] = [];
    try {
      for (const entry of manifest.segments) {
        const segment = openSegment(disk, entry.name);
        if (!segment) throw new GramIndexDamaged(`${entry.name}: it is missing`);
        opened.push({ segment, dead: new Uint8Array(0) });
        opened[opened.length - 1] = { segment, dead: readDead(disk, entry) };
      }
      return lookupOf(manifest, opened);
    } catch (error) {
      for (const { segment } of opened) segment.close();
      const same = readManifest(disk)?.next === manifest.next;
      if (!(error instanceof GramIndexDamaged) || same || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Of what is committed now. Throws `GramIndexDamaged`. */
export function currentStamp(disk: GramDisk): string | undefined {
  const manifest = readManifest(disk);
  return manifest && stampOf(manifest);
}

const stampOf = ({ segments, next }: Manifest): string => JSON.stringify([next, segments]);

function lookupOf(manifest: Manifest, segments: readonly OpenSegment[]): GramLookup {
  return {
    stamp: stampOf(manifest),
    files: manifest.segments.reduce((sum, { files, deadCount }) => sum + files - deadCount, 0),
    bytes: segments.reduce((sum, { segment }) => sum + segment.bytes, 0),
    syncedAt: manifest.syncedAt,
    nested: manifest.nested,
    candidates(plan) {
      const found: GramFile[] = [];
      for (const { segment, dead } of segments) {
        const numbers = evaluate(plan, segment)?.filter((number) => !isDead(dead, number));
        if (!numbers || numbers.length > segment.files / 8) {
          const all = segment.allFiles();
          for (const number of numbers ?? all.keys()) if (!isDead(dead, number)) found.push(all[number]!);
        } else for (const file of segment.filesOf(numbers)) found.push(file);
      }
      return found;
    },
    allFiles: () =>
      segments.flatMap(({ segment, dead }) => segment.allFiles().filter((_, number) => !isDead(dead, number))),
    pathsIn(folders) {
      const wanted = new Set(folders);
      const found = new Set<string>();
      for (const { segment, dead } of segments)
        for (const path of segment.pathsIn(wanted, (number) => !isDead(dead, number))) found.add(path);
      return found;
    },
    *recentFiles() {
      const heads = segments.map(({ segment, dead }) => {
        const files = segment.recent()[Symbol.iterator]();
        return { files, dead, next: files.next() };
      });
      for (;;) {
        let newest: (typeof heads)[number] | undefined;
        for (const head of heads)
          if (!head.next.done && (!newest || newest.next.done || head.next.value.modified > newest.next.value.modified))
            newest = head;
        if (!newest || newest.next.done) return;
        if (!isDead(newest.dead, newest.next.value.number)) yield newest.next.value;
        newest.next = newest.files.next();
      }
    },
    close() {
      for (const { segment } of segments) segment.close();
    },
  };
}

/** `undefined`: all files. */
function evaluate(plan: GramPlan, segment: Segment, within?: Uint32Array): Uint32Array | undefined {
  if (plan.kind === 'all') return within;
  if (plan.kind === 'grams') return holdingAll(plan.grams, segment, within);
  if (plan.kind === 'and') {
    let left = within;
    for (const part of plan.of) {
      left = evaluate(part, segment, left);
      if (left?.length === 0) return left;
    }
    return left;
  }
  let together: Uint32Array = new Uint32Array(0);
  for (const part of plan.of) {
    const numbers = evaluate(part, segment, within);
    if (!numbers) return undefined;
    together = union(together, numbers);
  }
  return together;
}

/**
 * Some n-grams at a time, by the shortest list, until few candidates are left. Those that overlap tell the least that is new, so each third one comes first:
 * of the 18 of a name of 20 letters most are never looked up.
 */
function holdingAll(grams: readonly number[], segment: Segment, within: Uint32Array | undefined): Uint32Array {
  const spread = [0, 1, 2].flatMap((first) => grams.filter((_, index) => index % 3 === first));
  let left = within;
  /** Whether to leave files out would take longer than to search them. */
  const isEnough = (bytes: number) => left !== undefined && left.length * BYTES_PER_FILE <= bytes;
  for (let at = 0; at < spread.length && !(at > 0 && isEnough(BYTES_PER_FIND * FEW_GRAMS)); at += FEW_GRAMS) {
    const lists: StoredList[] = [];
    for (const gram of spread.slice(at, at + FEW_GRAMS)) {
      const list = segment.find(gram);
      if (!list) return new Uint32Array(0);
      lists.push(list);
    }
    lists.sort((a, b) => a.length - b.length);
    for (const list of lists) {
      if (isEnough(list.length)) break;
      left = left ? segment.keep(left, list) : segment.numbers(list);
    }
  }
  return left!;
}
