import type { SearchQueryResult } from '@tabstop/protocol';
import { count } from './index-text.ts';
import { type SearchState, shownAnswer } from './search-session.ts';

/** Pure: what the line below the box says. */
export function wordsOf(state: SearchState): string {
  if (state.kind === 'idle') return '';
  if (state.kind === 'unavailable') return state.message;
  const shown = shownAnswer(state);
  return shown ? answerText(shown) : 'Searching…';
}

export function answerText({ results, state, ms, notes }: SearchQueryResult): string {
  const files = new Set(results.map(({ root, path }) => `${root}\0${path}`)).size;
  const found =
    results.length === 0
      ? 'Nothing was found. Try other words, or fewer.'
      : `${count(results.length, 'place')} in ${count(files, 'file')} · ${ms < 1 ? '<1' : Math.round(ms)} ms`;
  const lacks =
    state === 'lexical'
      ? ['by words so far: meaning is still being read']
      : state === 'stale'
        ? ['some changes are not taken in yet']
        : [];
  return [found, ...lacks, ...notes].join(' · ');
}
