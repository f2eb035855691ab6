import {
  type FirstElement,
  type FlexElement,
  isElement,
  type MessageElement,
  type PromptElement,
  type PromptNode,
} from './element.ts';
import { type Block, type BlockLeaf, type Layout, type Leaf, type MessageSlot, type Part, pathOf } from './layout.ts';
import { compareLevels, higherLevel, lowerLevel, newLevel, type RankedLevel, REQUIRED } from './level.ts';
import type { Compiled, UnitMemo } from './memo.ts';
import type { Overhead } from './overhead.ts';
import { PromptShapeError } from './problems.ts';
import type { TextCounts } from './text-count.ts';

export interface CompileOptions {
  readonly counts: TextCounts;
  readonly overhead: Overhead;
  /** Renders an isolated part under its own limit. */
  readonly isolate: (children: PromptNode, limit: number, message: MessageSlot | null, part: Part) => IsolatedContent;
  /** Tokens that the required rest leaves; null while that is being found out. */
  readonly rest: number | null;
  /** Compiled parts of earlier renders; null where parts stand in something that was compiled for one place only. */
  readonly memo: UnitMemo | null;
}

export type IsolatedContent = Pick<BlockLeaf, 'kept' | 'traced' | 'tokens' | 'reserved'>;

/** Where the walk is. */
interface Place {
  readonly upto: RankedLevel;
  readonly above: RankedLevel | null;
  readonly message: MessageSlot | null;
  readonly part: Part;
}

const MILLION = 1_000_000;

/**
 * Flattens a tree into leaves, each with the interval of cut-off levels at which it is there. Everything that the language
 * has (scopes, fallbacks, groups, growing parts, marks of gaps) comes down to such intervals, so that finding the cut-off
 * needs to know nothing else.
 */
