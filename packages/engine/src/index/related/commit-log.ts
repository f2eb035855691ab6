/** One commit as `git log` tells it. */
export interface LoggedCommit {
  /** Seconds since 1970. */
  readonly time: number;
  readonly subject: string;
  /** Relative to the folder that was asked about, as the files are called now. */
  readonly paths: readonly string[];
}

/** `%x00` starts a commit, `%x1f` parts what is known of it. */
export const LOG_FORMAT = '--format=%x00%ct%x1f%s';

/**
 * What `git log --name-status -M` with `LOG_FORMAT` prints, newest first. Files that were renamed since get the name they have now, so that what
 * was learned of them is not lost. `prefix`: of the folder below the repository's root, with its slash, taken off. What is not of the form is passed over.
 */
export function parseCommitLog(output: string, prefix = ''): readonly LoggedCommit[] {
  const nameNow = new Map<string, string>();
  const commits: LoggedCommit[] = [];
  for (const entry of output.split('\0')) {
    const [head = '', ...lines] = entry.split('\n');
    const [time, subject] = head.split('\x1f');
    if (!/^\d+$/.test(time ?? '') || subject === undefined) continue;
    const paths = new Set<string>();
    const renames: (readonly [before: string, after: string])[] = [];
    for (const line of lines) {
      const [status = '', first, second] = line.split('\t');
      if (first === undefined || !/^[ACDMRT]\d*$/.test(status)) continue;
      const after = unquoted(second ?? first);
      const now = nameNow.get(after) ?? after;
      if (status.startsWith('R')) renames.push([unquoted(first), now]);
      if (now.startsWith(prefix)) paths.add(now.slice(prefix.length));
    }
    // Older commits know the file by its name before.
    for (const [before, now] of renames) nameNow.set(before, now);
    if (paths.size > 0) commits.push({ time: Number(time), subject, paths: [...paths] });
  }
  return commits;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '"': '"',
  '\\': '\\',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** A name with a quote, a backslash or a control character comes in quotes, as in C. */
function unquoted(name: string): string {
  if (!name.startsWith('"') || !name.endsWith('"')) return name;
  // Octal numbers are bytes, and several of them a character; what is not escaped is characters already.
  return name.slice(1, -1).replace(/(?:\\[0-7]{3})+|\\./g, (escaped) =>
    /^\\[0-7]{3}/.test(escaped)
      ? Buffer.from(
          escaped
            .slice(1)
            .split('\\')
            .map((octal) => Number.parseInt(octal, 8)),
        ).toString('utf8')
      : (ESCAPES[escaped[1]!] ?? escaped[1]!),
  );
}
