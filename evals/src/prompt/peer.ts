import { Flex, type PromptNode, Scope, type Source, System, Text, type TokenCounter, User } from '@tabstop/prompt';
import {
  type BasePromptElementProps,
  OutputMode,
  PromptElement,
  type PromptPiece,
  PromptRenderer,
  Raw,
  SystemMessage,
  TextChunk,
  UserMessage,
} from '@vscode/prompt-tsx';

/** One tree, said for both libraries: messages of chunks, each whole or absent, and at most one text that fills the rest. */
export interface PeerCase {
  readonly name: string;
  readonly messages: readonly PeerMessage[];
}

export interface PeerMessage {
  readonly role: 'system' | 'user';
  /** Distinct over the whole tree, so that both libraries agree on what to drop first. */
  readonly chunks: readonly { readonly priority: number; readonly text: string }[];
  /** Cut at line ends to what is left, at the priority given. */
  readonly fill?: { readonly priority: number; readonly text: string };
}

export interface PeerOutput {
  readonly texts: readonly string[];
}

/** The tree for our renderer. Chunks carry their index as source, so that what was kept can be told apart. */
export function ourTree(one: PeerCase): PromptNode {
  return one.messages.map(({ role, chunks, fill }) => {
    const children: PromptNode[] = chunks.map(({ priority, text }) =>
      Scope({ priority, children: Text({ text, source: SOURCE }) }),
    );
    if (fill) {
      const items = linesOf(fill.text).map((content, order) => ({ order, content }));
      children.push(Flex({ growPriority: fill.priority, items }));
    }
    return role === 'system' ? System({ children }) : User({ children });
  });
}

const SOURCE: Source = { uri: 'chunk', start: 0 };

interface PeerProps extends BasePromptElementProps {
  readonly tree: PeerCase;
}

class PeerRoot extends PromptElement<PeerProps> {
  override render(): PromptPiece {
    return piece(
      PeerGroup,
      {},
      this.props.tree.messages.map(({ role, chunks, fill }) => {
        const children = chunks.map(({ priority, text }) => piece(TextChunk, { priority }, [text]));
        if (fill) children.push(piece(TextChunk, { priority: fill.priority, flexGrow: 1, breakOn: '\n' }, [fill.text]));
        // Priorities of chunks compare over messages, as in our tree.
        return piece(role === 'system' ? SystemMessage : UserMessage, { passPriority: true }, children);
      }),
    );
  }
}

class PeerGroup extends PromptElement<BasePromptElementProps & { readonly children?: unknown }> {
  override render(): PromptPiece {
    return piece(PeerFragment, {}, (this.props.children ?? []) as PromptPiece[]);
  }
}

function PeerFragment(): never {
  throw new Error('a fragment is never called');
}
PeerFragment.isFragment = true;

function piece(ctor: unknown, props: object, children: readonly (PromptPiece | string)[]): PromptPiece {
  return { ctor, props, children } as unknown as PromptPiece;
}

/** Renders with `@vscode/prompt-tsx`; a message takes 3 tokens beside its text, as in our overhead. */
export async function renderPeer(
  one: PeerCase,
  budget: number,
  counter: Pick<TokenCounter, 'count'>,
): Promise<PeerOutput> {
  const textOf = (content: readonly Raw.ChatCompletionContentPart[]): string =>
    content.map((part) => (part.type === Raw.ChatCompletionContentPartKind.Text ? part.text : '')).join('');
  const tokenizer = {
    mode: OutputMode.Raw as const,
    tokenLength: (part: Raw.ChatCompletionContentPart) =>
      part.type === Raw.ChatCompletionContentPartKind.Text ? counter.count(part.text) : 0,
    countMessageTokens: (message: Raw.ChatMessage) => 3 + counter.count(textOf(message.content)),
  };
  const renderer = new PromptRenderer(
    { modelMaxPromptTokens: budget },
    PeerRoot as never,
    { tree: one } as never,
    tokenizer,
  );
  const { messages } = await renderer.renderRaw();
  return { texts: messages.map((message) => textOf(message.content)) };
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}
