import type { FolderTree } from '../parts.ts';
import type { GramDisk } from './gram-disk.ts';
import { type GramLookup, openGramLookup } from './gram-lookup.ts';
import type { FileMatch, GrepPattern } from './grep-match.ts';
import { type MatchEffects, matchFiles } from './match-files.ts';
import { pathGlobs } from './path-globs.ts';
import { planPattern } from './regex-plan.ts';
import { type GramFile, GramIndexDamaged, keptHash } from './segment-format.ts';
import { type SweepEffects, sweep } from './sweep.ts';

export interface GrepFolderQuery extends GrepPattern {
  /** As ripgrep's `-g`; none: all files of the index. */
  readonly globs?: readonly string[];
  /** Lines at most. */
  readonly limit: number;
  /** Where this folder lies in the one that the globs are about, with a `/` at the end. */
  readonly below?: string;
}

export interface GrepFolderOptions {
  /** Absolute. */
  readonly root: string;
  /** Where the n-gram index lies. */
  readonly disk: GramDisk;
  readonly query: GrepFolderQuery;
  /** The whole folder is looked at before the answer. */
  readonly fresh?: boolean;
  /** Folders of so many files are always looked at whole. */
  readonly alwaysFresh?: number;
  /** Milliseconds that looking for changes in larger ones may take. */
  readonly lookFor?: number;
  /** The mirror of the folder as it was kept. Asked for when the index cannot answer alone: it takes longer than most answers. */
  readonly openTree: () => Promise<FolderTree>;
  /** Names in a folder. */
  readonly list: (
    path: string,
  ) => readonly { readonly name: string; readonly isFile: boolean; readonly isDirectory: boolean }[];
  /** Asks the process that follows the folder; `undefined` where there is none. */
  readonly follower?: () => Promise<FollowerAnswer | undefined>;
  readonly effects: MatchEffects & SweepEffects;
  readonly signal?: AbortSignal;
}

/** What a process that follows a folder knows. */
export interface FollowerAnswer {
  /** Files that changed and wait for the index. */
  readonly pending: readonly string[];
  /** Milliseconds since 1970: changes until then are in the index or in `pending`. */
  readonly asOf: number;
}

export interface GrepFolderAnswer {
  readonly matches: readonly FileMatch[];
  /** Files that had to be read, of so many. */
  readonly candidates: number;
  readonly files: number;
  readonly truncated: boolean;
  /** How it is known that no change was missed. For `index` it is not: the answer is as of `asOf` (milliseconds since 1970), and a note says so. */
  readonly known: 'followed' | 'reconciled' | 'index';
  readonly asOf?: number;
  /** For the user: what the answer does not hold, and what would help. */
  readonly notes: readonly string[];
  /** Repositories below, relative: they have an index of their own, and their files are not in this answer. */
  readonly nested: readonly string[];
}

/** To look at a file takes the tree some 20 µs: 0.1 s. */
const ALWAYS_FRESH = 5_000;
/** Files that changed last are the likeliest to change again: they are looked at for so many milliseconds at most. */
const LOOK_FOR = { alone: 4, followed: 2 } as const;
/** More unknown names than this are not asked about one by one. */
const MANY_NEW = 200;

/**
 * Searches a folder from a process that does not follow it. Never misses a change silently: it asks the process that does; else it looks at the whole
 * folder where that is quick, and at what changed last where it is not, which it says. Throws `GrepPatternError`, `RipgrepMissing` and the signal's reason.
 */
export async function grepFolder(options: GrepFolderOptions): Promise<GrepFolderAnswer> {
  const notes: string[] = [];
  const lookup = openOrNote(options.disk, notes);
  try {
    if (!lookup) return await grepWithoutIndex(options, notes);
    if (options.fresh) return await grepFresh(options, lookup, notes);
    return await grepQuick(options, lookup, notes);
  } catch (error) {
    if (!(error instanceof GramIndexDamaged)) throw error;
    notes.push(`the n-gram index is damaged and was not used (${error.message})`);
    return await grepWithoutIndex(options, notes);
  } finally {
    lookup?.close();
  }
}

function openOrNote(disk: GramDisk, notes: string[]): GramLookup | undefined {
  try {
    const lookup = openGramLookup(disk);
    if (lookup && lookup.syncedAt > 0) return lookup;
    lookup?.close();
  } catch (error) {
    if (!(error instanceof GramIndexDamaged)) throw error;
    notes.push(`the n-gram index is damaged and was not used (${error.message})`);
    return undefined;
  }
  notes.push(
    'there is no complete n-gram index of this folder yet, so every file was read; `tabstop index sync` makes one',
  );
  return undefined;
}

