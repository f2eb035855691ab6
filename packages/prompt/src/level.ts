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

/** The distinct levels in ascending order, and the rank of each. */
export interface Ranking {
  readonly levels: readonly Level[];
  rank(level: Level): number;
}

/** Steps are sorted as typed arrays per priority: a flexible part of 10,000 lines brings 10,000 levels. */
export function rankLevels(used: Iterable<Level>): Ranking {
  const steps = new Map<number, Map<number, number>>();
  const add = (level: Level): void => {
    let ofPriority = steps.get(level.priority);
    if (!ofPriority) {
      ofPriority = new Map();
      steps.set(level.priority, ofPriority);
    }
    ofPriority.set(level.step, 0);
  };
  add(REQUIRED);
  for (const level of used) add(level);
  const levels: Level[] = [];
  for (const priority of Float64Array.from(steps.keys()).sort()) {
    const ofPriority = steps.get(priority)!;
    for (const step of Float64Array.from(ofPriority.keys()).sort()) {
      ofPriority.set(step, levels.length);
      levels.push({ priority, step });
    }
  }
  return { levels, rank: (level) => steps.get(level.priority)!.get(level.step)! };
}
