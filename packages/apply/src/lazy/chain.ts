import type { LineIndex } from '../place/line-index.ts';
import { isTelling, weightOf } from '../place/placement.ts';
import type { Snippet } from './snippet.ts';

/** Equal lines of snippet and document, one behind the other. */
interface Seed {
  readonly at: number;
  readonly line: number;
  readonly length: number;
  readonly weight: number;
  readonly segment: number;
}

export interface Chain {
  /** For each snippet line the document line it is, or -1. */
  readonly partners: number[];
  /** Segments whose place has a rival of about the same weight. */
  readonly ambiguous: ReadonlySet<number>;
}

const MAX_OCCURRENCES = 64;
const MAX_SEEDS = 3000;

/**
 * Aligns a snippet with a document: runs of equal lines are chained so that both go forward and most weight is covered
 * (weighted chaining, as genome aligners do). Lines left out inside a segment cost a little, lines under a placeholder
 * nothing. Through-scores from both directions tell when a run could as well be elsewhere.
 */
export function chainSnippet(index: LineIndex, snippet: Snippet): Chain {
  let seeds = findSeeds(index, snippet, MAX_OCCURRENCES);
  for (let cap = 16; seeds.length > MAX_SEEDS && cap >= 1; cap >>= 2) seeds = findSeeds(index, snippet, cap);
  seeds = seeds.slice(0, MAX_SEEDS);
  const partners = snippet.lines.map(() => -1);
  const ambiguous = new Set<number>();
  if (seeds.length === 0) return { partners, ambiguous };
  seeds.sort((a, b) => a.at - b.at || a.line - b.line);
  const forward = seeds.map((seed) => seed.weight);
  const from = seeds.map(() => -1);
  for (let i = 0; i < seeds.length; i++) {
    for (let k = 0; k < i; k++) {
      const score = forward[k]! + seeds[i]!.weight - linkCost(seeds[k]!, seeds[i]!);
      if (score > forward[i]!) {
        forward[i] = score;
        from[i] = k;
      }
    }
  }
  const backward = seeds.map((seed) => seed.weight);
  for (let i = seeds.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < seeds.length; k++) {
      const score = backward[k]! + seeds[i]!.weight - linkCost(seeds[i]!, seeds[k]!);
      if (score > backward[i]!) backward[i] = score;
    }
  }
  let end = 0;
  for (let i = 1; i < seeds.length; i++) if (forward[i]! > forward[end]!) end = i;
  const best = forward[end]!;
  for (let i = end; i >= 0; i = from[i]!) {
    const seed = seeds[i]!;
    for (let k = 0; k < seed.length; k++) partners[seed.at + k] = seed.line + k;
  }
  for (const [i, seed] of seeds.entries()) {
    const through = forward[i]! + backward[i]! - seed.weight;
    if (through < best - margin(seed)) continue;
    for (let k = 0; k < seed.length; k++) {
      const partner = partners[seed.at + k]!;
      if (partner >= 0 && partner !== seed.line + k && isTelling(snippet.trimmed[seed.at + k]!))
        ambiguous.add(seed.segment);
    }
  }
  return { partners, ambiguous };
}

/** A rival counts when it is within the weight of half a line, or a tenth of the run. */
const margin = (seed: Seed) => Math.max(0.6, seed.weight * 0.1);

function linkCost(a: Seed, b: Seed): number {
  if (a.at + a.length > b.at || a.line + a.length > b.line) return Number.POSITIVE_INFINITY;
  if (a.segment !== b.segment) return 0;
  const left = b.line - (a.line + a.length);
  const fresh = b.at - (a.at + a.length);
  return 0.25 * Math.log2(1 + Math.max(0, left - fresh)) + 0.02 * Math.log2(1 + Math.min(left, fresh));
}

function findSeeds(index: LineIndex, snippet: Snippet, cap: number): Seed[] {
  const { trimmed, segmentOf } = snippet;
  const seeds: Seed[] = [];
  const covered = new Set<number>();
  const width = index.trimmed.length + 1;
  const same = (i: number, j: number) => j >= 0 && j < index.trimmed.length && trimmed[i] === index.trimmed[j];
  for (const [i, key] of trimmed.entries()) {
    if (segmentOf[i]! < 0 || !isTelling(key)) continue;
    const found = index.positions.get(key);
    if (!found || found.length > cap) continue;
    for (const j of found) {
      if (covered.has(i * width + j)) continue;
      let start = 0;
      while (segmentOf[i - start - 1] === segmentOf[i] && same(i - start - 1, j - start - 1)) start++;
      let length = start;
      let weight = 0;
      while (segmentOf[i - start + length] === segmentOf[i] && same(i - start + length, j - start + length)) length++;
      for (let k = 0; k < length; k++) {
        covered.add((i - start + k) * width + (j - start + k));
        weight += weightOf(trimmed[i - start + k]!);
      }
      seeds.push({ at: i - start, line: j - start, length, weight, segment: segmentOf[i]! });
    }
  }
  return seeds;
}
