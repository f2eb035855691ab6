import type { ImageElement } from './element.ts';

/** Tokens that a prompt costs beside its texts; what they are depends on the model's chat format. */
export interface Overhead {
  /** Once per prompt that has messages. */
  readonly prompt: number;
  /** Per message: its role and its delimiters. */
  readonly message: number;
  /** Per message with a name, beside the name itself. */
  readonly name: number;
  /** Per tool call, beside its name and its arguments. */
  readonly toolCall: number;
  /** Per tool definition, beside its JSON. */
  readonly tool: number;
  image(image: ImageElement): number;
}

/**
 * OpenAI's published chat format (3 a message, 3 for the answer's start, 1 a name); tool calls and definitions are not
 * published, 8 each is on the safe side of what its API reports.
 */
export const CHAT_OVERHEAD: Overhead = {
  prompt: 3,
  message: 3,
  name: 1,
  toolCall: 8,
  tool: 8,
  image: tiledImageTokens,
};

/** 85, and in high detail 170 more for each tile of 512 px once the image is scaled into 2048 px and its short side to 768 px. */
export function tiledImageTokens(image: ImageElement): number {
  if (image.detail === 'low') return 85;
  const fit = Math.min(1, 2048 / Math.max(image.width, image.height, 1));
  const scale = Math.min(1, 768 / Math.max(1, Math.min(image.width, image.height) * fit)) * fit;
  const tiles = Math.ceil((image.width * scale) / 512) * Math.ceil((image.height * scale) / 512);
  return 85 + 170 * Math.max(1, tiles);
}
