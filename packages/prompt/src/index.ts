export * from './builtins.ts';
export { type CutRule, isCut, type TokenCounter } from './counters/counter.ts';
export { type EstimateOptions, estimateCounter } from './counters/estimate.ts';
export { type GptEncodingName, gptCounter } from './counters/gpt.ts';
export { huggingFaceCounter } from './counters/huggingface.ts';
export type * from './element.ts';
export type { DroppedLeaf, DropReason, Leaf, Part } from './layout.ts';
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
