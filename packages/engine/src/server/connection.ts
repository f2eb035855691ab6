import type { Readable, Writable } from 'node:stream';
import { ErrorCode } from '@tabstop/protocol';
import {
  AbstractMessageReader,
  CancellationTokenSource,
  createMessageConnection,
  type DataCallback,
  type Disposable,
  ErrorCodes,
  type Message,
  type MessageWriter,
  NullLogger,
  ResponseError,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { z } from 'zod';
import { FramedReader, type FramingFault } from './framed-reader.ts';
import { judge, type RequestId } from './gate.ts';
import type { WireLimits } from './limits.ts';
import { described, type Log } from './log.ts';
import { RequestError } from './request-error.ts';

export interface ConnectionOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly limits: WireLimits;
  readonly log: Log;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
  /** The client sends what can not be followed any further; called once. */
  readonly onCutOff: (reason: string) => void;
  /** The client is gone: its end of the pipe is closed. Called once. */
  readonly onClose: () => void;
  /** Any message from the client, as a sign of life. */
  readonly onMessage?: () => void;
}

/** The wire as the server sees it: schemas in, typed values out; never throws for what a client sends. */
export interface Connection {
  /** Answers requests. `handler` may throw a RequestError; anything else is logged and answered as an internal error. */
  onRequest<Schema extends z.ZodType>(
    method: string,
    schema: Schema,
    handler: (params: z.output<Schema>, signal: AbortSignal) => unknown,
  ): void;
  onNotification<Schema extends z.ZodType>(
    method: string,
    schema: Schema,
    handler: (params: z.output<Schema>) => void,
  ): void;
  /** Notifications that no handler takes, requests that none answers and params that fit no schema are told to the log. */
  listen(): void;
  notify(method: string, params: object): void;
  /** Rejects when the signal aborts (the client is told), the client answers with an error, or the wire closes. */
  ask(method: string, params: object, signal: AbortSignal): Promise<unknown>;
  /** Messages written but not yet taken by the client. */
  readonly unwritten: number;
  /** Resolves when everything written so far has been handed to the operating system. */
  flush(): Promise<void>;
  dispose(): void;
}

export function openConnection(options: ConnectionOptions): Connection {
  const { limits, log } = options;
  const pending = new Set<RequestId>();
  let badMessages = 0;
  /** Nothing is read any more; what is left to say may still get out. */
  let ended = false;
  let disposed = false;
  const reader = new FramedReader(options.input, {
    limits,
    setTimeout: options.setTimeout,
    clearTimeout: options.clearTimeout,
    onFault: faulty,
  });
  const writer = new CountingWriter(new StreamMessageWriter(options.output), {
    onAnswered: (id) => pending.delete(id),
    onCount(count) {
      if (count > limits.unwrittenMessages) reader.hold();
      else if (count < limits.unwrittenMessages / 2) reader.release();
    },
    onFailed: () => close(),
  });
  const rpc = createMessageConnection(new GatedReader(reader, admit), writer, NullLogger, {
    // A request cancelled before it was dispatched is answered at once.
    connectionStrategy: {
      cancelUndispatched: (message) => ({
        jsonrpc: '2.0',
        id: 'id' in message ? (message.id as RequestId) : null,
        error: { code: RequestCancelled, message: 'cancelled' },
      }),
    },
  });

  function admit(value: unknown): Message | undefined {
    options.onMessage?.();
    const verdict = judge(value, pending, limits);
    if ('pass' in verdict) {
      badMessages = 0;
      if (verdict.requestId !== undefined) pending.add(verdict.requestId);
      return verdict.pass;
    }
    if ('drop' in verdict) {
      log('debug', `dropped ${verdict.drop}`);
      return undefined;
    }
    refuse(verdict.refuse);
    if (verdict.refuse.code === ErrorCodes.InvalidRequest) countBad();
    return undefined;
  }

  function faulty(fault: FramingFault): void {
    if (fault.kind === 'cut-off') cutOff(fault.reason);
    else if (fault.kind === 'too-large') refuseTooLarge(fault);
    else {
      refuse({ id: null, code: ErrorCodes.ParseError, message: 'the message is no JSON' });
      countBad();
    }
  }

  function refuseTooLarge(fault: { bytes: number; id: RequestId | undefined }): void {
    const megabytes = (limits.messageBytes / 1024 / 1024).toFixed(0);
    log('warn', `a message of ${fault.bytes} bytes was not read`);
    const message = `the message is ${fault.bytes} bytes long; ${megabytes} MB are allowed`;
    refuse({ id: fault.id ?? null, code: ErrorCode.TooLarge, message });
  }

  function refuse({ id, code, message }: { id: RequestId | null; code: number; message: string }): void {
    const answer = { jsonrpc: '2.0', id, error: { code, message } };
    // `refused` keeps the answer from closing a request of the same id that is under way.
    writer.write(answer, 'refused').catch(() => {});
  }

  function countBad(): void {
    badMessages++;
    if (badMessages > limits.badMessages) cutOff(`${badMessages} messages in a row are no JSON-RPC`);
  }

  function cutOff(reason: string): void {
    if (ended) return;
    ended = true;
    reader.stop();
    options.onCutOff(reason);
  }

  function close(): void {
    if (ended) return;
    ended = true;
    options.onClose();
  }

  rpc.onClose(close);
  rpc.onError(([error]) => log('debug', `wire: ${error.name}`));
  rpc.onUnhandledNotification((message) => log('debug', `no handler for notification ${message.method}`));

  return {
    onRequest(method, schema, handler) {
      rpc.onRequest(method, async (params: unknown, token) => {
        const abort = new AbortController();
        // A request given up is answered at once, whatever its handler is still waiting for.
        const cancelled = new Promise<never>((_, reject) => {
          const cancel = () => {
            abort.abort();
            reject(abort.signal.reason);
          };
          if (token.isCancellationRequested) cancel();
          else token.onCancellationRequested(cancel);
        });
        cancelled.catch(() => {});
        try {
          return await Promise.race([handler(parse(method, schema, params), abort.signal), cancelled]);
        } catch (error) {
          if (abort.signal.aborted) throw new ResponseError(RequestCancelled, 'cancelled');
          if (error instanceof RequestError) throw new ResponseError(error.code, error.message);
          log('error', `${method} failed: ${described(error)}`);
          throw new ResponseError(ErrorCodes.InternalError, `${method} failed; the engine's log tells why`);
        }
      });
    },
    onNotification(method, schema, handler) {
      rpc.onNotification(method, (params: unknown) => {
        try {
          handler(parse(method, schema, params));
        } catch (error) {
          log(
            error instanceof RequestError ? 'warn' : 'error',
            `${method}: ${error instanceof RequestError ? error.message : described(error)}`,
          );
        }
      });
    },
    listen: () => rpc.listen(),
    notify(method, params) {
      if (disposed) return;
      try {
        rpc.sendNotification(method, params).catch(() => {});
      } catch {
        // The client is gone (vscode-jsonrpc throws at once then): there is nobody to tell.
      }
    },
    async ask(method, params, signal) {
      signal.throwIfAborted();
      const source = new CancellationTokenSource();
      return new Promise((resolve, reject) => {
        const abort = () => {
          source.cancel();
          reject(signal.reason);
        };
        signal.addEventListener('abort', abort, { once: true });
        rpc
          .sendRequest(method, params, source.token)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', abort));
      });
    },
    get unwritten() {
      return writer.count;
    },
    flush: () => writer.flush(),
    dispose() {
      disposed = true;
      reader.stop();
      rpc.dispose();
    },
  };
}

