import { z } from 'zod';
import { MAX_PATH_LENGTH } from './documents.ts';

/** Results of one request at most, whatever it asks for. */
export const MAX_RESULTS = 200;
/** Longest query, pattern or prompt, in UTF-16 code units. */
export const MAX_QUERY_LENGTH = 10_000;

/** Which embedding service makes the vectors; an empty `address` stands for the model that ships. */
export const EmbeddingSettings = z.object({
  /** Base of an OpenAI-compatible service: `http://localhost:11434/v1`. */
  address: z.string().default(''),
  model: z.string().default(''),
  /** Of the service's vectors; 0: as many as the first answer has. */
  dimensions: z.number().int().nonnegative().default(0),
  /** Name of a variable in the engine's environment that holds the key. */
  keyVariable: z.string().default(''),
  /** The key itself, from the client's secret storage; goes before `keyVariable`. Never logged, never kept. */
  key: z.string().default(''),
});
export type EmbeddingSettings = z.infer<typeof EmbeddingSettings>;

export const IndexSettings = z.object({
  enabled: z.boolean().default(true),
  /** Bytes; longer files are left out. */
  maxFileSize: z.number().int().positive().default(1_048_576),
  embedding: EmbeddingSettings.default(EmbeddingSettings.parse({})),
});
export type IndexSettings = z.infer<typeof IndexSettings>;

/**
 * `index/status` (notification, engine -> client): whole, after each change, at most a few times a second. `off`: switched off by the setting;
 * `no-folder`: nothing to index; `waiting`: opened soon, when the start of the editor is over.
 */
export interface IndexStatusParams {
  readonly state:
    | 'off'
    | 'no-folder'
    | 'waiting'
    | 'starting'
    | 'reconciling'
    | 'indexing'
    | 'embedding'
    | 'ready'
    | 'paused'
    | 'failed';
  readonly files: number;
  readonly chunks: number;
  /** Chunks with a vector of the current model. */
  readonly embedded: number;
  /** Work of the running phase; both 0 where nothing runs. */
  readonly done: number;
  readonly total: number;
  readonly skipped: number;
  /** Milliseconds since 1970. */
  readonly lastChange?: number;
  readonly syncedAt?: number;
  /** Another process writes the store at the moment. */
  readonly follower: boolean;
  readonly model: string;
  readonly bytes: number;
  readonly note?: string;
  readonly problem?: string;
}

/** `index/control` (request) -> null, when it is done. `clear` leaves the index paused. */
export const IndexControl = z.object({ action: z.enum(['pause', 'resume', 'rebuild', 'clear']) });
export type IndexControl = z.infer<typeof IndexControl>;

/** `index/skipped` (request, no params) -> `IndexSkippedResult`. */
export interface IndexSkippedResult {
  readonly skipped: readonly {
    readonly reason: string;
    readonly count: number;
    readonly examples: readonly string[];
  }[];
}

/** `index/explain` (request) -> `IndexExplainResult`: why a file is in or out. */
export const IndexExplain = z.object({ path: z.string().min(1).max(MAX_PATH_LENGTH) });
export type IndexExplain = z.infer<typeof IndexExplain>;

export interface IndexExplainResult {
  readonly path: string;
  readonly indexed: boolean;
  readonly reason: string;
  readonly chunks?: number;
  readonly language?: string;
}

const query = z.string().max(MAX_QUERY_LENGTH);
const limit = z.number().int().min(1).max(MAX_RESULTS);

/** `search/query` (request) -> `SearchQueryResult`. May be cancelled: typing on makes the last one worthless. */
export const SearchQueryParams = z.object({ text: query, limit: limit.default(20) });
export type SearchQueryParams = z.input<typeof SearchQueryParams>;

/** Lines count from 1, both ends included; `path` is relative to `root`, with `/` between parts. */
export interface WireSearchResult {
  readonly root: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly score: number;
  /** As it is on disk now. */
  readonly text: string;
  readonly symbol?: string;
  readonly language: string;
  /** UTF-16 code units of `text`, in order. */
  readonly highlights: readonly (readonly [start: number, end: number])[];
  readonly why: Readonly<Record<string, number | string | readonly string[]>>;
}

export interface SearchQueryResult {
  readonly results: readonly WireSearchResult[];
  /** `lexical`: meaning is still being read; `stale`: changes on disk are not taken in yet. */
  readonly state: 'complete' | 'lexical' | 'stale';
  readonly ms: number;
  /** What of the query was not understood. */
  readonly notes: readonly string[];
}

/** `search/grep` (request) -> `SearchGrepResult`. */
export const SearchGrep = z.object({
  pattern: query.min(1),
  regex: z.boolean().default(false),
  ignoreCase: z.boolean().default(false),
  wholeWord: z.boolean().default(false),
  globs: z.array(z.string().max(MAX_PATH_LENGTH)).max(100).default([]),
  limit: limit.default(MAX_RESULTS),
});
export type SearchGrep = z.input<typeof SearchGrep>;

export interface SearchGrepResult {
  readonly matches: readonly {
    readonly root: string;
    readonly path: string;
    readonly line: number;
    readonly ranges: readonly (readonly [start: number, end: number])[];
    readonly text: string;
  }[];
  readonly candidates: number;
  readonly files: number;
  readonly truncated: boolean;
  readonly ms: number;
}

/** `search/related` (request) -> `SearchRelatedResult`: files that usually change with these, or belong to the words of a prompt. */
export const SearchRelated = z.object({
  /** Absolute. */
  paths: z.array(z.string().min(1).max(MAX_PATH_LENGTH)).max(100),
  prompt: query.optional(),
  limit: limit.default(10),
});
export type SearchRelated = z.input<typeof SearchRelated>;

export interface SearchRelatedResult {
  readonly files: readonly {
    readonly root: string;
    readonly path: string;
    readonly score: number;
    readonly why: string;
  }[];
}
