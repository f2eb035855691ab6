import type { Readable } from 'node:stream';
import { AbstractMessageReader, type DataCallback, type Disposable } from 'vscode-jsonrpc/node';
import type { WireLimits } from './limits.ts';

/** What the reader found that is no message. `cut-off`: the bytes can not be followed any further. */
export type FramingFault =
  | { readonly kind: 'bad-json' }
  | { readonly kind: 'too-large'; readonly bytes: number; readonly id: number | string | undefined }
  | { readonly kind: 'cut-off'; readonly reason: string };

export interface FramedReaderOptions {
  readonly limits: WireLimits;
  readonly onFault: (fault: FramingFault) => void;
  readonly setTimeout: (callback: () => void, delay: number) => unknown;
  readonly clearTimeout: (timer: unknown) => void;
}

const HEADER_END = Buffer.from('\r\n\r\n');
/** How much of a message that is read over is kept to find its id: writers put `jsonrpc` and `id` first. */
const PEEKED_BYTES = 512;

/**
 * Reads `Content-Length` frames like vscode-jsonrpc's own reader, with the bounds that one lacks: it buffers whatever arrives and hands on
 * whatever it parses, so that one bad client can make it hold any amount of memory. Here at most one message is in memory beyond the one
 * being handled; the stream is paused meanwhile, and the client's pipe fills.
 * Messages are handed on one per turn of the event loop, the rate at which vscode-jsonrpc's queue dispatches them, so that queue stays short.
 */
export class FramedReader extends AbstractMessageReader {
  readonly #input: Readable;
  readonly #options: FramedReaderOptions;
  #deliver: DataCallback = () => {};
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes of the body awaited; -1 while a header is. */
  #awaited = -1;
  /** Bytes of a too long body still to be read over. */
  #skipping = 0;
  #skippedLength = 0;
  #peeked = Buffer.alloc(0);
  #scheduled = false;
  #held = false;
  #ended = false;
  #stopped = false;
  #stall: unknown;

  constructor(input: Readable, options: FramedReaderOptions) {
    super();
    this.#input = input;
    this.#options = options;
  }

  listen(callback: DataCallback): Disposable {
    this.#deliver = callback;
    this.#input.on('data', (chunk: Buffer) => this.#take(chunk));
    this.#input.on('error', (error) => this.fireError(error));
    const end = () => {
      this.#ended = true;
      this.#schedule();
    };
    this.#input.once('end', end);
    this.#input.once('close', end);
    return { dispose: () => this.stop() };
  }

  /** Nothing is handed on until `release`: the client reads too slowly what it asked for. */
  hold(): void {
    this.#held = true;
    this.#input.pause();
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#clearStall();
    this.#chunks = [];
    this.#buffered = 0;
    this.#input.pause();
  }

  #take(chunk: Buffer): void {
    if (this.#stopped) return;
    this.#clearStall();
    let rest = chunk;
    if (this.#skipping > 0) {
      if (this.#peeked.length < PEEKED_BYTES)
        this.#peeked = Buffer.concat([this.#peeked, rest.subarray(0, PEEKED_BYTES - this.#peeked.length)]);
      const skipped = Math.min(this.#skipping, rest.length);
      this.#skipping -= skipped;
      rest = rest.subarray(skipped);
      if (this.#skipping === 0) this.#reportSkipped();
    }
    if (rest.length > 0) {
      this.#chunks.push(rest);
      this.#buffered += rest.length;
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#held || this.#stopped) return;
    this.#scheduled = true;
    this.#input.pause();
    setImmediate(() => {
      this.#scheduled = false;
      this.#turn();
    });
  }

  #turn(): void {
    if (this.#stopped || this.#held) return;
    const body = this.#next();
    if (this.#stopped) return;
    if (body) {
      this.#hand(body);
      this.#schedule();
      return;
    }
    if (this.#ended) {
      this.stop();
      this.fireClose();
      return;
    }
    if (this.#buffered > 0 || this.#awaited >= 0 || this.#skipping > 0)
      this.#stall ??= this.#options.setTimeout(
        () => this.#cutOff('a message stayed half-sent'),
        this.#options.limits.partialMessage,
      );
    this.#input.resume();
  }

  #hand(body: Buffer): void {
    let message: unknown;
    try {
      message = JSON.parse(body.toString('utf8'));
    } catch {
      this.#options.onFault({ kind: 'bad-json' });
      return;
    }
    // The gate behind this checks the shape before vscode-jsonrpc sees it.
    this.#deliver(message as Parameters<DataCallback>[0]);
  }

  /** The next whole body, if it is there. */
  #next(): Buffer | undefined {
    if (this.#awaited < 0 && !this.#readHeader()) return undefined;
    if (this.#buffered < this.#awaited) return undefined;
    const all = this.#join();
    const body = all.subarray(0, this.#awaited);
    this.#keep(all.subarray(this.#awaited));
    this.#awaited = -1;
    return body;
  }

  /** True when the length of the next body is known. */
  #readHeader(): boolean {
    if (this.#buffered === 0 || this.#skipping > 0) return false;
    const { headerBytes, messageBytes, skippedBytes } = this.#options.limits;
    const all = this.#join();
    const end = all.subarray(0, headerBytes).indexOf(HEADER_END);
    if (end < 0) {
      if (all.length >= headerBytes) this.#cutOff(`no end of a header within ${headerBytes} bytes`);
      else if (!startsLikeHeader(all)) this.#cutOff('the bytes are no header of a message');
      return false;
    }
    const length = lengthIn(all.subarray(0, end).toString('latin1'));
    if (length === undefined || length > skippedBytes) {
      this.#cutOff(length === undefined ? 'a header without a usable Content-Length' : `a message of ${length} bytes`);
      return false;
    }
    const rest = all.subarray(end + HEADER_END.length);
    if (length <= messageBytes) {
      this.#keep(rest);
      this.#awaited = length;
      return true;
    }
    this.#skippedLength = length;
    this.#skipping = length;
    this.#peeked = Buffer.alloc(0);
    this.#keep(Buffer.alloc(0));
    this.#take(rest);
    return false;
  }

  #reportSkipped(): void {
    const id = /^\s*\{(?:\s*"jsonrpc"\s*:\s*"2\.0"\s*,)?\s*"id"\s*:\s*(\d{1,15}|"[^"\\]{0,200}")/.exec(
      this.#peeked.toString('utf8'),
    )?.[1];
    this.#options.onFault({
      kind: 'too-large',
      bytes: this.#skippedLength,
      id: id === undefined ? undefined : (JSON.parse(id) as number | string),
    });
  }

  #join(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  #keep(rest: Buffer): void {
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#buffered = rest.length;
  }

  #cutOff(reason: string): void {
    this.stop();
    this.#options.onFault({ kind: 'cut-off', reason });
  }

  #clearStall(): void {
    if (this.#stall !== undefined) this.#options.clearTimeout(this.#stall);
    this.#stall = undefined;
  }
}

function startsLikeHeader(bytes: Buffer): boolean {
  return /^[A-Za-z][A-Za-z-]*(?::|$)/.test(bytes.subarray(0, 64).toString('latin1'));
}

function lengthIn(header: string): number | undefined {
  let length: number | undefined;
  for (const line of header.split('\r\n')) {
    const match = /^([A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!match) return undefined;
    if (match[1]!.toLowerCase() !== 'content-length') continue;
    if (!/^\d{1,15}$/.test(match[2]!) || length !== undefined) return undefined;
    length = Number(match[2]);
  }
  return length;
}
