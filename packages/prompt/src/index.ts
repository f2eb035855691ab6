export * from './builtins.ts';
export { type CutRule, isCut, type TokenCounter } from './counters/counter.ts';
export { type EstimateOptions, estimateCounter } from './counters/estimate.ts';
export { type GptEncodingName, gptCounter } from './counters/gpt.ts';
export { huggingFaceCounter } from './counters/huggingface.ts';
export type * from './element.ts';
export { leafTokens } from './compile.ts';
export { type DropReason, type Leaf, type Part, pathOf, type TracedLeaf } from './layout.ts';
export { compareLevels, type Level, REQUIRED } from './level.ts';
export { CHAT_OVERHEAD, type Overhead, tiledImageTokens } from './overhead.ts';
export { PromptBudgetError, PromptShapeError, TokenizerError } from './problems.ts';
export {
  createRenderer,
  type Renderer,
  type RendererOptions,
  type RenderOptions,
  type RenderTrace,
  render,
} from './render.ts';
export * from './rendered.ts';
export { Conversation, type ConversationMessage, type ConversationProps } from './parts/conversation.ts';
export { Diff, type DiffProps } from './parts/diff.ts';
export { DirectoryTree, type DirectoryTreeProps } from './parts/directory-tree.ts';
export { EditHistory, type EditHistoryProps, type HistoryEdit } from './parts/edit-history.ts';
export { ElidedFile, type ElidedFileProps } from './parts/elided-file.ts';
export { FileWindow, type FileWindowProps } from './parts/file-window.ts';
export type { Growth } from './parts/lines.ts';
export type { Fold, OutlinePort } from './parts/outline.ts';
export { type Snippet, Snippets, type SnippetsProps } from './parts/snippets.ts';
export { StableFirst } from './parts/stable-first.ts';
export { ToolOutput, type ToolOutputProps } from './parts/tool-output.ts';
export { parsePrompt } from './serialised.ts';
export { comparePrefix, type PrefixReport } from './stability.ts';
