import { assemble } from './assemble.ts';
import { compile, type IsolatedContent } from './compile.ts';
import type { TokenCounter } from './counters/counter.ts';
import { type Cutoff, costsByLevel, findCutoff } from './cutoff.ts';
import { isElement, type PromptNode } from './element.ts';
import type { Layout, Leaf, MessageSlot, Part, TracedLeaf } from './layout.ts';
import { type Level, REQUIRED } from './level.ts';
import { CHAT_OVERHEAD, type Overhead } from './overhead.ts';
import { PromptBudgetError, PromptShapeError } from './problems.ts';
import type { Rendered } from './rendered.ts';
import { createTextCounts } from './text-count.ts';

export interface RendererOptions {
  readonly counter: TokenCounter;
  readonly overhead?: Overhead;
  /** Characters of text that the cache of counts may hold in each of its two generations; default 16 million. */
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

/** Renders prompts for one tokenizer; keeps the counts of texts between renders. */
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

  interface Solved {
    readonly layout: Layout;
    readonly cutoff: Cutoff;
    readonly fixed: number;
    readonly rest: number;
  }

  /** `message` and `part` are those around an isolated part; the prompt as a whole has neither. */
  function solve(
    prompt: PromptNode,
    budget: number,
    around: { message: MessageSlot | null; part: Part } | null,
  ): Solved {
    const message = around?.message ?? null;
    const withRest = (rest: number | null): Layout =>
      compile(prompt, { counts, overhead, isolate, rest }, message, around?.part ?? ROOT);
    let layout = withRest(null);
    const fixed = around === null && hasMessage(prompt) ? overhead.prompt : 0;
    const cut = (rest: number, limit: number): Cutoff =>
      findCutoff({ layout, counts, budget: limit, fixed, outerMessage: message, rest });
    if (!layout.hasShares) return { layout, cutoff: cut(0, budget), fixed, rest: 0 };
    // Shares are of what the required rest leaves: that is counted first, with the shares empty.
    const required = cut(0, -1).cost;
    const rest = Math.max(0, budget - required);
    layout = withRest(rest);
    return { layout, cutoff: cut(rest, budget), fixed, rest };
  }

  function isolate(children: PromptNode, limit: number, message: MessageSlot | null, part: Part): IsolatedContent {
    const { layout, cutoff, rest } = solve(children, limit, { message, part });
    const traced = trace(layout, cutoff, true);
    if (cutoff.rank === null) {
      const left = traced
        .filter(({ leaf }) => leaf.role === 'content')
        .map((entry): TracedLeaf => ({ ...entry, dropped: 'limit' }));
      return { kept: [], traced: left, tokens: 0, reserved: 0 };
    }
    const kept = select(layout, cutoff);
    return { kept, traced, tokens: cutoff.cost, reserved: heldFree(kept, rest, message) };
  }

  function run(prompt: PromptNode, budget: number) {
    if (!Number.isFinite(budget) || budget < 0)
      throw new PromptShapeError(`A budget is a number of tokens, not ${budget}`, '');
    const solved = solve(prompt, budget, null);
    const { layout, cutoff } = solved;
    if (cutoff.rank === null) throw new PromptBudgetError(cutoff.cost, budget);
    const kept = select(layout, cutoff);
    const assembled = assemble(kept);
    const level = cutoff.levels[cutoff.rank]!;
    const reserved = heldFree(kept, solved.rest, null) + (assembled.messages.length === 0 ? solved.fixed : 0);
    const rendered: Rendered = { ...assembled, tokens: cutoff.cost - reserved, reserved, budget, cutoff: level };
    return { rendered, solved };
  }

  return {
    counter,
    overhead,
    statistics: counts.statistics,
    render: (prompt, { budget }) => run(prompt, budget).rendered,
    trace(prompt, { budget }) {
      const { rendered, solved } = run(prompt, budget);
      const { layout, cutoff, fixed, rest } = solved;
      const costs = costsByLevel({ layout, counts, budget, fixed, outerMessage: null, rest });
      const levels = cutoff.levels.map((level, rank) => ({ ...level, tokens: costs[rank]! }));
      return { rendered, leaves: trace(layout, cutoff, false), levels };
    },
  };
}

/** Renders once. Whoever renders again keeps a renderer. */
export function render(prompt: PromptNode, options: RendererOptions & RenderOptions): Rendered {
  return createRenderer(options).render(prompt, options);
}

function select(layout: Layout, cutoff: Cutoff): Leaf[] {
  const rank = cutoff.rank!;
  return layout.leaves.filter((_, index) => cutoff.from[index]! <= rank && rank <= cutoff.upto[index]!);
}

function trace(layout: Layout, cutoff: Cutoff, isolated: boolean): TracedLeaf[] {
  const rank = cutoff.rank ?? cutoff.levels.length - 1;
  const level = cutoff.levels[rank]!;
  const traced: TracedLeaf[] = [];
  layout.leaves.forEach((leaf, index) => {
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
function heldFree(kept: readonly Leaf[], rest: number, outerMessage: MessageSlot | null): number {
  let free = 0;
  let share = 0;
  const charged = new Set<MessageSlot>();
  const filled = new Set<MessageSlot>();
  for (const leaf of kept) {
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
