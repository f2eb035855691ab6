/** What is searched for. Lines are matched one by one: no match spans a line break. */
export interface GrepPattern {
  readonly pattern: string;
  readonly regex: boolean;
  readonly ignoreCase: boolean;
  readonly wholeWord: boolean;
}

export interface FileMatch {
  /** Relative to the root, `/` between parts. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** UTF-16 code units of `text`. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
  /** The line without its end. */
  readonly text: string;
}

/** The pattern is none, in ripgrep's words. */
export class GrepPatternError extends Error {
  override readonly name = 'GrepPatternError';
}

/** Ripgrep is missing or does not run here. */
export class RipgrepMissing extends Error {
  override readonly name = 'RipgrepMissing';
}

/** Offsets in `bytes` (UTF-8) as offsets in the text they decode to. `ranges` ascending. */
export function lineMatch(
  path: string,
  line: number,
  bytes: Buffer,
  ranges: readonly (readonly [start: number, end: number])[],
): FileMatch {
  let end = bytes.length;
  if (bytes[end - 1] === 10) end--;
  if (bytes[end - 1] === 13) end--;
  const content = bytes.subarray(0, end);
  const text = content.toString('utf8');
  const isAscii = text.length === content.length;
  const unit = (offset: number) => {
    const within = Math.min(offset, end);
    return isAscii ? within : content.toString('utf8', 0, within).length;
  };
  return { path, line, text, ranges: ranges.map(([from, to]) => [unit(from), unit(to)] as const) };
}

/** By path, then line: the order of every answer, whoever found the matches. */
export function inOrder(matches: FileMatch[]): FileMatch[] {
  return matches.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
}