export function compile(root: PromptNode, options: CompileOptions, message: MessageSlot | null, part: Part): Layout {
  const { counts, overhead, memo } = options;
  let leaves: Leaf[] = [];
  let blocks: Block[] = [];
  let never: Layout['never'][number][] = [];
  let shares = 0;
  /** Parts around the walk that lower their leaves when they are complete: nothing in them can be used again on its own. */
  let collecting = 0;

  /** Adds the leaves of `node`; answers the level up to which all of it is there. */
  function walk(node: PromptNode, place: Place): RankedLevel {
    if (node === null || node === undefined || typeof node === 'boolean') return place.upto;
    if (typeof node === 'string') return addText(node, place, undefined);
    if (typeof node === 'number') return addText(String(node), place, undefined);
    if (!isElement(node)) {
      let complete = place.upto;
      for (const child of node as readonly PromptNode[]) complete = lowerLevel(complete, walk(child, place));
      return complete;
    }
    return walkElement(node, place);
  }

  function walkElement(element: PromptElement, place: Place): RankedLevel {
    if (memo === null || collecting > 0 || !isUnit(element)) return compileElement(element, place);
    const found = memo.find(element, place);
    if (found !== null) return append(found);
    closeBlock();
    const outer = { blocks, never, shares };
    [blocks, never] = [[], []];
    const complete = compileElement(element, place);
    closeBlock();
    const made: Compiled = { blocks, never, complete };
    ({ blocks, never } = outer);
    // The size of a share depends on the budget.
    if (shares === outer.shares) memo.store(element, place, made);
    return append(made);
  }

  function append(made: Compiled): RankedLevel {
    closeBlock();
    for (const block of made.blocks) blocks.push(block);
    for (const one of made.never) never.push(one);
    return made.complete;
  }

  function closeBlock(): void {
    if (leaves.length > 0) blocks.push({ leaves, chunks: null });
    leaves = [];
  }

  function compileElement(element: PromptElement, place: Place): RankedLevel {
    switch (element.kind) {
      case 'fragment':
        return walk(element.children, place);
      case 'part':
        return walk(element.children, within(place, element.name, false));
      case 'text':
        return addText(element.text, place, element.source);
      case 'scope': {
        const upto = scopeLevel(element, place);
        const inner = { ...place, upto };
        return walk(element.children, element.name === undefined ? inner : within(inner, element.name, false));
      }
      case 'keep':
        return keep(element.children, element.name === undefined ? place : within(place, element.name, false));
      case 'first':
        return first(element, element.name === undefined ? place : within(place, element.name, false));
      case 'flex':
        return flex(element, element.name === undefined ? place : within(place, element.name, false));
      case 'isolate':
        return isolate(
          element.limit,
          element.children,
          element.name === undefined ? place : within(place, element.name, false),
        );
      case 'stable': {
        const named = within(place, element.name, true);
        if (element.limit !== undefined) return isolate(element.limit, element.children, named);
        return keep(element.children, named);
      }
      case 'message':
        return walk(element.children, { ...place, message: messageSlot(element, place) });
      case 'break':
        return add({ kind: 'break', ...leafPlace(place) });
      case 'empty':
        if (!(Number.isInteger(element.tokens) && element.tokens >= 0)) {
          throw new PromptShapeError(
            `Empty reserves a whole number of tokens, not ${element.tokens}`,
            pathOf(place.part),
          );
        }
        return add({ kind: 'empty', cost: element.tokens, ...leafPlace(place) });
      case 'image':
        return add({ kind: 'image', element, cost: overhead.image(element), ...leafPlace(place) });
      case 'toolCall': {
        const cost = overhead.toolCall + counts.join(element.name) + counts.of(element.arguments).total;
        return add({ kind: 'toolCall', element, cost, ...leafPlace(place) });
      }
      case 'tool': {
        const cost = overhead.tool + counts.of(toolJson(element)).total;
        return add({ kind: 'tool', element, cost, ...leafPlace(place) });
      }
      default:
        throw new PromptShapeError(
          `Unknown element ${JSON.stringify((element as { kind?: unknown }).kind)}`,
          pathOf(place.part),
        );
    }
  }

  function add(leaf: Leaf): RankedLevel {
    if (leaf.above === null || compareLevels(leaf.above, leaf.upto) < 0) leaves.push(leaf);
    else if (leaf.role === 'content') never.push({ leaf, reason: 'fallback' });
    return leaf.upto;
  }

  function addText(text: string, place: Place, source: { uri: string; start: number } | undefined): RankedLevel {
    if (text === '') return place.upto;
    const { upto, above, message: slot, part: inPart } = place;
    // Spelled out: this is the one line that runs for every leaf.
    return add({
      kind: 'text',
      count: counts.of(text),
      source,
      upto,
      above,
      message: slot,
      part: inPart,
      role: 'content',
    });
  }

  function scopeLevel(scope: { priority?: number; relative?: number }, place: Place): RankedLevel {
    if (scope.priority !== undefined && scope.relative !== undefined) {
      throw new PromptShapeError('A scope has either a priority or a relative one', pathOf(place.part));
    }
    if (scope.priority === undefined && scope.relative === undefined) return place.upto;
    const priority = scope.priority ?? place.upto.priority + scope.relative!;
    if (!Number.isFinite(priority))
      throw new PromptShapeError(`A priority is a finite number, not ${priority}`, pathOf(place.part));
    if (scope.relative === 0) return place.upto;
    return lowerLevel(place.upto, newLevel(priority, 0));
  }

  function keep(children: PromptNode, place: Place): RankedLevel {
    const outer = leaves;
    leaves = [];
    collecting += 1;
    const complete = walk(children, place);
    collecting -= 1;
    const group = leaves;
    leaves = outer;
    for (const leaf of group) add(lowered(leaf, complete));
    return complete;
  }

  function first(element: FirstElement, place: Place): RankedLevel {
    const alternatives = childrenOf(element.children);
    let taken = place.above;
    let complete: RankedLevel | null = null;
    let unbroken = true;
    collecting += 1;
    alternatives.forEach((alternative, index) => {
      const upto = alternativeLevel(alternative, index, alternatives.length, place);
      if (taken !== null && compareLevels(upto, taken) <= 0) return;
      const whole = walk(alternative, { ...place, upto, above: taken });
      if (unbroken) complete = complete === null ? whole : higherLevel(complete, whole);
      if (compareLevels(whole, upto) < 0) unbroken = false;
      taken = upto;
    });
    collecting -= 1;
    return complete ?? place.upto;
  }

  /** An alternative with a priority of its own has that; the others are steps just below the priority of the `First`. */
  function alternativeLevel(alternative: PromptNode, index: number, total: number, place: Place): RankedLevel {
    if (
      isElement(alternative) &&
      alternative.kind === 'scope' &&
      (alternative.priority ?? alternative.relative) !== undefined
    ) {
      return scopeLevel(alternative, place);
    }
    const { priority, step } = place.upto;
    return newLevel(priority, step - (stepsBelow(place) * (total - 1 - index)) / total);
  }

  /** Room for steps below the level of a place: 1, or what a fallback around it leaves. */
  function stepsBelow(place: Place): number {
    return place.above?.priority === place.upto.priority ? Math.min(1, place.upto.step - place.above.step) : 1;
  }

  /** Within a fallback the steps of a growing part are squeezed into the steps at which the fallback is there. */
  function growthStep(base: RankedLevel, tokens: number, place: Place): RankedLevel {
    const { priority, step } = base;
    const squeezed = place.above?.priority === priority;
    return newLevel(priority, squeezed ? step - (stepsBelow(place) * tokens) / (tokens + 1_000) : step - tokens);
  }

  function flex(element: FlexElement, place: Place): RankedLevel {
    const grow = element.grow ?? 1;
    if (!(grow > 0 && Number.isFinite(grow)))
      throw new PromptShapeError(`A flexible part grows by more than 0, not ${grow}`, pathOf(place.part));
    const { items, min = 0, max = Number.POSITIVE_INFINITY, gap } = element;
    const base =
      element.growPriority === undefined ? place.upto : lowerLevel(place.upto, newLevel(element.growPriority, 0));
    const order = items.map((_, index) => index).sort((a, b) => items[a]!.order - items[b]!.order || a - b);
    const levels = new Array<RankedLevel | null>(items.length).fill(null);
    const collected: Leaf[][] = new Array(items.length);
    let tokens = 0;
    const outer = leaves;
    collecting += 1;
    for (let at = 0; at < order.length; ) {
      // Pieces of one order come together or not at all.
      let end = at;
      const together = items[order[at]!]!.order;
      for (; end < order.length && items[order[end]!]!.order === together; end++) {
        leaves = [];
        walk(items[order[end]!]!.content, place);
        collected[order[end]!] = leaves;
        // A piece is as big as it is in full: without what only stands in for something else.
        for (const leaf of leaves)
          if (leaf.role === 'content' && leaf.above === place.above) tokens += leafTokens(leaf);
      }
      const level =
        tokens > max
          ? null
          : tokens <= min
            ? place.upto
            : lowerLevel(place.upto, growthStep(base, Math.max(1, Math.ceil(tokens / grow)), place));
      for (; at < end; at++) levels[order[at]!] = level;
    }
    collecting -= 1;
    leaves = outer;
    const shown = order.length === 0 ? null : levels[order[0]!]!;
    for (let index = 0; index < items.length; index++) {
      const level = levels[index]!;
      if (gap !== undefined) addGap(gap, index === 0 ? shown : levels[index - 1]!, level, place);
      for (const leaf of collected[index]!) {
        if (level === null) never.push({ leaf, reason: 'max' });
        else add(lowered(leaf, level));
      }
    }
    return place.upto;
  }

  /** The mark stands before a piece that is left out while the one before it is there. */
  function addGap(gap: string, before: RankedLevel | null, level: RankedLevel | null, place: Place): void {
    if (before === null || gap === '' || (level !== null && compareLevels(level, before) >= 0)) return;
    const above = level === null ? place.above : place.above === null ? level : higherLevel(level, place.above);
    add({
      kind: 'text',
      count: counts.of(gap),
      source: undefined,
      ...leafPlace(place),
      upto: before,
      above,
      role: 'gap',
    });
  }

  function isolate(limit: number | { readonly share: number }, children: PromptNode, place: Place): RankedLevel {
    const isShare = typeof limit !== 'number';
    const share = isShare ? Math.round(limit.share * MILLION) : 0;
    if (isShare ? !(share > 0 && share <= MILLION) : !(Number.isInteger(limit) && limit >= 0)) {
      throw new PromptShapeError(
        'The limit of an isolated part is a whole number of tokens or a share above 0 and up to 1',
        pathOf(place.part),
      );
    }
    if (isShare) shares += 1;
    let content: IsolatedContent = { kept: [], traced: [], tokens: 0, reserved: 0 };
    if (!isShare) content = options.isolate(children, limit, place.message, place.part);
    else if (options.rest !== null) {
      content = options.isolate(children, Math.floor((share * options.rest) / MILLION), place.message, place.part);
    }
    const charged = isShare && options.rest !== null ? share : 0;
    return add({
      kind: 'block',
      ...content,
      content: isShare || content.kept.some(isVisible),
      cost: isShare ? 0 : content.tokens,
      share: charged,
      ...leafPlace(place),
    });
  }

  function messageSlot(element: MessageElement, place: Place): MessageSlot {
    if (place.message !== null)
      throw new PromptShapeError('A message cannot stand within a message', pathOf(place.part));
    const { role, name, toolCallId } = element;
    const named = name === undefined ? 0 : overhead.name + counts.join(name);
    const called = toolCallId === undefined ? 0 : counts.join(toolCallId);
    const slot: MessageSlot = { role, name, toolCallId, overhead: overhead.message + named + called };
    return memo !== null && collecting === 0 && holdsUnits(element.children) ? memo.slotFor(element, slot) : slot;
  }

  memo?.begin();
  walk(root, { upto: newLevel(REQUIRED.priority, REQUIRED.step), above: null, message, part });
  closeBlock();
  memo?.end();
  return { blocks, never, hasShares: shares > 0 };
}

