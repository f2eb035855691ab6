import { termsOfWord } from '../lexical/terms.ts';

/**
 * How functions that are described in some words are called: `whether` makes a name begin with `is`, `number` becomes `num` or `count`. Learned by
 * `training/search-names.ts` (model 1 of Brown et al. 1993, as Berger and Lafferty 1999 search with it) from the names and doc comments of the training packages.
 */
export interface NameTable {
  /** Terms of names: how often each is one, in a million. */
  readonly names: Readonly<Record<string, number>>;
  /** By term of a description: the terms it puts into names, and how likely, in a thousand: `is 743 has 112`. */
  readonly words: Readonly<Record<string, string>>;
}

export interface NameScore {
  /** Natural logarithm of how much likelier the description makes the name, over all of its terms; about -10 to 20. */
  readonly sum: number;
  /** The same for a term: the mean, and the least. */
  readonly mean: number;
  readonly least: number;
  /** Share of the description's terms that account for a term of the name. */
  readonly used: number;
}

/** As of a name that is not known. */
const NONE: NameScore = { sum: 0, mean: 0, least: 0, used: 0 };
/** Terms of a description and of a name that are looked at. */
const MOST_SAID = 24;
const MOST_NAMED = 8;
/** A name term that was never seen is as rare as this. */
const RAREST = 1e-5;
/** A term that stands for itself, where the table has the term but not this, and where it does not know the term. */
const SAME = { known: 0.3, unknown: 0.6 };
/** Share of a name that is not said in its description. */
const UNSAID = 0.3;
/** From here on a term of the description counts as used. */
const ACCOUNTS = 0.05;

/** Names, as their terms (`partsOf`), judged by a description, for one table. */
export function createNameWords({ names, words }: NameTable) {
  const common = new Map(Object.entries(names));
  const lines = new Map(Object.entries(words));
  return (description: string) => {
    const said = [...new Set(partsOf(description))].slice(0, MOST_SAID);
    const likely = said.map((term) => {
      const line = lines.get(term);
      return { own: line === undefined ? SAME.unknown : SAME.known, term, becomes: readLine(line) };
    });
    const known = new Map<string, { readonly ratio: number; readonly by: readonly number[] }>();
    const judge = (term: string) => {
      const background = Math.max(RAREST, (common.get(term) ?? 0) / 1e6);
      let share = 0;
      const by: number[] = [];
      for (const [at, one] of likely.entries()) {
        const likelihood = one.becomes.get(term) ?? (one.term === term ? one.own : 0);
        if (likelihood > ACCOUNTS) by.push(at);
        share += likelihood / likely.length;
      }
      return { ratio: Math.log((UNSAID * background + (1 - UNSAID) * share) / background), by };
    };
    return (name: readonly string[]): NameScore => {
      const terms = [...new Set(name)].slice(0, MOST_NAMED);
      if (terms.length === 0 || said.length === 0) return NONE;
      let total = 0;
      let least = Number.POSITIVE_INFINITY;
      const used = new Set<number>();
      for (const term of terms) {
        let judged = known.get(term);
        if (judged === undefined) {
          judged = judge(term);
          known.set(term, judged);
        }
        total += judged.ratio;
        least = Math.min(least, judged.ratio);
        for (const at of judged.by) used.add(at);
      }
      return { sum: total, mean: total / terms.length, least, used: used.size / said.length };
    };
  };
}

/** Terms of the words of a text, without those that stand for whole identifiers. */
export function partsOf(text: string): string[] {
  return (text.match(/[\p{L}\p{N}_$]+/gu) ?? []).flatMap((word) => {
    const terms = termsOfWord(word);
    return terms.length > 1 ? terms.slice(0, -1) : terms;
  });
}

/** `is 743 has 112` as shares. */
function readLine(line: string | undefined): ReadonlyMap<string, number> {
  const becomes = new Map<string, number>();
  const parts = line?.split(' ') ?? [];
  for (let at = 0; at + 1 < parts.length; at += 2) becomes.set(parts[at]!, Number(parts[at + 1]) / 1000);
  return becomes;
}
