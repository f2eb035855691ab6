import { assemble } from './assemble.ts';
import { compile, type IsolatedContent } from './compile.ts';
import type { TokenCounter } from './counters/counter.ts';
import { type Cutoff, type CutoffInput, costsByLevel, findCutoff } from './cutoff.ts';
import { isElement, type PromptNode } from './element.ts';
import {
  type Layout,
  type Leaf,
  leavesOf,
  type MessageSlot,
  type Part,
  type TextRun,
  type TracedLeaf,
} from './layout.ts';
import { type Level, REQUIRED } from './level.ts';
import { createUnitMemo } from './memo.ts';
import { CHAT_OVERHEAD, type Overhead } from './overhead.ts';
import { PromptBudgetError, PromptShapeError } from './problems.ts';
import type { Rendered } from './rendered.ts';
import { keptAt, searchLevel } from './search.ts';
import { createTextCounts, DEFAULT_CACHE_CHARACTERS } from './text-count.ts';

export interface RendererOptions {
  readonly counter: TokenCounter;
  readonly overhead?: Overhead;
  /**
   * Characters of text that the cache of counts may hold in each of its two generations, and the cache of compiled parts
   * beyond the prompt rendered last; default 16 million.
   */
  readonly cacheCharacters?: number;
}

export interface RenderOptions {
  /** Tokens that the prompt may take, reserved ones included. */
  readonly budget: number;
}

/** What a render did, for reports: everything that came out and everything that did not. */
export interface RenderTrace {
  readonly rendered: Rendered;
  /** Every leaf with what became of it, in document order; what can never come out stands at the end. */
  readonly leaves: readonly TracedLeaf[];
  /** Ascending, with what the prompt takes at each. */
  readonly levels: readonly (Level & { readonly tokens: number })[];
}

/** Renders prompts for one tokenizer; keeps the counts of texts and the compiled parts of prompts between renders. */
export interface Renderer {
  readonly counter: TokenCounter;
  readonly overhead: Overhead;
  /**
   * Renders `prompt` into `budget` tokens. The same prompt and budget give the same bytes, whatever was rendered before.
   * Throws `PromptBudgetError` when what is required does not fit, `PromptShapeError` when the tree breaks a rule.
   */
  render(prompt: PromptNode, options: RenderOptions): Rendered;
  /** The same, with what was dropped and why, and the cost of every level. */
  trace(prompt: PromptNode, options: RenderOptions): RenderTrace;
  readonly statistics: { readonly hits: number; readonly misses: number };
}

const ROOT: Part = { name: '', parent: null, stable: false, level: REQUIRED };

export function createRenderer(options: RendererOptions): Renderer {
  const { counter, overhead = CHAT_OVERHEAD } = options;
  const counts = createTextCounts(counter, options.cacheCharacters);
  const memo = createUnitMemo(options.cacheCharacters ?? DEFAULT_CACHE_CHARACTERS);

  interface Solved {
    readonly layout: Layout;
    readonly input: CutoffInput;
    readonly cutoff: Cutoff;
  }

  /** Compiles a tree, and counts what its required parts leave where it has shares. `around` is null for a whole prompt. */
  function lay(prompt: PromptNode, budget: number, around: { message: MessageSlot | null; part: Part } | null) {
    const message = around?.message ?? null;
    const withRest = (rest: number | null): Layout =>
      compile(
        prompt,
        { counts, overhead, isolate, rest, memo: around === null ? memo : null },
        message,
        around?.part ?? ROOT,
      );
    const layout = withRest(null);
    const fixed = around === null && hasMessage(prompt) ? overhead.prompt : 0;
    const rules = { counts, budget, fixed, outerMessage: message, rest: 0 };
    if (!layout.hasShares) return { layout, rules };
    // Shares are of what the required rest leaves: that is counted first, with the shares empty.
    const required = findCutoff({ ...rules, leaves: leavesOf(layout), budget: -1 }).cost;
    const rest = Math.max(0, budget - required);
    return { layout: withRest(rest), rules: { ...rules, rest } };
  }

  /** `message` and `part` are those around an isolated part; the prompt as a whole has neither. */
  function solve(
    prompt: PromptNode,
    budget: number,
    around: { message: MessageSlot | null; part: Part } | null,
  ): Solved {
    const { layout, rules } = lay(prompt, budget, around);
    const input = { ...rules, leaves: leavesOf(layout) };
    return { layout, input, cutoff: findCutoff(input) };
  }

  function isolate(children: PromptNode, limit: number, message: MessageSlot | null, part: Part): IsolatedContent {
    const { layout, cutoff, input } = solve(children, limit, { message, part });
    const traced = trace(layout, cutoff, true);
    if (cutoff.rank === null) {
      const left = traced
        .filter(({ leaf }) => leaf.role === 'content')
        .map((entry): TracedLeaf => ({ ...entry, dropped: 'limit' }));
      return { kept: [], traced: left, tokens: 0, reserved: 0 };
    }
    const kept = select(input.leaves, cutoff);
    return { kept, traced, tokens: cutoff.cost, reserved: heldFree(kept, input.rest, message) };
  }

  function finish(
    kept: readonly (Leaf | TextRun)[],
    rules: Omit<CutoffInput, 'leaves'>,
    cost: number,
    cutoff: Level,
  ): Rendered {
    const assembled = assemble(kept);
    const reserved = heldFree(kept, rules.rest, null) + (assembled.messages.length === 0 ? rules.fixed : 0);
    return { ...assembled, tokens: cost - reserved, reserved, budget: rules.budget, cutoff };
  }

  return {
    counter,
    overhead,
    statistics: counts.statistics,
    render(prompt, { budget }) {
      checkBudget(budget);
      const { layout, rules } = lay(prompt, budget, null);
      // Where shares are charged, what is looked at decides about errors too: the search over all levels is kept.
      if (layout.hasShares) return traced(layout, rules).rendered;
      const search = { ...rules, layout };
      const { level, cost } = searchLevel(search);
      if (level === null) throw new PromptBudgetError(cost, budget);
      return finish(keptAt(search, level), rules, cost, level);
    },
    trace(prompt, { budget }) {
      checkBudget(budget);
      const { layout, rules } = lay(prompt, budget, null);
      const { rendered, input, cutoff } = traced(layout, rules);
      const costs = costsByLevel(input);
      const levels = cutoff.levels.map((level, rank) => ({ ...level, tokens: costs[rank]! }));
      return { rendered, leaves: trace(layout, cutoff, false), levels };
    },
  };

  /** By the search over all levels, with what a report needs. */
  function traced(layout: Layout, rules: Omit<CutoffInput, 'leaves'>) {
    const input = { ...rules, leaves: leavesOf(layout) };
    const cutoff = findCutoff(input);
    if (cutoff.rank === null) throw new PromptBudgetError(cutoff.cost, rules.budget);
    const rendered = finish(select(input.leaves, cutoff), rules, cutoff.cost, cutoff.levels[cutoff.rank]!);
    return { rendered, input, cutoff };
  }
}

