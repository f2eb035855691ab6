/**
 * The tree of a prompt: plain, JSON-serialisable data. Components are called while the tree is built, so that what reaches
 * the renderer holds no functions, can be written to a file, and renders to the same bytes on every machine.
 */
export type PromptNode = PromptElement | string | number | boolean | null | undefined | readonly PromptNode[];

/** `prompt` is the one message of a tree without messages: the text of a completion-style prompt. */
export type Role = 'system' | 'user' | 'assistant' | 'tool' | 'prompt';

/** Where a text came from: offsets are UTF-16 code units into `uri`. */
export interface Source {
  readonly uri: string;
  readonly start: number;
}

/** The limit of an isolated part: tokens, or a share (0 to 1) of what the required rest leaves of the enclosing budget. */
export type Limit = number | { readonly share: number };

export interface FragmentElement {
  readonly kind: 'fragment';
  readonly children: PromptNode;
}

/** A component that was called; it only gives its content a name. */
export interface PartElement {
  readonly kind: 'part';
  readonly name: string;
  readonly children: PromptNode;
}

export interface ScopeElement {
  readonly kind: 'scope';
  readonly name?: string;
  readonly priority?: number;
  readonly relative?: number;
  readonly children: PromptNode;
}

export interface FirstElement {
  readonly kind: 'first';
  readonly name?: string;
  readonly children: PromptNode;
}

export interface KeepElement {
  readonly kind: 'keep';
  readonly name?: string;
  readonly children: PromptNode;
}

export interface IsolateElement {
  readonly kind: 'isolate';
  readonly name?: string;
  readonly limit: Limit;
  readonly children: PromptNode;
}

export interface StableElement {
  readonly kind: 'stable';
  readonly name: string;
  readonly limit?: number;
  readonly children: PromptNode;
}

/** One piece of a flexible part; pieces stand in document order and are admitted in ascending `order`. */
export interface FlexItem {
  readonly order: number;
  readonly content: PromptNode;
}

export interface FlexElement {
  readonly kind: 'flex';
  readonly name?: string;
  readonly grow?: number;
  readonly growPriority?: number;
  readonly min?: number;
  readonly max?: number;
  readonly gap?: string;
  readonly items: readonly FlexItem[];
}

export interface EmptyElement {
  readonly kind: 'empty';
  readonly tokens: number;
}

export interface BreakElement {
  readonly kind: 'break';
}

export interface TextElement {
  readonly kind: 'text';
  readonly text: string;
  readonly source?: Source;
}

export interface MessageElement {
  readonly kind: 'message';
  readonly role: Role;
  readonly name?: string;
  readonly toolCallId?: string;
  readonly children: PromptNode;
}

export interface ImageElement {
  readonly kind: 'image';
  /** A URL, or base64 data when `mediaType` is given. */
  readonly src: string;
  readonly mediaType?: string;
  readonly detail?: 'low' | 'high';
  /** Pixels; what an image costs depends on it. */
  readonly width: number;
  readonly height: number;
  readonly alt?: string;
}

export interface ToolCallElement {
  readonly kind: 'toolCall';
  readonly id: string;
  readonly name: string;
  /** JSON text, as the model wrote it. */
  readonly arguments: string;
}

export interface ToolElement {
  readonly kind: 'tool';
  readonly name: string;
  readonly description: string;
  /** A JSON schema. */
  readonly parameters: unknown;
}

export type PromptElement =
  | FragmentElement
  | PartElement
  | ScopeElement
  | FirstElement
  | KeepElement
  | IsolateElement
  | StableElement
  | FlexElement
  | EmptyElement
  | BreakElement
  | TextElement
  | MessageElement
  | ImageElement
  | ToolCallElement
  | ToolElement;

export function isElement(node: PromptNode): node is PromptElement {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

/** A component: a pure function of its props. */
export type Component<P = object> = (props: P) => PromptNode;
