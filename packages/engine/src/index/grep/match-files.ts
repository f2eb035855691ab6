import { type FileMatch, type GrepPattern, inOrder } from './grep-match.ts';
import { isPlain, matchLiteral } from './literal-match.ts';
import { runRipgrep, type Spawn } from './ripgrep.ts';
import { RipgrepMissing } from './grep-match.ts';

/** What matching needs of the world. */
export interface MatchEffects {
  /** `undefined` where the file is gone or cannot be read. The bytes are valid until the next call. */
  readonly readFile: (path: string) => Buffer | undefined;
  readonly spawn: Spawn;
  /** Ripgrep's program; asked for when it is needed. */
  readonly ripgrep: () => string | undefined;
  /** Lets others have their turn. */
  readonly turn?: () => Promise<void>;
}

export interface MatchOptions {
  readonly root: string;
  /** Relative to the root; `bytes` as far as known. */
  readonly files: readonly { readonly path: string; readonly size?: number }[];
  readonly pattern: GrepPattern;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly effects: MatchEffects;
}

/**
 * So many files, and bytes together, are searched for a plain text in this process: to load what starts processes, start ripgrep and read its answer takes
 * 20 ms, and both take the same time for so many (532 files of 25 MB: 75 ms as a whole command).
 */
const FEW_FILES = 600;
const FEW_BYTES = 32 * 1024 * 1024;
/** Files between two turns of the event loop. */
const FILES_IN_TURN = 250;

/** Lines that match, by path and line. Throws `GrepPatternError`, `RipgrepMissing` and the signal's reason. */
export async function matchFiles(
  options: MatchOptions,
): Promise<{ readonly matches: FileMatch[]; readonly truncated: boolean }> {
  const { files, pattern, limit, signal, effects, root } = options;
  signal?.throwIfAborted();
  const matches: FileMatch[] = [];
  let rest: readonly { readonly path: string }[] = files;
  const bytes = files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const isFew = files.length <= FEW_FILES && bytes <= FEW_BYTES;
  // Without ripgrep a plain text is searched here however many files there are: later than never.
  if (isPlain(pattern) && (isFew || effects.ripgrep() === undefined)) {
    const left: { readonly path: string }[] = [];
    for (const [index, file] of files.entries()) {
      if (!isFew && matches.length > limit) break;
      if (index % FILES_IN_TURN === FILES_IN_TURN - 1) {
        await effects.turn?.();
        signal?.throwIfAborted();
      }
      const content = effects.readFile(file.path);
      if (!content) continue;
      const own = matchLiteral(file.path, content, pattern);
      if (own) matches.push(...own);
      else left.push(file);
    }
    rest = left;
  }
  if (rest.length > 0 && matches.length <= limit) {
    const command = effects.ripgrep();
    if (command === undefined)
      throw new RipgrepMissing(
        'ripgrep was not found, neither beside Tabstop nor in the editor or on the path; without it only plain text can be searched for',
      );
    // One more than is shown tells whether there is more.
    const paths = rest.map(({ path }) => path);
    matches.push(
      ...(await runRipgrep({ spawn: effects.spawn, command, root, files: paths, pattern, limit: limit + 1, signal })),
    );
  }
  inOrder(matches);
  return { matches: matches.slice(0, limit), truncated: matches.length > limit };
}