function checkBudget(budget: number): void {
  if (!Number.isFinite(budget) || budget < 0)
    throw new PromptShapeError(`A budget is a number of tokens, not ${budget}`, '');
}

/** Renders once. Whoever renders again keeps a renderer. */
export function render(prompt: PromptNode, options: RendererOptions & RenderOptions): Rendered {
  return createRenderer(options).render(prompt, options);
}

function select(leaves: readonly Leaf[], cutoff: Cutoff): Leaf[] {
  const rank = cutoff.rank!;
  return leaves.filter((_, index) => cutoff.from[index]! <= rank && rank <= cutoff.upto[index]!);
}

function trace(layout: Layout, cutoff: Cutoff, isolated: boolean): TracedLeaf[] {
  const rank = cutoff.rank ?? cutoff.levels.length - 1;
  const level = cutoff.levels[rank]!;
  const traced: TracedLeaf[] = [];
  leavesOf(layout).forEach((leaf, index) => {
    const dropped = rank > cutoff.upto[index]! ? 'priority' : rank < cutoff.from[index]! ? 'fallback' : null;
    if (dropped !== null && leaf.role === 'gap') return;
    if (leaf.kind === 'block' && dropped === null) traced.push(...leaf.traced);
    else traced.push({ leaf, dropped, cutoff: level, isolated });
  });
  for (const { leaf, reason } of layout.never) traced.push({ leaf, dropped: reason, cutoff: level, isolated });
  return traced;
}

/**
 * Tokens of a cost that did not come out: `Empty`, what shares were charged beyond what they hold, and the overhead of
 * messages whose shares are all empty (charged all the same, so that charges do not jump with the budget).
 */
function heldFree(kept: readonly (Leaf | TextRun)[], rest: number, outerMessage: MessageSlot | null): number {
  let free = 0;
  let share = 0;
  // Most prompts hold nothing free, and the rest is slow over 10,000 leaves.
  if (!kept.some((leaf) => leaf.kind === 'empty' || leaf.kind === 'block')) return 0;
  const charged = new Set<MessageSlot>();
  const filled = new Set<MessageSlot>();
  for (const leaf of kept) {
    if (leaf.kind === 'run') {
      if (leaf.message !== null) filled.add(leaf.message);
      continue;
    }
    if (leaf.kind === 'empty') free += leaf.cost;
    if (leaf.kind === 'block') {
      free += leaf.reserved;
      share += leaf.share;
      if (leaf.share > 0) free -= leaf.tokens;
      if (leaf.message !== null && leaf.content) charged.add(leaf.message);
    }
    if (leaf.message !== null && comesOut(leaf)) filled.add(leaf.message);
  }
  for (const slot of charged) if (slot !== outerMessage && !filled.has(slot)) free += slot.overhead;
  return free + Math.ceil((share * rest) / 1_000_000);
}

function comesOut(leaf: Leaf): boolean {
  return leaf.kind === 'block'
    ? leaf.kept.some(comesOut)
    : leaf.kind === 'text' || leaf.kind === 'image' || leaf.kind === 'toolCall';
}

/** What a chat format costs once is charged to every tree that has a message, at every level. */
function hasMessage(node: PromptNode): boolean {
  if (Array.isArray(node)) return (node as readonly PromptNode[]).some(hasMessage);
  if (!isElement(node)) return false;
  if (node.kind === 'message') return true;
  if (node.kind === 'flex') return node.items.some((item) => hasMessage(item.content));
  return 'children' in node && hasMessage(node.children);
}
