import type { ImageElement, Role, Source, ToolCallElement, ToolElement } from './element.ts';
import type { Level, RankedLevel } from './level.ts';
import type { TextCount } from './text-count.ts';

/** A named place of the tree, for reports. */
export interface Part {
  readonly name: string;
  readonly parent: Part | null;
  /** Whether its content may depend on nothing outside it. */
  readonly stable: boolean;
  readonly level: Level;
}

/** A message of the tree; it comes out when anything in it does. */
export interface MessageSlot {
  readonly role: Role;
  readonly name?: string;
  readonly toolCallId?: string;
  /** Tokens that it costs beside its content. */
  readonly overhead: number;
}

interface LeafPlace {
  /** Kept at every cut-off level up to `upto`, and above `above` where that is given (a fallback, the mark of a gap). */
  readonly upto: RankedLevel;
  readonly above: RankedLevel | null;
  readonly message: MessageSlot | null;
  readonly part: Part;
  /** What keeps it from being there all the way down: it replaces another alternative, or marks a gap. */
  readonly role: 'content' | 'gap';
}

export interface TextLeaf extends LeafPlace {
  readonly kind: 'text';
  readonly count: TextCount;
  readonly source: Source | undefined;
}

export interface BreakLeaf extends LeafPlace {
  readonly kind: 'break';
}

/** Tokens without text. */
export interface EmptyLeaf extends LeafPlace {
  readonly kind: 'empty';
  readonly cost: number;
}

export interface AttachmentLeaf extends LeafPlace {
  readonly kind: 'image' | 'toolCall';
  readonly element: ImageElement | ToolCallElement;
  readonly cost: number;
}

export interface ToolLeaf extends LeafPlace {
  readonly kind: 'tool';
  readonly element: ToolElement;
  readonly cost: number;
}

/** An isolated part, rendered already. Its tokens touch nothing outside. */
export interface BlockLeaf extends LeafPlace {
  readonly kind: 'block';
  readonly kept: readonly Leaf[];
  /** All of it in document order, for reports. */
  readonly traced: readonly TracedLeaf[];
  /** Tokens of what was kept. */
  readonly tokens: number;
  /** Reserved tokens among them. */
  readonly reserved: number;
  /** Whether it makes the message around it come out (a share always does, so that charges do not jump with the budget). */
  readonly content: boolean;
  /** Charged to the enclosing budget: `tokens`, or 0 where a share is charged. */
  readonly cost: number;
  /** Millionths of the rest that are charged whether used or not. */
  readonly share: number;
}

export type Leaf = TextLeaf | BreakLeaf | EmptyLeaf | AttachmentLeaf | ToolLeaf | BlockLeaf;

/** Texts of one message that stand together outside of stable parts. */
export interface TextRun {
  readonly kind: 'run';
  readonly part: Part;
  readonly message: MessageSlot | null;
  /** The texts joined, and for each where it ends, the path of its part, and its source. */
  readonly text: string;
  readonly ends: readonly number[];
  readonly paths: readonly string[];
  readonly sources: readonly (Source | undefined)[];
}

/** Why something did not come out. */
export type DropReason = 'priority' | 'fallback' | 'limit' | 'max';

export interface TracedLeaf {
  readonly leaf: Leaf;
  /** null: it came out. */
  readonly dropped: DropReason | null;
  /** The cut-off that decided: of the prompt, or of the isolated part around it. */
  readonly cutoff: Level;
  /** Whether an isolated part around it decided, not the prompt. */
  readonly isolated: boolean;
}

/** A run of leaves that were compiled together; what is worked out of it is kept with it. */
export interface Block {
  readonly leaves: readonly Leaf[];
  /** Made by the first search that needs them. */
  chunks: readonly Chunk[] | null;
}

/**
 * A few neighbouring leaves of one message with what a search wants to know of them as a whole: over most of the levels
 * that it looks at, all of them are there or none is.
 */
export interface Chunk {
  readonly leaves: readonly Leaf[];
  /** Up to here all `content` is there and nothing else. */
  readonly floor: Level;
  /** Above here nothing is there. */
  readonly ceiling: Level;
  /** What is there at the floor. */
  readonly content: readonly Leaf[];
  /** `content` with everything between two borders that no neighbour can touch counted together: costs the same. */
  readonly joined: readonly Leaf[];
  /** A bound from below of what `content` costs beside whatever neighbours. */
  readonly least: number;
  /** Made when a search first goes between floor and ceiling. */
  steps: ChunkSteps | null;
  /** `content` written out, where it is nothing but text; undefined as long as it was not needed twice. */
  run: TextRun | null | undefined;
  written: boolean;
}

export interface ChunkSteps {
  /** All levels at which something changes, ascending. */
  readonly levels: readonly Level[];
  /** Bounds like `least` above the floor: `leastFrom[i]` holds at levels above `uptos[i - 1]` and up to `uptos[i]`. */
  readonly uptos: readonly Level[];
  readonly leastFrom: Float64Array;
}

/** The leaves of one budget, in document order. */
export interface Layout {
  readonly blocks: readonly Block[];
  /** Left out at any budget: what is beyond the `max` of a flexible part. */
  readonly never: readonly { readonly leaf: Leaf; readonly reason: DropReason }[];
  readonly hasShares: boolean;
}

/** All leaves in document order. */
export function leavesOf(layout: Layout): readonly Leaf[] {
  const [first, ...more] = layout.blocks;
  if (first === undefined) return [];
  return more.length === 0 ? first.leaves : layout.blocks.flatMap((block) => block.leaves);
}

/** Names from the root to a part. */
export function pathOf(part: Part | null): string {
  const names: string[] = [];
  for (let at = part; at !== null; at = at.parent) if (at.name !== '') names.unshift(at.name);
  return names.join(' / ');
}

/** The outermost stable part around a place. */
export function stablePart(part: Part): Part | null {
  let found: Part | null = null;
  for (let at: Part | null = part; at !== null; at = at.parent) if (at.stable) found = at;
  return found;
}
