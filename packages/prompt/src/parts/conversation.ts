import { Assistant, Flex, Keep, System, ToolCall, ToolResult, User } from '../builtins.ts';
import type { FlexItem, PromptElement, PromptNode } from '../element.ts';
import { type Growth, growthOf } from './lines.ts';

export interface ConversationMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly name?: string;
  readonly content: PromptNode;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** Of a `tool` message: which call it answers. */
  readonly callId?: string;
}

export interface ConversationProps extends Growth {
  /** Oldest first. */
  readonly messages: readonly ConversationMessage[];
  /**
   * Exchanges leave in groups of this many, counted from the first of the conversation; default 1. With 4, three of four
   * turns leave the start of the conversation as it was, and a provider's cache with it.
   */
  readonly block?: number;
}

/**
 * A conversation that shortens from its old end. What cannot be sent apart stays together: a question and what answered
 * it, and the tool calls of an answer and their results.
 */
export function Conversation(props: ConversationProps): PromptElement {
  const exchanges = exchangesOf(props.messages);
  const block = props.block ?? 1;
  const last = Math.floor((exchanges.length - 1) / block);
  const items = exchanges.map(
    (messages, index): FlexItem => ({
      order: last - Math.floor(index / block),
      content: Keep({ name: `exchange ${index + 1}`, children: messages.map(messageElement) }),
    }),
  );
  return Flex({ name: 'conversation', items, ...growthOf(props) });
}

/** From one user message to the next. */
function exchangesOf(messages: readonly ConversationMessage[]): ConversationMessage[][] {
  const exchanges: ConversationMessage[][] = [];
  for (const message of messages) {
    const open = exchanges.at(-1);
    if (open === undefined || message.role === 'user') exchanges.push([message]);
    else open.push(message);
  }
  return exchanges;
}

function messageElement(message: ConversationMessage): PromptElement {
  const { role, name, content, toolCalls = [], callId = '' } = message;
  if (role === 'system') return System({ name, children: content });
  if (role === 'user') return User({ name, children: content });
  if (role === 'tool') return ToolResult({ name, callId, children: content });
  return Assistant({ name, children: [content, ...toolCalls.map((call) => ToolCall(call))] });
}
