import { leafTokens } from './compile.ts';
import type { Leaf, MessageSlot, TextLeaf } from './layout.ts';
import { type Level, newLevel, rankLevels } from './level.ts';
import { PromptShapeError } from './problems.ts';
import { isBorderCut, type TextCounts } from './text-count.ts';

export interface CutoffInput {
  /** In document order. */
  readonly leaves: readonly Leaf[];
  readonly counts: TextCounts;
  readonly budget: number;
  /** Tokens at every level: what the chat format takes once. */
  readonly fixed: number;
  /** The message around an isolated part; its overhead is charged outside. */
  readonly outerMessage: MessageSlot | null;
  /** Tokens that the required rest leaves, for the charge of shares. */
  readonly rest: number;
}

export interface Cutoff {
  /** All distinct levels, ascending. */
  readonly levels: readonly Level[];
  /** Rank of the lowest level that fits; null when not even the highest does. */
  readonly rank: number | null;
  /** What it takes at `rank`, or at the highest level when nothing fits: text, overhead, reserves, shares. */
  readonly cost: number;
  /** First and last rank at which each leaf is there. */
  readonly from: Int32Array;
  readonly upto: Int32Array;
}

const MILLION = 1_000_000;

/**
 * Finds the lowest cut-off level whose output fits: the one that keeps the most. Costs are exact at every level that is
 * looked at, and levels are only skipped on proof, so it holds also where dropping something costs more tokens than it
 * saves (a fallback that is longer, a token that came apart).
 *
 * First all levels are ruled out at which even the text between the cuts of each leaf is too much. From there it walks up,
 * level by level, over a linked list of the leaves: dropping a leaf re-counts nothing but the join it leaves behind. A cold
 * search is linear in the leaves; nothing is tokenised but joins that were never seen before.
 */
export function findCutoff(input: CutoffInput): Cutoff {
  const levels = rankLevels(input.leaves);
  const { from, upto } = ranksOf(input.leaves);
  const top = levels.length - 1;
  const { rank, cost } = walkUp(input, from, upto, firstPossible(input, from, upto, top), top);
  return { levels, rank, cost, from, upto };
}

/**
 * The lowest level from `low` to `high` that fits, and what it takes; null and the cost of `high` when none does. The
 * leaves need to be right at these levels alone. `low` and `high` count as levels of the prompt.
 */
export function findCutoffBetween(input: CutoffInput, low: Level, high: Level): { level: Level | null; cost: number } {
  const [first, last] = [newLevel(low.priority, low.step), newLevel(high.priority, high.step)];
  const levels = rankLevels(input.leaves, [first, last]);
  const { from, upto } = ranksOf(input.leaves);
  const { rank, cost } = walkUp(input, from, upto, first.rank, last.rank);
  return { level: rank === null ? null : levels[rank]!, cost };
}

/** First and last rank at which each leaf is there. */
function ranksOf(leaves: readonly Leaf[]): { from: Int32Array; upto: Int32Array } {
  const from = new Int32Array(leaves.length);
  const upto = new Int32Array(leaves.length);
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]!;
    from[i] = leaf.above === null ? 0 : leaf.above.rank + 1;
    upto[i] = leaf.upto.rank;
  }
  return { from, upto };
}

function walkUp(
  input: CutoffInput,
  from: Int32Array,
  upto: Int32Array,
  start: number,
  end: number,
): { rank: number | null; cost: number } {
  const state = createState(input, from, upto, start);
  const toggles = togglesByRank(from, upto, end);
  let rank = start;
  while (state.cost() > input.budget && rank < end) {
    rank += 1;
    for (let at = toggles.start(rank); at >= 0; at = toggles.next(at)) state.toggle(at >> 1, (at & 1) === 1);
  }
  const cost = state.cost();
  return { rank: cost <= input.budget ? rank : null, cost };
}

/** Tokens at each level, ascending; for reports. Costs a walk over all levels. */
export function costsByLevel(input: CutoffInput): number[] {
  const { leaves } = input;
  const { levels, from, upto } = findCutoff({ ...input, budget: Number.POSITIVE_INFINITY });
  const state = createState(input, from, upto, 0);
  const toggles = togglesByRank(from, upto, levels.length - 1);
  const costs = leaves.length === 0 ? [input.fixed] : [state.cost()];
  for (let rank = 1; rank < levels.length; rank++) {
    for (let at = toggles.start(rank); at >= 0; at = toggles.next(at)) state.toggle(at >> 1, (at & 1) === 1);
    costs.push(state.cost());
  }
  return costs;
}

/** The lowest rank that is not ruled out by a bound from below: no join of texts takes less than nothing. */
function firstPossible(input: CutoffInput, from: Int32Array, upto: Int32Array, top: number): number {
  const change = new Float64Array(top + 2);
  const { leaves } = input;
  for (let i = 0; i < leaves.length; i++) {
    const leaf = leaves[i]!;
    const least = leaf.kind === 'text' ? leaf.count.middleTokens : leafTokens(leaf);
    change[from[i]!] = change[from[i]!]! + least;
    change[upto[i]! + 1] = change[upto[i]! + 1]! - least;
  }
  let least = input.fixed;
  for (let rank = 0; rank <= top; rank++) {
    least += change[rank]!;
    if (least <= input.budget) return rank;
  }
  return top;
}

