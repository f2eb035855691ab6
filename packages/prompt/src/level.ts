/**
 * How long something is kept: by priority first, then by step. Steps are 0 or negative and order what shares a priority:
 * a flexible part gives up its pieces (steps of -1 and below, in tokens per weight), then fallbacks take over (steps
 * between -1 and 0), before the priority as a whole is cut.
 */
export interface Level {
  readonly priority: number;
  readonly step: number;
}

/** What has no priority is required. Finite, so that relative priorities below it order required things among themselves. */
export const REQUIRED: Level = { priority: 1_000_000_000, step: 0 };

export function compareLevels(a: Level, b: Level): number {
  return a.priority - b.priority || a.step - b.step;
}

/** A level with its place in the order of all levels of one search. */
export interface RankedLevel extends Level {
  /** Scratch: every search ranks the levels of its leaves anew. */
  rank: number;
}

export function newLevel(priority: number, step: number): RankedLevel {
  return { priority, step, rank: UNRANKED };
}

const UNRANKED = -1;
const FOUND = -2;

export function lowerLevel(a: RankedLevel, b: RankedLevel): RankedLevel {
  return compareLevels(a, b) <= 0 ? a : b;
}

export function higherLevel(a: RankedLevel, b: RankedLevel): RankedLevel {
  return compareLevels(a, b) >= 0 ? a : b;
}

/**
 * Sorts out the distinct levels in ascending order and gives each object its rank. A flexible part of 10,000 lines brings
 * 10,000 levels, in runs that ascend or descend, on which the engine's merge sort is linear; a map from levels to ranks
 * took half of a render's time there. `more` are levels that no leaf has; they must be objects of their own.
 */
export function rankLevels(
  leaves: readonly { readonly upto: RankedLevel; readonly above: RankedLevel | null }[],
  more: readonly RankedLevel[] = [],
): Level[] {
  for (const { upto, above } of leaves) {
    upto.rank = UNRANKED;
    if (above !== null) above.rank = UNRANKED;
  }
  const objects: RankedLevel[] = [newLevel(REQUIRED.priority, REQUIRED.step), ...more];
  const note = (level: RankedLevel): void => {
    if (level.rank === FOUND) return;
    level.rank = FOUND;
    objects.push(level);
  };
  for (const { upto, above } of leaves) {
    note(upto);
    if (above !== null) note(above);
  }
  objects.sort(compareLevels);
  const levels: Level[] = [];
  for (const level of objects) {
    const highest = levels.at(-1);
    if (highest === undefined || compareLevels(highest, level) !== 0)
      levels.push({ priority: level.priority, step: level.step });
    level.rank = levels.length - 1;
  }
  return levels;
}
