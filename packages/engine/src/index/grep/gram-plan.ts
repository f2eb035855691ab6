import { gramsOf, ODD_CASE_GRAM } from './trigrams.ts';

/** What n-grams a file has to hold so that a pattern can match in it. A plan may let files through that do not match, never the other way round. */
export type GramPlan =
  | { readonly kind: 'all' }
  | { readonly kind: 'grams'; readonly grams: readonly number[] }
  | { readonly kind: 'and' | 'or'; readonly of: readonly GramPlan[] };

export const ALL: GramPlan = { kind: 'all' };

export function and(plans: readonly GramPlan[]): GramPlan {
  const grams = new Set<number>();
  const others: GramPlan[] = [];
  for (const plan of plans.flatMap((plan) => (plan.kind === 'and' ? plan.of : [plan]))) {
    if (plan.kind === 'grams') for (const gram of plan.grams) grams.add(gram);
    else if (plan.kind !== 'all') others.push(plan);
  }
  const needed: GramPlan[] = grams.size > 0 ? [{ kind: 'grams', grams: [...grams] }, ...others] : others;
  return needed.length === 0 ? ALL : needed.length === 1 ? needed[0]! : { kind: 'and', of: needed };
}

export function or(plans: readonly GramPlan[]): GramPlan {
  const flat = plans.flatMap((plan) => (plan.kind === 'or' ? plan.of : [plan]));
  if (flat.length === 0 || flat.some(({ kind }) => kind === 'all')) return ALL;
  return flat.length === 1 ? flat[0]! : { kind: 'or', of: flat };
}

/** Of a string of bytes: all its windows. */
export function bytesPlan(bytes: string): GramPlan {
  return bytes.length < 3 ? ALL : and([{ kind: 'grams', grams: gramsOf(bytes) }]);
}

/** One of these strings of bytes. */
export const anyOfPlan = (strings: Iterable<string>): GramPlan => or([...strings].map(bytesPlan));

/**
 * Without regard to case, files with a character outside ASCII that equals `k` or `s` are always let through: their bytes are others than the pattern's.
 */
export function withoutCase(plan: GramPlan): GramPlan {
  return or([plan, { kind: 'grams', grams: [ODD_CASE_GRAM] }]);
}
