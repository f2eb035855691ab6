import { wordsOf } from '../lexical/terms.ts';
import type { ParsedQuery } from './query.ts';

/** Highlights beyond this many are no help to anyone. */
const LIMIT = 100;

/** Ranges of `text` (UTF-16 code units, in order, not touching each other) that are words or phrases of the query. */
export function highlightsOf(text: string, query: ParsedQuery): (readonly [start: number, end: number])[] {
  const terms = new Set(query.terms.map(({ term }) => term));
  const ranges: (readonly [number, number])[] = [];
  for (const word of wordsOf(text)) if (word.terms.some((term) => terms.has(term))) ranges.push([word.start, word.end]);
  const lower = text.toLowerCase();
  // Where lower case changes lengths, offsets would be wrong.
  if (lower.length === text.length)
    for (const phrase of query.phrases) {
      const wanted = phrase.toLowerCase();
      for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length))
        ranges.push([at, at + wanted.length]);
    }
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const apart: (readonly [number, number])[] = [];
  for (const [start, end] of ranges) {
    const last = apart.at(-1);
    if (last !== undefined && start <= last[1]) apart[apart.length - 1] = [last[0], Math.max(last[1], end)];
    else apart.push([start, end]);
  }
  return apart.slice(0, LIMIT);
}
