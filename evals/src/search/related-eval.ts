import type { LoggedCommit } from '../../../packages/engine/src/index/related/commit-log.ts';
import { type CommitModel, commitModel } from '../../../packages/engine/src/index/related/commit-model.ts';
import { pathWords } from '../../../packages/engine/src/index/related/path-kinship.ts';
import { relatedFiles, type Signals } from '../../../packages/engine/src/index/related/related-files.ts';

/** How often the file that was left out is among the first 5 and 10, in %, and the mean of 1/rank within 10. */
export interface Recall {
  readonly questions: number;
  readonly at5: number;
  readonly at10: number;
  readonly reciprocal: number;
}

export interface RelatedFigures {
  /** One file of a commit left out, the others given. */
  readonly leaveOneOut: Recall;
  /** The same, the commit's subject given too. */
  readonly withSubject: Recall;
  /** All files left out, the subject given; each file is a question. */
  readonly subjectAlone: Recall;
  /** Leave one out, answered with the files that changed most often. */
  readonly mostChanged: Recall;
}

/** Commits of so many files are asked about. */
const LEAST = 2;
const MOST = 20;

/**
 * Walks through the history as it was: each of the `last` commits is asked about with nothing but the commits before it. Files that are new with the
 * commit cannot be known and are no questions. `commits` newest first.
 */
export function evaluateRelated(commits: readonly LoggedCommit[], last: number, signals?: Signals): RelatedFigures {
  const ranks: Record<keyof RelatedFigures, number[]> = {
    leaveOneOut: [],
    withSubject: [],
    subjectAlone: [],
    mostChanged: [],
  };
  for (const [index, commit] of commits.slice(0, last).entries()) {
    const before = commits.slice(index + 1);
    const there = new Set(before.flatMap(({ paths }) => paths));
    const known = commit.paths.filter((path) => there.has(path));
    if (known.length < LEAST || known.length > MOST) continue;
    const history = commitModel(before, commit.time);
    const sources = { history, words: pathWords(there), exists: (path: string) => there.has(path), files: () => there };
    const ask = (paths: readonly string[], prompt: string) =>
      relatedFiles({ paths, prompt, limit: 10 }, sources, signals).map(({ path }) => path);
    const bySubject = ask([], commit.subject);
    const popular = byActivity(there, history);
    for (const left of known) {
      const given = known.filter((path) => path !== left);
      ranks.leaveOneOut.push(rankOf(left, ask(given, '')));
      ranks.withSubject.push(rankOf(left, ask(given, commit.subject)));
      ranks.subjectAlone.push(rankOf(left, bySubject));
      ranks.mostChanged.push(rankOf(left, popular.filter((path) => !given.includes(path)).slice(0, 10)));
    }
  }
  const { leaveOneOut, withSubject, subjectAlone, mostChanged } = ranks;
  return {
    leaveOneOut: recallOf(leaveOneOut),
    withSubject: recallOf(withSubject),
    subjectAlone: recallOf(subjectAlone),
    mostChanged: recallOf(mostChanged),
  };
}

function byActivity(paths: Iterable<string>, history: CommitModel): readonly string[] {
  return [...paths].sort((a, b) => history.activity(b) - history.activity(a) || (a < b ? -1 : 1));
}

/** From 1; infinite where it is not there. */
function rankOf(path: string, answer: readonly string[]): number {
  const at = answer.indexOf(path);
  return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
}

function recallOf(ranks: readonly number[]): Recall {
  const share = (least: number) => (100 * ranks.filter((rank) => rank <= least).length) / Math.max(1, ranks.length);
  const reciprocal = ranks.reduce((sum, rank) => sum + 1 / rank, 0) / Math.max(1, ranks.length);
  return { questions: ranks.length, at5: share(5), at10: share(10), reciprocal };
}
