export type EmbedFailure =
  /** The address cannot be reached, or the connection broke. */
  | 'network'
  | 'timeout'
  /** 401, 403: the key is missing or not accepted. */
  | 'unauthorized'
  /** 404: no such address or model. */
  | 'not-found'
  | 'rate-limited'
  /** 5xx. */
  | 'server'
  /** Any other 4xx. */
  | 'refused'
  /** What came back are not the vectors that were asked for. */
  | 'bad-answer';

/** Vectors could not be had; the message says what the user can do. It holds no key and no text of the user's. */
export class EmbedError extends Error {
  override readonly name = 'EmbedError';
  readonly failure: EmbedFailure;
  readonly status: number | undefined;

  constructor(
    failure: EmbedFailure,
    message: string,
    options: { readonly cause?: unknown; readonly status?: number } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.status = options.status;
  }

  /** The same request may succeed later. */
  get isRetryable(): boolean {
    return (
      this.failure === 'network' ||
      this.failure === 'timeout' ||
      this.failure === 'rate-limited' ||
      this.failure === 'server'
    );
  }
}