/** Leaves to show (odd) and to hide (even) when the cut-off rises to a rank, as chains over `leaf * 2 + show`. */
function togglesByRank(from: Int32Array, upto: Int32Array, top: number) {
  const first = new Int32Array(top + 2).fill(-1);
  const chain = new Int32Array(from.length * 2).fill(-1);
  for (let i = from.length - 1; i >= 0; i--) {
    if (from[i]! > 0 && from[i]! <= top) {
      chain[i * 2 + 1] = first[from[i]!]!;
      first[from[i]!] = i * 2 + 1;
    }
    if (upto[i]! < top) {
      chain[i * 2] = first[upto[i]! + 1]!;
      first[upto[i]! + 1] = i * 2;
    }
  }
  return { start: (rank: number): number => first[rank]!, next: (at: number): number => chain[at]! };
}

/** The cost of what is visible, kept up to date while leaves come and go. */
function createState(input: CutoffInput, from: Int32Array, upto: Int32Array, startRank: number) {
  const { counts, fixed, outerMessage, rest } = input;
  const { leaves } = input;
  const length = leaves.length;
  const visible = new Uint8Array(length);
  // Leaves that are or will be there, in document order. What is gone for good is unlinked.
  const previous = new Int32Array(length).fill(-1);
  const next = new Int32Array(length).fill(-1);
  const inMessage = new Map<MessageSlot, number>();
  let tokens = fixed;
  let share = 0;

  let last = -1;
  for (let i = 0; i < length; i++) {
    if (upto[i]! < startRank) continue;
    const leaf = leaves[i]!;
    visible[i] = from[i]! <= startRank ? 1 : 0;
    if (visible[i] === 1) account(leaf, 1);
    if (!takesPlace(leaf)) continue;
    previous[i] = last;
    if (last >= 0) next[last] = i;
    last = i;
  }
  if (last >= 0) tokens += joins(firstLinked(), last);

  function firstLinked(): number {
    let at = last;
    while (at >= 0 && previous[at]! >= 0) at = previous[at]!;
    return at;
  }

  /** Everything about a leaf but its joins. */
  function account(leaf: Leaf, sign: 1 | -1): void {
    if (leaf.kind === 'text') tokens += sign * leaf.count.middleTokens;
    else if (leaf.kind !== 'break') tokens += sign * leaf.cost;
    if (leaf.kind === 'block') share += sign * leaf.share;
    if (leaf.message === null || leaf.message === outerMessage || !isContent(leaf)) return;
    const before = inMessage.get(leaf.message) ?? 0;
    inMessage.set(leaf.message, before + sign);
    if (before + (sign - 1) / 2 === 0) tokens += sign * leaf.message.overhead;
  }

  /** Tokens of the joins from leaf `start` to leaf `end`: its tail, all that is solid between, the head of the last. */
  function joins(start: number, end: number): number {
    let sum = 0;
    let run = '';
    let runTokens = -1;
    let left: TextLeaf | null = null;
    const flush = (): void => {
      if (run !== '') sum += runTokens >= 0 ? runTokens : counts.join(run);
      run = '';
      runTokens = -1;
    };
    const append = (text: string, known: number): void => {
      runTokens = run === '' ? known : -1;
      run = run === '' ? text : run + text;
    };
    for (let at = start; at >= 0; at = next[at]!) {
      if (visible[at] === 1) {
        const leaf = leaves[at]!;
        if (leaf.kind !== 'text') {
          flush();
          left = null;
        } else {
          const { count } = leaf;
          if (left !== null && (left.message !== leaf.message || isBorderCut(left.count, count))) flush();
          append(count.head, count.headTokens);
          if (!count.solid) {
            flush();
            append(count.tail, count.tailTokens);
          }
          left = leaf;
        }
      }
      if (at === end) break;
    }
    flush();
    return sum;
  }

  /** The nearest visible leaf on a side at which a run of joined text surely ends; -1 at the end of all. */
  function runEnd(of: number, link: Int32Array): number {
    let found = of;
    for (let at = link[of]!; at >= 0; at = link[at]!) {
      if (visible[at] !== 1) continue;
      found = at;
      const leaf = leaves[at]!;
      if (leaf.kind !== 'text' || !leaf.count.solid || leaf.message !== leaves[of]!.message) break;
    }
    return found;
  }

  return {
    cost(): number {
      if (share > MILLION)
        throw new PromptShapeError('The shares of isolated parts that are kept together add up to more than 1', '');
      return tokens + Math.ceil((share * rest) / MILLION);
    },
    toggle(index: number, show: boolean): void {
      const leaf = leaves[index]!;
      if (!takesPlace(leaf)) {
        if (visible[index] !== (show ? 1 : 0)) account(leaf, show ? 1 : -1);
        visible[index] = show ? 1 : 0;
        return;
      }
      const left = runEnd(index, previous);
      const right = runEnd(index, next);
      const before = joins(left, right);
      account(leaf, show ? 1 : -1);
      visible[index] = show ? 1 : 0;
      tokens += joins(left, right) - before;
      if (show) return;
      if (previous[index]! >= 0) next[previous[index]!] = next[index]!;
      if (next[index]! >= 0) previous[next[index]!] = previous[index]!;
    },
  };
}

/** Whether a leaf stands between texts and keeps their tokens apart, or is text itself. */
function takesPlace(leaf: Leaf): boolean {
  return leaf.kind !== 'empty' && leaf.kind !== 'tool';
}

/** Whether a leaf makes its message come out. */
function isContent(leaf: Leaf): boolean {
  return (
    leaf.kind === 'text' || leaf.kind === 'image' || leaf.kind === 'toolCall' || (leaf.kind === 'block' && leaf.content)
  );
}
