/** One change as history keeps it. */
export interface Commit {
  readonly id: string;
  /** Seconds since 1970. */
  readonly time: number;
  /** Keys of the files it changed. */
  readonly paths: readonly string[];
}

/** How a file hangs together with another one, as far as history tells. */
export interface Related {
  readonly path: string;
  /** Commits that changed both, and commits that changed the file asked about. */
  readonly together: number;
  readonly of: number;
  /** P(it changes | the other one does), 0..1, recent commits counting more. */
  readonly confidence: number;
  /** How much likelier that is than a change of it in any commit. 1: the two have nothing to do with each other. */
  readonly lift: number;
}

export interface CoChangeModel {
  readonly commits: number;
  /** Likeliest first; files that changed together with `path` only once tell nothing and are left out. */
  related(path: string): readonly Related[];
}

/** A commit of more files is a formatter's, a rename's or an import's, and binds nothing together. */
const MAX_FILES = 30;
/** Days after which a commit counts half. */
const HALF_LIFE = 240;
const DAY = 86_400;

/**
 * Which files change together, by association over commits (Zimmermann et al., "Mining version histories to guide software changes", 2005), with
 * counts that fade. Building is linear in the paths; a question looks at the commits of its file alone.
 * @param now seconds since 1970
 */
export function coChangeModel(commits: readonly Commit[], now: number): CoChangeModel {
  const kept = commits.filter(({ paths }) => paths.length > 0 && paths.length <= MAX_FILES);
  const weights = kept.map(({ time }) => 2 ** (-Math.max(0, now - time) / (HALF_LIFE * DAY)));
  const byPath = new Map<string, number[]>();
  let total = 0;
  for (const [index, { paths }] of kept.entries()) {
    total += weights[index]!;
    for (const path of new Set(paths)) {
      const known = byPath.get(path);
      if (known) known.push(index);
      else byPath.set(path, [index]);
    }
  }
  const weightOf = (path: string) => byPath.get(path)!.reduce((sum, index) => sum + weights[index]!, 0);
  return {
    commits: kept.length,
    related(path) {
      const own = byPath.get(path);
      if (!own) return [];
      const together = new Map<string, { count: number; weight: number }>();
      for (const index of own)
        for (const other of new Set(kept[index]!.paths)) {
          if (other === path) continue;
          const known = together.get(other) ?? { count: 0, weight: 0 };
          together.set(other, { count: known.count + 1, weight: known.weight + weights[index]! });
        }
      const all = weightOf(path);
      return [...together]
        .filter(([, { count }]) => count > 1)
        .map(([other, { count, weight }]) => {
          const confidence = weight / all;
          const lift = (confidence * total) / weightOf(other);
          return { path: other, together: count, of: own.length, confidence, lift };
        })
        .sort((a, b) => b.confidence - a.confidence || b.together - a.together || (a.path < b.path ? -1 : 1));
    },
  };
}

/** What `git log --name-only --format=%x00%H %ct` prints. What is not of that form is passed over. */
export function parseLog(output: string): readonly Commit[] {
  return output.split('\0').flatMap((entry): Commit[] => {
    const [head, ...lines] = entry.split('\n');
    const match = /^([0-9a-f]{40,64}) (\d+)$/.exec(head ?? '');
    if (!match) return [];
    return [{ id: match[1]!, time: Number(match[2]), paths: lines.filter((line) => line !== '') }];
  });
}
