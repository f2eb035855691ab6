import type { NameTable } from '../packages/engine/src/index/retrieve/name-words.ts';

/** Distinct terms of a description, and of the name of what it describes. */
export interface Described {
  readonly said: readonly string[];
  readonly named: readonly string[];
}

export interface TranslationOptions {
  readonly rounds?: number;
  /** Pairs of terms that occur together less often are chance. */
  readonly leastTogether?: number;
  /** Likelihoods below are left out of the table, and names rarer than this many a million. */
  readonly leastLikely?: number;
  readonly leastCommon?: number;
}

/** How much of a name comes from nowhere: the empty word of the model. */
const NOWHERE = 0.5;

/**
 * How likely each term of a description makes each term of a name: model 1 of Brown et al. (1993) by expectation maximisation, whose empty word has the
 * frequencies of the names. Deterministic.
 */
export function translateNames(pairs: readonly Described[], options: TranslationOptions = {}): NameTable {
  const { rounds = 5, leastTogether = 3, leastLikely = 0.008, leastCommon = 10 } = options;
  const numbers = new Map<string, number>();
  const number = (term: string) => {
    const known = numbers.get(term) ?? numbers.size;
    numbers.set(term, known);
    return known;
  };
  const coded = pairs.map(({ said, named }) => ({ said: said.map(number), named: named.map(number) }));
  const size = numbers.size;
  const frequency = new Float64Array(size);
  let names = 0;
  const together = new Map<number, number>();
  for (const { said, named } of coded)
    for (const name of named) {
      frequency[name]!++;
      names++;
      for (const word of said) together.set(word * size + name, (together.get(word * size + name) ?? 0) + 1);
    }
  let likely = new Map<number, number>(
    [...together].filter(([, count]) => count >= leastTogether).map(([key]) => [key, 0.1]),
  );
  for (let round = 0; round < rounds; round++) {
    const expected = new Map<number, number>();
    for (const { said, named } of coded)
      for (const name of named) {
        let total = (NOWHERE * frequency[name]!) / names;
        for (const word of said) total += ((1 - NOWHERE) * (likely.get(word * size + name) ?? 0)) / said.length;
        for (const word of said) {
          const key = word * size + name;
          const share = likely.get(key);
          if (share === undefined) continue;
          expected.set(key, (expected.get(key) ?? 0) + ((1 - NOWHERE) * share) / said.length / total);
        }
      }
    const ofWord = new Float64Array(size);
    for (const [key, count] of expected) ofWord[Math.floor(key / size)]! += count;
    // One more than there is: what was seen little is believed less.
    likely = new Map(
      [...expected]
        .map(([key, count]) => [key, count / (ofWord[Math.floor(key / size)]! + 1)] as const)
        .filter(([, share]) => share > 1e-4),
    );
  }
  const terms = [...numbers.keys()];
  const words = new Map<string, [name: string, share: number][]>();
  for (const [key, share] of likely) {
    if (share < leastLikely) continue;
    const word = terms[Math.floor(key / size)]!;
    const list = words.get(word) ?? [];
    list.push([terms[key % size]!, share]);
    words.set(word, list);
  }
  const million = (name: number) => Math.round((1e6 * frequency[name]!) / names);
  return {
    names: Object.fromEntries(
      terms
        .map((term, index) => [term, million(index)] as const)
        .filter(([, share]) => share >= leastCommon)
        .sort(byName),
    ),
    words: Object.fromEntries(
      [...words].sort(byName).map(([word, list]) => [
        word,
        list
          .sort((a, b) => b[1] - a[1] || byName(a, b))
          .map(([name, share]) => `${name} ${Math.round(share * 1000)}`)
          .join(' '),
      ]),
    ),
  };
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
