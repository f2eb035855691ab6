import { type CutRule, endsLine, isCut, opensLine, type TokenCounter } from './counters/counter.ts';

/**
 * A text, counted so that it can be joined to others without counting it again: `head` runs up to the first cut, `tail`
 * from the last; no token crosses either, whatever the text is joined to. A text without cuts is `solid`: all head.
 */
export interface TextCount {
  readonly text: string;
  readonly solid: boolean;
  readonly head: string;
  readonly tail: string;
  readonly headTokens: number;
  readonly middleTokens: number;
  readonly tailTokens: number;
  /** Tokens of the text on its own. */
  readonly total: number;
  /** What the text begins and ends with, as far as a cut at its border depends on it: see `isBorderCut`. */
  readonly begins: 'line' | 'blank' | 'other';
  readonly ends: 'line' | 'visible' | 'other';
  /** It begins like a line, indentation included; a blank beginning can be both. */
  readonly opens: boolean;
}

/** Whether no token crosses the border of two texts that are joined. */
export function isBorderCut(left: TextCount, right: TextCount): boolean {
  if (left.ends === 'line') return right.opens;
  return left.ends === 'visible' && right.begins === 'blank';
}

/** Counts texts and remembers them. One per tokenizer; safe to share between renders, and worth it. */
export interface TextCounts {
  readonly counter: TokenCounter;
  of(text: string): TextCount;
  /** Tokens of a short text on its own, such as the join of a tail and a head. */
  join(text: string): number;
  readonly statistics: { hits: number; misses: number };
}

/** About 4 million tokens. */
export const DEFAULT_CACHE_CHARACTERS = 16_000_000;

/** `cacheCharacters`: characters of text that a generation of the cache holds; there are two. */
export function createTextCounts(counter: TokenCounter, cacheCharacters = DEFAULT_CACHE_CHARACTERS): TextCounts {
  const statistics = { hits: 0, misses: 0 };
  const texts = twoGenerations<TextCount>(cacheCharacters);
  const joins = twoGenerations<number>(cacheCharacters / 4);
  const { cuts } = counter;

  function join(text: string): number {
    const known = joins.get(text);
    if (known !== undefined) {
      statistics.hits += 1;
      return known;
    }
    statistics.misses += 1;
    const tokens = counter.count(text);
    joins.set(ownCopy(text), tokens);
    return tokens;
  }

  function of(text: string): TextCount {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const made = split(text);
    texts.set(text, made);
    return made;
  }

  function split(text: string): TextCount {
    const first = firstCut(cuts, text);
    const opens = opensLine(cuts, text, 0);
    const border = { begins: beginning(cuts, text, opens), ends: ending(cuts, text), opens };
    if (first < 0) {
      const total = join(text);
      return {
        text,
        solid: true,
        head: text,
        tail: '',
        headTokens: total,
        middleTokens: 0,
        tailTokens: 0,
        total,
        ...border,
      };
    }
    const last = lastCut(cuts, text);
    const head = text.slice(0, first);
    const tail = text.slice(last);
    const headTokens = join(head);
    const tailTokens = join(tail);
    const middleTokens = middle(text, first, last);
    const total = headTokens + middleTokens + tailTokens;
    return { text, solid: false, head, tail, headTokens, middleTokens, tailTokens, total, ...border };
  }

  /**
   * A long middle is counted in chunks whose borders depend on the text around them alone, so that an edit in a file of
   * 10,000 lines re-counts the one chunk it is in (about 12 lines) and not what follows.
   */
  function middle(text: string, from: number, to: number): number {
    if (from === to) return 0;
    let tokens = 0;
    let start = from;
    let lineStart = from;
    for (let end = text.indexOf('\n', from) + 1; end > 0 && end < to; end = text.indexOf('\n', end) + 1) {
      const ends = (end - lineStart) % 12 === 7 || end - start > 2_000;
      lineStart = end;
      if (!ends || !isCut(cuts, text, end)) continue;
      tokens += join(text.slice(start, end));
      start = end;
    }
    return start < to ? tokens + join(text.slice(start, to)) : tokens;
  }

  return { counter, of, join, statistics };
}

function beginning(rule: CutRule, text: string, opens: boolean): TextCount['begins'] {
  const code = text.charCodeAt(0);
  if ((rule === 'gpt4' || rule === 'gpt2') && (code === 32 || code === 9)) return 'blank';
  return opens ? 'line' : 'other';
}

function ending(rule: CutRule, text: string): TextCount['ends'] {
  const code = text.charCodeAt(text.length - 1);
  if (rule === 'none') return 'other';
  if (code === 10) return endsLine(rule, text, text.length) ? 'line' : 'other';
  return code > 32 && code < 127 ? 'visible' : 'other';
}

function firstCut(rule: CutRule, text: string): number {
  if (rule === 'none') return -1;
  for (let at = 1; at < text.length; at++) if (isCut(rule, text, at)) return at;
  return -1;
}

function lastCut(rule: CutRule, text: string): number {
  for (let at = text.length - 1; at > 0; at--) if (isCut(rule, text, at)) return at;
  return -1;
}

/** A slice keeps the whole text it was cut from alive; a key of the cache must not. */
function ownCopy(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');
}

interface Generations<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

/** A bounded map: when the young half is full it becomes the old one; what is asked for again moves back. */
function twoGenerations<V>(limit: number): Generations<V> {
  let young = new Map<string, V>();
  let old = new Map<string, V>();
  let size = 0;
  function set(key: string, value: V): void {
    // 64: what an entry costs beside its characters.
    size += key.length + 64;
    if (size > limit) {
      old = young;
      young = new Map();
      size = key.length + 64;
    }
    young.set(key, value);
  }
  return {
    get(key) {
      const value = young.get(key);
      if (value !== undefined) return value;
      const kept = old.get(key);
      if (kept !== undefined) {
        old.delete(key);
        set(key, kept);
      }
      return kept;
    },
    set,
  };
}
