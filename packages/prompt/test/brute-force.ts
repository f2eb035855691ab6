import {
  countRendered,
  type Overhead,
  type PromptElement,
  type PromptNode,
  type Rendered,
  type TokenCounter,
} from '../src/index.ts';

/**
 * The semantics of docs/prompt.md once more, as plainly as they can be said: every level is tried from the lowest up, each
 * output is built from the tree anew and counted as a whole. Knows no shares. Shares no code with the renderer but the
 * count of a finished output.
 */
interface Level {
  readonly p: number;
  readonly s: number;
}
const TOP: Level = { p: 1_000_000_000, s: 0 };
const compare = (a: Level, b: Level): number => a.p - b.p || a.s - b.s;
const min = (a: Level, b: Level): Level => (compare(a, b) <= 0 ? a : b);

type Piece =
  | { readonly text: string; readonly message: object | null }
  | { readonly content: 'image' | 'toolCall'; readonly element: PromptElement; readonly message: object | null }
  | { readonly tool: PromptElement }
  | { readonly empty: number }
  | 'break';

/** A leaf, there while the level is at most `upto` and above `above`. */
interface Leaf {
  readonly piece: Piece | { readonly isolated: readonly Piece[]; readonly overhead: number };
  readonly upto: Level;
  readonly above: Level | null;
  readonly gap?: boolean;
}

export type BruteForceResult = { readonly text: string; readonly tokens: number } | null | 'bare text beside messages';

export function bruteForce(
  tree: PromptNode,
  counter: TokenCounter,
  overhead: Overhead,
  budget: number,
): BruteForceResult {
  const leaves = leavesOf(tree, TOP, null, null, counter, overhead);
  for (const level of levelsOf(leaves)) {
    const pieces = piecesAt(leaves, level);
    const rendered = build(pieces);
    const reserved = sumEmpty(pieces);
    // The chat format's fixed cost is charged as soon as the tree has messages at all.
    const fixed = rendered.messages.length === 0 && hasMessage(tree) ? overhead.prompt : 0;
    const tokens = countRendered(rendered, counter, overhead) + reserved + fixed;
    if (tokens > budget) continue;
    if (rendered.messages.length > 1 && rendered.messages.some((message) => message.role === 'prompt'))
      return 'bare text beside messages';
    return { text: outline(rendered), tokens };
  }
  return null;
}

function levelsOf(leaves: readonly Leaf[]): Level[] {
  const all = [TOP, ...leaves.flatMap((leaf) => (leaf.above === null ? [leaf.upto] : [leaf.upto, leaf.above]))];
  return all.sort(compare);
}

function piecesAt(leaves: readonly Leaf[], level: Level): Piece[] {
  return leaves
    .filter((leaf) => compare(level, leaf.upto) <= 0 && (leaf.above === null || compare(level, leaf.above) > 0))
    .flatMap((leaf): Piece[] =>
      typeof leaf.piece === 'object' && 'isolated' in leaf.piece
        ? ['break', ...leaf.piece.isolated, 'break']
        : [leaf.piece as Piece],
    );
}

