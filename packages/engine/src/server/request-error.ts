/** A request that is refused, with a code of `ErrorCode` and a sentence for the person who reads the client's log. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
