import { type Leaf, type MessageSlot, type Part, pathOf, stablePart, type TextRun } from './layout.ts';
import { PromptShapeError } from './problems.ts';
import type { Rendered, RenderedContent, RenderedMessage, Span, StableEnd } from './rendered.ts';

interface OpenMessage {
  readonly slot: MessageSlot | null;
  readonly content: RenderedContent[];
}

/** Turns the leaves that were kept, in document order, into messages. */
export function assemble(kept: readonly (Leaf | TextRun)[]): Pick<Rendered, 'messages' | 'tools' | 'stable'> {
  const opened: OpenMessage[] = [];
  const tools: Extract<Leaf, { kind: 'tool' }>['element'][] = [];
  const stable: StableEnd[] = [];
  const paths = new Map<Part, string>();
  let lastPart: Part | null = null;
  let lastPath = '';
  const path = (part: Part): string => {
    if (part === lastPart) return lastPath;
    lastPart = part;
    lastPath = paths.get(part) ?? pathOf(part);
    paths.set(part, lastPath);
    return lastPath;
  };

  let open: OpenMessage | null = null;
  let written = '';
  let length = 0;
  let breaks: number[] = [];
  let spans: Span[] = [];
  let lastStable: Part | null = null;

  function flush(): void {
    if (open !== null && length > 0) {
      // A break at the very end separates nothing.
      if (breaks.at(-1) === length) breaks.pop();
      open.content.push({ type: 'text', text: written, breaks, spans });
    }
    written = '';
    length = 0;
    breaks = [];
    spans = [];
  }

  function closeStable(): void {
    if (lastStable === null || open === null) return;
    stable.push({ name: path(lastStable), message: opened.length - 1, content: open.content.length, offset: length });
    lastStable = null;
  }

  function enter(part: Part, slot: MessageSlot | null): OpenMessage {
    const inStable = stablePart(part);
    if (lastStable !== null && (inStable !== lastStable || open?.slot !== slot)) closeStable();
    if (open === null || open.slot !== slot) {
      flush();
      open = { slot, content: [] };
      opened.push(open);
    }
    lastStable = inStable;
    return open;
  }

  function addBreak(): void {
    if (length > 0 && breaks.at(-1) !== length) breaks.push(length);
  }

  function placeRun({ part, message, text, ends, paths, sources }: TextRun): void {
    enter(part, message);
    let start = length;
    for (let i = 0; i < ends.length; i++) {
      const end = length + ends[i]!;
      spans.push({ start, end, part: paths[i]!, source: sources[i] });
      start = end;
    }
    written += text;
    length += text.length;
  }

  function place(leaf: Leaf | TextRun): void {
    switch (leaf.kind) {
      case 'run':
        placeRun(leaf);
        return;
      case 'text': {
        enter(leaf.part, leaf.message);
        const { text } = leaf.count;
        written += text;
        spans.push({ start: length, end: length + text.length, part: path(leaf.part), source: leaf.source });
        length += text.length;
        return;
      }
      case 'break':
        addBreak();
        return;
      case 'image':
      case 'toolCall': {
        if (leaf.message === null)
          throw new PromptShapeError('Images and tool calls stand in messages', path(leaf.part));
        const message = enter(leaf.part, leaf.message);
        flush();
        if (leaf.element.kind === 'image')
          message.content.push({ type: 'image', image: leaf.element, part: path(leaf.part) });
        else message.content.push({ type: 'toolCall', call: leaf.element, part: path(leaf.part) });
        return;
      }
      case 'tool':
        tools.push(leaf.element);
        return;
      case 'block':
        addBreak();
        for (const inner of leaf.kept) place(inner);
        addBreak();
        return;
      case 'empty':
        return;
    }
  }

  for (const leaf of kept) place(leaf);
  closeStable();
  flush();
  const bare = opened.find((message) => message.slot === null);
  if (bare !== undefined && opened.length > 1) {
    const part = firstBare(kept);
    throw new PromptShapeError('Text outside of a message in a prompt that has messages', pathOf(part));
  }
  const messages = opened.map(({ slot, content }): RenderedMessage => {
    if (slot === null) return { role: 'prompt', content };
    return { role: slot.role, name: slot.name, toolCallId: slot.toolCallId, content };
  });
  return { messages, tools, stable };
}

function firstBare(kept: readonly (Leaf | TextRun)[]): Part | null {
  const found = kept.find(({ kind, message }) => (kind === 'text' || kind === 'run') && message === null);
  return found?.part ?? null;
}
