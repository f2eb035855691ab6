import type { Surroundings } from './match.ts';
import type { SubEdit } from './sub-edit.ts';
import type { RecentPlace } from './recent.ts';
import { common, generalises, sameRewrite } from './template.ts';

/** Tokens compared on each side. */
const REACH = 4;

/** Of the places passed by, so many are compared: those nearest to the cursor. Each place is compared with all of them. */
const COMPARED = 24;

/** What is known of one rewrite from where it was made, and from where it was not although it could have been. */
export interface Precedents {
  /** Where it was made. */
  readonly made: readonly Surroundings[];
  /** Places of the file the user is in, above the cursor, that were left as they are; from top to bottom. */
  readonly passed: readonly Surroundings[];
}

export function precedentsOf(from: SubEdit, recent: readonly SubEdit[], passed: readonly Surroundings[]): Precedents {
  const made: Surroundings[] = [from];
  for (const other of recent)
    if (other !== from && other.id !== from.id && other.oldText === from.oldText && other.newText === from.newText)
      made.push(other);
  return { made, passed };
}

/**
 * How a place compares with the precedents. Who changes `assert` of `assert.NoError(t, err)` three times and passes by `assert.Equal(…)` means the one and not
 * the other (version spaces: Lau et al., "Programming by demonstration using version space algebra", 2003; here only the surroundings are narrowed down).
 */
export function comparedWith({ made, passed }: Precedents, { left, right }: Surroundings): Record<string, number> {
  const likeMade = Math.max(...made.map((other) => likeness(other, { left, right })));
  const compared = passed.slice(-COMPARED);
  const likePassed = Math.max(0, ...compared.map((other) => likeness(other, { left, right })));
  // Left as they are although they are at least as like what was changed as this place is.
  const alike = compared.filter((place) => made.some((other) => likeness(other, place) >= likeMade)).length;
  return {
    likeMade,
    madeShareAlike: made.length / (made.length + alike),
    likerPassed: passed.length === 0 ? 0 : Math.max(-3, Math.min(3, likePassed - likeMade)),
    passed: Math.log2(1 + passed.length),
    madeShare: made.length / (made.length + passed.length),
  };
}

/** How many of the newest changes in a row were this one, 0..3; those of one hunk count once. */
export function streakOf(recent: readonly RecentPlace[], from: SubEdit): number {
  const hunks = [...new Set(recent.map(({ hunk }) => hunk.id))];
  const makes = (id: number) =>
    recent.some(({ edit, hunk }) => hunk.id === id && (sameRewrite(edit, from) || generalises(edit, from)));
  const first = hunks.findIndex(makes);
  if (first < 0) return 0;
  let streak = 0;
  while (streak < 3 && first + streak < hunks.length && makes(hunks[first + streak]!)) streak++;
  return streak;
}

function likeness(a: Surroundings, b: Surroundings): number {
  return Math.min(REACH, common(a.left, b.left)) + Math.min(REACH, common(a.right, b.right));
}
