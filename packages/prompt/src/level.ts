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

export function lowerLevel(a: Level, b: Level): Level {
  return compareLevels(a, b) <= 0 ? a : b;
}

export function higherLevel(a: Level, b: Level): Level {
  return compareLevels(a, b) >= 0 ? a : b;
}

/** The distinct levels in ascending order, and the rank of each level object that was given. */
export interface Ranking {
  readonly levels: readonly Level[];
  rank(level: Level): number;
}

/**
 * A flexible part of 10,000 lines brings 10,000 levels, in runs that ascend or descend, which is what the engine's merge
 * sort is linear on. Ranks are kept by level object: leaves share theirs.
 */
export function rankLevels(used: Iterable<Level>): Ranking {
  const ranks = new Map<Level, number>();
  ranks.set(REQUIRED, 0);
  let last: Level = REQUIRED;
  for (const level of used) {
    if (level !== last) ranks.set(level, 0);
    last = level;
  }
  const objects = [...ranks.keys()].sort(compareLevels);
  const levels: Level[] = [];
  for (const level of objects) {
    const highest = levels.at(-1);
    if (highest === undefined || compareLevels(highest, level) !== 0) levels.push(level);
    ranks.set(level, levels.length - 1);
  }
  return { levels, rank: (level) => ranks.get(level)! };
}
