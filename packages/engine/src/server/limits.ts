/** What one client may cost the engine. Beyond these it is answered with an error or cut off, never followed into a crash. */
export const WIRE_LIMITS = {
  /** Bytes of one message's header block; VS Code's own writer needs 30. */
  headerBytes: 4_096,
  /** Bytes of one message. A text of 1,000,000 code units is at most 6 MB of JSON, when every unit is escaped. */
  messageBytes: 8 * 1024 * 1024,
  /** A longer message is read over (and answered with TooLarge) up to this size; beyond it the client is cut off. */
  skippedBytes: 256 * 1024 * 1024,
  /** Milliseconds a message may stay half-sent. */
  partialMessage: 30_000,
  /** Requests not answered yet; the next one is answered with Overloaded. */
  pendingRequests: 256,
  /** Answers and notifications the client has not read yet; above this nothing more is read from it. */
  unwrittenMessages: 512,
  /** Messages in a row that are no JSON-RPC; then the client is cut off. */
  badMessages: 100,
  /** Code units of all open documents together; what is opened beyond is treated as too large. */
  openCodeUnits: 64_000_000,
  /** Documents open or desynchronised at once. */
  documents: 10_000,
  /** Questions to the client about language facts under way at once. */
  pendingFacts: 64,
} as const;

export type WireLimits = { readonly [Name in keyof typeof WIRE_LIMITS]: number };
