import { commentSyntaxOf } from '../../workspace/languages.ts';
import { eachTerm } from './terms.ts';

/** Where in a chunk a term occurs; bits of a posting. The body is all of the chunk's text. */
export const IN_SYMBOL = 1;
export const IN_PATH = 2;
export const IN_COMMENT = 4;

export interface ChunkText {
  readonly path: string;
  readonly language: string;
  readonly symbol?: string;
  /** The chunk as it is in its file. */
  readonly text: string;
}

export interface ChunkTerms {
  /** How often each term is in the body, and bits for where else it is. */
  readonly terms: ReadonlyMap<string, TermUse>;
  /** Terms of the body. */
  readonly length: number;
  /** 64 bits that differ little where the bodies differ little (Charikar's simhash over terms). */
  readonly simhash: readonly [low: number, high: number];
}

export interface TermUse {
  count: number;
  fields: number;
}

/** Counts the terms of a chunk, by field. */
export function chunkTerms(chunk: ChunkText): ChunkTerms {
  const terms = new Map<string, TermUse>();
  const use = (term: string): TermUse => {
    let found = terms.get(term);
    if (found === undefined) {
      found = { count: 0, fields: 0 };
      terms.set(term, found);
    }
    return found;
  };
  const length = eachTerm(chunk.text, (term) => {
    use(term).count++;
  });
  const simhash = simhashOf(terms);
  if (chunk.symbol !== undefined)
    eachTerm(chunk.symbol, (term) => {
      use(term).fields |= IN_SYMBOL;
    });
  eachTerm(chunk.path, (term) => {
    use(term).fields |= IN_PATH;
  });
  eachTerm(commentsOf(chunk.text, chunk.language), (term) => {
    use(term).fields |= IN_COMMENT;
  });
  return { terms, length, simhash };
}

function simhashOf(terms: ReadonlyMap<string, TermUse>): readonly [low: number, high: number] {
  const votes = new Int32Array(64);
  // Up to three votes, so that one word said often does not decide alone.
  for (const [term, { count }] of terms) vote(votes, term, Math.min(count, 3));
  return [bitsOf(votes, 0), bitsOf(votes, 32)];
}

function vote(votes: Int32Array, term: string, weight: number): void {
  let low = 0x811c9dc5;
  let high = 0x1234567;
  for (let at = 0; at < term.length; at++) {
    const code = term.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x5bd1e995) ^ (high >>> 15);
  }
  low ^= low >>> 13;
  high ^= high >>> 13;
  for (let bit = 0; bit < 32; bit++) {
    votes[bit]! += (low >>> bit) & 1 ? weight : -weight;
    votes[bit + 32]! += (high >>> bit) & 1 ? weight : -weight;
  }
}

function bitsOf(votes: Int32Array, from: number): number {
  let bits = 0;
  for (let bit = 0; bit < 32; bit++) if (votes[from + bit]! > 0) bits |= 1 << bit;
  return bits;
}

const PROSE = new Set(['markdown', 'plaintext', 'restructuredtext']);

/** What of a chunk's text is written for people: comments and Python's doc strings, as far as its lines tell; all of it for prose. */
export function commentsOf(text: string, language: string): string {
  if (PROSE.has(language)) return text;
  const { line, block } = commentSyntaxOf(language);
  const parts: string[] = [];
  let closing: string | undefined;
  for (const raw of text.split('\n')) {
    const trimmed = raw.trim();
    if (closing !== undefined) {
      parts.push(trimmed);
      if (trimmed.includes(closing)) closing = undefined;
    } else if (line !== undefined && trimmed.startsWith(line)) parts.push(trimmed.slice(line.length));
    else if (block !== undefined && trimmed.startsWith(block[0])) {
      parts.push(trimmed.slice(block[0].length));
      if (!trimmed.slice(block[0].length).includes(block[1])) closing = block[1];
    } else if (language === 'python' && /^[rRuU]?("""|''')/.test(trimmed)) {
      const quote = trimmed.includes('"""') ? '"""' : "'''";
      const rest = trimmed.slice(trimmed.indexOf(quote) + 3);
      parts.push(rest);
      if (!rest.includes(quote)) closing = quote;
    }
  }
  return parts.join('\n');
}
