import { eachTerm } from '../lexical/terms.ts';

/** How close two files are by their paths alone: 0 (not at all) .. 1 (the test of that source). */
export interface Kinship {
  readonly score: number;
  readonly why: string;
}

const TEST_PART = /(^|[._-])(?:tests?|spec|e2e|unit)(?=[._-]|$)/gi;
const TEST_FOLDER = /^(?:tests?|__tests__|spec|specs|src|lib|source|main)$/i;

/** The name without what marks a test and without extensions: `upload.test.ts`, `test_upload.py` and `upload.ts` are one subject. */
export function subjectOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(TEST_PART, '');
  return name
    .replace(/^[._-]+/, '')
    .replace(/\..*$/, '')
    .toLowerCase();
}

export function isTest(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return new RegExp(TEST_PART.source, 'i').test(name) || /(^|\/)(?:tests?|__tests__|specs?)\//i.test(path);
}

export function kinship(path: string, other: string): Kinship | undefined {
  const folders = (of: string) =>
    of
      .split('/')
      .slice(0, -1)
      .filter((part) => !TEST_FOLDER.test(part));
  const own = folders(path);
  const others = folders(other);
  const shared = own.filter((part) => others.includes(part)).length;
  const near = own.length + others.length === 0 ? 1 : (2 * shared) / (own.length + others.length);
  const subject = subjectOf(path);
  const name = other.slice(other.lastIndexOf('/') + 1);
  if (subject !== '' && subject !== 'index' && subject === subjectOf(other)) {
    if (isTest(path) !== isTest(other))
      return { score: 0.6 + 0.4 * near, why: isTest(path) ? `test of ${name}` : `tested by ${name}` };
    return { score: 0.3 + 0.4 * near, why: `named as ${name} is` };
  }
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return folder === other.slice(0, other.lastIndexOf('/') + 1) ? { score: 0.12, why: `beside ${name}` } : undefined;
}

/** Files whose paths hold words of a text. */
export interface PathWords {
  /** Best first; `words` are the ones of the text, as they stand in it. */
  find(text: string): readonly { readonly path: string; readonly score: number; readonly words: readonly string[] }[];
}

export function pathWords(paths: Iterable<string>): PathWords {
  const byTerm = new Map<string, Set<string>>();
  let count = 0;
  for (const path of paths) {
    count++;
    eachTerm(path, (term) => {
      const known = byTerm.get(term);
      if (known) known.add(path);
      else byTerm.set(term, new Set([path]));
    });
  }
  return {
    find(text) {
      const found = new Map<string, { score: number; words: Set<string> }>();
      for (const word of new Set(text.match(/[\p{L}\p{N}_$]+/gu) ?? []))
        eachTerm(word, (term) => {
          const holders = byTerm.get(term);
          // A word of a quarter of all paths (`src`, `test`) tells nothing.
          if (!holders || term.length < 2 || holders.size * 4 > count + 8) return;
          const rare = Math.log(1 + count / holders.size);
          for (const path of holders) {
            const known = found.get(path) ?? { score: 0, words: new Set<string>() };
            // In the name it tells more than in a folder.
            const inName = subjectOf(path).includes(term) ? 1.5 : 1;
            known.score += known.words.has(word) ? 0 : (rare * inName) / Math.log2(4 + path.split('/').length);
            known.words.add(word);
            found.set(path, known);
          }
        });
      return [...found]
        .map(([path, { score, words }]) => ({ path, score, words: [...words] }))
        .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
    },
  };
}
