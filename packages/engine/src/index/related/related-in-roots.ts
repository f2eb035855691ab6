import { isAbsolute, relative, sep } from 'node:path';
import type { RunProcess } from '../../workspace/git-history.ts';
import type { RelatedFile, RelatedQuery } from '../code-index.ts';
import type { FolderTree } from '../parts.ts';
import { type FolderHistory, openHistory } from './open-history.ts';
import { type PathWords, pathWords } from './path-kinship.ts';
import { type RelatedHit, relatedFiles } from './related-files.ts';

export interface RelatedRoot {
  readonly root: string;
  readonly tree: Pick<FolderTree, 'files' | 'file' | 'rootHash'>;
}

export interface RelatedEffects {
  readonly run: RunProcess;
  readonly now: () => number;
  readonly wallClock: () => number;
}

/** `CodeIndex.related` over the roots of an index. Paths of the query are absolute, or relative to any of the roots. */
export type RelatedInRoots = (
  roots: readonly RelatedRoot[],
  query: RelatedQuery,
  signal?: AbortSignal,
) => Promise<readonly RelatedFile[]>;

const DEFAULT_LIMIT = 10;

export function relatedInRoots(effects: RelatedEffects): RelatedInRoots {
  const histories = new Map<string, FolderHistory>();
  const words = new Map<string, { readonly rootHash: string; readonly words: PathWords }>();

  function wordsOf({ root, tree }: RelatedRoot): PathWords {
    const known = words.get(root);
    if (known?.rootHash === tree.rootHash) return known.words;
    const made = pathWords(Array.from(tree.files(), ({ path }) => path));
    words.set(root, { rootHash: tree.rootHash, words: made });
    return made;
  }

  async function inRoot(one: RelatedRoot, query: RelatedQuery, signal?: AbortSignal): Promise<readonly RelatedHit[]> {
    const paths = query.paths.flatMap((path) => below(one.root, path) ?? []);
    if (paths.length === 0 && !query.prompt?.trim()) return [];
    const history = histories.get(one.root) ?? openHistory({ root: one.root, ...effects });
    histories.set(one.root, history);
    return relatedFiles(
      { paths, limit: query.limit ?? DEFAULT_LIMIT, ...(query.prompt === undefined ? {} : { prompt: query.prompt }) },
      {
        history: await history.model(signal),
        words: wordsOf(one),
        exists: (path) => one.tree.file(path) !== undefined,
        files: () => Array.from(one.tree.files(), ({ path }) => path),
      },
    );
  }

  return async (roots, query, signal) => {
    const answers = await Promise.all(
      roots.map(async (one) => (await inRoot(one, query, signal)).map((hit) => ({ root: one.root, ...hit }))),
    );
    return answers
      .flat()
      .sort((a, b) => b.score - a.score)
      .slice(0, query.limit ?? DEFAULT_LIMIT);
  };
}

/** `undefined` for a path that lies in another root. */
function below(root: string, path: string): string | undefined {
  if (!isAbsolute(path)) return path.split(sep).join('/').replace(/^\.\//, '');
  const inside = relative(root, path).split(sep).join('/');
  return inside === '' || inside.startsWith('../') || inside === '..' || isAbsolute(inside) ? undefined : inside;
}
