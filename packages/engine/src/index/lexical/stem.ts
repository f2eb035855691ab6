/**
 * A light stem of a lower-case English word, so that `caching`, `cached`, `caches` and `cache` are one term. Far shorter than Porter's algorithm and made
 * for words inside identifiers: what may be an abbreviation or a name (`string`, `ring`, `class`, `bus`, `status`, `alias`) stays as it is.
 */
export function stem(word: string): string {
  if (word.length < 4) return word;
  return finish(suffixed(plural(word)));
}

const VOWEL = /[aeiouy]/;

function plural(word: string): string {
  if (!word.endsWith('s') || /(ss|us|is|as|os)$/.test(word)) return word;
  if (word.endsWith('ies')) return word.length > 4 ? word.slice(0, -3) + 'y' : word.slice(0, -1);
  if (/(sses|shes|ches|xes|zes)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

function suffixed(word: string): string {
  if (word.endsWith('ied') && word.length > 4) return word.slice(0, -3) + 'y';
  for (const suffix of ['ing', 'ed']) {
    if (!word.endsWith(suffix) || word === 'embed') continue;
    const rest = word.slice(0, -suffix.length);
    // `string`, `thing`, `bed`, `need`: what is left would be no word.
    if (rest.length < 3 || !VOWEL.test(rest) || (suffix === 'ed' && rest.endsWith('e'))) return word;
    return undouble(rest);
  }
  if (word.endsWith('ization')) return word.slice(0, -5);
  if (word.endsWith('ator') && word.length > 6) return word.slice(0, -2);
  if (word.endsWith('tion') && word.length > 7) return word.slice(0, -3);
  return word;
}

/** `running` -> `run`, but `calling`, `passing`, `adding`. */
function undouble(word: string): string {
  const last = word.at(-1)!;
  const doubled = word.length > 3 && word.at(-2) === last;
  return doubled && !'lsz'.includes(last) && !VOWEL.test(last) ? word.slice(0, -1) : word;
}

/** `cache` and `caching` meet without the e; so do `query` and `queries`. */
function finish(word: string): string {
  return word.length > 3 && word.endsWith('e') && !word.endsWith('ee') ? word.slice(0, -1) : word;
}
