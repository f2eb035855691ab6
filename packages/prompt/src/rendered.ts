import { toolJson } from './compile.ts';
import type { TokenCounter } from './counters/counter.ts';
import type { ImageElement, Role, ToolCallElement, ToolElement } from './element.ts';
import type { Level } from './level.ts';
import { CHAT_OVERHEAD, type Overhead } from './overhead.ts';

/** A run of characters that came out, and where it came from. Offsets are UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Names from the root, joined by " / ". */
  readonly part: string;
  /** The text is that of `uri` from `start` on, character by character. */
  readonly source?: { readonly uri: string; readonly start: number };
}

export interface RenderedText {
  readonly type: 'text';
  readonly text: string;
  /** Offsets that no token crosses: the text is tokenised piece by piece. */
  readonly breaks: readonly number[];
  /** Cover the text without holes or overlaps. */
  readonly spans: readonly Span[];
}

export type RenderedContent =
  | RenderedText
  | { readonly type: 'image'; readonly image: ImageElement; readonly part: string }
  | { readonly type: 'toolCall'; readonly call: ToolCallElement; readonly part: string };

export interface RenderedMessage {
  /** `prompt` for the one text of a prompt without messages. */
  readonly role: Role;
  readonly name?: string;
  readonly toolCallId?: string;
  readonly content: readonly RenderedContent[];
}

/** The end of a stable part that came out: a good place for a provider's cache breakpoint. */
export interface StableEnd {
  readonly name: string;
  readonly message: number;
  /** Index of the content and offset in its text after the part. */
  readonly content: number;
  readonly offset: number;
}

export interface Rendered {
  readonly messages: readonly RenderedMessage[];
  readonly tools: readonly ToolElement[];
  /** Exactly what `countRendered` says of this. */
  readonly tokens: number;
  /** Tokens held free: by `Empty`, and by shares that were not used up. */
  readonly reserved: number;
  /** At most this is `tokens + reserved`. */
  readonly budget: number;
  /** The lowest level that was kept. */
  readonly cutoff: Level;
  readonly stable: readonly StableEnd[];
}

/**
 * Counts a rendered prompt from nothing but itself: every text piece by piece between its breaks, by the counter, without
 * caches. What the renderer promises is promised in these tokens.
 */
export function countRendered(
  rendered: Pick<Rendered, 'messages' | 'tools'>,
  counter: TokenCounter,
  overhead: Overhead = CHAT_OVERHEAD,
): number {
  let tokens = rendered.messages.some((message) => message.role !== 'prompt') ? overhead.prompt : 0;
  for (const message of rendered.messages) {
    if (message.role !== 'prompt') tokens += overhead.message;
    if (message.name !== undefined) tokens += overhead.name + counter.count(message.name);
    if (message.toolCallId !== undefined) tokens += counter.count(message.toolCallId);
    for (const content of message.content) {
      if (content.type === 'image') tokens += overhead.image(content.image);
      else if (content.type === 'toolCall') {
        tokens += overhead.toolCall + counter.count(content.call.name) + counter.count(content.call.arguments);
      } else for (const piece of textPieces(content)) tokens += counter.count(piece);
    }
  }
  for (const tool of rendered.tools) tokens += overhead.tool + counter.count(toolJson(tool));
  return tokens;
}

/** The pieces of a text that are tokenised each on its own. */
export function textPieces(content: RenderedText): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (const end of [...content.breaks, content.text.length]) {
    if (end > start) pieces.push(content.text.slice(start, end));
    start = end;
  }
  return pieces;
}

/** All text of a message, or of all messages one after the other. */
export function textOf(rendered: RenderedMessage | Pick<Rendered, 'messages'>): string {
  const messages = 'messages' in rendered ? rendered.messages : [rendered];
  let text = '';
  for (const message of messages)
    for (const content of message.content) if (content.type === 'text') text += content.text;
  return text;
}