async function grepWithoutIndex(options: GrepFolderOptions, notes: readonly string[]): Promise<GrepFolderAnswer> {
  const tree = await reconciled(options);
  const files = [...tree.files()];
  return answer(options, files, files.length, { known: 'reconciled', nested: tree.nestedRoots() }, notes);
}

async function grepFresh(
  options: GrepFolderOptions,
  lookup: GramLookup,
  notes: readonly string[],
): Promise<GrepFolderAnswer> {
  const tree = await reconciled(options);
  const candidates = new Set(lookup.candidates(planPattern(options.query)).map(({ path }) => path));
  const indexed = new Map(lookup.allFiles().map(({ path, hash }) => [path, hash]));
  const files = [...tree.files()].filter(
    ({ path, hash }) => candidates.has(path) || indexed.get(path) !== keptHash(hash),
  );
  return answer(options, files, tree.size, { known: 'reconciled', nested: tree.nestedRoots() }, notes);
}

async function grepQuick(options: GrepFolderOptions, lookup: GramLookup, notes: string[]): Promise<GrepFolderAnswer> {
  const { effects, lookFor } = options;
  const followed = await options.follower?.();
  if (!followed && lookup.files <= (options.alwaysFresh ?? ALWAYS_FRESH)) return grepFresh(options, lookup, notes);
  const candidates = lookup.candidates(planPattern(options.query));
  const swept = sweep(lookup.recentFiles(), {
    since: followed?.asOf ?? lookup.syncedAt,
    milliseconds: followed ? LOOK_FOR.followed : (lookFor ?? LOOK_FOR.alone),
    effects,
  });
  const added = await newFiles(options, lookup, swept.folders);
  // So many new files that asking about each would take longer than looking at all.
  if (!added) return grepFresh(options, lookup, notes);
  const files = withPaths(
    candidates.filter(({ path }) => !swept.gone.has(path)),
    [...swept.changed, ...added, ...(followed?.pending ?? [])],
  );
  const { nested } = lookup;
  if (followed) return answer(options, files, lookup.files, { known: 'followed', asOf: followed.asOf, nested }, notes);
  const age = inWords(effects.wallClock() - lookup.syncedAt);
  notes.push(
    `as of ${age} ago: no running editor follows this folder; --fresh looks at all ${lookup.files} files for changes`,
  );
  return answer(options, files, lookup.files, { known: 'index', asOf: lookup.syncedAt, nested }, notes);
}

function inWords(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  if (seconds < 100) return `${seconds} s`;
  if (seconds < 6_000) return `${Math.round(seconds / 60)} min`;
  return seconds < 200_000 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** Files of changed folders, and of new folders in them, that the index does not know and that belong here. */
async function newFiles(
  { list, openTree }: GrepFolderOptions,
  lookup: GramLookup,
  folders: readonly string[],
): Promise<readonly string[] | undefined> {
  if (folders.length === 0) return [];
  // Of a new folder the index knows nothing.
  const known = lookup.pathsIn(folders);
  const added: string[] = [];
  const queue = [...folders];
  let tree: FolderTree | undefined;
  let asked = 0;
  for (let folder = queue.pop(); folder !== undefined; folder = queue.pop())
    for (const { name, isFile, isDirectory } of list(folder)) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (known.has(path) || name === '.git' || !(isFile || isDirectory)) continue;
      if (++asked > MANY_NEW) return undefined;
      tree ??= await openTree();
      const { indexed: belongs } = await tree.explain(path);
      if (belongs && isFile) added.push(path);
      else if (belongs) queue.push(path);
    }
  return added;
}

async function reconciled({ openTree, signal }: GrepFolderOptions): Promise<FolderTree> {
  const tree = await openTree();
  await tree.reconcile(signal ? { signal } : {});
  return tree;
}

function withPaths(
  candidates: readonly GramFile[],
  paths: readonly string[],
): readonly { path: string; size?: number }[] {
  const known = new Set(candidates.map(({ path }) => path));
  const others = [...new Set(paths)].filter((path) => !known.has(path));
  return [...candidates, ...others.map((path) => ({ path }))];
}

async function answer(
  { root, query, effects, signal }: GrepFolderOptions,
  files: readonly { readonly path: string; readonly size?: number }[],
  all: number,
  known: Pick<GrepFolderAnswer, 'known' | 'asOf' | 'nested'>,
  notes: readonly string[],
): Promise<GrepFolderAnswer> {
  const wanted = query.globs && query.globs.length > 0 ? pathGlobs(query.globs) : undefined;
  const below = query.below ?? '';
  const searched = wanted ? files.filter(({ path }) => wanted(below + path)) : files;
  const found = await matchFiles({ root, files: searched, pattern: query, limit: query.limit, signal, effects });
  return { ...found, candidates: searched.length, files: all, ...known, notes };
}