function leavesOf(
  node: PromptNode,
  upto: Level,
  above: Level | null,
  message: object | null,
  counter: TokenCounter,
  overhead: Overhead,
): Leaf[] {
  const here = (child: PromptNode, to = upto, from = above, slot = message): Leaf[] =>
    leavesOf(child, to, from, slot, counter, overhead);
  const leaf = (piece: Leaf['piece']): Leaf[] => [{ piece, upto, above }];
  if (node === null || node === undefined || typeof node === 'boolean') return [];
  if (typeof node === 'string' || typeof node === 'number')
    return node === '' ? [] : leaf({ text: String(node), message });
  if (Array.isArray(node)) return node.flatMap((child) => here(child as PromptNode));
  const element = node as PromptElement;
  switch (element.kind) {
    case 'text':
      return here(element.text);
    case 'fragment':
    case 'part':
      return here(element.children);
    case 'break':
      return leaf('break');
    case 'empty':
      return leaf({ empty: element.tokens });
    case 'image':
    case 'toolCall':
      return leaf({ content: element.kind, element, message });
    case 'tool':
      return leaf({ tool: element });
    case 'message':
      return here(element.children, upto, above, element);
    case 'scope':
      return here(element.children, scoped(element, upto));
    case 'keep':
      return together(element.children, here(element.children), upto, above);
    case 'stable':
      return together(element.children, here(element.children), upto, above);
    case 'isolate': {
      const inner = leavesOf(element.children, TOP, null, message, counter, overhead);
      for (const level of levelsOf(inner)) {
        const pieces = piecesAt(inner, level);
        const without = message === null ? 0 : messageCost(message, pieces, counter, overhead);
        const built = build(pieces);
        const prompt = built.messages.some((m) => m.role !== 'prompt') ? overhead.prompt : 0;
        const tokens = countRendered(built, counter, overhead) - prompt - without + sumEmpty(pieces);
        if (tokens <= (element.limit as number)) return leaf({ isolated: pieces, overhead: 0 });
      }
      return leaf({ isolated: [], overhead: 0 });
    }
    case 'first': {
      const children = (Array.isArray(element.children) ? element.children.flat() : [element.children]) as PromptNode[];
      const alternatives = children.filter(
        (child) => child !== null && child !== undefined && typeof child !== 'boolean',
      );
      const found: Leaf[] = [];
      let taken = above;
      alternatives.forEach((alternative, index) => {
        const to = alternativeLevel(alternative, index, alternatives.length, upto, above);
        if (taken !== null && compare(to, taken) <= 0) return;
        found.push(...here(alternative, to, taken));
        taken = to;
      });
      return found;
    }
    case 'flex': {
      const grow = element.grow ?? 1;
      const base = element.growPriority === undefined ? upto : min(upto, { p: element.growPriority, s: 0 });
      const made = element.items.map((item) => here(item.content));
      const orders = [...new Set(element.items.map((item) => item.order))].sort((a, b) => a - b);
      const levelOf = new Map<number, Level | null>();
      let tokens = 0;
      for (const order of orders) {
        element.items.forEach((item, index) => {
          if (item.order === order)
            for (const one of made[index]!)
              if (one.gap !== true && one.above === above) tokens += alone(one, counter, overhead);
        });
        const room = above?.p === upto.p ? Math.min(1, upto.s - above.s) : 1;
        const size = Math.max(1, Math.ceil(tokens / grow));
        const step = above?.p === base.p ? base.s - (room * size) / (size + 1000) : base.s - size;
        levelOf.set(
          order,
          tokens > (element.max ?? Infinity)
            ? null
            : tokens <= (element.min ?? 0)
              ? upto
              : min(upto, { p: base.p, s: step }),
        );
      }
      const found: Leaf[] = [];
      element.items.forEach((item, index) => {
        const level = levelOf.get(item.order)!;
        const before = index === 0 ? levelOf.get(orders[0]!)! : levelOf.get(element.items[index - 1]!.order)!;
        if (element.gap !== undefined && before !== null) {
          const from = level === null ? above : above === null || compare(level, above) > 0 ? level : above;
          found.push({ piece: { text: element.gap, message }, upto: before, above: from, gap: true });
        }
        if (level !== null) found.push(...made[index]!.map((one) => ({ ...one, upto: min(one.upto, level) })));
      });
      return found;
    }
    default:
      throw new Error(`not known here: ${JSON.stringify(element)}`);
  }
}

function scoped(scope: { readonly priority?: number; readonly relative?: number }, upto: Level): Level {
  if (scope.priority === undefined && !scope.relative) return upto;
  return min(upto, { p: scope.priority ?? upto.p + scope.relative!, s: 0 });
}

function alternativeLevel(
  alternative: PromptNode,
  index: number,
  total: number,
  upto: Level,
  above: Level | null,
): Level {
  const element = alternative as unknown as { kind?: string; priority?: number; relative?: number } | null;
  if (
    typeof alternative === 'object' &&
    element?.kind === 'scope' &&
    (element.priority ?? element.relative) !== undefined
  )
    return scoped(element, upto);
  const room = above?.p === upto.p ? Math.min(1, upto.s - above.s) : 1;
  return { p: upto.p, s: upto.s - (room * (total - 1 - index)) / total };
}

/** All or nothing: the lowest of what must be complete. */
function together(children: PromptNode, leaves: Leaf[], upto: Level, above: Level | null): Leaf[] {
  const complete = completeness(children, upto, above);
  return leaves.map((leaf) => ({ ...leaf, upto: min(leaf.upto, complete) }));
}

function completeness(node: PromptNode, upto: Level, above: Level | null): Level {
  if (Array.isArray(node)) return node.map((child) => completeness(child as PromptNode, upto, above)).reduce(min, upto);
  if (typeof node !== 'object' || node === null) return upto;
  const element = node as PromptElement;
  if (element.kind === 'scope') return completeness(element.children, scoped(element, upto), above);
  if (element.kind === 'first') {
    const children = (Array.isArray(element.children) ? element.children.flat() : [element.children]) as PromptNode[];
    const alternatives = children.filter(
      (child) => child !== null && child !== undefined && typeof child !== 'boolean',
    );
    let best: Level | null = null;
    let taken = above;
    for (const [index, alternative] of alternatives.entries()) {
      const to = alternativeLevel(alternative, index, alternatives.length, upto, above);
      if (taken !== null && compare(to, taken) <= 0) continue;
      const whole = completeness(alternative, to, taken);
      best = best === null || compare(whole, best) > 0 ? whole : best;
      taken = to;
      if (compare(whole, to) < 0) break;
    }
    return best ?? upto;
  }
  if (element.kind === 'flex' || element.kind === 'isolate') return upto;
  if (element.kind === 'stable' && element.limit !== undefined) return upto;
  return 'children' in element ? completeness(element.children, upto, above) : upto;
}

