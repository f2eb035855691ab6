import { ErrorCode } from '@tabstop/protocol';
import { ErrorCodes, type Message } from 'vscode-jsonrpc/node';
import type { WireLimits } from './limits.ts';

export type RequestId = number | string;

/** A message that may go on to the dispatcher, or the answer it gets instead. */
export type Verdict =
  | { readonly pass: Message; readonly requestId?: RequestId }
  | { readonly refuse: { readonly id: RequestId | null; readonly code: number; readonly message: string } }
  | { readonly drop: string };

const METHOD_LENGTH = 128;
const ID_LENGTH = 200;

/**
 * Judges a parsed message before vscode-jsonrpc sees it, which throws on some malformed ones, logs others whole (with document text) and has
 * no bound on what is under way. `pending` are the ids of requests not answered yet. Parameters come by name only.
 */
export function judge(value: unknown, pending: ReadonlySet<RequestId>, limits: WireLimits): Verdict {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid(null, 'a message is a JSON object (batches are not supported)');
  const message = value as Record<string, unknown>;
  const id = isId(message.id) ? message.id : undefined;
  if (message.jsonrpc !== '2.0') return invalid(id ?? null, 'jsonrpc must be "2.0"');
  if (message.method === undefined) return judgeResponse(message, id);
  const { method } = message;
  if (typeof method !== 'string' || method.length > METHOD_LENGTH)
    return invalid(id ?? null, 'method must be a string');
  if (message.params !== undefined && (typeof message.params !== 'object' || Array.isArray(message.params)))
    return invalid(id ?? null, `${method}: parameters must be an object`);
  const params = message.params ?? {};
  if (message.id === undefined) {
    if (method === '$/cancelRequest' && !isId((params as { id?: unknown }).id))
      return { drop: 'a cancellation without an id' };
    if (method.startsWith('$/') && method !== '$/cancelRequest') return { drop: `${method} is not supported` };
    return { pass: { jsonrpc: '2.0', method, params } as Message };
  }
  if (id === undefined) return invalid(null, 'the id of a request must be a short string or an integer');
  if (pending.has(id)) return invalid(id, `${method}: the id of this request is in use`);
  if (pending.size >= limits.pendingRequests)
    return {
      refuse: { id, code: ErrorCode.Overloaded, message: `${pending.size} requests are waiting; ask again later` },
    };
  return { pass: { jsonrpc: '2.0', id, method, params } as Message, requestId: id };
}

function judgeResponse(message: Record<string, unknown>, id: RequestId | undefined): Verdict {
  if (id === undefined) return invalid(null, 'a message needs a method or the id it answers');
  const { error } = message;
  if (error !== undefined) {
    const { code, message: text } = (error ?? {}) as { code?: unknown; message?: unknown };
    if (typeof code !== 'number' || typeof text !== 'string') return { drop: 'an answer whose error has no code' };
    return { pass: { jsonrpc: '2.0', id, error: { code, message: text } } as Message };
  }
  if (message.result === undefined) return { drop: 'an answer with neither result nor error' };
  return { pass: { jsonrpc: '2.0', id, result: message.result } as Message };
}

function invalid(id: RequestId | null, message: string): Verdict {
  return { refuse: { id, code: ErrorCodes.InvalidRequest, message } };
}

function isId(value: unknown): value is RequestId {
  return Number.isSafeInteger(value) || (typeof value === 'string' && value.length <= ID_LENGTH);
}
