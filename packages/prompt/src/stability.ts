import { isCut, type TokenCounter } from './counters/counter.ts';
import { type Rendered, type RenderedMessage, textPieces } from './rendered.ts';

/** How much of a prompt a cache of the one before it can serve. */
export interface PrefixReport {
  /** Tokens of the common prefix; exact where the counter knows ids, otherwise those up to the last cut in it. */
  readonly commonTokens: number;
  /** Text tokens of the new prompt. */
  readonly tokens: number;
  /** `commonTokens / tokens`, from 0 to 1; 1 for an empty prompt. */
  readonly share: number;
  /** Where the two part; null when the old prompt is a prefix of the new one. */
  readonly divergence: {
    readonly message: number;
    readonly offset: number;
    /** The part of the new prompt at that place. */
    readonly part: string;
  } | null;
  /** Stable parts of both whose end lies in the common prefix. */
  readonly stableKept: readonly string[];
  /** Stable parts of the new prompt that were not there before, changed, or stand behind a change. */
  readonly stableLost: readonly string[];
}

/**
 * Compares two prompts the way a prefix cache does: messages in order, tokens in order, up to the first difference in
 * either. Tool definitions stand before all messages; when they differ nothing is common.
 */
export function comparePrefix(
  before: Pick<Rendered, 'messages' | 'tools' | 'stable'>,
  after: Pick<Rendered, 'messages' | 'tools' | 'stable'>,
  counter: TokenCounter,
): PrefixReport {
  let commonTokens = 0;
  let divergence: PrefixReport['divergence'] = null;
  const tokens = after.messages.reduce((sum, message) => sum + messageTokens(message, counter), 0);
  const sameTools = JSON.stringify(before.tools) === JSON.stringify(after.tools);
  for (let index = 0; index < after.messages.length && divergence === null; index++) {
    const message = after.messages[index]!;
    const old = before.messages[index];
    if (!sameTools) divergence = { message: 0, offset: 0, part: 'tools' };
    else if (old === undefined) break;
    else if (old.role !== message.role || old.name !== message.name || old.toolCallId !== message.toolCallId) {
      divergence = { message: index, offset: 0, part: firstPart(message) };
    } else {
      const found = compareMessage(old, message, counter, index === before.messages.length - 1);
      commonTokens += found.tokens;
      if (found.offset !== null)
        divergence = { message: index, offset: found.offset, part: partAt(message, found.offset) };
    }
  }
  // What is cut off after the common part is a change as well, though nothing of the new prompt stands at it.
  if (divergence === null && before.messages.length > after.messages.length) {
    divergence = { message: after.messages.length, offset: 0, part: '' };
  }
  const stableKept: string[] = [];
  const stableLost: string[] = [];
  for (const end of after.stable) {
    const was = before.stable.some(
      (old) =>
        old.name === end.name &&
        old.message === end.message &&
        old.content === end.content &&
        old.offset === end.offset,
    );
    const reached =
      divergence === null ||
      end.message < divergence.message ||
      (end.message === divergence.message &&
        endOffset(after.messages[end.message]!, end.content, end.offset) <= divergence.offset);
    (was && reached ? stableKept : stableLost).push(end.name);
  }
  return { commonTokens, tokens, share: tokens === 0 ? 1 : commonTokens / tokens, divergence, stableKept, stableLost };
}

/** Common tokens of two messages, and the character offset (in all text of the message) at which they part, if they do. */
function compareMessage(
  before: RenderedMessage,
  after: RenderedMessage,
  counter: TokenCounter,
  last: boolean,
): { tokens: number; offset: number | null } {
  let tokens = 0;
  let offset = 0;
  const oldPieces = piecesOf(before);
  const newPieces = piecesOf(after);
  for (let index = 0; index < newPieces.length; index++) {
    const piece = newPieces[index]!;
    const old = oldPieces[index];
    if (old === piece) {
      tokens += counter.count(piece);
      offset += piece.length;
      continue;
    }
    // The old message ended here and nothing followed it: a cache of it serves all it had.
    if (old === undefined) return { tokens, offset: last ? null : offset };
    const same = commonPrefix(old, piece);
    const grown = last && same === old.length && index === oldPieces.length - 1;
    return { tokens: tokens + commonTokensOf(old, piece, same, counter), offset: grown ? null : offset + same };
  }
  return { tokens, offset: oldPieces.length > newPieces.length ? offset : null };
}

function commonTokensOf(before: string, after: string, same: number, counter: TokenCounter): number {
  // Up to the last cut that both have in common the tokens are the same; only what follows it is looked at closely.
  let cut = same;
  while (cut > 0 && !(isCut(counter.cuts, before, cut) && isCut(counter.cuts, after, cut))) cut -= 1;
  const upToCut = cut === 0 ? 0 : counter.count(after.slice(0, cut));
  if (!counter.encode) return upToCut;
  const old = counter.encode(before.slice(cut, same + LOOK_AHEAD));
  const now = counter.encode(after.slice(cut, same + LOOK_AHEAD));
  let tokens = 0;
  while (tokens < old.length && tokens < now.length && old[tokens] === now[tokens]) tokens += 1;
  return upToCut + tokens;
}

/** Characters behind the first difference that are encoded with it, so that the end of the slice changes no token before it. */
const LOOK_AHEAD = 400;

/** Texts between breaks; an attachment stands as its JSON. */
function piecesOf(message: RenderedMessage): string[] {
  return message.content.flatMap((content) =>
    content.type === 'text' ? textPieces(content) : [JSON.stringify(content)],
  );
}

function messageTokens(message: RenderedMessage, counter: TokenCounter): number {
  return piecesOf(message).reduce((sum, piece) => sum + counter.count(piece), 0);
}

function commonPrefix(a: string, b: string): number {
  let at = 0;
  while (at < a.length && at < b.length && a.charCodeAt(at) === b.charCodeAt(at)) at += 1;
  return at;
}

function endOffset(message: RenderedMessage, content: number, offset: number): number {
  let sum = offset;
  for (const one of message.content.slice(0, content))
    sum += one.type === 'text' ? one.text.length : JSON.stringify(one).length;
  return sum;
}

function partAt(message: RenderedMessage, offset: number): string {
  let start = 0;
  for (const content of message.content) {
    const length = content.type === 'text' ? content.text.length : JSON.stringify(content).length;
    if (offset < start + length) {
      return content.type === 'text'
        ? (content.spans.find((span) => span.end > offset - start)?.part ?? '')
        : content.part;
    }
    start += length;
  }
  return '';
}

function firstPart(message: RenderedMessage): string {
  return partAt(message, 0);
}