/**
 * Parts that are used again as a whole: what can be big, and messages of nothing but texts. Smaller ones cost less to compile
 * than to find.
 */
function isUnit(element: PromptElement): boolean {
  switch (element.kind) {
    case 'flex':
    case 'keep':
    case 'first':
    case 'isolate':
    case 'stable':
      return true;
    default:
      return element.kind === 'message' && !holdsUnits(element.children);
  }
}

function holdsUnits(node: PromptNode): boolean {
  if (Array.isArray(node)) return (node as readonly PromptNode[]).some(holdsUnits);
  if (!isElement(node)) return false;
  switch (node.kind) {
    case 'fragment':
    case 'part':
    case 'scope':
      return holdsUnits(node.children);
    default:
      return isUnit(node);
  }
}

/** The definition as it is sent and counted. */
export function toolJson(tool: { name: string; description: string; parameters: unknown }): string {
  return JSON.stringify({ name: tool.name, description: tool.description, parameters: tool.parameters });
}

/** What a leaf takes on its own. A share takes nothing here: its size depends on the budget, and pieces must not. */
export function leafTokens(leaf: Leaf): number {
  if (leaf.kind === 'text') return leaf.count.total;
  return leaf.kind === 'break' ? 0 : leaf.cost;
}

/** In place: the leaf was made by this walk, and a copy of each of 10,000 lines is most of what rendering them costs. */
function lowered(leaf: Leaf, level: RankedLevel): Leaf {
  if (leaf.upto !== level) (leaf as { upto: RankedLevel }).upto = lowerLevel(level, leaf.upto);
  return leaf;
}

function isVisible(leaf: Leaf): boolean {
  return leaf.kind === 'block'
    ? leaf.content
    : leaf.kind === 'text' || leaf.kind === 'image' || leaf.kind === 'toolCall';
}

function childrenOf(children: PromptNode): readonly PromptNode[] {
  const flat = Array.isArray(children) ? (children as readonly PromptNode[]).flat() : [children];
  return flat.filter((child) => child !== null && child !== undefined && typeof child !== 'boolean');
}

function leafPlace(place: Place): Pick<Leaf, 'upto' | 'above' | 'message' | 'part' | 'role'> {
  return { upto: place.upto, above: place.above, message: place.message, part: place.part, role: 'content' };
}

function within(place: Place, name: string, stable: boolean): Place {
  return { ...place, part: { name, parent: place.part, stable, level: place.upto } };
}
