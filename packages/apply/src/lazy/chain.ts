import type { LineIndex } from '../place/line-index.ts';
import { isTelling, weightOf } from '../place/placement.ts';
import type { Snippet } from './snippet.ts';
import { isAnchor } from './structure.ts';

/** Equal lines of snippet and document, one behind the other. */
interface Seed {
  readonly at: number;
  readonly line: number;
  readonly length: number;
  readonly weight: number;
  /** The weight of its lines alone, without what being outermost adds. */
  readonly bare: number;
  /** Weight of its first lines: entry k is that of k lines. */
  readonly prefix: readonly number[];
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

/** Added to the weight of the first and the last line of a segment: they are shown to say where it is. */
const OUTERMOST = 8;

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
    const before = seeds[from[i]!];
    for (let k = before ? overlapOf(before, seed) : 0; k < seed.length; k++) partners[seed.at + k] = seed.line + k;
  }
  // Between its first and last anchor a segment says the text itself, whichever lines of it are taken for kept.
  const outer = new Map<number, [number, number]>();
  for (const [i, partner] of partners.entries()) {
    if (partner < 0 || !isTelling(snippet.trimmed[i]!)) continue;
    const known = outer.get(snippet.segmentOf[i]!);
    outer.set(snippet.segmentOf[i]!, [known?.[0] ?? i, i]);
  }
  for (const [i, seed] of seeds.entries()) {
    const through = forward[i]! + backward[i]! - seed.weight;
    if (through < best - margin(seed)) continue;
    for (const at of outer.get(seed.segment) ?? []) {
      const k = at - seed.at;
      if (k >= 0 && k < seed.length && partners[at] !== seed.line + k) ambiguous.add(seed.segment);
    }
  }
  return { partners, ambiguous };
}

/** A rival counts when it is within the weight of half a line, or a tenth of the run. */
const margin = (seed: Seed) => Math.max(0.6, seed.bare * 0.1);

/** Lines at the start of `b` that `a` has taken already, in the snippet or in the document: a blank line between two runs
 * belongs to both. */
const overlapOf = (a: Seed, b: Seed) => Math.max(0, a.at + a.length - b.at, a.line + a.length - b.line);

function linkCost(a: Seed, b: Seed): number {
  if (b.at <= a.at || b.line <= a.line) return Number.POSITIVE_INFINITY;
  const overlap = overlapOf(a, b);
  if (overlap >= b.length) return Number.POSITIVE_INFINITY;
  const taken = b.prefix[overlap]!;
  if (a.segment !== b.segment) return taken;
  const left = b.line + overlap - (a.line + a.length);
  const fresh = b.at + overlap - (a.at + a.length);
  return taken + 0.25 * Math.log2(1 + Math.max(0, left - fresh)) + 0.02 * Math.log2(1 + Math.min(left, fresh));
}

function findSeeds(index: LineIndex, snippet: Snippet, cap: number): Seed[] {
  const { trimmed, segmentOf } = snippet;
  const seeds: Seed[] = [];
  const outermost = new Set(
    snippet.segments.flatMap(({ start, end }) => {
      const telling = trimmed.slice(start, end).map(isTelling);
      return telling.includes(true) ? [start + telling.indexOf(true), start + telling.lastIndexOf(true)] : [];
    }),
  );
  const covered = new Set<number>();
  const width = index.trimmed.length + 1;
  const same = (i: number, j: number) => j >= 0 && j < index.trimmed.length && trimmed[i] === index.trimmed[j];
  for (const [i, key] of trimmed.entries()) {
    if (segmentOf[i]! < 0 || !isAnchor(key)) continue;
    const found = index.positions.get(key);
    if (!found || found.length > cap) continue;
    for (const j of found) {
      if (covered.has(i * width + j)) continue;
      let start = 0;
      while (segmentOf[i - start - 1] === segmentOf[i] && same(i - start - 1, j - start - 1)) start++;
      let length = start;
      let bare = 0;
      let added = 0;
      while (segmentOf[i - start + length] === segmentOf[i] && same(i - start + length, j - start + length)) length++;
      const prefix = [0];
      for (let k = 0; k < length; k++) {
        covered.add((i - start + k) * width + (j - start + k));
        bare += weightOf(trimmed[i - start + k]!);
        if (outermost.has(i - start + k)) added += OUTERMOST;
        prefix.push(bare + added);
      }
      seeds.push({
        at: i - start,
        line: j - start,
        length,
        weight: bare + added,
        bare,
        prefix,
        segment: segmentOf[i]!,
      });
    }
  }
  return seeds;
}
