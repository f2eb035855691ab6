/**
 * The files of the workspace folders on disk, as far as they matter to predictions: ignore-aware, text only, within the size limits.
 * An open document always wins over its file. Paths are keys like a document's.
 */
export interface WorkspaceFiles {
  /** The text on disk, or `undefined` when it is missing, excluded or not readable. Cached with a bound. */
  read(path: string): Promise<string | undefined>;
  /** Whether there is such a file in the folders, of whatever kind: lock files are never read, but tell which tool is used. Absent: nobody knows. */
  has?(path: string): Promise<boolean>;
  /** These files were reported as changed, created or deleted: what is cached of them is forgotten. */
  changed?(paths: readonly string[]): void;
}

export const noFiles: WorkspaceFiles = { read: async () => undefined };