function alone(leaf: Leaf, counter: TokenCounter, overhead: Overhead): number {
  if (leaf.gap === true && typeof leaf.piece === 'object' && 'text' in leaf.piece)
    return counter.count(leaf.piece.text);
  const { piece } = leaf;
  if (piece === 'break') return 0;
  if ('isolated' in piece) {
    // Counted as one: its own joins count.
    const built = build(piece.isolated);
    const messages = built.messages.length;
    const own = [
      ...new Set(piece.isolated.flatMap((p) => (typeof p === 'object' && 'message' in p ? [p.message] : []))),
    ];
    const slots = own.filter((slot) => slot !== null).length;
    const prompt = messages > 0 && slots > 0 ? overhead.prompt : 0;
    const costs = own.reduce((sum, slot) => sum + (slot === null ? 0 : slotCost(slot, counter, overhead)), 0);
    return countRendered(built, counter, overhead) - prompt - costs + sumEmpty(piece.isolated);
  }
  if ('empty' in piece) return piece.empty;
  if ('text' in piece) return counter.count(piece.text);
  const built = build([piece]);
  const cost = countRendered(built, counter, overhead);
  if ('tool' in piece) return cost;
  return cost - overhead.prompt - slotCost(piece.message!, counter, overhead);
}

function slotCost(slot: object, counter: TokenCounter, overhead: Overhead): number {
  const { name, toolCallId } = slot as { name?: string; toolCallId?: string };
  return (
    overhead.message +
    (name === undefined ? 0 : overhead.name + counter.count(name)) +
    (toolCallId === undefined ? 0 : counter.count(toolCallId))
  );
}

function messageCost(message: object, pieces: readonly Piece[], counter: TokenCounter, overhead: Overhead): number {
  const there = pieces.some((piece) => typeof piece === 'object' && 'message' in piece && piece.message === message);
  return there ? slotCost(message, counter, overhead) : 0;
}

function hasMessage(tree: PromptNode): boolean {
  return JSON.stringify(tree ?? null).includes('"kind":"message"');
}

function sumEmpty(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (typeof piece === 'object' && 'empty' in piece ? piece.empty : 0), 0);
}

function build(pieces: readonly Piece[]): Pick<Rendered, 'messages' | 'tools'> {
  type Text = { type: 'text'; text: string; breaks: number[]; spans: [] };
  const messages: {
    slot: object | null;
    content: (Text | { type: 'image' | 'toolCall'; element: PromptElement })[];
  }[] = [];
  const tools: PromptElement[] = [];
  let broken = false;
  for (const piece of pieces) {
    if (piece === 'break') broken = true;
    else if ('tool' in piece) tools.push(piece.tool);
    else if ('message' in piece) {
      let open = messages.at(-1);
      if (open === undefined || open.slot !== piece.message) {
        open = { slot: piece.message, content: [] };
        messages.push(open);
      }
      if ('content' in piece) open.content.push({ type: piece.content, element: piece.element });
      else {
        const last = open.content.at(-1);
        if (last?.type === 'text') {
          const text = last as Text;
          if (broken) text.breaks.push(text.text.length);
          text.text += piece.text;
        } else open.content.push({ type: 'text', text: piece.text, breaks: [], spans: [] });
      }
      broken = false;
    }
  }
  return {
    tools: tools as Rendered['tools'],
    messages: messages.map(({ slot, content }) => ({
      ...(slot === null ? { role: 'prompt' } : (slot as { role: string; name?: string; toolCallId?: string })),
      content: content.map((one) =>
        one.type === 'text'
          ? one
          : {
              type: one.type,
              image: (one as { element: unknown }).element,
              call: (one as { element: unknown }).element,
            },
      ),
    })) as unknown as Rendered['messages'],
  };
}

function outline(rendered: Pick<Rendered, 'messages' | 'tools'>): string {
  const lines = rendered.messages.map((message) =>
    [
      message.role,
      ...message.content.map((content) => (content.type === 'text' ? JSON.stringify(content.text) : content.type)),
    ].join(' '),
  );
  return [...lines, ...rendered.tools.map((tool) => `tool ${tool.name}`)].join('\n');
}
