import { z } from 'zod';
import { IndexSettings } from './search.ts';

/**
 * What Node is to be told when it runs the engine. A small young generation: the engine is to stay below 300 MB in 10,000 files, and with the room Node gives it
 * by itself (16 MB, three times) its garbage alone is 50.
 */
export const ENGINE_NODE_OPTIONS: readonly string[] = ['--max-semi-space-size=4'];

/** Grows with every change that an older partner would misread. Client and engine of different versions refuse each other in a sentence. */
export const PROTOCOL_VERSION = 1;

export const TabSettings = z.object({
  enabled: z.boolean().default(true),
  /** Languages (VS Code ids) in which Tab keeps silent. */
  disabledLanguages: z.array(z.string()).default([]),
  /** Sources switched off by name. */
  disabledSources: z.array(z.string()).default([]),
  /** Shown at or above this P(accept). */
  minConfidence: z.number().min(0).max(1).default(0.25),
});
export type TabSettings = z.infer<typeof TabSettings>;

export const Settings = z.object({
  tab: TabSettings.default(TabSettings.parse({})),
  index: IndexSettings.default(IndexSettings.parse({})),
});
export type Settings = z.infer<typeof Settings>;

/** `initialize`: the client's first request; every other is refused before it. */
export const InitializeParams = z.object({
  protocolVersion: z.number().int(),
  client: z.object({ name: z.string(), version: z.string() }),
  /** Absolute paths of the workspace folders. */
  folders: z.array(z.string()),
  /** Where the engine may keep its state; never inside a workspace folder. */
  dataDir: z.string(),
  settings: Settings.default(Settings.parse({})),
  /** The client answers `facts/*` requests. */
  facts: z.boolean().default(false),
});
export type InitializeParams = z.input<typeof InitializeParams>;

export interface InitializeResult {
  readonly protocolVersion: number;
  readonly engineVersion: string;
  readonly pid: number;
}

/** Error codes of refused requests (JSON-RPC reserves -32768..-32000). */
export const ErrorCode = {
  NotInitialized: 1,
  VersionMismatch: 2,
  BadParams: 3,
  Overloaded: 4,
  Desync: 5,
  TooLarge: 6,
  /** No index: switched off, no folder, not open yet, broken. The message tells the user which. */
  IndexUnavailable: 7,
} as const;
