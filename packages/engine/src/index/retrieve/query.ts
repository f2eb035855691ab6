import { isStopWord, languagesNamed } from '../lexical/stop-words.ts';
import { termsOfWord, wholeTerm, wordsOf } from '../lexical/terms.ts';

export interface ParsedQuery {
  /** What is embedded: the query without its filters. */
  readonly text: string;
  /** Terms to be found, each with its weight. */
  readonly terms: readonly QueryTerm[];
  /** Whole identifiers that were written as such (`readFile`, `read_file`, `fs.readFile`), as terms. */
  readonly identifiers: readonly string[];
  /** In quotes: text that is to be there as it is, letter case aside. */
  readonly phrases: readonly string[];
  readonly filters: readonly Filter[];
  /** Language ids that a word of the query hints at. */
  readonly languages: readonly string[];
  readonly asksForTests: boolean;
  /** What was not understood, for the user. */
  readonly notes: readonly string[];
}

export interface QueryTerm {
  readonly term: string;
  /** 1 for a word; less for what is only a part or a hint. */
  readonly weight: number;
}

export interface Filter {
  readonly field: 'path' | 'lang' | 'symbol';
  readonly value: string;
  readonly exclude: boolean;
}

/** Beyond this a query is a pasted text: the rest would cost time and say nothing. */
const MAX_CHARACTERS = 2_000;
const MAX_TERMS = 64;
/** The parts of an identifier next to the identifier itself, and words that name a language. */
const PART_WEIGHT = 0.5;
const LANGUAGE_WEIGHT = 0.2;

const TOKEN = /(-?)(path|file|lang|language|symbol):(?:"([^"]*)"|(\S*))|"([^"]*)"|(\S+)/giu;

/**
 * Reads a query: words, identifiers, `"quoted phrases"`, and `path:`, `lang:`, `symbol:` with or without `-` before them. Anything else is words:
 * there are no errors, only notes.
 */
export function parseQuery(input: string): ParsedQuery {
  const notes: string[] = [];
  const text = input.length > MAX_CHARACTERS ? input.slice(0, MAX_CHARACTERS) : input;
  if (text !== input) notes.push(`only the first ${MAX_CHARACTERS} characters of the query are used`);
  const filters: Filter[] = [];
  const phrases: string[] = [];
  const words: string[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [, minus, name, quoted, plain, phrase, word] = match;
    if (name !== undefined) {
      const value = (quoted ?? plain ?? '').trim();
      if (value === '') notes.push(`${name}: is followed by nothing and was left out`);
      else filters.push({ field: fieldOf(name), value, exclude: minus === '-' });
    } else if (phrase !== undefined) {
      if (phrase.trim() === '') continue;
      phrases.push(phrase.trim());
      words.push(phrase);
    } else words.push(word!);
  }
  const rest = words.join(' ');
  return { ...readWords(rest), text: rest, phrases, filters, notes };
}

function fieldOf(name: string): Filter['field'] {
  const lower = name.toLowerCase();
  return lower === 'symbol' ? 'symbol' : lower.startsWith('lang') ? 'lang' : 'path';
}

function readWords(text: string): Pick<ParsedQuery, 'terms' | 'identifiers' | 'languages' | 'asksForTests'> {
  const found = [...wordsOf(text)].map(({ start, end }) => text.slice(start, end));
  const telling = found.filter((word) => !isStopWord(word.toLowerCase()));
  // `what is it for`: then the stop words are all there is.
  const words = telling.length > 0 ? telling : found;
  const languages = words.flatMap((word) => languagesNamed(word.toLowerCase()));
  const onlyLanguages = words.every((word) => languagesNamed(word.toLowerCase()).length > 0);
  const weights = new Map<string, number>();
  const identifiers: string[] = [];
  for (const word of words) {
    const weight = !onlyLanguages && languagesNamed(word.toLowerCase()).length > 0 ? LANGUAGE_WEIGHT : 1;
    const terms = termsOfWord(word);
    const whole = wholeTerm(word);
    if (terms.length > 1) identifiers.push(whole);
    for (const term of terms) {
      const share = terms.length > 1 && term !== whole ? PART_WEIGHT : 1;
      weights.set(term, Math.max(weights.get(term) ?? 0, weight * share));
    }
  }
  return {
    terms: [...weights].slice(0, MAX_TERMS).map(([term, weight]) => ({ term, weight })),
    identifiers,
    languages: [...new Set(languages)],
    asksForTests: words.some((word) => /^(tests?|specs?|testing|tested|fixtures?)$/i.test(word)),
  };
}
