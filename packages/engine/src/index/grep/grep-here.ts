import type { GrepAnswer, GrepQuery } from '../code-index.ts';
import { stateFolder } from '../state-folder.ts';
import { askFollower, followerAddress } from './follower.ts';
import { nodeGramDisk } from './gram-disk.ts';
import { grepFolder } from './grep-folder.ts';
import { inOrder } from './grep-match.ts';
import { nodeGrepEffects } from './node-grep.ts';

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

/**
 * `tabstop grep`: answers from the n-gram index on disk, without opening the rest of the index. Needs no more than Node 20. Throws `GrepPatternError`,
 * `RipgrepMissing` and the signal's reason.
 */
export async function grepHere(options: GrepHereOptions): Promise<GrepHereAnswer> {
  const began = performance.now();
  const { query, roots } = options;
  const limit = query.limit ?? DEFAULT_LIMIT;
  const answers = await Promise.all(roots.map((root) => grepRoot(root, options, limit)));
  const matches = answers.flatMap(({ matches: own }, index) =>
    inOrder([...own]).map((match) => ({ root: roots[index]!, ...match })),
  );
  const asOf = answers.map((answer) => answer.asOf ?? Number.POSITIVE_INFINITY).reduce((a, b) => Math.min(a, b));
  return {
    matches: matches.slice(0, limit),
    candidates: answers.reduce((sum, { candidates }) => sum + candidates, 0),
    files: answers.reduce((sum, { files }) => sum + files, 0),
    truncated: matches.length > limit || answers.some(({ truncated }) => truncated),
    known: (['index', 'followed', 'reconciled'] as const).find((one) => answers.some(({ known }) => known === one))!,
    ...(Number.isFinite(asOf) ? { asOf } : {}),
    notes: [...new Set(answers.flatMap(({ notes }) => notes))],
    ms: performance.now() - began,
  };
}

function grepRoot(
  root: string,
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
