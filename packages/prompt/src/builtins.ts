import type { Component, FlexItem, Limit, MessageElement, PromptElement, PromptNode, Role, Source } from './element.ts';

const builtIns = new WeakSet<Component<never>>();

/** Built-in components stand for themselves in the tree; every other component is wrapped in a part that carries its name. */
export function isBuiltIn(component: Component<never>): boolean {
  return builtIns.has(component);
}

function builtIn<P>(component: (props: P) => PromptElement): (props: P) => PromptElement {
  builtIns.add(component);
  return component;
}

export interface WithChildren {
  readonly children?: PromptNode;
}

export interface Named extends WithChildren {
  readonly name?: string;
}

/** Children without a place of their own. */
export const Fragment = builtIn((props: WithChildren) => ({ kind: 'fragment', children: props.children }));

/**
 * Gives its children a priority: `priority` is absolute, `relative` is added to the enclosing scope's. Higher is kept longer.
 * Nothing is kept longer than the scope around it. Without either the children belong to the enclosing scope.
 */
export const Scope = builtIn((props: Named & { readonly priority?: number; readonly relative?: number }) => ({
  kind: 'scope',
  name: props.name,
  priority: props.priority,
  relative: props.relative,
  children: props.children,
}));

/** Exactly one of its children: the first whose priority is not cut off. Children without a priority are steps of one priority. */
export const First = builtIn((props: Named) => ({ kind: 'first', name: props.name, children: props.children }));

/** All of its children or none of them. */
export const Keep = builtIn((props: Named) => ({ kind: 'keep', name: props.name, children: props.children }));

/** Children with a cut-off of their own under their own limit, tokenised on their own. */
export const Isolate = builtIn((props: Named & { readonly limit: Limit }) => ({
  kind: 'isolate',
  name: props.name,
  limit: props.limit,
  children: props.children,
}));

/**
 * A part whose bytes depend on nothing but its own children: with `limit` it has a cut-off of its own under that many
 * tokens, without it is whole or absent. Its end is a cache breakpoint.
 */
export const Stable = builtIn((props: WithChildren & { readonly name: string; readonly limit?: number }) => ({
  kind: 'stable',
  name: props.name,
  limit: props.limit,
  children: props.children,
}));

export interface FlexProps {
  readonly name?: string;
  /** Weight against other flexible parts of the same priority; default 1. */
  readonly grow?: number;
  /** Priority of all beyond `min`; default: that of the enclosing scope, just below what is fixed there. */
  readonly growPriority?: number;
  /** Tokens that belong to the part itself and are not cut before it is. */
  readonly min?: number;
  /** Tokens that the part never exceeds (each piece counted on its own). */
  readonly max?: number;
  /** Stands for each run of pieces that is left out. */
  readonly gap?: string;
  readonly items: readonly FlexItem[];
}

/** A part that grows and shrinks piece by piece. */
export const Flex = builtIn((props: FlexProps) => ({ kind: 'flex', ...props }));

/** Reserves tokens without text, such as room for the answer. */
export const Empty = builtIn((props: { readonly tokens: number }) => ({ kind: 'empty', tokens: props.tokens }));

/** No token crosses this place. */
export const Break = builtIn((_props: object) => ({ kind: 'break' }));

/** Text as it is. With `source`, each character that comes out points at its character there. */
export const Text = builtIn((props: { readonly text: string; readonly source?: Source }) => ({
  kind: 'text',
  text: props.text,
  source: props.source,
}));

export interface MessageProps extends WithChildren {
  readonly name?: string;
}

function message(role: Role, props: MessageProps, toolCallId?: string): MessageElement {
  return { kind: 'message', role, name: props.name, toolCallId, children: props.children };
}

export const System = builtIn((props: MessageProps) => message('system', props));
export const User = builtIn((props: MessageProps) => message('user', props));
export const Assistant = builtIn((props: MessageProps) => message('assistant', props));
/** The message that answers a tool call. */
export const ToolResult = builtIn((props: MessageProps & { readonly callId: string }) =>
  message('tool', props, props.callId),
);

export interface ImageProps {
  readonly src: string;
  readonly mediaType?: string;
  readonly detail?: 'low' | 'high';
  readonly width: number;
  readonly height: number;
  readonly alt?: string;
}
export const Image = builtIn((props: ImageProps) => ({ kind: 'image', ...props }));

/** A call that the assistant made; belongs into an `Assistant` message. */
export const ToolCall = builtIn(
  (props: { readonly id: string; readonly name: string; readonly arguments: string }) => ({
    kind: 'toolCall',
    ...props,
  }),
);

/** A tool that the model may call. It belongs to the prompt, not to a message. */
export const Tool = builtIn(
  (props: { readonly name: string; readonly description: string; readonly parameters: unknown }) => ({
    kind: 'tool',
    ...props,
  }),
);
