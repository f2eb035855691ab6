import { hunksOf, type Hunk, isSmall } from './hunks.ts';

/** One file of a change: the text before, and the hunks that are made in it, top to bottom. */
export interface ChangedFile {
  readonly path: string;
  readonly before: string;
  readonly hunks: readonly Hunk[];
}

export interface Limits {
  /** A hunk with more lines or characters was there before the change began. */
  readonly lines: number;
  readonly characters: number;
  /** Of a change, all files together. */
  readonly hunks: readonly [least: number, most: number];
  readonly files: number;
}

/** Next-edit cases: 3 to 10 small hunks in 1 to 4 files. */
export const CASE_LIMITS: Limits = { lines: 6, characters: 400, hunks: [3, 10], files: 4 };
/** Typing sessions also hold the writing of something longer. */
export const SESSION_LIMITS: Limits = { lines: 16, characters: 900, hunks: [3, 12], files: 4 };

/**
 * The changes that lie between two releases, as groups of files that belong together. A release mixes many commits; files whose hunks put
 * in or take out the same identifiers are put together first, then neighbours by path. Hunks over the limits are applied beforehand.
 */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  limits: Limits,
): readonly (readonly ChangedFile[])[] {
  const left = [...before].flatMap(([path, text]) => {
    const file = changedFile(path, text, after.get(path) ?? text, limits);
    return file ? [file] : [];
  });
  const changes: ChangedFile[][] = [];
  const [least, most] = limits.hunks;
  for (let first = left.shift(); first; first = left.shift()) {
    const change = [first];
    const count = () => change.reduce((sum, { hunks }) => sum + hunks.length, 0);
    const words = changedWords(first);
    const take = (belongs: (file: ChangedFile) => boolean, enough: number) => {
      for (let index = 0; index < left.length && change.length < limits.files && count() < enough; ) {
        const file = left[index]!;
        if (count() + file.hunks.length <= most && belongs(file)) change.push(...left.splice(index, 1));
        else index++;
      }
    };
    take((file) => [...changedWords(file)].some((word) => words.has(word)), most);
    take(() => true, least);
    if (count() >= least && count() <= most) changes.push(change.sort((a, b) => (a.path < b.path ? -1 : 1)));
  }
  return changes;
}

function changedFile(path: string, before: string, after: string, limits: Limits): ChangedFile | undefined {
  if (before === after) return undefined;
  const all = hunksOf(before, after);
  const small = all.filter((hunk) => isSmall(hunk, limits.lines, limits.characters));
  if (small.length === 0 || small.length > limits.hunks[1] || all.length - small.length > 5) return undefined;
  // The text with the large hunks made, and the small ones moved over them.
  let text = '';
  let last = 0;
  let shift = 0;
  const hunks: Hunk[] = [];
  for (const hunk of all) {
    if (small.includes(hunk)) hunks.push({ ...hunk, start: hunk.start + shift, end: hunk.end + shift });
    else {
      text += before.slice(last, hunk.start) + hunk.text;
      last = hunk.end;
      shift += hunk.text.length - hunk.old.length;
    }
  }
  return { path, before: text + before.slice(last), hunks };
}

/** Identifiers of four and more letters that the hunks put in or took out. */
function changedWords({ hunks }: ChangedFile): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { old, text } of hunks) {
    const before = new Set(old.match(/[\p{L}_$][\p{L}\p{N}_$]{3,}/gu));
    const after = new Set(text.match(/[\p{L}_$][\p{L}\p{N}_$]{3,}/gu));
    for (const word of before) if (!after.has(word)) words.add(word);
    for (const word of after) if (!before.has(word)) words.add(word);
  }
  return words;
}
