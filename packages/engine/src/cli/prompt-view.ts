import {
  type Level,
  leafTokens,
  PromptBudgetError,
  type PromptNode,
  PromptShapeError,
  pathOf,
  REQUIRED,
  type Renderer,
  type TracedLeaf,
} from '@tabstop/prompt';

/** One piece of a prompt as the page shows it. */
export interface PreviewPiece {
  /** Index into `messages`; -1 for what belongs to no message. */
  readonly message: number;
  readonly kind: string;
  readonly text: string;
  readonly part: string;
  readonly partPriority: string;
  /** Counted on its own. */
  readonly tokens: number;
  readonly priority: string;
  /** Why it is not there; null where it is. */
  readonly dropped: string | null;
}

export interface PreviewPart {
  readonly part: string;
  readonly priority: string;
  readonly kept: number;
  readonly dropped: number;
}

export interface Preview {
  readonly budget: number;
  readonly counter: string;
  /** What the required parts take, and what everything takes: the ends of the slider. */
  readonly least: number;
  readonly most: number;
  readonly tokens: number;
  readonly reserved: number;
  readonly cutoff: string;
  readonly messages: readonly string[];
  readonly parts: readonly PreviewPart[];
  readonly pieces: readonly PreviewPiece[];
  /** Set when nothing could be rendered; the rest is empty then. */
  readonly problem: string | null;
}

/** What the page shows for one budget. A budget that is too small, or a wrong tree, is a `problem`, not an error. */
export function previewOf(prompt: PromptNode, renderer: Renderer, budget: number): Preview {
  const counter = renderer.counter.id;
  try {
    const { rendered, leaves, levels } = renderer.trace(prompt, { budget });
    const slots = [...new Set(leaves.map(({ leaf }) => leaf.message).filter((slot) => slot !== null))];
    const pieces = leaves.flatMap((traced) => pieceOf(traced, slots.indexOf(traced.leaf.message!), levels));
    return {
      budget,
      counter,
      least: levels.at(-1)!.tokens,
      most: Math.max(...levels.map((level) => level.tokens)),
      tokens: rendered.tokens,
      reserved: rendered.reserved,
      cutoff: levelName(rendered.cutoff),
      messages: slots.map(({ role, name }) => (name === undefined ? role : `${role} ${name}`)),
      parts: partsOf(pieces),
      pieces,
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof PromptBudgetError || error instanceof PromptShapeError)) throw error;
    const least = error instanceof PromptBudgetError ? error.required : budget;
    return {
      budget,
      counter,
      least,
      most: least,
      tokens: 0,
      reserved: 0,
      cutoff: '',
      messages: [],
      parts: [],
      pieces: [],
      problem: error.message,
    };
  }
}

function pieceOf(
  traced: TracedLeaf,
  message: number,
  levels: readonly (Level & { readonly tokens: number })[],
): PreviewPiece[] {
  const { leaf } = traced;
  if (leaf.kind === 'break') return [];
  const text =
    leaf.kind === 'text'
      ? leaf.count.text
      : leaf.kind === 'empty'
        ? 'reserved'
        : leaf.kind === 'block'
          ? 'isolated part'
          : JSON.stringify(leaf.element);
  const part = pathOf(leaf.part) || 'prompt';
  return [
    {
      message,
      kind: leaf.kind,
      text,
      part,
      partPriority: levelName(leaf.part.level),
      tokens: leafTokens(leaf),
      priority: levelName(leaf.upto),
      dropped: whyDropped(traced, levels),
    },
  ];
}

function whyDropped(
  { leaf, dropped, cutoff, isolated }: TracedLeaf,
  levels: readonly (Level & { readonly tokens: number })[],
): string | null {
  if (dropped === null) return null;
  if (dropped === 'max') return 'beyond the max of its part';
  if (dropped === 'limit') return 'its isolated part does not fit its own limit';
  if (dropped === 'fallback') return 'another alternative stands for it';
  if (isolated)
    return `priority ${levelName(leaf.upto)} is below the cut-off ${levelName(cutoff)} of its isolated part`;
  // Where a lower level costs less than a higher one (a fallback that is longer), the least of them lets it in.
  const costs = levels.filter(
    (level) => compare(level, leaf.upto) <= 0 && (leaf.above === null || compare(level, leaf.above) > 0),
  );
  const from = Math.min(...costs.map((level) => level.tokens));
  return `priority ${levelName(leaf.upto)} is below the cut-off ${levelName(cutoff)}; it comes with a budget of ${from} or more`;
}

function partsOf(pieces: readonly PreviewPiece[]): PreviewPart[] {
  const parts = new Map<string, { part: string; priority: string; kept: number; dropped: number }>();
  for (const piece of pieces) {
    const known = parts.get(piece.part) ?? { part: piece.part, priority: piece.partPriority, kept: 0, dropped: 0 };
    if (piece.dropped === null) known.kept += piece.tokens;
    else known.dropped += piece.tokens;
    parts.set(piece.part, known);
  }
  return [...parts.values()];
}

function levelName({ priority, step }: Level): string {
  const name = priority === REQUIRED.priority ? 'required' : String(priority);
  return step === 0 ? name : `${name} (step ${Number(step.toFixed(2))})`;
}

function compare(a: Level, b: Level): number {
  return a.priority - b.priority || a.step - b.step;
}
