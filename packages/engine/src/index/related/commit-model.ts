import { eachTerm } from '../lexical/terms.ts';
import type { LoggedCommit } from './commit-log.ts';

/** What history says of one file, given other files or words. */
export interface HistoryHit {
  readonly path: string;
  readonly score: number;
}

export interface Together {
  /** Commits that changed both, and commits that changed the one asked about. */
  readonly together: number;
  readonly of: number;
}

/** Commits of a folder, ready to be asked. */
export interface CommitModel {
  readonly commits: number;
  /** Files of commits like the one in the making: that changed these files. Best first. */
  changedWith(paths: readonly string[]): readonly HistoryHit[];
  /** Files of commits whose subjects are about these words. Best first. */
  changedFor(text: string): readonly HistoryHit[];
  together(path: string, other: string): Together;
  /** Subjects of commits that changed the file and share a word with the text, the closest first. */
  subjectsFor(text: string, path: string): readonly string[];
  /** How often the file changed, newer changes counting more. */
  activity(path: string): number;
}

/** A commit of more files is a formatter's, a move's or an import's, and binds nothing together. */
const MAX_FILES = 40;
/** Days after which a commit counts half. */
const HALF_LIFE = 240;
const DAY = 86_400;
/** Of BM25, over subjects: they are short, so length counts little. */
const SATURATION = 1.2;
const LENGTH = 0.3;

/**
 * Files are suggested by nearest commits: each commit is as near as what it shares with the question (rare files and rare words count more, and a
 * commit of few files more than one of many), and gives its nearness to its files. One path asked about is Zimmermann's association rule ("Mining
 * version histories to guide software changes", 2005); several are what they have in common.
 * @param now seconds since 1970
 */
export function commitModel(all: readonly LoggedCommit[], now: number): CommitModel {
  const commits = all.filter(({ paths }) => paths.length <= MAX_FILES);
  const weights = commits.map(({ time }) => 2 ** (-Math.max(0, now - time) / (HALF_LIFE * DAY)));
  const byPath = new Map<string, number[]>();
  const byTerm = new Map<string, Map<number, number>>();
  const lengths = new Float64Array(commits.length);
  for (const [index, { paths, subject }] of commits.entries()) {
    for (const path of paths) append(byPath, path, index);
    lengths[index] = eachTerm(subject, (term) => {
      const counts = byTerm.get(term) ?? new Map<number, number>();
      counts.set(index, (counts.get(index) ?? 0) + 1);
      byTerm.set(term, counts);
    });
  }
  const meanLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, commits.length);
  const rarity = (of: number) => Math.log(1 + (commits.length - of + 0.5) / (of + 0.5));

  function filesOf(nearness: ReadonlyMap<number, number>, without: ReadonlySet<string>): readonly HistoryHit[] {
    const scores = new Map<string, number>();
    for (const [index, near] of nearness) {
      const { paths } = commits[index]!;
      const share = (near * weights[index]!) / Math.sqrt(paths.length);
      for (const path of paths) if (!without.has(path)) scores.set(path, (scores.get(path) ?? 0) + share);
    }
    return [...scores]
      .map(([path, score]) => ({ path, score }))
      .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  }

  function nearestByText(text: string): ReadonlyMap<number, number> {
    const terms = new Set<string>();
    eachTerm(text, (term) => terms.add(term));
    const near = new Map<number, number>();
    for (const term of terms) {
      const counts = byTerm.get(term);
      // A word of every fifth subject ("fix", "add") tells of no file.
      if (!counts || counts.size * 5 > commits.length + 20) continue;
      const rare = rarity(counts.size);
      for (const [index, count] of counts) {
        const saturated =
          (count * (SATURATION + 1)) / (count + SATURATION * (1 - LENGTH + (LENGTH * lengths[index]!) / meanLength));
        near.set(index, (near.get(index) ?? 0) + rare * saturated);
      }
    }
    // Commits that share several of the words are much nearer than many that share one each.
    for (const [index, value] of near) near.set(index, value ** 2);
    return near;
  }

  return {
    commits: commits.length,
    changedWith(paths) {
      const near = new Map<number, number>();
      for (const path of new Set(paths)) {
        const own = byPath.get(path) ?? [];
        for (const index of own) near.set(index, (near.get(index) ?? 0) + rarity(own.length));
      }
      for (const [index, value] of near) near.set(index, value ** 1.5);
      return filesOf(near, new Set(paths));
    },
    changedFor: (text) => filesOf(nearestByText(text), new Set()),
    together(path, other) {
      const others = new Set(byPath.get(other) ?? []);
      const own = byPath.get(path) ?? [];
      return { together: own.filter((index) => others.has(index)).length, of: own.length };
    },
    subjectsFor(text, path) {
      const near = nearestByText(text);
      return (byPath.get(path) ?? [])
        .filter((index) => near.has(index))
        .sort((a, b) => near.get(b)! - near.get(a)!)
        .map((index) => commits[index]!.subject);
    },
    activity: (path) => (byPath.get(path) ?? []).reduce((sum, index) => sum + weights[index]!, 0),
  };
}

function append(lists: Map<string, number[]>, key: string, value: number): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}
