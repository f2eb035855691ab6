import type { GrepAnswer, GrepQuery } from '../code-index.ts';
import type { FolderTree } from '../parts.ts';
import { followerAddress, serveFollower } from './follower.ts';
import { nodeGramDisk } from './gram-disk.ts';
import type { FileMatch } from './grep-match.ts';
import { inOrder } from './grep-match.ts';
import { type LiveGrams, openLiveGrams } from './live-grams.ts';
import { nodeGrepEffects } from './node-grep.ts';

export interface NodeGramsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** This process follows the disk, and tells others what it knows. */
  readonly follow: boolean;
  /** Between two slices of the work of keeping in step. */
  readonly turn: () => Promise<void>;
  readonly onProblem: (message: string) => void;
}

/** What this needs to know of a root of the index. */
export interface GramRoot {
  readonly root: string;
  readonly session: { readonly follower: boolean };
  readonly indexer: { readonly state: string };
}

/** The n-gram indexes of all roots of one index. */
export interface NodeGrams {
  /** The tree to be used in the place of `tree`: what it learns gets here. `owner`: the root, as soon as it is open. */
  open(root: string, folder: string, tree: FolderTree, owner: () => GramRoot | undefined): FolderTree;
  grep(roots: readonly GramRoot[], query: GrepQuery, signal?: AbortSignal): Promise<GrepAnswer>;
  /** On disk. */
  bytes(root: string): number;
  /** Takes in what the trees have. A failure is told as a problem: words and meaning do not depend on it. */
  sync(signal?: AbortSignal): Promise<void>;
  dispose(): Promise<void>;
}

const DEFAULT_LIMIT = 1_000;

export function openNodeGrams({ env, follow, turn, onProblem }: NodeGramsOptions): NodeGrams {
  const opened = new Map<string, LiveGrams>();
  const stops: Promise<(() => Promise<void>) | undefined>[] = [];
  return {
    open(root, folder, tree, owner) {
      const { effects } = nodeGrepEffects(tree.root, env);
      const live = openLiveGrams({
        tree,
        disk: nodeGramDisk(folder),
        mayWrite: () => {
          const one = owner();
          return one !== undefined && !one.session.follower && one.indexer.state !== 'paused';
        },
        mayClear: () => owner()?.session.follower === false,
        readFile: effects.readFile,
        effects,
        now: effects.now,
        wallClock: effects.wallClock,
        turn,
        after(milliseconds, call) {
          const timer = setTimeout(call, milliseconds);
          timer.unref();
          return () => clearTimeout(timer);
        },
        onProblem,
      });
      opened.set(root, live);
      const address = follow ? followerAddress(folder, process.platform) : undefined;
      if (address !== undefined)
        stops.push(
          serveFollower(address, () => live.followed()).catch((error: unknown) => {
            onProblem(`others cannot ask what changed in ${root}: ${String(error)}`);
            return undefined;
          }),
        );
      return live.tree;
    },
    async grep(roots, query, signal) {
      const began = performance.now();
      const limit = query.limit ?? DEFAULT_LIMIT;
      const asked = {
        pattern: query.pattern,
        regex: query.regex ?? false,
        ignoreCase: query.ignoreCase ?? false,
        wholeWord: query.wholeWord ?? false,
        ...(query.globs ? { globs: query.globs } : {}),
        limit,
      };
      const answers = await Promise.all(roots.map(({ root }) => opened.get(root)!.grep(asked, signal)));
      const named = (matches: readonly FileMatch[], root: string) =>
        inOrder([...matches]).map((match) => ({ root, ...match }));
      const matches = answers.flatMap((answer, index) => named(answer.matches, roots[index]!.root));
      return {
        matches: matches.slice(0, limit),
        candidates: answers.reduce((sum, { candidates }) => sum + candidates, 0),
        files: answers.reduce((sum, { files }) => sum + files, 0),
        truncated: matches.length > limit || answers.some(({ truncated }) => truncated),
        ms: performance.now() - began,
      };
    },
    bytes: (root) => opened.get(root)?.bytes() ?? 0,
    async sync(signal) {
      for (const [root, live] of opened) {
        try {
          const { note } = await live.sync(signal);
          if (note !== undefined) onProblem(note);
        } catch (error) {
          signal?.throwIfAborted();
          onProblem(`n-gram index of ${root}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    },
    async dispose() {
      for (const stop of stops) await (await stop)?.();
      await Promise.all([...opened.values()].map((live) => live.dispose()));
    },
  };
}
