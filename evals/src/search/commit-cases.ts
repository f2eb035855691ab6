import type { SearchCase } from './case.ts';

export interface LoggedCommit {
  readonly id: string;
  readonly subject: string;
  readonly paths: readonly string[];
}

/** Reads `git log --format=%x00%h%x09%s --name-only`. */
export function parseCommits(log: string): LoggedCommit[] {
  return log
    .split('\0')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [head, ...paths] = part.split('\n');
      const [id, subject] = head!.split('\t');
      return { id: id!, subject: subject ?? '', paths: paths.filter((path) => path !== '') };
    });
}

/** Commits that touch more files than this say little about each of them. */
const MAX_FILES = 8;
const SOURCE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|cs|cc?|cpp|h|hpp|css|html|sh)$/;
/** What is changed by every release, or by a tool. */
const CHORES = /^(?:merge|revert|release|bump|v?\d+\.\d+|chore|ci|docs?|style|build)\b/i;

/** Subjects as queries, without their prefix (`fix(tab): `); the sources that a commit changed and that are still there as what is relevant. */
export function commitCases(
  commits: readonly LoggedCommit[],
  there: ReadonlySet<string>,
  queries: number,
  orderOf: (text: string) => string,
): SearchCase[] {
  return commits
    .flatMap(({ id, subject, paths }): SearchCase[] => {
      const query = subject.replace(/^\w+(?:\([^)]*\))?!?:\s*/, '');
      const relevant = paths.filter((path) => there.has(path) && SOURCE.test(path));
      const usable =
        !CHORES.test(subject) && query.split(/\s+/).length >= 3 && relevant.length > 0 && paths.length <= MAX_FILES;
      return usable ? [{ id, query, relevant }] : [];
    })
    .sort((a, b) => (orderOf(a.id) < orderOf(b.id) ? -1 : 1))
    .slice(0, queries);
}
