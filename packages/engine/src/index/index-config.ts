/** What an index is opened with; plain data, so that it can go to a worker. */
export interface IndexConfig {
  /** Absolute. */
  readonly folders: readonly string[];
  /** The user's data folder. */
  readonly dataDir: string;
  /** Larger files are left out; 1 MiB unless told. */
  readonly maxFileBytes?: number;
  /** The model that ships unless told; `none` for words alone. */
  readonly embedding?: EmbeddingChoice;
  /** Starts at once and follows the disk; else only `sync` works. */
  readonly follow?: boolean;
  /** A note of `give-way.ts`: the work of the index keeps still while somebody waits for something else. */
  readonly yieldTo?: SharedArrayBuffer;
}

export type EmbeddingChoice =
  | { readonly kind: 'shipped' }
  | { readonly kind: 'none' }
  /** An OpenAI-compatible service; `address` is its base (`http://localhost:11434/v1`). */
  | {
      readonly kind: 'service';
      readonly address: string;
      readonly model: string;
      readonly dimensions?: number;
      readonly key?: string;
    };
