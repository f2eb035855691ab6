/**
 * Answers of slow askers, shared by all who ask the same within a while. The engine waits half a second for a language server and asks again
 * later; what the first question set going is then there for the second.
 */
export interface RecentAnswers {
  /** The answer to `key`: the one on its way or just given, else what `ask` gives. */
  get<T>(key: string, ask: () => Promise<T>): Promise<T>;
}

/** Milliseconds after which an answer may be out of date: other documents than the one asked about can have changed. */
export const FRESH = 10_000;
const MOST = 64;

export function recentAnswers(now: () => number): RecentAnswers {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();
  return {
    get<T>(key: string, ask: () => Promise<T>): Promise<T> {
      const known = kept.get(key);
      if (known && now() - known.at < FRESH) return known.answer as Promise<T>;
      const answer = ask();
      kept.delete(key);
      kept.set(key, { at: now(), answer });
      if (kept.size > MOST) kept.delete(kept.keys().next().value!);
      return answer;
    },
  };
}
