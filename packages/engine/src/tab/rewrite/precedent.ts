import type { Surroundings } from './match.ts';
import type { SubEdit } from './sub-edit.ts';
import { common } from './template.ts';

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
  const likePassed = Math.max(0, ...passed.slice(-COMPARED).map((other) => likeness(other, { left, right })));
  return {
    likeMade,
    likerPassed: passed.length === 0 ? 0 : Math.max(-3, Math.min(3, likePassed - likeMade)),
    passed: Math.log2(1 + passed.length),
    madeShare: made.length / (made.length + passed.length),
  };
}

function likeness(a: Surroundings, b: Surroundings): number {
  return Math.min(REACH, common(a.left, b.left)) + Math.min(REACH, common(a.right, b.right));
}
