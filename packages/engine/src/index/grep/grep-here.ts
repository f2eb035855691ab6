import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GrepAnswer, GrepQuery } from '../code-index.ts';
import { stateFolder } from '../state-folder.ts';
import { askFollower, followerAddress } from './follower.ts';
import { nodeGramDisk } from './gram-disk.ts';
import { type GrepFolderAnswer, grepFolder } from './grep-folder.ts';
import { inOrder } from './grep-match.ts';
import { monotonic, nodeGrepEffects } from './node-grep.ts';

export interface GrepHereOptions {
  /** Absolute. */
  readonly roots: readonly string[];
  /** The user's data folder. */
  readonly dataDir: string;
  readonly query: GrepQuery;
  /** All files are looked at for changes first. */
  readonly fresh?: boolean;
  /** Larger files do not belong to the folder. */
  readonly maxFileBytes?: () => Promise<number>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

export interface GrepHereAnswer extends GrepAnswer {
  /** `index`: changes since `asOf` may be missing, and a note says so. */
  readonly known: 'followed' | 'reconciled' | 'index';
  /** Milliseconds since 1970. */
  readonly asOf?: number;
  /** For standard error. */
  readonly notes: readonly string[];
}

const DEFAULT_LIMIT = 1_000;
/** As many as the index opens. */
const MOST_NESTED = 64;

/**
 * `tabstop grep`: answers from the n-gram index on disk, without opening the rest of the index. Needs no more than Node 20. Throws `GrepPatternError`,
 * `RipgrepMissing` and the signal's reason.
 */
export async function grepHere(options: GrepHereOptions): Promise<GrepHereAnswer> {
  const began = monotonic();
  const { query, roots } = options;
  const limit = query.limit ?? DEFAULT_LIMIT;
  const answers = await Promise.all(roots.map((root) => grepTrees(root, options, limit)));
  const matches = answers.flatMap((trees, index) =>
    inOrder(trees.flatMap((tree) => tree.matches)).map((match) => ({ root: roots[index]!, ...match })),
  );
  const all = answers.flat();
  const asOf = all.map((answer) => answer.asOf ?? Number.POSITIVE_INFINITY).reduce((a, b) => Math.min(a, b));
  return {
    matches: matches.slice(0, limit),
    candidates: all.reduce((sum, { candidates }) => sum + candidates, 0),
    files: all.reduce((sum, { files }) => sum + files, 0),
    truncated: matches.length > limit || all.some(({ truncated }) => truncated),
    known: (['index', 'followed', 'reconciled'] as const).find((one) => all.some(({ known }) => known === one))!,
    ...(Number.isFinite(asOf) ? { asOf } : {}),
    notes: [...new Set(all.flatMap(({ notes }) => notes))],
    ms: monotonic() - began,
  };
}

/** A root and the repositories in it, which are trees of their own; their paths and notes as seen from the root. */
async function grepTrees(root: string, options: GrepHereOptions, limit: number): Promise<readonly GrepFolderAnswer[]> {
  const answers: GrepFolderAnswer[] = [];
  const waiting = [''];
  const seen = new Set(options.roots);
  for (let below = waiting.shift(); below !== undefined; below = waiting.shift()) {
    const prefix = below;
    // Without a slash at the end: that is how the index names it.
    const answer = await grepRoot(prefix === '' ? root : join(root, prefix.slice(0, -1)), prefix, options, limit);
    answers.push({
      ...answer,
      matches: answer.matches.map((match) => ({ ...match, path: prefix + match.path })),
      notes: answer.notes.map((note) => (prefix === '' ? note : `${prefix.slice(0, -1)}: ${note}`)),
    });
    for (const path of answer.nested) {
      const folder = join(root, prefix, path);
      // What the index knew of may be gone; another root that was asked for answers for itself.
      if (seen.has(folder) || seen.size - options.roots.length >= MOST_NESTED || !existsSync(join(folder, '.git')))
        continue;
      seen.add(folder);
      waiting.push(`${prefix}${path}/`);
    }
  }
  return answers;
}

function grepRoot(
  root: string,
  below: string,
  { dataDir, query, fresh, maxFileBytes, env, signal, roots }: GrepHereOptions,
  limit: number,
) {
  const state = stateFolder(dataDir, root);
  const address = followerAddress(state, process.platform);
  return grepFolder({
    root,
    disk: nodeGramDisk(state),
    query: {
      pattern: query.pattern,
      regex: query.regex ?? false,
      ignoreCase: query.ignoreCase ?? false,
      wholeWord: query.wholeWord ?? false,
      ...(query.globs ? { globs: query.globs } : {}),
      limit,
      below,
    },
    ...(fresh ? { fresh } : {}),
    async openTree() {
      // Loaded where it is needed: most answers come without.
      const { openNodeTree } = await import('./node-tree.ts');
      return openNodeTree({ root, stateDir: state, maxFileBytes: await maxFileBytes?.(), otherRoots: roots, env });
    },
    ...(address === undefined ? {} : { follower: () => askFollower(address) }),
    ...nodeGrepEffects(root, env),
    ...(signal ? { signal } : {}),
  });
}
