import { chunksOf, firstNotBelow, leastAt, runOf, stepsOf } from './chunk.ts';
import { type CutoffInput, findCutoffBetween } from './cutoff.ts';
import type { Chunk, Layout, Leaf, TextRun } from './layout.ts';
import { compareLevels, type Level, REQUIRED } from './level.ts';

export type SearchInput = Omit<CutoffInput, 'leaves'> & { readonly layout: Layout };

/**
 * The same cut-off as `findCutoff` finds, for prompts that were rendered before in most of their parts: leaves are looked
 * at one by one only in the chunks that the cut-off may go through. First a level is found below which nothing fits, from
 * what each chunk costs at least (exact where all of it is there, but for its borders). From there an exact walk goes up,
 * over a window of levels in which all other chunks are there as a whole or not at all; the window grows until something
 * fits. Answers null and the cost of the highest level where nothing does.
 */
export function searchLevel(input: SearchInput): { level: Level | null; cost: number } {
  const { layout, counts, budget, fixed } = input;
  const chunks = layout.blocks.flatMap((block) => chunksOf(block, counts));
  const edges = chunks.flatMap((chunk) => [chunk.floor, chunk.ceiling]).sort(compareLevels);
  const possible = (limit: number): Level => firstPossible(chunks, edges, limit - fixed);
  let low = possible(budget);
  for (let slack = FIRST_SLACK; ; slack *= 4) {
    const high = slack < budget ? possible(budget - slack) : REQUIRED;
    const found = findCutoffBetween({ ...input, leaves: windowOf(chunks, low, high) }, low, high);
    if (found.level !== null || compareLevels(high, REQUIRED) === 0) return found;
    low = high;
  }
}

/** What is there at a level, in document order. */
export function keptAt(input: SearchInput, level: Level): (Leaf | TextRun)[] {
  const kept: (Leaf | TextRun)[] = [];
  for (const block of input.layout.blocks) {
    for (const chunk of chunksOf(block, input.counts)) {
      if (compareLevels(level, chunk.ceiling) > 0) continue;
      const whole = compareLevels(level, chunk.floor) <= 0;
      const run = whole ? runOf(chunk) : null;
      if (run !== null) kept.push(run);
      else for (const leaf of whole ? chunk.content : chunk.leaves) if (whole || isThere(leaf, level)) kept.push(leaf);
    }
  }
  return kept;
}

/** Tokens by which the bound may be off at first; a chunk that the cut-off goes through is off by a few hundred. */
const FIRST_SLACK = 500;

/** The lowest level of the prompt that takes at most `limit` by the bound, which only falls: all below take more. */
function firstPossible(chunks: readonly Chunk[], edges: readonly Level[], limit: number): Level {
  const takes = (some: readonly Chunk[], level: Level): number => {
    let tokens = 0;
    for (const chunk of some) tokens += leastAt(chunk, level);
    return tokens;
  };
  const edge = firstThat(edges, (level) => takes(chunks, level) <= limit);
  // The next level above `below`, which does not fit, up to `upto`, which does; between edges few chunks change.
  const below = edge === 0 ? null : edges[edge - 1]!;
  const upto = edges[edge] ?? REQUIRED;
  const changing: Chunk[] = [];
  const between: Level[] = [];
  let constant = 0;
  for (const chunk of chunks) {
    const { floor, ceiling } = chunk;
    if (below !== null && compareLevels(below, ceiling) >= 0) continue;
    if (compareLevels(upto, floor) <= 0) constant += chunk.least;
    else changing.push(chunk);
    if (compareLevels(floor, upto) > 0) continue;
    const { levels } = stepsOf(chunk);
    let at = below === null ? 0 : firstNotBelow(levels, below);
    for (; at < levels.length && compareLevels(levels[at]!, upto) <= 0; at++) between.push(levels[at]!);
  }
  between.sort(compareLevels);
  return between[firstThat(between, (level) => constant + takes(changing, level) <= limit)] ?? REQUIRED;
}

/** Index of the first of ascending `levels` of which `is` is true; it is true of all that follow. */
function firstThat(levels: readonly Level[], is: (level: Level) => boolean): number {
  let low = 0;
  let high = levels.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(levels[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Leaves that stand for the prompt at all levels from `low` to `high`. */
function windowOf(chunks: readonly Chunk[], low: Level, high: Level): Leaf[] {
  const leaves: Leaf[] = [];
  for (const chunk of chunks) {
    if (compareLevels(low, chunk.ceiling) > 0) continue;
    if (compareLevels(high, chunk.floor) <= 0) {
      for (const leaf of chunk.joined) leaves.push(leaf);
      continue;
    }
    for (const leaf of chunk.leaves) {
      if (compareLevels(leaf.upto, low) >= 0 && (leaf.above === null || compareLevels(leaf.above, high) < 0))
        leaves.push(leaf);
    }
  }
  return leaves;
}

function isThere(leaf: Leaf, level: Level): boolean {
  return compareLevels(leaf.upto, level) >= 0 && (leaf.above === null || compareLevels(leaf.above, level) < 0);
}