/** LSP's code for a request that the client itself gave up. */
const RequestCancelled = -32800;

function parse<Schema extends z.ZodType>(method: string, schema: Schema, params: unknown): z.output<Schema> {
  const result = schema.safeParse(params);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new RequestError(ErrorCode.BadParams, `${method}: ${issue?.path.join('.') || 'params'}: ${issue?.message}`);
}

/** Passes on what the gate admits. */
class GatedReader extends AbstractMessageReader {
  readonly #reader: FramedReader;
  readonly #admit: (value: unknown) => Message | undefined;

  constructor(reader: FramedReader, admit: (value: unknown) => Message | undefined) {
    super();
    this.#reader = reader;
    this.#admit = admit;
  }

  listen(callback: DataCallback): Disposable {
    this.#reader.onError((error) => this.fireError(error));
    this.#reader.onClose(() => this.fireClose());
    return this.#reader.listen((value) => {
      const message = this.#admit(value);
      if (message) callback(message);
    });
  }
}

interface WriterEvents {
  readonly onAnswered: (id: RequestId) => void;
  readonly onCount: (unwritten: number) => void;
  readonly onFailed: () => void;
}

/** Knows which requests were answered and how much the client has not taken yet. */
class CountingWriter implements MessageWriter {
  readonly onError: MessageWriter['onError'];
  readonly onClose: MessageWriter['onClose'];
  readonly #inner: StreamMessageWriter;
  readonly #events: WriterEvents;
  #last: Promise<void> = Promise.resolve();
  count = 0;

  constructor(inner: StreamMessageWriter, events: WriterEvents) {
    this.#inner = inner;
    this.#events = events;
    this.onError = inner.onError;
    this.onClose = inner.onClose;
  }

  async write(message: Message, refused?: 'refused'): Promise<void> {
    const answer = message as { id?: RequestId; method?: string };
    this.count++;
    this.#events.onCount(this.count);
    this.#last = this.#inner.write(message);
    try {
      await this.#last;
    } catch (error) {
      this.#events.onFailed();
      throw error;
    } finally {
      this.count--;
      if (answer.method === undefined && answer.id !== undefined && !refused) this.#events.onAnswered(answer.id);
      this.#events.onCount(this.count);
    }
  }

  flush(): Promise<void> {
    return this.#last.catch(() => {});
  }

  end(): void {
    this.#inner.end();
  }

  dispose(): void {
    this.#inner.dispose();
  }
}
